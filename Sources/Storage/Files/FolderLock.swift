internal import Glibc

/// An exclusive lock between processes, held as long as this object lives.
///
/// The system releases it when the process ends, however it ends.
package final class FolderLock {
  private let descriptor: Int32

  /// Waits until nobody else holds the lock of `folder`.
  package init(folder: String) throws(FileFailure) {
    let path = folder + "/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path, errno) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        let code = errno
        close(descriptor)
        throw .system(path, code)
      }
    }
  }

  deinit { close(descriptor) }
}
