import Glibc

/// Wakes a thread that waits: a bell that rings until somebody listens.
///
/// A pipe that keeps the rings while nobody waits, so that none is missed. Ringing never waits, also
/// when the pipe is full, and is allowed on any thread.
final class Doorbell: Sendable {
  private let listening: Int32
  private let ringing: Int32

  /// Nil where the process has no descriptors left.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    listening = ends[0]
    ringing = ends[1]
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
  }

  deinit {
    close(listening)
    close(ringing)
  }

  func ring() {
    var one: UInt8 = 1
    _ = write(ringing, &one, 1)
  }

  /// Returns when the bell rang since the last call, or after about so long.
  func wait(atMost patience: Duration) {
    let (seconds, attoseconds) = patience.components
    let milliseconds = min(3_600_000, max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    var wish = pollfd(fd: listening, events: Int16(POLLIN), revents: 0)
    guard poll(&wish, 1, Int32(milliseconds)) > 0 else { return }
    var rings = [UInt8](repeating: 0, count: 64)
    while read(listening, &rings, rings.count) == rings.count {}
  }
}
