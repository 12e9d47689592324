package import Essentials

/// Makes bars of what a feed tells of one instrument, and knows when nobody listened to it.
///
/// 1. Bars are those of a ``BarBuilder``, each told once, at its end.
/// 2. A span in which something was told but nothing traded has a bar at the last price, of zero volume,
///    as venues send one.
/// 3. A span in which nothing at all was told has no bar: nobody listened. Behind it the last price is
///    not known until something is traded.
/// 4. The first bar is that of the first span which begins while somebody listens, at first and behind
///    every span without news.
///
/// Instants that are told must not fall. Who tells an instant calls ``pass(to:)``, then ``hear(at:)``
/// and ``observe(_:)`` with what it told. Nothing is allocated.
package struct ListenedBars: Sendable {
  package let span: BarSpan
  private var builder: BarBuilder
  /// The start of the span in which something was told last and that is not over.
  private var open: Timestamp?
  /// The start of the span before it in which something was told.
  private var lastHeard: Timestamp?
  /// When the first whole span begins.
  private var whole = Timestamp(millisecondsSinceEpoch: .max)
  /// When the very first whole span begins; nil before anything was told.
  private var begin: Timestamp?
  /// The last price that was traded; nil where nobody knows it.
  private var last: Double?
  private var silent = 0
  private var late = 0

  /// Bars of a length, before anything was told.
  package init(_ span: BarSpan) {
    self.span = span
    builder = BarBuilder(span)
  }

  /// What was wrong with the trades; a silent bar is one without any.
  package var counts: BarCounts {
    var counts = builder.counts
    counts.silent = silent
    counts.late += late
    return counts
  }

  /// Lets time pass before what is told at an instant, and returns the bar that ended by then, if any.
  package mutating func pass(to now: Timestamp) -> Bar? {
    guard let start = open, span.end(from: start) <= now else { return nil }
    open = nil
    lastHeard = start
    let traded = builder.close(at: span.end(from: start))
    last = traded?.close ?? last
    guard start >= whole else { return nil }
    if let traded { return traded }
    guard let last else { return nil }
    silent += 1
    return Bar(
      openTime: start, open: last, high: last, low: last, close: last, volume: 0, quoteVolume: 0)
  }

  /// Takes in that something was told at an instant.
  package mutating func hear(at now: Timestamp) {
    let start = span.start(of: now)
    guard start != open else { return }
    if lastHeard.map({ span.end(from: $0) < start }) ?? true {
      whole = span.end(from: start)
      last = nil
      begin = begin ?? whole
    }
    open = start
  }

  /// Takes in a trade. One of a span that is over is left out and counted.
  package mutating func observe(_ trade: Trade) {
    guard span.start(of: trade.instant) == open else {
      late += 1
      return
    }
    _ = builder.observe(trade)
  }

  /// Whether a bar that begins at an instant is one of those that are made here.
  package func isBegun(by start: Timestamp) -> Bool { begin.map { start >= $0 } ?? false }

  /// When the first bar begins for who begins to listen at an instant.
  package static func firstStart(from now: Timestamp, _ span: BarSpan) -> Timestamp {
    span.end(from: span.start(of: now))
  }
}
