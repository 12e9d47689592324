internal import Glibc

/// A file of which single bytes are locked, against every other opening of it, in this process or
/// another. The system lets go of the locks of an opening when its process ends, however it ends.
///
/// The locks belong to the open file description (`F_OFD_SETLK`, Linux 3.15): unlike the older ones of
/// POSIX they exclude two openings of one process, and closing another descriptor does not end them.
final class LockFile {
  enum Lock: Hashable, Sendable {
    /// Others may have it too, except the one who has it alone.
    case shared
    case exclusive
  }

  let path: String
  private let descriptor: Int32

  /// The command of `fcntl`, whose C name is hidden from Swift; it is the same on every Linux.
  private static let setLock: Int32 = 37
  /// The first pause between attempts and the longest one, in microseconds.
  private static let pauseMicroseconds = 50...1_000

  /// Opens the file, which is made where it is missing.
  init(path: String) throws(JournalFailure) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .file(.system(path, errno)) }
  }

  /// Opens the file for shared locks, nil where it is missing or must not be read.
  init?(reading path: String) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
  }

  deinit {
    // A child that is being started still has the descriptor for a moment, and with it the locks.
    _ = set(0, length: 0, to: F_UNLCK)
    close(descriptor)
  }

  /// Takes the lock of a byte unless another opening has it.
  func tryLock(_ byte: Int64, _ lock: Lock = .exclusive) throws(JournalFailure) -> Bool {
    let code = set(byte, to: lock == .shared ? F_RDLCK : F_WRLCK)
    switch code {
    case 0: return true
    case EAGAIN, EACCES: return false
    default: throw .file(.system(path, code))
    }
  }

  /// Takes the lock of a byte, and tries for about so many microseconds, which are used up.
  func lock(_ byte: Int64, patience: inout Int) throws(JournalFailure) -> Bool {
    var pause = Self.pauseMicroseconds.lowerBound
    while try !tryLock(byte) {
      guard patience > 0 else { return false }
      usleep(UInt32(pause))
      patience -= pause
      pause = min(2 * pause, Self.pauseMicroseconds.upperBound)
    }
    return true
  }

  func unlock(_ byte: Int64) {
    _ = set(byte, to: F_UNLCK)
  }

  /// Returns the system's error, 0 for none.
  ///
  /// - Parameter length: how many bytes from the first; 0 for all that follow.
  private func set(_ byte: Int64, length: Int = 1, to type: Int32) -> Int32 {
    var region = flock()
    region.l_type = Int16(type)
    region.l_whence = Int16(SEEK_SET)
    region.l_start = Int(byte)
    region.l_len = length
    while fcntl(descriptor, Self.setLock, &region) != 0 {
      guard errno == EINTR else { return errno }
    }
    return 0
  }

  // MARK: - The mark

  /// Whether the first byte of the file says so.
  var isMarked: Bool {
    get throws(JournalFailure) {
      var byte: UInt8 = 0
      while pread(descriptor, &byte, 1, 0) < 0 {
        guard errno == EINTR else { throw .file(.system(path, errno)) }
      }
      return byte != 0
    }
  }

  func mark(_ isMarked: Bool) throws(JournalFailure) {
    var byte: UInt8 = isMarked ? 1 : 0
    while pwrite(descriptor, &byte, 1, 0) != 1 {
      guard errno == EINTR else { throw .file(.system(path, errno)) }
    }
  }
}
