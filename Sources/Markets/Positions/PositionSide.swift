/// The direction of a position.
package enum PositionSide: String, Hashable, Sendable, CaseIterable {
  case long, short

  /// 1 for long, -1 for short.
  package var sign: Int64 { self == .long ? 1 : -1 }

  package var opposite: PositionSide { self == .long ? .short : .long }
}
