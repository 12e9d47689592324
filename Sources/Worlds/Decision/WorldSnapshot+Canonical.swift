package import Essentials

extension WorldSnapshot {
  /// The snapshot as JSON whose text is the same for the same facts: members in the order of their
  /// names, doubles with the fewest digits that read back, unknown figures as null.
  package var canonical: JSONValue {
    [
      "at": .integer(Int(at.millisecondsSinceEpoch)),
      "breaker": [
        "reason": .string(breaker.reason),
        "since": breaker.since.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
        "tripped": .bool(breaker.isTripped),
      ],
      "correlations": correlations.map(\.canonical) ?? .null,
      "counted_cycle": countedCycle.map(JSONValue.integer) ?? .null,
      "cycle": .integer(cycle),
      "datasets": .array(
        datasets.map {
          [
            "end": .integer(Int($0.dataEnd.millisecondsSinceEpoch)),
            "fingerprint": .string($0.fingerprint), "id": .string($0.id),
          ]
        }),
      "declared": .string(declared.rawValue),
      "epoch": .integer(epoch),
      "evidence": .array(evidence.columns.map(\.canonical)),
      "instances": .array(instances.map(\.canonical)),
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

  /// The name of the form that the canonical JSON has.
  package static let schema = "athanor-snapshot/1"

  /// The digest of the canonical text. Cost: that of writing it, so ask once and keep the answer.
  package var fingerprint: Fingerprint { Fingerprint(of: canonical.compactText) }
}

extension WorldSnapshot.Instance {
  fileprivate var canonical: JSONValue {
    [
      "approved": .bool(isApproved), "broker": .string(broker), "fails": .integer(fails),
      "gate_closed": .bool(isGateClosed), "history": .integer(Int(history.milliseconds)),
      "id": .string(id), "params": .string(params.hexadecimal), "passes": .integer(passes),
      "phase": .string(phase.rawValue),
      "sectors": WorldSnapshot.Share.canonical(sectors), "side": .string(side.rawValue),
      "since": .integer(Int(phaseSince.millisecondsSinceEpoch)), "strategy": .string(strategy),
      "symbols": WorldSnapshot.Share.canonical(symbols),
      "venues": WorldSnapshot.Share.canonical(venues), "volatility": .number(volatility),
      "warm": .bool(isWarm), "weight": .number(weight),
    ]
  }
}

extension WorldSnapshot.Share {
  fileprivate static func canonical(_ shares: [Self]) -> JSONValue {
    .array(shares.map { .array([.string($0.name), .number($0.share)]) })
  }
}

extension EvidenceTable.Column {
  fileprivate var canonical: JSONValue {
    [
      "bars": .numbers(bars), "days": .numbers(days), "name": .string(name.description),
      "trades": .numbers(trades), "values": .numbers(values),
    ]
  }
}

extension CorrelationTable {
  /// Both triangles by row, as the table holds them.
  fileprivate var canonical: JSONValue {
    ["count": .integer(count), "overlaps": .numbers(overlaps), "values": .numbers(values)]
  }
}
