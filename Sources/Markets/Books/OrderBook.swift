/// The resting quantities of one instrument by price, in whole ticks and lots.
///
/// The book holds what it is told and judges nothing; ``SynchronizedBook`` decides which updates may
/// be applied. An update of a level costs a few nanoseconds and allocates nothing while prices stay
/// close to the best ones; prices thousands of ticks away cost a binary search.
package struct OrderBook: Sendable {
  private var bids: BookLadder
  private var asks: BookLadder

  /// An empty book. Each side keeps `width` ticks around its best price in constant reach, 8 bytes
  /// a tick.
  package init(width: Int = 1 << 15) {
    bids = BookLadder(width: width)
    asks = BookLadder(width: width)
  }

  /// Sets levels: a quantity replaces that at its price, zero removes the level.
  ///
  /// The levels must be possible ones (``BookLevel/isPossible``); their order is free.
  package mutating func set(bids newBids: Span<BookLevel>, asks newAsks: Span<BookLevel>) {
    bids.set(newBids, sign: -1)
    asks.set(newAsks, sign: 1)
  }

  /// Sets one level of a side.
  package mutating func set(_ level: BookLevel, of side: QuoteSide) {
    let levels: InlineArray<1, BookLevel> = [level]
    switch side {
    case .bid: bids.set(levels.span, sign: -1)
    case .ask: asks.set(levels.span, sign: 1)
    }
  }

  /// Removes all levels of both sides.
  package mutating func removeAll() {
    bids.removeAll()
    asks.removeAll()
  }

  /// The highest price that somebody would pay; nil where nobody would.
  package var bestBid: BookLevel? {
    bids.bestKey.map { BookLevel(ticks: -$0, lots: bids.bestLots) }
  }

  /// The lowest price that somebody would take; nil where nobody would.
  package var bestAsk: BookLevel? {
    asks.bestKey.map { BookLevel(ticks: $0, lots: asks.bestLots) }
  }

  /// Whether somebody would pay at least what somebody else would take, which no venue leaves.
  package var isCrossed: Bool {
    guard let bid = bids.bestKey, let ask = asks.bestKey else { return false }
    return -bid >= ask
  }

  /// The ticks between the best prices; nil where a side is empty, not above zero in a crossed book.
  package var spread: Int64? {
    guard let bid = bids.bestKey, let ask = asks.bestKey else { return nil }
    return ask + bid
  }

  /// Twice the price in the middle of the best ones, in ticks; nil where a side is empty.
  package var doubledMid: Int64? {
    guard let bid = bids.bestKey, let ask = asks.bestKey else { return nil }
    return ask - bid
  }

  /// The number of levels of a side. Cost: a pass over its occupancy bits.
  package func count(of side: QuoteSide) -> Int {
    side == .bid ? bids.count : asks.count
  }

  /// The lots that rest at a price; zero where none do.
  package func lots(at ticks: Int64, of side: QuoteSide) -> Int64 {
    side == .bid ? bids.lots(at: -ticks) : asks.lots(at: ticks)
  }

  /// Fills `levels` with the best levels of a side, best first, at most `limit` of them.
  ///
  /// The array keeps its memory, so reading into the same one allocates nothing.
  package func read(
    _ side: QuoteSide, into levels: inout ContiguousArray<BookLevel>, limit: Int
  ) {
    levels.removeAll(keepingCapacity: true)
    guard limit > 0 else { return }
    let sign: Int64 = side == .bid ? -1 : 1
    (side == .bid ? bids : asks).visit { key, lots in
      levels.append(BookLevel(ticks: key * sign, lots: lots))
      return levels.count < limit
    }
  }

  /// The best levels of a side, best first, at most `limit` of them.
  package func levels(of side: QuoteSide, limit: Int = .max) -> ContiguousArray<BookLevel> {
    var levels: ContiguousArray<BookLevel> = []
    read(side, into: &levels, limit: limit)
    return levels
  }

  /// What a market order would find: the levels that it would take, best first, the last one with
  /// the lots that it needs of it.
  ///
  /// `bound` is the worst price in ticks that it accepts. Fewer lots in sum than were asked for mean
  /// that the book ends, or the bound is reached, before the order is filled.
  package func sweep(
    _ side: QuoteSide, lots wanted: Int64, bound: Int64? = nil
  ) -> ContiguousArray<BookLevel> {
    var taken: ContiguousArray<BookLevel> = []
    var rest = wanted
    guard rest > 0 else { return taken }
    let sign: Int64 = side == .bid ? -1 : 1
    (side == .bid ? bids : asks).visit { key, lots in
      if let bound, key > bound * sign { return false }
      taken.append(BookLevel(ticks: key * sign, lots: min(rest, lots)))
      rest -= min(rest, lots)
      return rest > 0
    }
    return taken
  }
}
