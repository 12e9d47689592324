package import Essentials
import Markets

/// Why a desk cannot go on from what was saved.
package enum ResumeFailure: ExplainedFailure, Hashable {
  /// It is the state of other contracts, or of something else.
  case otherDesk(expected: [String], found: [String])
  /// A member is missing, or says something that no desk can be in.
  case unreadable(member: String)

  package var key: String {
    switch self {
    case .otherDesk: "other_desk"
    case .unreadable: "unreadable_state"
    }
  }

  package var explanation: String {
    switch self {
    case .otherDesk(let expected, let found):
      "The saved state is of \(found.joined(separator: ", ")), and the desk trades "
        + "\(expected.joined(separator: ", "))."
    case .unreadable(let member): "The saved state says nothing of use under \(member)."
    }
  }

  package var remedy: String {
    switch self {
    case .otherDesk: "Trade the same contracts in the same order."
    case .unreadable: "Give the state as it was saved."
    }
  }

  package var outcome: FailureOutcome { .refused }
}

/// What a desk remembers, as a document.
///
/// Readings are not kept: they come anew with the next event. Neither are the windows of the
/// consensus score and the returns that a bootstrap draws from, which fill again; under the shipped
/// settings both are empty, and a desk that goes on decides to the bit as one that never stopped.
extension PortfolioDesk {
  /// Everything that was learned, decided and sent, without the settings.
  package var savedState: JSONValue {
    var safety = JSONValue.null
    if case .safety(let since, let equity) = mode {
      safety = [
        "since": .integer(Int(since.millisecondsSinceEpoch)), "equity": .number(equity),
      ]
    }
    return [
      "kind": "portfolio_desk", "symbols": .strings(contracts.map(\.symbol)),
      "decisions": .integer(Int(decisions)), "orders": .integer(Int(orders)),
      "last_decision": lastDecision.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "safety": safety, "initial_equity": .number(initialEquity),
      "losses_in_a_row": .integer(lossesInARow), "counts": counts.json,
      "alignment": alignment.json, "joint": joint.json, "desks": .array(desks.map(\.json)),
    ]
  }

  /// Goes on where a desk of the same contracts was saved. The books are the truth: what they hold
  /// otherwise than the state says is found out at the next decision. Where anything cannot be read
  /// nothing changes.
  package mutating func resume(from state: JSONValue) throws(ResumeFailure) {
    let symbols = (state.elements("symbols") ?? []).compactMap { element -> String? in
      if case .string(let text) = element { text } else { nil }
    }
    guard state.text("kind") == "portfolio_desk", symbols == contracts.map(\.symbol) else {
      throw .otherDesk(expected: contracts.map(\.symbol), found: symbols)
    }
    func need<Value>(_ value: Value?, _ member: String) throws(ResumeFailure) -> Value {
      guard let value else { throw .unreadable(member: member) }
      return value
    }
    var resumed = self
    resumed.decisions = UInt64(max(0, try need(state.whole("decisions"), "decisions")))
    resumed.orders = UInt64(max(0, try need(state.whole("orders"), "orders")))
    resumed.lastDecision = state.instant("last_decision")
    resumed.initialEquity = state.double("initial_equity") ?? .nan
    resumed.lossesInARow = try need(state.whole("losses_in_a_row"), "losses_in_a_row")
    resumed.counts = try need(
      state["counts"].flatMap { DecisionCounts(json: $0) }, "counts")
    resumed.alignment = try need(
      state["alignment"].flatMap { EventAlignment(json: $0) }, "alignment")
    guard let joint = state["joint"], resumed.joint.recall(joint) else {
      throw .unreadable(member: "joint")
    }
    resumed.mode = .trading
    if let safety = state["safety"], safety != .null {
      resumed.mode = .safety(
        since: try need(safety.instant("since"), "safety.since"),
        equity: safety.double("equity") ?? .nan)
    }
    let saved = try need(state.elements("desks"), "desks")
    guard saved.count == desks.count else { throw .unreadable(member: "desks") }
    for (place, desk) in saved.enumerated() where !resumed.desks[place].recall(desk) {
      throw .unreadable(member: "desks[\(place)]")
    }
    self = resumed
  }
}

extension ContractDesk {
  var json: JSONValue {
    [
      "position": state.json, "orders": .array(orders.map(\.json)), "funding": funding.json,
      "rejects": rejects.json, "refusals_in_a_row": .integer(refusalsInARow),
      "floor_count": .integer(floorCounter.count),
      "exits": .array(
        exits.map {
          [
            "at": .integer(Int($0.at.millisecondsSinceEpoch)), "net": .number($0.netReturn),
            "fees": .number($0.fees), "leverage": .number($0.leverage),
            "reason": .string($0.reason),
          ]
        }),
      "refusals": .array(
        refusals.map {
          .array([
            .integer(Int($0.at.millisecondsSinceEpoch)), .bool($0.wantsBalance),
          ])
        }),
      "turn": turn.map {
        [
          "side": .string($0.side.rawValue),
          "until": .integer(Int($0.until.millisecondsSinceEpoch)),
        ]
      } ?? .null,
      "closed_by": closedBy.map { .string($0.rawValue) } ?? .null,
      "is_liquidated": .bool(isLiquidated),
      "refused_jointly": refusedJointly.map {
        [
          "side": .string($0.side.rawValue), "at": .integer(Int($0.at.millisecondsSinceEpoch)),
          "expected": .number($0.outlook.expected), "shortfall": .number($0.outlook.shortfall),
          "liquidation": .number($0.outlook.liquidationProbability),
        ]
      } ?? .null,
      "first_seen": firstSeenAt.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "sight": sight.map {
        [
          "price": .number($0.price), "drift": .number($0.annualDrift),
          "volatility": .number($0.annualVolatility),
        ]
      } ?? .null,
      "waiting": waiting?.json ?? .null,
    ]
  }

  /// Takes a document up; false where it is none.
  mutating func recall(_ json: JSONValue) -> Bool {
    guard let state = json["position"].flatMap(DeskState.init(json:)),
      let orders = json.elements("orders"), let funding = json["funding"],
      let forecast = FundingForecast(json: funding),
      let rejects = BalanceRejects(json: json["rejects"] ?? .null),
      let refusalsInARow = json.whole("refusals_in_a_row"),
      let floorCount = json.whole("floor_count"), let exits = json.elements("exits"),
      let refusals = json.elements("refusals")
    else { return false }
    self.state = state
    self.orders = orders.compactMap(DeskOrder.init(json:))
    self.funding = forecast
    self.rejects = rejects
    self.refusalsInARow = refusalsInARow
    floorCounter = FloorCounter(count: floorCount)
    self.exits = exits.compactMap { exit in
      guard let at = exit.instant("at"), let reason = exit.text("reason") else { return nil }
      return SymbolQuality.Exit(
        at: at, netReturn: exit.double("net") ?? .nan, fees: exit.double("fees") ?? .nan,
        leverage: exit.double("leverage") ?? .nan, reason: reason)
    }
    self.refusals = refusals.compactMap { refusal in
      guard case .array(let parts) = refusal, parts.count == 2,
        case .integer(let at) = parts[0], case .bool(let wantsBalance) = parts[1]
      else { return nil }
      return SymbolQuality.Refusal(
        at: Timestamp(millisecondsSinceEpoch: Int64(at)), wantsBalance: wantsBalance)
    }
    turn = json["turn"].flatMap { turn in
      guard let side = turn.text("side").flatMap(PositionSide.init(rawValue:)),
        let until = turn.instant("until")
      else { return nil }
      return Turn(side: side, until: until)
    }
    closedBy = json.text("closed_by").flatMap(DeskOrder.Role.init(rawValue:))
    isLiquidated = json["is_liquidated"] == .bool(true)
    refusedJointly = json["refused_jointly"].flatMap { refusal in
      guard let side = refusal.text("side").flatMap(PositionSide.init(rawValue:)),
        let at = refusal.instant("at")
      else { return nil }
      var outlook = PortfolioOutlook()
      outlook.expected = refusal.double("expected") ?? .nan
      outlook.shortfall = refusal.double("shortfall") ?? .nan
      outlook.liquidationProbability = refusal.double("liquidation") ?? .nan
      return JointRefusal(side: side, at: at, outlook: outlook)
    }
    firstSeenAt = json.instant("first_seen")
    sight = json["sight"].flatMap { sight in
      sight == .null
        ? nil
        : Sight(
          price: sight.double("price") ?? .nan, annualDrift: sight.double("drift") ?? .nan,
          annualVolatility: sight.double("volatility") ?? .nan)
    }
    waiting = json["waiting"].flatMap(WaitingSpell.init(json:))
    return self.orders.count == orders.count && self.exits.count == exits.count
      && self.refusals.count == refusals.count
  }
}
