import Foundation
import Glibc
import Storage

/// Writing files that their owner alone may read.
enum PrivateFile {
  /// Makes the folder of a file, and those above it, where they are missing.
  static func makeFolder(of path: String) throws(FileFailure) {
    let folder = (path as NSString).deletingLastPathComponent
    guard !folder.isEmpty else { return }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unreadable(path: folder, reason: "the folder cannot be made")
    }
  }

  /// Writes a file so that its name shows either all of the bytes or what it showed before, also after
  /// a loss of power.
  static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    try makeFolder(of: path)
    var template = Array("\(path).XXXXXX".utf8CString)
    // Makes a name that no other process has, with mode 0600.
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .latest(path) }
    let partial = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    do throws(FileFailure) {
      defer { close(descriptor) }
      try append(bytes, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else { throw .latest(path) }
    } catch {
      unlink(partial)
      throw error
    }
    guard rename(partial, path) == 0 else {
      let failure = FileFailure.latest(path)
      unlink(partial)
      throw failure
    }
  }

  /// Writes all bytes at the end of an open file.
  static func append(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(FileFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw .latest(path)
      }
    }
  }

  /// Reads a whole file; nil where there is none.
  static func read(_ path: String) throws(FileFailure) -> [UInt8]? {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      throw .unreadable(path: path, reason: "it cannot be opened")
    }
    return Array(bytes)
  }
}

extension FileFailure {
  /// Describes the system's last error on this thread.
  static func latest(_ path: String) -> FileFailure {
    .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
}
