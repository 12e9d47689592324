/// The direction of what an instance holds.
package enum TradingSide: String, Hashable, Sendable, CaseIterable, Comparable {
  case long, short

  /// 1 for long, -1 for short.
  package var sign: Double { self == .long ? 1 : -1 }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
