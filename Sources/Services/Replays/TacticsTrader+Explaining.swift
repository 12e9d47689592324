package import Essentials
import Markets
import Models
package import Tactics

extension TacticsTrader: ExplainingTrader {
  /// Hands over the records of the desk since the last call, as reports read them.
  package mutating func takeExplanations() -> [ReplayDecision] {
    takeDecisions().map(ReplayDecision.init)
  }

  /// Hands over through which time nothing was wanted of each market, where that still holds.
  package mutating func takeLastExplanations() -> [ReplayDecision] {
    closeWaiting()
    return takeExplanations()
  }

  /// When losses put the desk into safety mode.
  package var stoppedAt: Timestamp? {
    if case .safety(let since, _) = desk.mode { since } else { nil }
  }

  /// The looks at markets of which nothing was held.
  package var entriesConsidered: Int { desk.counts.looks }

  /// The desk's refusals by their first reason.
  package var refusedEntries: [RefusalCount] {
    desk.counts.refusalsByReason.map { RefusalCount($0.reason, $0.count) }
  }
}

extension ReplayDecision {
  /// What a record of the tactics says to reports.
  fileprivate init(_ record: DecisionRecord) {
    let kind: Kind =
      switch record.kind {
      case .entered: .entered
      case .refused, .failed: .refused
      case .closed: .closed
      case .leaving, .reduced, .increased, .deleveraged, .waiting, .waited, .safety, .unknown:
        .other
      }
    self.init(
      at: record.instant, of: record.contract, kind, word: record.kind.rawValue,
      side: record.side,
      // What is told of an entry is why its side was chosen.
      reason: kind == .entered ? record.choice?.reason ?? record.reason : record.reason,
      order: record.order, entry: kind == .entered ? record.decision : record.trade?.decision,
      forecast: TradeForecast(record), record: { record.json })
    waited = record.waited
  }
}

extension TradeForecast {
  /// What was expected of the side that a record is about; nil where nothing was reckoned.
  fileprivate init?(_ record: DecisionRecord) {
    guard let side = record.side, let prospect = record.prospect, record.price > 0 else {
      return nil
    }
    let outlook = prospect.outlook
    let horizon = outlook.estimate[side][outlook[side].best]
    self.init(
      side: side, price: record.price,
      horizon: TimeSpan(milliseconds: Int64((horizon.seconds * 1000).rounded())),
      takeProfit: prospect.exits.takeProfit, stopLoss: prospect.exits.stopLoss,
      cost: prospect.costs.entry + prospect.costs.atTimeOut, profit: horizon.gain.value,
      target: horizon.target.value, stop: horizon.stop.value)
  }
}
