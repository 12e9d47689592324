import Essentials
import Markets

extension DeskOrder {
  var json: JSONValue {
    [
      "number": .integer(Int(number.value)), "role": .string(role.rawValue),
      "lots": .integer(Int(quantity.lots)),
      "sent": .integer(Int(sentAt.millisecondsSinceEpoch)), "state": .integer(Int(state.rawValue)),
      "cancelled": cancelledAt.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
    ]
  }

  init?(json: JSONValue) {
    guard let number = json.whole("number"), number > 0,
      let role = json.text("role").flatMap(Role.init(rawValue:)), let lots = json.whole("lots"),
      let sent = json.instant("sent"),
      let state = json.whole("state").flatMap({ UInt8(exactly: $0) })
        .flatMap(OrderState.init(rawValue:))
    else { return nil }
    self.init(
      number: OrderNumber(UInt64(number)), role: role, quantity: Quantity(lots: Int64(lots)),
      sentAt: sent)
    self.state = state
    cancelledAt = json.instant("cancelled")
  }
}

extension TradeLedger {
  var json: JSONValue {
    .array([realized, fees, funding].map { .integer(Int($0.atoms)) })
  }

  init?(json: JSONValue?) {
    guard case .array(let parts)? = json, parts.count == 3 else { return nil }
    let amounts = parts.compactMap { part -> CoinAmount? in
      if case .integer(let atoms) = part { CoinAmount(atoms: Int64(atoms)) } else { nil }
    }
    guard amounts.count == 3 else { return nil }
    self.init(realized: amounts[0], fees: amounts[1], funding: amounts[2])
  }
}

extension DeskState.Holding {
  var json: JSONValue {
    [
      "trade": trade.json, "ledger": ledger.json,
      "opened": .integer(Int(openedAt.millisecondsSinceEpoch)),
      "lots": .integer(Int(quantity.lots)), "lots_most": .integer(Int(quantityMost.lots)),
      "entry_price": .number(entryPrice), "opt_hold_curr_sec": .number(currentHoldSeconds),
      "hold_score": .number(holdScore), "memory": memory.json,
      "rebalanced": rebalancedAt.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "added_lots": .integer(Int(added.lots)),
      "deleveraged": deleveragedAt.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "stops_sent": .integer(stopsSent),
    ]
  }

  init?(json: JSONValue) {
    guard let trade = json["trade"].flatMap(PlannedTrade.init(json:)),
      let ledger = TradeLedger(json: json["ledger"]), let opened = json.instant("opened"),
      let lots = json.whole("lots"), let most = json.whole("lots_most"), lots >= 0, most >= lots,
      let entryPrice = json.double("entry_price"),
      let memory = json["memory"].flatMap(ExitMemory.init(json:)),
      let stopsSent = json.whole("stops_sent")
    else { return nil }
    self.init(
      trade: trade, ledger: ledger, openedAt: opened, quantity: Quantity(lots: Int64(lots)),
      quantityMost: Quantity(lots: Int64(most)), entryPrice: entryPrice,
      currentHoldSeconds: json.double("opt_hold_curr_sec") ?? .nan)
    self.memory = memory
    holdScore = json.double("hold_score") ?? .nan
    rebalancedAt = json.instant("rebalanced")
    added = Quantity(lots: Int64(json.whole("added_lots") ?? 0))
    deleveragedAt = json.instant("deleveraged")
    self.stopsSent = stopsSent
  }
}

extension DeskState {
  /// The state as a document, from which ``init(json:)`` makes the same one.
  var json: JSONValue {
    switch self {
    case .flat: return ["state": .string(name)]
    case .entering(let entering):
      return [
        "state": .string(name), "trade": entering.trade.json,
        "order": .integer(Int(entering.order.value)), "ledger": entering.ledger.json,
        "filled_at": entering.filledAt.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
        "filled_lots": .integer(Int(entering.filled.lots)),
        "end": entering.end.map { .string($0.rawValue) } ?? .null,
      ]
    case .holding(let holding): return ["state": .string(name), "holding": holding.json]
    case .leaving(let holding, let leaving):
      return [
        "state": .string(name), "holding": holding.json, "reason": .string(leaving.reason),
        "turns_to": leaving.turnsTo.map { .string($0.rawValue) } ?? .null,
        "order": .integer(Int(leaving.order.value)),
      ]
    case .unknown(let unknown):
      return [
        "state": .string(name), "cause": .string(unknown.cause.rawValue),
        "since": .integer(Int(unknown.since.millisecondsSinceEpoch)),
      ]
    }
  }

  init?(json: JSONValue) {
    func order() -> OrderNumber? {
      json.whole("order").flatMap { $0 > 0 ? OrderNumber(UInt64($0)) : nil }
    }
    let held = json["holding"].flatMap(Holding.init(json:))
    switch json.text("state") {
    case "flat": self = .flat
    case "entering":
      guard let trade = json["trade"].flatMap(PlannedTrade.init(json:)), let order = order(),
        let ledger = TradeLedger(json: json["ledger"]), let lots = json.whole("filled_lots")
      else { return nil }
      var entering = Entering(trade: trade, order: order, ledger: ledger)
      entering.filledAt = json.instant("filled_at")
      entering.filled = Quantity(lots: Int64(lots))
      entering.end = json.text("end").flatMap(OrderEnd.init(rawValue:))
      self = .entering(entering)
    case "holding":
      guard let held else { return nil }
      self = .holding(held)
    case "leaving":
      guard let held, let reason = json.text("reason"), let order = order() else { return nil }
      self = .leaving(
        held,
        Leaving(
          reason: reason, turnsTo: json.text("turns_to").flatMap(PositionSide.init(rawValue:)),
          order: order))
    case "unknown":
      guard let cause = json.text("cause").flatMap(Unknown.Cause.init(rawValue:)),
        let since = json.instant("since")
      else { return nil }
      self = .unknown(Unknown(cause: cause, since: since))
    default: return nil
    }
  }
}
