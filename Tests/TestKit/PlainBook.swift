package import Markets

/// A book as its definition says: levels by price, sorted when asked.
package struct PlainBook {
  private var lots: [QuoteSide: [Int64: Int64]] = [.bid: [:], .ask: [:]]

  package init() {}

  /// Sets one level of a side; no lots remove it.
  package mutating func set(_ level: BookLevel, of side: QuoteSide) {
    lots[side]?[level.ticks] = level.lots == 0 ? nil : level.lots
  }

  /// The levels of a side, best first.
  package func levels(of side: QuoteSide) -> [BookLevel] {
    (lots[side] ?? [:]).map { BookLevel(ticks: $0.key, lots: $0.value) }
      .sorted { side == .bid ? $0.ticks > $1.ticks : $0.ticks < $1.ticks }
  }
}
