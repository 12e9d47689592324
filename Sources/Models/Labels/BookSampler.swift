package import Essentials
package import Markets
import Mathematics

/// Cuts the books of a symbol into intervals of equal length and says of each which flows it had, level
/// by level, and what the mid price did in the interval after it.
///
/// An interval in which the book was lost, or that has no book, breaks the chain: it has no flows and
/// is no label. Rows come by time. Cost of a book: the levels that are read, no allocation but for the
/// row of an interval that ends.
package struct BookSampler: Sendable {
  package let symbol: String
  package let interval: BarSpan
  /// The rows whose following interval is over.
  package private(set) var rows: [LabeledRow] = []
  /// Books that were taken, and those that were not: crossed, empty on a side, or earlier than one
  /// before.
  package private(set) var accepted = 0
  package private(set) var refused = 0

  private let tick: Double
  private let lot: Double
  private var flow: OrderFlowImbalance
  private var start: Timestamp?
  private var latest: Timestamp?
  private var mid = 0.0
  /// Whether flows were seen throughout the forming interval.
  private var isWhole = false
  /// The flows and the log mid at the end of the interval before.
  private var waiting: (flows: [Double], logMid: Double, end: Timestamp)?
  private var levels: ContiguousArray<BookLevel> = []
  private var bids: [QuoteLevel] = []
  private var asks: [QuoteLevel] = []

  package init(
    symbol: String, interval: BarSpan, tick: TickSize, lot: LotSize,
    settings: OrderFlowImbalance.Settings = OrderFlowImbalance.Settings()
  ) {
    self.symbol = symbol
    self.interval = interval
    self.tick = tick.value
    self.lot = lot.value
    flow = OrderFlowImbalance(settings)
  }

  /// Takes a book after a change.
  package mutating func observe(_ book: OrderBook, at instant: Timestamp) {
    guard latest.map({ instant >= $0 }) ?? true else {
      refused += 1
      return
    }
    latest = instant
    let begins = interval.start(of: instant)
    if let start, begins > start { finish(start, next: begins) }
    if start == nil { isWhole = false }
    start = begins
    QuoteLevel.read(book, .bid, into: &bids, by: &levels, limit: flow.flows.count, tick, lot)
    QuoteLevel.read(book, .ask, into: &asks, by: &levels, limit: flow.flows.count, tick, lot)
    guard flow.observe(bids: bids, asks: asks) else {
      loseBook()
      refused += 1
      return
    }
    mid = (bids[0].price + asks[0].price) / 2
    accepted += 1
  }

  /// Forgets the book, as after a break in its sequence.
  package mutating func loseBook() {
    flow.loseBook()
    isWhole = false
    waiting = nil
    mid = 0
  }

  private mutating func finish(_ start: Timestamp, next begins: Timestamp) {
    let end = interval.end(from: start)
    if mid > 0 {
      let logMid = Elementary.log(mid)
      if let waiting, waiting.end == start, let label = LabelInterval(from: waiting.end, to: end) {
        let move = logMid - waiting.logMid
        rows.append(
          LabeledRow(
            values: waiting.flows, symbol: symbol, regime: nil, interval: label, target: move,
            move: move, isUp: move == 0 ? nil : move > 0))
      }
      waiting = isWhole ? (flow.normalizedFlows, logMid, end) : nil
    }
    // Intervals without any book lie between; the book stands still in them only if nothing was lost.
    if begins > end { waiting = nil }
    isWhole = mid > 0 && begins == end
    flow.beginInterval()
  }
}
