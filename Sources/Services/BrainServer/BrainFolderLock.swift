import Foundation
import Glibc
import Storage

/// The right to keep alphas in a folder, held by one server until this object or its process ends.
final class BrainFolderLock: Sendable {
  private let descriptor: Int32

  /// Makes the folder where it is missing. Throws where another server holds the right.
  init(folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw FileFailure.unwritable(path: folder, reason: "the folder cannot be made")
    }
    let path = folder + "/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw FileFailure.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw BrainServerFailure.folderInUse(folder)
    }
  }

  deinit { close(descriptor) }
}
