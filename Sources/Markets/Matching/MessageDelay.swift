package import Essentials
import Mathematics

/// How long a message to the venue takes.
package enum MessageDelay: Hashable, Sendable {
  /// Always the same.
  case constant(TimeSpan)
  /// A least time and, beyond it, an exponentially distributed one of a mean, drawn from a seed and
  /// the number of the message alone.
  case exponential(least: TimeSpan, meanExcess: TimeSpan, seed: UInt64)

  /// No time at all.
  package static let none = MessageDelay.constant(.zero)

  /// The delay of the message of a number; never below zero.
  package func delay(of message: UInt64) -> TimeSpan {
    switch self {
    case .constant(let span): return max(.zero, span)
    case .exponential(let least, let meanExcess, let seed):
      let words = Philox4x32.block(
        SIMD4(UInt32(truncatingIfNeeded: message), UInt32(truncatingIfNeeded: message >> 32), 0, 0),
        key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
      // In (0, 1], so the logarithm is finite.
      let uniform = (Double(words[0]) + 1) * 0x1p-32
      let excess = -Elementary.log(uniform) * Double(max(0, meanExcess.milliseconds))
      // At most 23 means.
      return max(.zero, least) + TimeSpan(milliseconds: Int64(min(excess, 1e15).rounded()))
    }
  }
}
