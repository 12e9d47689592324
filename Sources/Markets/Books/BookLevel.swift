/// The total quantity that rests at one price of a book.
package struct BookLevel: BitwiseCopyable, Hashable, Sendable {
  /// The price in ticks of the instrument, above zero.
  package var ticks: Int64
  /// The quantity in lots of the instrument; zero in an update removes the level.
  package var lots: Int64

  package init(ticks: Int64, lots: Int64) {
    self.ticks = ticks
    self.lots = lots
  }

  /// Whether a venue can have meant it: a price above zero and below 2^53 ticks, and a quantity not
  /// below zero.
  package var isPossible: Bool { UInt64(bitPattern: ticks &- 1) < Self.limit && lots >= 0 }

  /// Keys and their differences stay far from where they would wrap around.
  private static let limit: UInt64 = 1 << 53 - 1
}

/// The two sides of a book.
package enum QuoteSide: UInt8, Hashable, Sendable, CaseIterable {
  /// Those who would buy; the highest price is the best.
  case bid
  /// Those who would sell; the lowest price is the best.
  case ask
}
