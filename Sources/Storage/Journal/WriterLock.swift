internal import Glibc

/// The right to write a journal, held by one process as long as this object lives.
///
/// It is a lock on a file beside the journal. On the journal's own file it would end SQLite's locks
/// whenever it is closed, since POSIX lets go of all locks of a process with the first descriptor.
final class WriterLock {
  private let descriptor: Int32

  /// The pause between attempts.
  private static let pauseMilliseconds = 10

  /// Tries for about so many milliseconds; 0 tries once.
  init(journal path: String, patienceMilliseconds: Int) throws(JournalFailure) {
    let lockPath = path + ".lock"
    descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .file(.system(lockPath, errno)) }
    var left = patienceMilliseconds
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      guard code == EWOULDBLOCK || code == EINTR else {
        close(descriptor)
        throw .file(.system(lockPath, code))
      }
      guard left > 0 else {
        close(descriptor)
        throw .heldByAnotherWriter(path: path)
      }
      left -= Self.pauseMilliseconds
      usleep(UInt32(Self.pauseMilliseconds) * 1000)
    }
  }

  deinit { close(descriptor) }
}
