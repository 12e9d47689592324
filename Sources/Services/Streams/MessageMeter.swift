/// Counts the messages of one subscriber against what it may send.
///
/// A bucket that holds ``burst`` messages and fills again within a second.
struct MessageMeter: Hashable, Sendable {
  /// The messages of a second.
  static let burst = 20.0

  private var left = Self.burst
  private var last: Duration

  init(at now: Duration) { last = now }

  /// False for a message that is one too many.
  mutating func take(at now: Duration) -> Bool {
    left = min(Self.burst, left + max(0, (now - last) / .seconds(1)) * Self.burst)
    last = max(last, now)
    guard left >= 1 else { return false }
    left -= 1
    return true
  }
}
