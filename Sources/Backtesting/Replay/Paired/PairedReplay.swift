package import Essentials
import Mathematics

/// Two ways of trading the same market, slice by slice: the first less the second.
///
/// Both met the same prices and drew from the same chance, so what moves both cancels, and a
/// difference is seen that neither result alone would show.
package struct PairedReplay: Hashable, Sendable {
  /// How sure a difference must be, and how small it must be to be called none.
  package struct Settings: Hashable, Sendable {
    /// The confidence of intervals; verdicts err with the rest to 1 at most, over all variants
    /// together.
    package var confidence = 0.95
    package var resamples = 2000
    package var seed: UInt64 = 1
    /// A loss that is called none, as a share of the capital: of the profit of a day, and of the mean
    /// of the worst slices.
    package var margin = 0.0005
    /// The share of slices that are the worst.
    package var tailShare = 0.05

    package init() {}
  }

  /// The mean of a day as a share of the capital.
  package let net: PairedDifference
  /// The mean of the worst slices as a share of the capital; above zero where the first loses less.
  package let tail: PairedDifference
  /// What is bought and sold in a day, over the capital.
  package let turnover: PairedDifference
  /// Entries and simulations of a day.
  package let entries: PairedDifference
  package let simulations: PairedDifference
  /// The average length of the blocks, in slices.
  package let blockLength: Double
  package let slices: Int
  package let length: TimeSpan
  /// Whether both sent the same orders, to the bit.
  package let isSame: Bool

  /// Compares two tracks of the same market and slices; nil for fewer than eight of them.
  package init?(
    _ first: ReplayTrack, against second: ReplayTrack, settings: Settings = Settings()
  ) {
    precondition(
      first.slices.count == second.slices.count && first.length == second.length,
      "tracks of different slices")
    let count = first.slices.count
    guard count >= 8 else { return nil }
    let days = first.length.days
    func column(_ track: ReplayTrack, _ value: (ReplayTrack.Slice) -> Double) -> [Double] {
      track.slices.map { value($0) / track.capital }
    }
    let ours = column(first, \.profit)
    let theirs = column(second, \.profit)
    let differences = zip(ours, theirs).map { $0 - $1 }
    let asked = OptimalBlockLength(of: differences)?.stationary ?? 1
    let block = max(1, min(Double(count) / 3, asked))
    let bootstrap = BlockBootstrap(
      meanBlockLength: block, resamples: settings.resamples, seed: settings.seed)
    func difference(
      _ first: [Double], _ second: [Double], _ figure: PairedDifference.Figure, margin: Double
    ) -> PairedDifference? {
      PairedDifference(
        of: first, over: second, figure, margin: margin, by: bootstrap,
        confidence: settings.confidence)
    }
    func daily(_ track: ReplayTrack, _ value: (ReplayTrack.Slice) -> Double) -> [Double] {
      track.slices.map { value($0) / days }
    }
    guard
      let net = difference(
        ours.map { $0 / days }, theirs.map { $0 / days }, .mean, margin: settings.margin),
      let tail = difference(
        ours, theirs, .tail(share: settings.tailShare), margin: settings.margin),
      let turnover = difference(
        daily(first) { $0.traded / first.capital }, daily(second) { $0.traded / second.capital },
        .mean, margin: 0),
      let entries = difference(
        daily(first) { Double($0.entries) }, daily(second) { Double($0.entries) }, .mean, margin: 0),
      let simulations = difference(
        daily(first) { Double($0.simulations) }, daily(second) { Double($0.simulations) }, .mean,
        margin: 0)
    else { return nil }
    self.net = net
    self.tail = tail
    self.turnover = turnover
    self.entries = entries
    self.simulations = simulations
    blockLength = block
    slices = count
    length = first.length
    isSame = first.orderHash == second.orderHash
  }

  package var json: JSONValue {
    [
      "net_per_day": Self.json(net), "worst_slices": Self.json(tail),
      "turnover_per_day": Self.json(turnover), "entries_per_day": Self.json(entries),
      "simulations_per_day": Self.json(simulations), "block_length": .number(blockLength),
      "slices": .integer(slices), "slice_ms": .integer(Int(length.milliseconds)),
      "same_orders": .bool(isSame),
    ]
  }

  private static func json(_ difference: PairedDifference) -> JSONValue {
    [
      "difference": .number(difference.interval.estimate),
      "lower": .number(difference.interval.lower), "upper": .number(difference.interval.upper),
      "probability": .number(difference.probability),
      "inferiority_probability": .number(difference.inferiorityProbability),
    ]
  }
}
