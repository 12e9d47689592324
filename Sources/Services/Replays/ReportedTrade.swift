package import Backtesting
package import Essentials
import Markets
import Tactics

/// A round trip with the reasons that its trader had.
package struct ReportedTrade: Hashable, Sendable {
  package let trip: RoundTrip
  /// Why it was opened, in snake_case; nil where the trader does not say.
  package let entryReason: String?
  /// What was expected of it; nil where the trader does not say.
  package let forecast: TradeForecast?
  private let closeReason: String?

  /// Why it ended, in snake_case.
  package var exitReason: String {
    switch trip.end {
    case .open: "open"
    case .liquidation: "liquidation"
    case .order: closeReason ?? "order"
    }
  }

  /// Why it ended, without the symbol that was entered in its place.
  package var exitKind: String { SwitchExit.isReason(exitReason) ? "switch" : exitReason }

  package var json: JSONValue {
    [
      "symbol": .string(trip.symbol), "side": .string(trip.side.rawValue),
      "opened_at": .string("\(trip.openedAt)"), "closed_at": .string("\(trip.closedAt)"),
      "entry_order": .integer(Int(clamping: trip.entryOrder.value)),
      "exit_order": trip.exitOrder.map { .integer(Int(clamping: $0.value)) } ?? .null,
      "end": .string(trip.end.rawValue),
      "entry_reason": entryReason.map(JSONValue.string) ?? .null,
      "exit_reason": .string(exitReason), "lots": .integer(Int(trip.quantity.lots)),
      "entry_price": .optional(trip.entryPrice), "exit_price": .optional(trip.exitPrice),
      "leverage": .string("\(trip.leverage)"), "worth": .string("\(trip.worth)"),
      "gross": .string("\(trip.gross)"), "fees": .string("\(trip.fees)"),
      "funding": .string("\(trip.funding)"), "net": .string("\(trip.net)"),
      "net_return": .optional(trip.netReturn), "best_return": .optional(trip.bestReturn),
      "worst_return": .optional(trip.worstReturn),
      "p_profit": .optional(forecast?.profit), "p_target": .optional(forecast?.target),
      "p_stop": .optional(forecast?.stop),
      "t_best_ms": forecast.map { .integer(Int($0.horizon.milliseconds)) } ?? .null,
    ]
  }

  /// Joins round trips with the decisions of their entries, found by their orders, and with those that
  /// tell their ends.
  static func joined(_ trips: [RoundTrip], _ decisions: [ReplayDecision]) -> [ReportedTrade] {
    var entries: [Key: ReplayDecision] = [:]
    var ends: [Key: String] = [:]
    for decision in decisions {
      let place = decision.contract.place
      if decision.kind == .entered, let order = decision.order {
        entries[Key(contract: place, number: order.value)] = decision
      }
      if decision.kind == .closed, let entry = decision.entry {
        ends[Key(contract: place, number: entry)] = decision.reason
      }
    }
    return trips.map { trip in
      let place = trip.contract.place
      let entry = entries[Key(contract: place, number: trip.entryOrder.value)]
      return ReportedTrade(
        trip: trip, entryReason: entry?.reason, forecast: entry?.forecast,
        closeReason: entry?.entry.flatMap { ends[Key(contract: place, number: $0)] })
    }
  }

  private struct Key: Hashable {
    let contract: Int
    let number: UInt64
  }
}
