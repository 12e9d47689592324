package import Backtesting
package import Essentials
import Markets
package import Tactics

/// What the entries of a replay would have come to under other exits, and the proof that this is known:
/// under the trader's own exits the shadows do what the trader did.
package struct ExitStudy: Sendable {
  package let comparison: ExitComparison
  /// Entries whose shadow under the configured exits has the times, prices, fees and profit of the
  /// trade itself, to the hundred-millionth.
  package let reproduced: Int
  /// Trades of the replay; those without a shadow under each policy are not compared.
  package let trades: Int

  /// Joins the trades of a replay with their shadows.
  package init(
    of result: ReplayResult, _ trader: ShadowedTrader,
    settings: ReplayTrustSettings = ReplayTrustSettings()
  ) {
    struct Key: Hashable {
      let contract: Int
      let order: UInt64
    }
    var shadows: [Key: [ShadowedTrip?]] = [:]
    let none = [ShadowedTrip?](repeating: nil, count: trader.policies.count)
    for shadow in trader.trips(through: result.reached) {
      let key = Key(
        contract: shadow.position.contract.place, order: shadow.position.entryOrder.value)
      shadows[key, default: none][shadow.policy] = shadow
    }
    let made = (result.closed + result.open).sorted {
      ($0.trip.openedAt, $0.trip.contract.place) < ($1.trip.openedAt, $1.trip.contract.place)
    }
    var reproduced = 0
    var entries: [ExitComparison.Entry] = []
    for trade in made {
      let key = Key(contract: trade.trip.contract.place, order: trade.trip.entryOrder.value)
      let all = (shadows[key] ?? []).compactMap { $0 }
      guard all.count == trader.policies.count, let first = all.first else { continue }
      if Self.agree(first.trip, trade.trip) { reproduced += 1 }
      entries.append(
        ExitComparison.Entry(
          trips: all.map(\.trip), reason: trade.exitReason,
          regime: first.position.regime.rawValue))
    }
    self.reproduced = reproduced
    trades = made.count
    comparison = ExitComparison(
      of: entries, policies: trader.policies.map(\.name), reference: ExitPolicy.shippedName,
      settings: settings)
  }

  /// Whether two round trips are the same but for the numbers of their orders.
  static func agree(_ left: RoundTrip, _ right: RoundTrip) -> Bool {
    left.openedAt == right.openedAt && left.closedAt == right.closedAt && left.end == right.end
      && left.side == right.side && left.quantity == right.quantity
      && left.entryPrice == right.entryPrice && left.exitPrice == right.exitPrice
      && left.leverage == right.leverage && left.gross == right.gross && left.fees == right.fees
      && left.funding == right.funding
  }

  package var json: JSONValue {
    guard case .object(let members) = comparison.json else { return comparison.json }
    return .object(
      [
        JSONValue.Member("trades", .integer(trades)),
        JSONValue.Member("reproduced", .integer(reproduced)),
      ] + members)
  }
}

extension ReplayDesk {
  /// Replays everything to a trader of the tactics whose entries are followed under other exits too.
  package func playShadowed(
    _ trader: TacticsTrader, journal: inout ReplayJournal?,
    trust: ReplayTrustSettings = ReplayTrustSettings(), isEnded: () -> Bool = { false },
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> (result: ReplayResult, study: ExitStudy) {
    let shadowed = ShadowedTrader(
      trader,
      policies: try ExitPolicy.standard(
        under: request.configuration, barLength: material.span.length),
      contracts: contracts, matching: matching)
    let (result, last) = try play(
      shadowed, journal: &journal, trust: trust, isEnded: isEnded, progress: progress)
    return (result, ExitStudy(of: result, last, settings: result.trust.settings))
  }
}
