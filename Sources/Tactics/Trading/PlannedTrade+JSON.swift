package import Essentials
import Markets

extension PlannedTrade {
  /// The trade as a document, from which ``init(json:)`` makes the same one to the bit.
  package var json: JSONValue {
    [
      "side": .string(side.rawValue), "decision": .integer(Int(decision)),
      "decided": .integer(Int(decidedAt.millisecondsSinceEpoch)), "reason": .string(reason),
      "quantity_lots": .integer(Int(quantity.lots)), "reference_price": .number(referencePrice),
      "stop_price_nanos": .integer(Int(stopPrice.nanos)),
      "target_price_nanos": targetPrice.map { .integer(Int($0.nanos)) } ?? .null,
      "stop_distance": .number(stopDistance), "target_distance": .number(targetDistance),
      "leverage": .number(leverage), "p_pos": .number(profitProbability),
      "pred_mu_alpha": .number(annualDrift), "entry_quality": .number(entryQuality),
      "leverage_signal": .number(leverageSignal), "entry_score": .number(entryScore),
      "entry_floor": .number(entryFloor), "opt_hold_entry_sec": .number(holdSeconds),
      "precheck_was_safe": precheckWasSafe.map(JSONValue.bool) ?? .null,
    ]
  }

  /// Reads a trade back; nil where the document is none.
  package init?(json: JSONValue) {
    guard let side = json.text("side").flatMap(PositionSide.init(rawValue:)),
      let decision = json.whole("decision"), decision >= 0, let decided = json.instant("decided"),
      let reason = json.text("reason"), let lots = json.whole("quantity_lots"), lots > 0,
      let referencePrice = json.double("reference_price"),
      let stopPrice = json.whole("stop_price_nanos").flatMap({ Price(nanos: Int64($0)) }),
      let leverage = json.double("leverage"), leverage >= 1
    else { return nil }
    self.side = side
    self.decision = UInt64(decision)
    decidedAt = decided
    self.reason = reason
    quantity = Quantity(lots: Int64(lots))
    self.referencePrice = referencePrice
    self.stopPrice = stopPrice
    targetPrice = json.whole("target_price_nanos").flatMap { Price(nanos: Int64($0)) }
    self.leverage = leverage
    stopDistance = json.double("stop_distance") ?? .nan
    targetDistance = json.double("target_distance") ?? .nan
    profitProbability = json.double("p_pos") ?? .nan
    annualDrift = json.double("pred_mu_alpha") ?? .nan
    entryQuality = json.double("entry_quality") ?? .nan
    leverageSignal = json.double("leverage_signal") ?? .nan
    entryScore = json.double("entry_score") ?? .nan
    entryFloor = json.double("entry_floor") ?? .nan
    holdSeconds = json.double("opt_hold_entry_sec") ?? .nan
    if case .bool(let flag)? = json["precheck_was_safe"] { precheckWasSafe = flag }
  }
}

/// Members of saved states, read one by one; nil where a member is missing or of another kind.
extension JSONValue {
  func whole(_ name: String) -> Int? {
    if case .integer(let number)? = self[name] { number } else { nil }
  }

  func double(_ name: String) -> Double? {
    switch self[name] {
    case .integer(let number)?: Double(number)
    case .number(let number)?: number
    default: nil
    }
  }

  func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  func instant(_ name: String) -> Timestamp? {
    whole(name).map { Timestamp(millisecondsSinceEpoch: Int64($0)) }
  }

  func elements(_ name: String) -> [JSONValue]? {
    if case .array(let elements)? = self[name] { elements } else { nil }
  }
}
