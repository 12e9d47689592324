internal import Foundation
internal import Glibc

/// The few things that are done to folders, with failures that name them.
enum Folder {
  /// Makes the folder and those above it where they are missing, with the permissions of `mode`, or
  /// those that the user's mask admits.
  static func create(_ path: String, mode: Int? = nil) throws(FileFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: mode.map { [.posixPermissions: $0] })
    } catch {
      throw .unreadable(path: path, reason: "the folder cannot be made (\(systemReason(errno)))")
    }
  }

  static func exists(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  static func fileExists(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  /// The names in the folder in ascending order.
  static func names(in path: String) throws(FileFailure) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw .unreadable(path: path, reason: "it is not a folder that can be listed")
    }
  }

  /// Removes a file or a folder with everything in it; what is not there is no failure.
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  static func rename(_ path: String, to target: String) throws(FileFailure) {
    guard Glibc.rename(path, target) == 0 else { throw .system(target, errno) }
  }

  /// Makes the names in a folder durable.
  static func synchronize(_ path: String) throws(FileFailure) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system(path, errno) }
  }
}
