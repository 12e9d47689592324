package import Essentials

/// Makes bars of trades.
///
/// 1. Only closed bars are published, each once, in the order of time.
/// 2. The forming bar stands apart and is what was traded so far.
/// 3. A span without trades has no bar.
/// 4. A bar opens with its earliest trade and closes with its latest, in whatever order they come;
///    of trades at the same instant the order of arrival counts.
///
/// A bar is closed by the first trade behind it or by ``close(at:)``. What comes for it later is
/// refused: a bar that was read never changes.
package struct BarBuilder: Sendable {
  package let span: BarSpan
  package private(set) var counts = BarCounts()
  /// What was traded so far in the span that is not over; nil where nothing was.
  package private(set) var forming: Bar?

  private var firstTime = Timestamp(millisecondsSinceEpoch: 0)
  private var lastTime = Timestamp(millisecondsSinceEpoch: 0)
  /// The end of the last published bar, or of the time that was declared to be over.
  private var closedUntil = Timestamp(millisecondsSinceEpoch: .min)
  private var lastStart: Timestamp?
  private var seen = TradeMemory()

  package init(_ span: BarSpan) {
    self.span = span
  }

  /// Takes in a trade and returns the bar that it closes, if any.
  package mutating func observe(_ trade: Trade) -> Bar? {
    let price = trade.price
    let units = trade.units
    guard price > 0, price < .infinity else { return refused(.impossiblePrice) }
    guard units > 0, units < .infinity else { return refused(.impossibleVolume) }
    if trade.instant < closedUntil { return refused(.late) }
    let start = span.start(of: trade.instant)
    if let bar = forming, start < bar.openTime { return refused(.late) }
    guard seen.isNew(trade.id) else { return refused(.duplicate) }
    counts.accepted += 1
    if forming?.openTime == start {
      join(trade)
      return nil
    }
    let closed = publish()
    forming = Bar(
      openTime: start, open: price, high: price, low: price, close: price, volume: units,
      quoteVolume: price * units, trades: 1, isClosed: false)
    firstTime = trade.instant
    lastTime = trade.instant
    return closed
  }

  /// Closes the forming bar if its span is over at an instant, and returns it.
  package mutating func close(at now: Timestamp) -> Bar? {
    let start = span.start(of: now)
    defer { closedUntil = max(closedUntil, start) }
    guard let bar = forming, bar.openTime < start else { return nil }
    return publish()
  }

  private mutating func join(_ trade: Trade) {
    guard var bar = forming else { return }
    bar.high = max(bar.high, trade.price)
    bar.low = min(bar.low, trade.price)
    bar.volume += trade.units
    bar.quoteVolume += trade.price * trade.units
    bar.trades += 1
    if trade.instant >= lastTime {
      bar.close = trade.price
      lastTime = trade.instant
    } else {
      counts.outOfOrder += 1
      if trade.instant < firstTime {
        bar.open = trade.price
        firstTime = trade.instant
      }
    }
    forming = bar
  }

  private mutating func publish() -> Bar? {
    guard var bar = forming else { return nil }
    forming = nil
    bar.isClosed = true
    if let last = lastStart { counts.missing += span.missing(from: last, to: bar.openTime) }
    lastStart = bar.openTime
    closedUntil = max(closedUntil, span.end(from: bar.openTime))
    return bar
  }

  private mutating func refused(_ defect: BarDefect) -> Bar? {
    counts.refuse(defect)
    return nil
  }
}

/// The numbers of recent trades, so that one which comes twice is known.
///
/// A number is remembered until another with the same low bits comes, so that venues which count
/// their trades have the last 1024 in memory. The cost is one comparison a trade.
private struct TradeMemory: Sendable {
  private var slots = ContiguousArray<UInt64>(repeating: 0, count: 1024)

  /// Whether the number has not been met; zero stands for a trade without number and always is new.
  mutating func isNew(_ id: UInt64) -> Bool {
    guard id != 0 else { return true }
    let slot = Int(id & 1023)
    if slots[slot] == id { return false }
    slots[slot] = id
    return true
  }
}
