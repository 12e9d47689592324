/// The part of a book that an instance holds.
package enum BookSide: String, Hashable, Sendable, CaseIterable {
  /// The positive weights, scaled to sum to 1.
  case long
  /// The negative weights, scaled to sum to -1.
  case short

  /// 1 for long, -1 for short.
  package var sign: Double { self == .long ? 1 : -1 }
}
