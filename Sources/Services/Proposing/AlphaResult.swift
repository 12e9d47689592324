import Backtesting
package import Essentials
package import Research

/// What a simulator found of a candidate, as files hand it from simulation to evaluation.
package struct AlphaResult: Hashable, Sendable, ReadableDocument {
  package var ideaID: String
  package var alphaID: String
  /// Of the settings and the formula as they were asked for.
  package var settingsFingerprint: String
  /// Of the formula's text.
  package var expressionFingerprint: String
  /// Fractions: a turnover of 0.25 trades a quarter of the book in a day.
  package var metrics: SummaryMetrics
  /// Files of tables that were saved with it.
  package var recordsetsSaved: [String] = []
  /// In UTC with microseconds.
  package var createdAt: String
  /// The simulator's own document of the alpha, an object.
  package var rawPayload: JSONValue

  /// Takes what a simulator says of a candidate.
  ///
  /// - Parameter document: the simulator's own, in the shape of BRAIN's `GET /alphas/{id}`.
  package init(
    _ candidate: CandidateAlpha, alphaID: String, metrics: SummaryMetrics, document: JSONValue,
    at now: Timestamp
  ) {
    let fingerprints = CandidateFingerprints(candidate)
    ideaID = candidate.ideaID
    self.alphaID = alphaID
    settingsFingerprint = fingerprints.fingerprint.hexadecimal
    expressionFingerprint = fingerprints.expressionFingerprint.hexadecimal
    self.metrics = metrics
    createdAt = now.wireText
    rawPayload = document
  }

  package init(reading reader: inout DocumentReader) {
    ideaID = reader.requiredText("idea_id")
    alphaID = reader.requiredText("alpha_id")
    settingsFingerprint = reader.line("settings_fingerprint") ?? ""
    expressionFingerprint = reader.line("expression_fingerprint") ?? ""
    reader.requireMember("summary_metrics")
    metrics =
      reader.object("summary_metrics", SummaryMetrics.init(reading:)) ?? SummaryMetrics()
    recordsetsSaved = reader.texts("recordsets_saved") ?? []
    createdAt = reader.line("created_at") ?? ""
    rawPayload = reader.value("raw_payload") ?? [:]
  }

  package var json: JSONValue {
    [
      "idea_id": .string(ideaID), "alpha_id": .string(alphaID),
      "settings_fingerprint": .string(settingsFingerprint),
      "expression_fingerprint": .string(expressionFingerprint),
      "summary_metrics": metrics.json, "recordsets_saved": .strings(recordsetsSaved),
      "created_at": .string(createdAt), "raw_payload": rawPayload,
    ]
  }

  /// What the result says for a judgment: its metrics, and the platform's checks where its own
  /// document has them.
  package var evidence: ScoreEvidence {
    var evidence = ScoreEvidence(alphaID: alphaID, metrics: metrics)
    if let told = try? ScoreEvidence(platform: rawPayload) {
      evidence.checks = told.checks
      evidence.poolCorrelation = told.poolCorrelation
    }
    if case .array(let years)? = rawPayload["yearly"] {
      evidence.yearly = YearlyStability(documents: years)
    }
    evidence.smallerUniverseSharpe = rawPayload["subUniverseSharpe"].flatMap(\.double)
    return evidence
  }
}

extension YearlyStability {
  /// Measures years as a result's document tells them; nil where there are none.
  fileprivate init?(documents: [JSONValue]) {
    let whole = documents.filter { $0["stage"] == "IS" }
    guard !whole.isEmpty else { return nil }
    func figure(_ year: JSONValue, _ name: String) -> Double {
      year[name].flatMap(\.double) ?? .nan
    }
    self.init(
      figures: whole.map { (figure($0, "sharpe"), figure($0, "pnl"), figure($0, "drawdown")) })
  }
}

extension JSONValue {
  fileprivate var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
