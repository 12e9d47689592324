/// The name of a measure and the window that it is taken over, such as `sharpe@mid`.
package struct MetricName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// What is measured, such as `sharpe`.
  package let base: String
  /// Nil where the measure has no window.
  package let window: MetricWindow?

  /// A name that is known to be one; a text that may name a window is read by ``init(_:)``.
  package init(base: String, over window: MetricWindow? = nil) {
    self.base = base
    self.window = window
  }

  /// Reads `sharpe@mid`, or `sharpe_mid`, where what follows on the last `_` names a window; any
  /// other text is a base alone. Nil where the text is no name or the part behind `@` no window.
  package init?(_ text: String) {
    let pieces = text.split(separator: "@", omittingEmptySubsequences: false)
    guard let first = pieces.first, Self.isName(first), pieces.count <= 2 else { return nil }
    if pieces.count == 2 {
      guard let window = MetricWindow(String(pieces[1])) else { return nil }
      self.init(base: String(first), over: window)
      return
    }
    if let mark = first.lastIndex(of: "_"), mark > first.startIndex,
      let window = MetricWindow(String(first[first.index(after: mark)...]))
    {
      self.init(base: String(first[..<mark]), over: window)
    } else {
      self.init(base: String(first), over: nil)
    }
  }

  /// Whether a text is a small letter followed by small letters, digits and `_`.
  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 95
    }
  }

  /// The canonical form, with `@`.
  package var description: String { window.map { "\(base)@\($0)" } ?? base }

  package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

/// The span of the latest evidence that a measure is taken over.
package enum MetricWindow: Hashable, Sendable, CustomStringConvertible {
  /// The lengths of these three are set by the policy.
  case short, mid, long
  case days(Int)
  case hours(Int)
  /// Rows of the world's interval.
  case bars(Int)

  /// Reads `short`, `mid`, `long`, `60d`, `12h` or `500b`; a count is positive.
  package init?(_ text: String) {
    switch text {
    case "short": self = .short
    case "mid": self = .mid
    case "long": self = .long
    default:
      guard let unit = text.utf8.last, text.utf8.first != 43,
        let count = Int(text.dropLast()), count > 0
      else { return nil }
      switch unit {
      case 100: self = .days(count)
      case 104: self = .hours(count)
      case 98: self = .bars(count)
      default: return nil
      }
    }
  }

  package var description: String {
    switch self {
    case .short: "short"
    case .mid: "mid"
    case .long: "long"
    case .days(let count): "\(count)d"
    case .hours(let count): "\(count)h"
    case .bars(let count): "\(count)b"
    }
  }
}
