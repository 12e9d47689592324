package import Essentials

extension InstanceSubmission {
  /// The members by which it is recorded and told.
  package var json: JSONValue {
    [
      "id": .string(id), "strategy": .string(strategy), "params": .object(params),
      "side": .string(side.rawValue), "symbols": .strings(symbols),
      "sector": sector.map(JSONValue.string) ?? .null,
      "venue": venue.map(JSONValue.string) ?? .null,
      "broker": broker.map(JSONValue.string) ?? .null, "formula": .string(formula),
      "settings": settings, "panel": panel,
      "alpha": alpha.map {
        ["run": .string($0.run), "candidate_key": .string($0.candidateKey)]
      } ?? .null,
      "trials": .integer(trials),
    ]
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    var params: [JSONValue.Member] = []
    if case .object(let members)? = reader.payload["params"] { params = members }
    var symbols: [String] = []
    for symbol in try reader.list("symbols") {
      guard case .string(let name) = symbol else {
        throw .unusable(kind: reader.kind, member: "symbols")
      }
      symbols.append(name)
    }
    var alpha: AlphaOrigin?
    if reader.has("alpha") {
      let origin = try reader.inner("alpha")
      alpha = AlphaOrigin(
        run: try origin.text("run"), candidateKey: try origin.text("candidate_key"))
    }
    self.init(
      id: try reader.text("id"), strategy: try reader.text("strategy"), params: params,
      side: try reader.word("side"), symbols: symbols, formula: try reader.text("formula"),
      settings: reader.payload["settings"] ?? .null, panel: reader.payload["panel"] ?? .null,
      alpha: alpha, trials: try reader.integer("trials"))
    sector = try reader.optionalText("sector")
    venue = try reader.optionalText("venue")
    broker = try reader.optionalText("broker")
  }
}

extension WorldEvaluation {
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("cycle", .integer(cycle)), .init("at", .integer(Int(at.millisecondsSinceEpoch))),
      .init("snapshot_fingerprint", .string(snapshotFingerprint.hexadecimal)),
      .init("plan_id", .string(plan.id.hexadecimal)), .init("plan", plan.json),
      .init("epoch", .integer(epoch)),
    ]
    if let snapshot { members.append(.init("snapshot", snapshot)) }
    return .object(members)
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    self.init(
      cycle: try reader.integer("cycle"), at: try reader.instant("at"),
      snapshotFingerprint: try reader.fingerprint("snapshot_fingerprint"),
      snapshot: reader.has("snapshot") ? reader.payload["snapshot"] : nil,
      plan: try reader.made("plan") { try? WorldPlan(json: $0) },
      epoch: try reader.integer("epoch"))
  }
}

extension BreakerEvent {
  var json: JSONValue {
    switch self {
    case .tripped(let trip):
      [
        "cause": .string(trip.cause.rawValue), "observed": .number(trip.observed),
        "limit": .number(trip.limit), "action": .string(trip.action.rawValue),
        "positions": .string(trip.positions.rawValue),
        "over": .integer(Int(trip.over.milliseconds)),
      ]
    case .cooling(let clear): ["clear": .integer(clear)]
    case .armed(let reason): ["reason": .string(reason)]
    }
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    switch reader.kind {
    case "breaker.tripped":
      self = .tripped(
        RiskTrip(
          cause: try reader.word("cause"), observed: try reader.number("observed"),
          limit: try reader.number("limit"), action: try reader.word("action"),
          positions: try reader.word("positions"), over: try reader.span("over")))
    case "breaker.cooling": self = .cooling(clear: try reader.integer("clear"))
    default: self = .armed(reason: try reader.text("reason"))
    }
  }
}

extension RiskCuts.Observation {
  var json: JSONValue {
    switch self {
    case .session(let equity): ["what": "session", "equity": .number(equity)]
    case .equity(let equity): ["what": "equity", "equity": .number(equity)]
    case .order(let isRejected): ["what": "order", "rejected": .bool(isRejected)]
    case .connection(let isFailed): ["what": "connection", "failed": .bool(isFailed)]
    case .fillStream: ["what": "fill_stream"]
    case .openOrders(let count): ["what": "open_orders", "count": .integer(count)]
    }
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    switch try reader.text("what") {
    case "session": self = .session(equity: try reader.number("equity"))
    case "equity": self = .equity(try reader.number("equity"))
    case "order": self = .order(isRejected: try reader.flag("rejected"))
    case "connection": self = .connection(isFailed: try reader.flag("failed"))
    case "fill_stream": self = .fillStream
    case "open_orders": self = .openOrders(try reader.integer("count"))
    default: throw .unusable(kind: reader.kind, member: "what")
    }
  }
}

extension GateRuling {
  var json: JSONValue {
    [
      "epoch": .integer(epoch), "gates": .array(gates.map(\.json)), "reason": .string(reason),
      "hold": hold.map { .string($0.rawValue) } ?? .null,
      "switches": .array(
        switches.map {
          ["instance": .string($0.instance), "active": .bool($0.isActive)]
        }),
    ]
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    var gates: [GateChange] = []
    for item in try reader.list("gates") {
      guard let change = GateChange(item) else {
        throw .unusable(kind: reader.kind, member: "gates")
      }
      gates.append(change)
    }
    var switches: [Switch] = []
    for item in try reader.list("switches") {
      let inner = PayloadReader(kind: reader.kind, payload: item)
      switches.append(
        Switch(instance: try inner.text("instance"), isActive: try inner.flag("active")))
    }
    self.init(
      epoch: try reader.integer("epoch"), gates: gates, reason: try reader.text("reason"),
      hold: reader.has("hold") ? try reader.word("hold") : nil, switches: switches)
  }
}

extension PaperTerms {
  var json: JSONValue {
    [
      "capital": .number(capital), "fee_bp": .number(feeBasisPoints), "lot": .number(lot),
    ]
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    self.init(
      capital: try reader.number("capital"), feeBasisPoints: try reader.number("fee_bp"),
      lot: try reader.number("lot"))
  }
}

extension PaperOrder {
  var json: JSONValue {
    [
      "instance": .string(instance), "account": .string(account), "order": .string(order),
      "document": document,
    ]
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    self.init(
      instance: try reader.text("instance"), account: try reader.text("account"),
      order: try reader.text("order"), document: try reader.made("document") { $0 })
  }
}

extension PaperFill {
  var json: JSONValue {
    [
      "instance": .string(instance), "account": .string(account), "order": .string(order),
      "seq": .integer(number), "symbol": .string(symbol), "lots": .number(lots),
      "price": .number(price), "fee": .number(fee),
    ]
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    self.init(
      instance: try reader.text("instance"), account: try reader.text("account"),
      order: try reader.text("order"), number: try reader.integer("seq"),
      symbol: try reader.text("symbol"), lots: try reader.number("lots"),
      price: try reader.number("price"), fee: try reader.number("fee"))
  }
}

extension PaperMark {
  var json: JSONValue {
    [
      "instance": .string(instance), "account": .string(account),
      "day": .integer(Int(day.millisecondsSinceEpoch)), "equity": .number(equity),
      "return": .number(dayReturn), "trades": .integer(trades),
    ]
  }

  init(_ reader: PayloadReader) throws(WorldEventMistake) {
    self.init(
      instance: try reader.text("instance"), account: try reader.text("account"),
      day: try reader.instant("day"), equity: try reader.number("equity"),
      dayReturn: reader.has("return") ? try reader.number("return") : .nan,
      trades: try reader.integer("trades"))
  }
}
