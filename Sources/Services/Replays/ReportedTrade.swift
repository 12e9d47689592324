package import Backtesting
package import Essentials
import Markets

/// A round trip with the reasons that its trader had.
package struct ReportedTrade: Hashable, Sendable {
  package let trip: RoundTrip
  /// What was decided when it was opened; nil where the trader does not say.
  package let entry: ReplayDecision?
  /// What was decided when it was closed; nil where something else closed it.
  package let exit: ReplayDecision?

  /// Why it was opened, in snake_case; nil where the trader does not say.
  package var entryReason: String? { entry?.reason }

  /// Why it ended, in snake_case.
  package var exitReason: String {
    switch trip.end {
    case .open: "open"
    case .liquidation: "liquidation"
    case .order: exit?.reason ?? "order"
    }
  }

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
      "p_profit": .optional(entry?.chances.profit), "p_target": .optional(entry?.chances.target),
      "p_stop": .optional(entry?.chances.stop),
      "t_best_ms": entry?.bestTime.map { .integer(Int($0.milliseconds)) } ?? .null,
    ]
  }

  /// Joins round trips with the decisions that led to their orders.
  static func joined(
    _ trips: [RoundTrip], _ decisions: [ReplayDecision]
  ) -> [ReportedTrade] {
    var byOrder: [OrderKey: ReplayDecision] = [:]
    for decision in decisions {
      if let order = decision.order {
        byOrder[OrderKey(contract: decision.contract.place, number: order.value)] = decision
      }
    }
    return trips.map { trip in
      let place = trip.contract.place
      return ReportedTrade(
        trip: trip,
        entry: byOrder[OrderKey(contract: place, number: trip.entryOrder.value)],
        exit: trip.exitOrder.flatMap { byOrder[OrderKey(contract: place, number: $0.value)] })
    }
  }

  private struct OrderKey: Hashable {
    let contract: Int
    let number: UInt64
  }
}
