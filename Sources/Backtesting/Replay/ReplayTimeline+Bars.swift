import Essentials
package import Markets

extension ReplayTimeline {
  /// The bars that ``ListenedBars`` makes of the trades that were recorded of each contract, in their
  /// order, as anybody has them who was told the timeline as it happened.
  ///
  /// Books and trades are signs that somebody listened; what else is recorded may come from elsewhere and
  /// is not looked at. Cost: a pass over all instants.
  package static func listenedBars(
    of recordings: [ContractRecording], span: BarSpan
  ) -> [BarSeries] {
    var timeline = ReplayTimeline(
      recordings.map { ContractRecording(trades: $0.trades, books: $0.books) })
    var makers = ContiguousArray(recordings.map { _ in ListenedBars(span) })
    var series = recordings.map { _ in BarSeries(span) }
    while timeline.next < .max {
      let next = timeline.next
      let instant = Timestamp(millisecondsSinceEpoch: next)
      for place in makers.indices {
        if let bar = makers[place].pass(to: instant) { series[place].append(bar) }
      }
      for cursor in timeline.cursors.indices {
        let place = timeline.cursors[cursor].contract.place
        while timeline.cursors[cursor].key == next {
          makers[place].hear(at: instant)
          if case .trade(let trade)? = timeline.event(at: cursor) { makers[place].observe(trade) }
          timeline.advance(cursor)
        }
      }
    }
    return series
  }
}
