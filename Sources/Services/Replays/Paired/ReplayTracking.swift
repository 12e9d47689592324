package import Backtesting
package import Essentials
import Markets
import Tactics

extension ReplayDesk {
  /// The length of the slices in which replays of this market are compared: a day where it has sixty
  /// of them, else an hour.
  package var sliceLength: TimeSpan {
    (material.to - material.from).days >= 60 ? .days(1) : .hours(1)
  }

  /// The slices that there are.
  package var sliceCount: Int {
    Int((material.to - material.from).milliseconds / sliceLength.milliseconds)
  }

  /// Replays everything to the tactics and measures each slice of time; nil where somebody ended it.
  ///
  /// - Parameters:
  ///   - isEnded: whether somebody asked to end, asked between slices.
  ///   - progress: is told how many slices are done.
  package func track(
    isEnded: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
  ) throws -> ReplayTrack? {
    var replay = Replay(
      try session(RecordedTrader(try trader())),
      recordings: material.markets.map(recording),
      settings: ReplaySettings(
        from: material.from, to: material.to, equityInterval: terms.span))
    let capital = request.capital.value
    let length = sliceLength
    var slices: [ReplayTrack.Slice] = []
    var total = ReplayTrack.Slice()
    var equity = capital
    var end = material.from
    var isLeft = true
    while isLeft {
      guard !isEnded() else { return nil }
      end = end + length
      isLeft = replay.advance(through: min(end, material.to))
      var slice = ReplayTrack.Slice()
      if let worth = replay.session.account.equity?.value {
        slice.profit = worth - equity
        equity = worth
      }
      for note in replay.session.trader.takeNotes() {
        guard case .heard(let report, let contract) = note, let price = report.price else {
          continue
        }
        let lot = contracts[contract.place].rules.lot
        slice.traded += report.filled.units(of: lot) * price.value
      }
      _ = replay.session.trader.player.takeDecisions()
      let counts = replay.session.trader.player.desk.counts
      slice.entries = counts.entries - total.entries
      slice.simulations = counts.simulations + counts.jointSimulations - total.simulations
      total.profit += slice.profit
      total.traded += slice.traded
      total.entries += slice.entries
      total.simulations += slice.simulations
      if end <= material.to { slices.append(slice) }
      progress(slices.count)
    }
    // Slices in which nothing was told are slices of nothing.
    while slices.count < sliceCount { slices.append(ReplayTrack.Slice()) }
    total.profit = equity - capital
    return ReplayTrack(
      every: length, slices: slices, total: total, capital: capital, record: replay.record)
  }
}
