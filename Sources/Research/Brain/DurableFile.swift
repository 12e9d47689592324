import Foundation
import Glibc
import Storage

/// Files that hold either what they held before or all that was written, even after a power failure.
enum DurableFile {
  /// Writes a file in place of one that may be there; folders above it are made.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(BrainFailure) {
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw .file(.unreadable(path: folder, reason: "the folder cannot be made"))
      }
    }
    // A name that nobody else has, with mode 0600, so that two writers cannot mix their bytes.
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure(path) }
    let draft = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let isWhole = fchmod(descriptor, mode) == 0 && isWritten(bytes, to: descriptor)
    var code = errno
    close(descriptor)
    let isNamed = isWhole && rename(draft, path) == 0
    if !isNamed {
      if isWhole { code = errno }
      unlink(draft)
      errno = code
      throw failure(path)
    }
    let above = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if above >= 0 {
      fsync(above)
      close(above)
    }
  }

  /// Adds bytes at the end of a file, which is made where it is missing; its folder must be there.
  /// After a power failure the last addition may be there in part.
  static func append(_ bytes: [UInt8], to path: String) throws(BrainFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    let isWhole = isWritten(bytes, to: descriptor)
    let code = errno
    close(descriptor)
    guard isWhole else {
      errno = code
      throw failure(path)
    }
  }

  /// Writes all bytes and waits until they are on the disk; false where the system refuses.
  private static func isWritten(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return fsync(descriptor) == 0
  }

  /// Reads a file, or returns nil where there is none.
  static func read(_ path: String) throws(BrainFailure) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path) else {
      if access(path, F_OK) != 0, errno == ENOENT { return nil }
      throw .file(.unreadable(path: path, reason: "it is a folder, or permission is denied"))
    }
    return [UInt8](data)
  }

  /// Reads a file that holds a secret, and refuses it where anybody but its owner may read it; nil where
  /// there is none.
  static func readPrivate(_ path: String) throws(BrainFailure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(path)
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw failure(path) }
    guard facts.st_mode & 0o077 == 0 else {
      throw .credentialsExposed(path: path, mode: String(facts.st_mode & 0o777, radix: 8))
    }
    guard let bytes = try? file.read(upToCount: secretBytesMax) else {
      throw .file(.unreadable(path: path, reason: "it is a folder"))
    }
    return [UInt8](bytes)
  }

  /// No account and no session is larger.
  private static let secretBytesMax = 1 << 20

  /// Removes a file; one that is not there is no failure.
  static func remove(_ path: String) throws(BrainFailure) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
  }

  private static func failure(_ path: String) -> BrainFailure {
    .file(.unreadable(path: path, reason: String(cString: strerror(errno))))
  }
}
