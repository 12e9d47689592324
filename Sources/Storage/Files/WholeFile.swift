internal import Foundation
internal import Glibc
internal import Synchronization

/// Small files that are read and written in one piece.
///
/// A file that is written holds either what it held before or all of the new bytes, whenever somebody
/// looks and also after a loss of power.
package enum WholeFile {
  /// Who may read a file that is made.
  package enum Readers: Hashable, Sendable {
    /// Everybody whom the user's mask admits.
    case everyone
    /// Its owner alone; folders that have to be made are closed to others too.
    case owner

    fileprivate var fileMode: mode_t { self == .owner ? 0o600 : 0o666 }
    fileprivate var folderMode: Int? { self == .owner ? 0o700 : nil }
  }

  /// Writes a file in the place of one that may be there; folders above it are made.
  ///
  /// The bytes are brought to the disk under a hidden name in the same folder, which then becomes
  /// theirs. Nothing is left behind by a failure. A process that is killed may leave the hidden file.
  package static func write(
    _ bytes: [UInt8], to path: String, for readers: Readers = .everyone
  ) throws(FileFailure) {
    try makeFolder(of: path, for: readers)
    let draft = try draft(bytes, beside: path, for: readers)
    guard rename(draft, path) == 0 else {
      let code = errno
      unlink(draft)
      throw .unwritable(path: path, reason: systemReason(code))
    }
    // The bytes are in their place; a file system that cannot synchronize folders changes nothing.
    try? Folder.synchronize(folder(of: path))
  }

  /// Adds bytes at the end of a file and waits until they are on the disk; the file and the folders
  /// above it are made where they are missing.
  ///
  /// After a loss of power the last addition may be there in part. A file for its owner alone is
  /// closed to others where it was open to them.
  package static func append(
    _ bytes: [UInt8], to path: String, for readers: Readers = .everyone
  ) throws(FileFailure) {
    try makeFolder(of: path, for: readers)
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
    let descriptor = open(path, flags, readers.fileMode)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: systemReason(errno))
    }
    defer { close(descriptor) }
    guard readers == .everyone || fchmod(descriptor, readers.fileMode) == 0 else {
      throw .unwritable(path: path, reason: systemReason(errno))
    }
    try put(bytes, into: descriptor, path: path)
  }

  /// Reads a file; nil where there is none.
  package static func read(_ path: String) throws(FileFailure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system(path, errno)
    }
    defer { close(descriptor) }
    return try contents(of: descriptor, path: path, bytesMax: nil)
  }

  /// Reads a file that holds a secret; nil where there is none.
  ///
  /// A file that anybody but this user may read, that belongs to somebody else, that is no regular
  /// file or is longer than `bytesMax` is refused.
  package static func readPrivate(
    _ path: String, bytesMax: Int = 1 << 20
  ) throws(FileFailure) -> [UInt8]? {
    // Opening a pipe does not wait for somebody to write into it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system(path, errno)
    }
    defer { close(descriptor) }
    // The descriptor is asked, not the path, so that nobody can exchange the file in between.
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw .system(path, errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is no regular file")
    }
    guard facts.st_mode & 0o077 == 0 else {
      throw .readableByOthers(path: path, mode: facts.st_mode & 0o777)
    }
    guard facts.st_uid == geteuid() else { throw .ownedByAnother(path: path) }
    return try contents(of: descriptor, path: path, bytesMax: bytesMax)
  }

  /// Removes a file; one that is not there is no failure.
  package static func remove(_ path: String) throws(FileFailure) {
    guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
      throw .unwritable(path: path, reason: systemReason(errno))
    }
  }

  /// Makes the folder of a file that is to be written later, and makes sure that the file can be
  /// written there, so that no work is lost for want of a place.
  package static func prepare(_ path: String) throws(FileFailure) {
    try makeFolder(of: path, for: .everyone)
    guard !Folder.exists(path) else {
      throw .unwritable(path: path, reason: systemReason(EISDIR))
    }
    guard access(folder(of: path), W_OK) == 0 else {
      throw .unwritable(path: path, reason: systemReason(errno))
    }
  }

  // MARK: - Steps

  /// Makes a hidden file with the bytes, which are on the disk, and returns its path.
  static func draft(
    _ bytes: [UInt8], beside path: String, for readers: Readers
  ) throws(FileFailure) -> String {
    var draft: String
    var descriptor: Int32
    repeat {
      draft = draftPath(beside: path)
      descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, readers.fileMode)
      // A process of the same number may have been killed here before.
    } while descriptor < 0 && errno == EEXIST
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: systemReason(errno))
    }
    defer { close(descriptor) }
    do throws(FileFailure) {
      try put(bytes, into: descriptor, path: path)
    } catch {
      unlink(draft)
      throw error
    }
    return draft
  }

  /// A hidden name beside a file that this process has not given yet.
  static func draftPath(beside path: String) -> String {
    let number = drafts.wrappingAdd(1, ordering: .relaxed).newValue
    return "\(folder(of: path))/.partial-\(getpid())-\(number)"
  }

  /// How many hidden files this process made.
  private static let drafts = Atomic<Int>(0)

  private static func put(
    _ bytes: [UInt8], into descriptor: Int32, path: String
  ) throws(FileFailure) {
    var code = bytes.withUnsafeBytes { systemWrite($0, to: descriptor) }
    if code == 0 && fsync(descriptor) != 0 { code = errno }
    guard code == 0 else { throw .unwritable(path: path, reason: systemReason(code)) }
  }

  private static func contents(
    of descriptor: Int32, path: String, bytesMax: Int?
  ) throws(FileFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = part.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(path, errno)
      }
      guard count > 0 else { return bytes }
      bytes += part[..<count]
      if let bytesMax, bytes.count > bytesMax {
        throw .tooLong(path: path, bytesMax: bytesMax)
      }
    }
  }

  static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  private static func makeFolder(of path: String, for readers: Readers) throws(FileFailure) {
    let folder = folder(of: path)
    guard !Folder.exists(folder) else { return }
    do throws(FileFailure) {
      try Folder.create(folder, mode: readers.folderMode)
    } catch {
      throw .unwritable(path: path, reason: "its folder cannot be made")
    }
  }
}
