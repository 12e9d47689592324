import Essentials
import Glibc
import Synchronization

/// The files of a folder, kept in memory and read anew when they have changed.
///
/// Served are regular files below the folder, also through links as long as these end below it.
/// Names that begin with a dot are not served, folders are never listed; a folder is answered with
/// its `index.html`. A file is asked for its size and change at each request, which costs some
/// microseconds.
final class StaticFiles: Sendable {
  private struct File: Sendable {
    var stamp: Stamp
    var type: String
    var tag: String
    var content: [UInt8]
    /// Nil where it would not be smaller.
    var packed: [UInt8]?

    var bytes: Int { content.count + (packed?.count ?? 0) }
  }

  /// What tells that a file is another one than before.
  private struct Stamp: Hashable {
    var size: Int
    var seconds: Int
    var nanoseconds: Int
    var number: UInt

    init(_ status: stat) {
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
      number = UInt(status.st_ino)
    }
  }

  private struct Cache {
    var files: [String: File] = [:]
    var bytes = 0
  }

  /// The path that the folder stands for.
  let prefix: String
  private let prefixSegments: [String]
  /// Without links.
  private let root: String
  private let cache = Mutex(Cache())

  init(_ folder: StaticFolder) throws(ServerFailure) {
    guard let root = Self.resolved(folder.folder) else {
      throw .unreadableFile(path: folder.folder, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard stat(root, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .unreadableFile(path: folder.folder, reason: "it is not a folder")
    }
    self.root = root
    prefix = folder.prefix
    prefixSegments = folder.prefix.split(separator: "/").map(String.init)
  }

  /// Whether a target lies below the prefix.
  func covers(_ target: RequestTarget) -> Bool {
    target.segments.starts(with: prefixSegments)
  }

  /// Answers GET and HEAD for a file; may wait for the disk.
  func answer(_ request: ServerRequest) -> ServerResponse {
    guard request.method == .get || request.method == .head else {
      return .failure(
        RouteFailure.methodNotAllowed(
          request.method, path: request.target.path, allowed: [.get, .head]))
    }
    let names = request.target.segments.dropFirst(prefixSegments.count)
    guard let file = file(names) else {
      return .failure(RouteFailure.noSuchPath(request.target.path))
    }
    let isPacked = file.packed != nil && ContentChoice.takesGzip(request.headers)
    var headers = Self.headers
    headers.add("Content-Type", file.type)
    headers.add("ETag", isPacked ? ContentChoice.packedTag(file.tag) : file.tag)
    if ContentChoice.has(file.tag, request.headers)
      || ContentChoice.has(ContentChoice.packedTag(file.tag), request.headers)
    {
      return ServerResponse(status: 304, headers: headers)
    }
    guard isPacked, let packed = file.packed else {
      return ServerResponse(headers: headers, body: file.content)
    }
    headers.add("Content-Encoding", "gzip")
    return ServerResponse(headers: headers, body: packed)
  }

  private static let headers: HTTPHeaders = [
    "Cache-Control": "no-cache", "Vary": "Accept-Encoding",
    "Content-Security-Policy":
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
      + "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
  ]

  // MARK: - Files

  private func file(_ names: ArraySlice<String>) -> File? {
    guard names.allSatisfy({ !$0.hasPrefix(".") && !$0.utf8.contains(0) }) else { return nil }
    var path = ([root] + names).joined(separator: "/")
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    if status.st_mode & S_IFMT == S_IFDIR {
      path += "/index.html"
      guard stat(path, &status) == 0 else { return nil }
    }
    guard status.st_mode & S_IFMT == S_IFREG, let resolved = Self.resolved(path),
      resolved.hasPrefix(root + "/")
    else { return nil }
    let known = cache.withLock { $0.files[path] }
    if let known, known.stamp == Stamp(status) { return known }
    guard let file = Self.read(resolved, named: path) else { return nil }
    cache.withLock { cache in
      if cache.bytes + file.bytes > Self.cacheBytesMax { cache = Cache() }
      if file.bytes <= Self.cacheBytesMax {
        cache.bytes += file.bytes - (cache.files[path]?.bytes ?? 0)
        cache.files[path] = file
      }
    }
    return file
  }

  private static func read(_ resolved: String, named path: String) -> File? {
    let descriptor = open(resolved, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= fileBytesMax
    else { return nil }
    var content = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < content.count {
      let count = content[filled...].withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { return nil }
      filled += count
    }
    let type = MediaType.of(fileName: path)
    var packed: [UInt8]?
    if MediaType.isText(type), content.count >= packedBytesMin {
      packed = GzipText.packed(content, level: 9)
      if let size = packed?.count, size >= content.count { packed = nil }
    }
    return File(
      stamp: Stamp(status), type: type, tag: ContentChoice.tag(of: content), content: content,
      packed: packed)
  }

  /// The absolute path without links, nil where there is nothing.
  private static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  private static let fileBytesMax = 32 << 20
  private static let cacheBytesMax = 128 << 20
  /// Shorter files fit into one packet anyway.
  private static let packedBytesMin = 512
}
