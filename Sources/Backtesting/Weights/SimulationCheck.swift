/// One question that an alpha is asked before it may be submitted, with the answer.
package struct SimulationCheck: Hashable, Sendable {
  /// The names are those of BRAIN.
  package enum Name: String, Hashable, Sendable, CaseIterable {
    case lowSharpe = "LOW_SHARPE"
    case lowFitness = "LOW_FITNESS"
    case lowTurnover = "LOW_TURNOVER"
    case highTurnover = "HIGH_TURNOVER"
    case concentratedWeight = "CONCENTRATED_WEIGHT"
    case lowSubUniverseSharpe = "LOW_SUB_UNIVERSE_SHARPE"
    case lowTwoYearSharpe = "LOW_2Y_SHARPE"
    case inSampleLadderSharpe = "IS_LADDER_SHARPE"
    case selfCorrelation = "SELF_CORRELATION"
    case units = "UNITS"
  }

  /// How a check came out, in BRAIN's words.
  package enum Verdict: String, Hashable, Sendable {
    case pass = "PASS"
    case fail = "FAIL"
    /// The question could not be answered, or the answer does not stop a submission.
    case warning = "WARNING"
    /// What the question needs is not at hand yet.
    case pending = "PENDING"
  }

  package var name: Name
  package var verdict: Verdict
  /// What was measured; nil where it is not defined.
  package var value: Double?
  package var limit: Double?
  /// A sentence where the numbers do not say enough.
  package var note: String?

  package init(
    _ name: Name, _ verdict: Verdict, value: Double? = nil, limit: Double? = nil,
    note: String? = nil
  ) {
    self.name = name
    self.verdict = verdict
    self.value = value.flatMap { $0.isFinite ? $0 : nil }
    self.limit = limit.flatMap { $0.isFinite ? $0 : nil }
    self.note = note
  }
}
