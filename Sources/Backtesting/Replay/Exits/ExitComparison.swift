package import Essentials
package import Markets
import Mathematics

/// What the entries of a replay would have come to under other exits, each on the same prices.
///
/// Every entry is a row and every policy a column of round trips that went through real orders, fees and
/// funding. Policies are compared row by row, so what the market did to all of them cancels. With
/// hindsight one of several policies is always the best of a row; that is why regret stands beside what
/// the best single policy would have brought, and how probable that is by chance.
package struct ExitComparison: Hashable, Sendable {
  /// One entry and what became of it under each policy.
  package struct Entry: Hashable, Sendable {
    package let trips: [RoundTrip]
    /// Why the trader itself left, and in what kind of market it had entered.
    package let reason: String
    package let regime: String

    package init(trips: [RoundTrip], reason: String, regime: String) {
      self.trips = trips
      self.reason = reason
      self.regime = regime
    }
  }

  /// A policy over all entries; returns are after everything, over the worth at the entry.
  package struct Row: Hashable, Sendable {
    package let policy: String
    /// The mean return with its interval; nil for fewer than two entries.
    package let mean: ConfidenceInterval?
    /// The return less that of the reference; nil of the reference itself.
    package let difference: PairedDifference?
    /// The probability of such a difference by chance, as it counts among all policies.
    package let probability: Double?
    /// The mean of the worst twentieth of returns.
    package let tail: Double
    package let held: TimeSpan
    package let net: CoinAmount
    /// Entries that still stood when the data ended.
    package let open: Int
  }

  /// The trades that were left for a reason after an entry in a kind of market.
  package struct Cell: Hashable, Sendable {
    package let reason: String
    package let regime: String
    package let trades: Int
    /// The mean return of what was done.
    package let made: Double
    /// The mean of each row's best return less what was done: what hindsight would have brought, which is
    /// never below zero.
    package let regret: Double
    /// The policy whose mean is the highest here, by how much, and how probable that is by chance among
    /// all policies and cells; nil for fewer than eight trades.
    package let best: Best?
  }

  /// The single policy that would have been best in a cell.
  package struct Best: Hashable, Sendable {
    package let policy: String
    package let gain: ConfidenceInterval
    package let probability: Double
  }

  package let rows: [Row]
  /// The most frequent first.
  package let cells: [Cell]
  package let entries: Int
  package let reference: String
  package let confidence: Double

  /// Fewer entries have no intervals.
  private static let least = 8

  /// Compares policies on entries in the order of their openings. The first policy is what was done;
  /// differences are from the policy called `reference`, or from the first where there is none.
  package init(
    of entries: [Entry], policies: [String], reference: String,
    settings: ReplayTrustSettings = ReplayTrustSettings()
  ) {
    precondition(
      entries.allSatisfy { $0.trips.count == policies.count }, "entries without all policies")
    self.entries = entries.count
    confidence = settings.confidence
    let home = policies.firstIndex(of: reference) ?? 0
    self.reference = policies.isEmpty ? reference : policies[home]
    let company = TradeExpectancy.company(of: entries.compactMap(\.trips.first))
    let returns = policies.indices.map { policy in
      entries.map { $0.trips[policy].netReturn }
    }
    func compared(_ policy: Int, _ base: Int, _ places: [Int]) -> PairedDifference? {
      guard places.count >= Self.least else { return nil }
      let (one, other) = (places.map { returns[policy][$0] }, places.map { returns[base][$0] })
      return PairedDifference(
        of: one, over: other, .mean, margin: 0,
        by: Self.bootstrap(zip(one, other).map { $0 - $1 }, company, settings),
        confidence: settings.confidence)
    }
    let all = Array(entries.indices)
    let differences = policies.indices.map { $0 == home ? nil : compared($0, home, all) }
    var adjusted = HolmCorrection.adjusted(differences.compactMap { $0?.probability })[...]
    rows = policies.indices.map { policy in
      let trips = entries.map { $0.trips[policy] }
      return Row(
        policy: policies[policy],
        mean: Self.bootstrap(returns[policy], company, settings).interval(
          for: .mean, of: returns[policy], confidence: settings.confidence, method: .percentile),
        difference: differences[policy],
        probability: differences[policy] == nil ? nil : adjusted.popFirst(),
        tail: Self.tail(of: returns[policy]),
        held: TimeSpan(
          milliseconds: trips.reduce(0) { $0 + $1.held.milliseconds }
            / Int64(max(1, trips.count))),
        net: trips.reduce(.zero) { $0 + $1.net }, open: trips.count { $0.end == .open })
    }

    struct Key: Hashable, Comparable {
      let reason: String
      let regime: String

      static func < (left: Self, right: Self) -> Bool {
        (left.reason, left.regime) < (right.reason, right.regime)
      }
    }
    let keys = entries.map { Key(reason: $0.reason, regime: $0.regime) }
    let places = Set(keys).sorted().map { key in (key, all.filter { keys[$0] == key }) }
      .sorted { ($1.1.count, $0.0) < ($0.1.count, $1.0) }
    let candidates = places.map { _, places in
      policies.indices.dropFirst().map { compared($0, 0, places) }
    }
    var chances = HolmCorrection.adjusted(
      candidates.flatMap { $0.compactMap { $0?.probability } })[...]
    cells = zip(places, candidates).map { place, candidates in
      let (key, places) = place
      let probabilities = candidates.map { $0 == nil ? nil : chances.popFirst() }
      let count = Double(places.count)
      let made = places.reduce(0) { $0 + returns[0][$1] } / count
      let best = places.reduce(0) { sum, entry in
        sum + (policies.indices.map { returns[$0][entry] }.max() ?? 0)
      }
      let first = candidates.indices.max {
        (candidates[$0]?.interval.estimate ?? -.infinity)
          < (candidates[$1]?.interval.estimate ?? -.infinity)
      }
      return Cell(
        reason: key.reason, regime: key.regime, trades: places.count, made: made,
        regret: best / count - made,
        best: first.flatMap { index in
          guard let gain = candidates[index]?.interval, let chance = probabilities[index] else {
            return nil
          }
          return Best(policy: policies[index + 1], gain: gain, probability: chance)
        })
    }
  }

  /// Blocks at least as long as the number of trades that an average one lived with.
  private static func bootstrap(
    _ values: [Double], _ company: Double, _ settings: ReplayTrustSettings
  ) -> BlockBootstrap {
    let asked = OptimalBlockLength(of: values)?.stationary ?? 1
    return BlockBootstrap(
      meanBlockLength: max(1, min(Double(values.count) / 3, max(asked, company))),
      resamples: settings.resamples, seed: settings.seed)
  }

  private static func tail(of returns: [Double]) -> Double {
    let count = max(1, returns.count / 20)
    let worst = returns.sorted().prefix(count)
    return worst.isEmpty ? .nan : worst.reduce(0, +) / Double(worst.count)
  }

  package var json: JSONValue {
    [
      "entries": .integer(entries), "reference": .string(reference),
      "confidence": .number(confidence),
      "policies": .array(
        rows.map { row in
          [
            "policy": .string(row.policy), "mean_return": Self.json(row.mean),
            "difference": Self.json(row.difference?.interval),
            "probability": .optional(row.probability), "tail_return": .number(row.tail),
            "mean_held_ms": .integer(Int(row.held.milliseconds)), "net": .string("\(row.net)"),
            "open": .integer(row.open),
          ]
        }),
      "regret": .array(
        cells.map { cell in
          [
            "reason": .string(cell.reason), "regime": .string(cell.regime),
            "trades": .integer(cell.trades), "made": .number(cell.made),
            "regret": .number(cell.regret),
            "best": cell.best.map {
              [
                "policy": .string($0.policy), "gain": Self.json($0.gain),
                "probability": .number($0.probability),
              ]
            } ?? .null,
          ]
        }),
    ]
  }

  private static func json(_ interval: ConfidenceInterval?) -> JSONValue {
    guard let interval else { return .null }
    return [
      "estimate": .number(interval.estimate), "lower": .number(interval.lower),
      "upper": .number(interval.upper),
    ]
  }
}
