package import Essentials

extension WorldSnapshot {
  /// The snapshot as JSON whose text is the same for the same facts: members in the order of their
  /// names, doubles with the fewest digits that read back, unknown figures as null, instants and
  /// lengths of time in milliseconds.
  package var json: JSONValue {
    [
      "at": .integer(Int(at.millisecondsSinceEpoch)),
      "breaker": [
        "reason": .string(breaker.reason),
        "since": breaker.since.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
        "tripped": .bool(breaker.isTripped),
      ],
      "correlations": correlations.map(\.json) ?? .null,
      "counted_cycle": countedCycle.map(JSONValue.integer) ?? .null,
      "cycle": .integer(cycle),
      "datasets": .array(datasets.map(\.json)),
      "declared": .string(declared.rawValue),
      "epoch": .integer(epoch),
      "evidence": .array(evidence.columns.map(\.json)),
      "instances": .array(instances.map(\.json)),
      "policy": .string(policyFingerprint.hexadecimal),
      "policy_version": .integer(policyVersion),
      "portfolio": [
        "equity": .number(portfolio.equity), "margin_used": .number(portfolio.marginUsed),
        "session_open": .number(portfolio.sessionOpen),
        "session_peak": .number(portfolio.sessionPeak),
      ],
      "schema": .string(Self.schema),
      "world": .string(world),
    ]
  }

  /// The name of the form that the JSON has.
  package static let schema = "athanor-snapshot/1"

  /// The digest of the compact text. Cost: that of writing it, about a tenth of a second for half a
  /// million correlations, so ask once and keep the answer.
  package var fingerprint: Fingerprint { Fingerprint(of: json.compactText) }

  /// Reads a snapshot back; its digest is that of the one that was written. Tables whose length
  /// does not fit the instances, and ids that are given twice, are refused.
  package init(json: JSONValue) throws(WorldRecordFailure) {
    let reader = try RecordReader(
      json,
      members: [
        "at", "breaker", "correlations", "counted_cycle", "cycle", "datasets", "declared", "epoch",
        "evidence", "instances", "policy", "policy_version", "portfolio", "schema", "world",
      ])
    guard try reader.text("schema") == Self.schema else {
      throw reader.refuse("schema", expected: Self.schema)
    }
    let breaker = try reader.object("breaker", members: ["reason", "since", "tripped"])
    let portfolio = try reader.object(
      "portfolio", members: ["equity", "margin_used", "session_open", "session_peak"])
    let instances = try reader.objects(
      "instances", members: Instance.memberNames
    ) { reader throws(WorldRecordFailure) in try Instance(reader) }
    guard Set(instances.map(\.id)).count == instances.count else {
      throw reader.refuse("instances", expected: "an array of instances with ids of their own")
    }
    let columns = try reader.objects(
      "evidence", members: ["bars", "days", "name", "trades", "values"]
    ) { reader throws(WorldRecordFailure) in
      try EvidenceTable.Column(reader, count: instances.count)
    }
    var correlations: CorrelationTable?
    if try reader.value("correlations") != .null {
      correlations = try CorrelationTable(
        reader.object("correlations", members: ["count", "overlaps", "values"]),
        count: instances.count)
    }
    self.init(
      world: try reader.text("world"), policyVersion: try reader.integer("policy_version"),
      policyFingerprint: try reader.fingerprint("policy"), at: try reader.instant("at"),
      cycle: try reader.integer("cycle"),
      countedCycle: try reader.optionalInteger("counted_cycle"),
      epoch: try reader.integer("epoch"), declared: try reader.word("declared"),
      breaker: Breaker(
        isTripped: try breaker.flag("tripped"), reason: try breaker.text("reason"),
        since: try breaker.value("since") == .null ? nil : try breaker.instant("since")),
      datasets: try reader.objects(
        "datasets", members: ["end", "fingerprint", "id"]
      ) { reader throws(WorldRecordFailure) in
        Dataset(
          id: try reader.text("id"), dataEnd: try reader.instant("end"),
          fingerprint: try reader.text("fingerprint"))
      }, instances: instances, evidence: EvidenceTable(columns), correlations: correlations,
      portfolio: Portfolio(
        equity: try portfolio.number("equity"),
        sessionOpen: try portfolio.number("session_open"),
        sessionPeak: try portfolio.number("session_peak"),
        marginUsed: try portfolio.number("margin_used")))
  }
}

extension WorldSnapshot.Dataset {
  fileprivate var json: JSONValue {
    [
      "end": .integer(Int(dataEnd.millisecondsSinceEpoch)), "fingerprint": .string(fingerprint),
      "id": .string(id),
    ]
  }
}

extension WorldSnapshot.Instance {
  fileprivate static let memberNames = [
    "approved", "broker", "fails", "gate_closed", "history", "id", "params", "passes", "phase",
    "sectors", "side", "since", "strategy", "symbols", "venues", "volatility", "warm", "weight",
  ]

  fileprivate var json: JSONValue {
    [
      "approved": .bool(isApproved), "broker": .string(broker), "fails": .integer(fails),
      "gate_closed": .bool(isGateClosed), "history": .integer(Int(history.milliseconds)),
      "id": .string(id), "params": .string(params.hexadecimal), "passes": .integer(passes),
      "phase": .string(phase.rawValue), "sectors": .array(sectors.map(\.json)),
      "side": .string(side.rawValue),
      "since": .integer(Int(phaseSince.millisecondsSinceEpoch)), "strategy": .string(strategy),
      "symbols": .array(symbols.map(\.json)), "venues": .array(venues.map(\.json)),
      "volatility": .number(volatility), "warm": .bool(isWarm), "weight": .number(weight),
    ]
  }

  fileprivate init(_ reader: RecordReader) throws(WorldRecordFailure) {
    self.init(
      id: try reader.text("id"), strategy: try reader.text("strategy"),
      params: try reader.fingerprint("params"), side: try reader.word("side"),
      phase: try reader.word("phase"), phaseSince: try reader.instant("since"),
      passes: try reader.count("passes"), fails: try reader.count("fails"),
      history: try reader.span("history"), isWarm: try reader.flag("warm"),
      symbols: try WorldSnapshot.Share.read("symbols", of: reader),
      sectors: try WorldSnapshot.Share.read("sectors", of: reader),
      venues: try WorldSnapshot.Share.read("venues", of: reader),
      broker: try reader.text("broker"), volatility: try reader.number("volatility"),
      isApproved: try reader.flag("approved"), weight: try reader.number("weight"),
      isGateClosed: try reader.flag("gate_closed"))
  }
}

extension WorldSnapshot.Share {
  fileprivate var json: JSONValue { .array([.string(name), .number(share)]) }

  fileprivate static func read(
    _ member: String, of reader: RecordReader
  ) throws(WorldRecordFailure) -> [Self] {
    var shares: [Self] = []
    for element in try reader.elements(member) {
      guard case .array(let pair) = element, pair.count == 2, case .string(let name) = pair[0],
        let share = RecordReader.number(pair[1])
      else { throw reader.refuse(member, expected: "an array of pairs of a name and a share") }
      shares.append(Self(name, share))
    }
    return shares
  }
}

extension EvidenceTable.Column {
  fileprivate var json: JSONValue {
    [
      "bars": .numbers(bars), "days": .numbers(days), "name": .string(name.description),
      "trades": .numbers(trades), "values": .numbers(values),
    ]
  }

  fileprivate init(_ reader: RecordReader, count: Int) throws(WorldRecordFailure) {
    guard let name = MetricName(try reader.text("name")) else {
      throw reader.refuse("name", expected: "the name of a measure")
    }
    func numbers(_ member: String, isOptional: Bool) throws(WorldRecordFailure) -> [Double] {
      let numbers = try reader.numbers(member)
      guard numbers.count == count || (isOptional && numbers.isEmpty) else {
        throw reader.refuse(member, expected: "an array with \(count) elements")
      }
      return numbers
    }
    self.init(
      name, values: try numbers("values", isOptional: false),
      days: try numbers("days", isOptional: true),
      trades: try numbers("trades", isOptional: true),
      bars: try numbers("bars", isOptional: true))
  }
}

extension CorrelationTable {
  /// Both triangles by row, as the table holds them.
  fileprivate var json: JSONValue {
    ["count": .integer(count), "overlaps": .numbers(overlaps), "values": .numbers(values)]
  }

  fileprivate init(_ reader: RecordReader, count: Int) throws(WorldRecordFailure) {
    let values = try reader.numbers("values")
    let overlaps = try reader.numbers("overlaps")
    guard try reader.integer("count") == count, values.count == count * (count - 1) / 2 else {
      throw reader.refuse("values", expected: "a pair for each two of \(count) instances")
    }
    guard overlaps.isEmpty || overlaps.count == values.count else {
      throw reader.refuse("overlaps", expected: "as long as the values, or empty")
    }
    self.init(count: count, values: values, overlaps: overlaps)
  }
}
