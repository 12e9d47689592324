package import Essentials

/// What an alpha must reach, and how its figures become one score, as data.
///
/// The score is
///
/// ```
/// score = sharpeWeight * sharpe + fitnessWeight * fitness
///       - turnoverWeight * |turnover - turnoverTarget| / unit
///       - correlationWeight * max |correlation to the pool|
///       - instabilityWeight * standard deviation of the yearly Sharpe ratios
///       - drawdownWeight * drawdown
///       - coverageWeight * (1 - coverage)
///       + trustWeight * (deflated Sharpe probability - 1/2)
///       - failurePenalty, where a requirement is not met
/// ```
///
/// where `unit` is 1 for fractions and 100 for percent. A missing Sharpe or fitness counts as 0, a
/// missing turnover as the highest that is allowed; any other figure that is missing adds nothing.
package struct JudgingPolicy: Hashable, Sendable, ReadableDocument {
  /// How turnover is stated, by the limits and by the metrics alike.
  package enum TurnoverUnit: String, Hashable, Sendable, CaseIterable {
    case fraction, percent

    /// The whole of the book in this unit.
    package var whole: Double {
      switch self {
      case .fraction: 1
      case .percent: 100
      }
    }
  }

  package var turnoverUnit = TurnoverUnit.fraction
  package var sharpeMin = 1.25
  package var fitnessMin = 1.0
  /// A turnover at the limit or below it fails.
  package var turnoverMin = 0.01
  /// A turnover at the limit or above it fails.
  package var turnoverMax = 0.70
  package var correlationMax = 0.7
  /// The least share of admitted instruments with a value, 0...1; nil where it is not asked.
  package var coverageMin: Double? = 0.5
  /// The least deflated Sharpe probability, 0...1; nil where it is not asked.
  package var deflatedSharpeMin: Double?

  package var sharpeWeight = 0.55
  package var fitnessWeight = 0.45
  package var turnoverWeight = 1.0
  package var turnoverTarget = 0.30
  package var correlationWeight = 0.3
  package var instabilityWeight = 0.1
  package var drawdownWeight = 0.2
  package var coverageWeight = 0.2
  package var trustWeight = 0.5
  package var failurePenalty = 1.0
  /// The most that a diverse portfolio adds to the score of each of its alphas.
  package var diversityWeight = 0.1

  /// The policy that `configs/judging.json` states.
  package init() {}

  /// The policy of the program that this desk replaces: turnover in percent, and a score of Sharpe,
  /// fitness and turnover alone. It judges figures that are stated in percent; applied to fractions
  /// it fails everything.
  package static var percentCompatible: JudgingPolicy {
    var policy = JudgingPolicy()
    policy.turnoverUnit = .percent
    (policy.turnoverMin, policy.turnoverMax, policy.turnoverTarget) = (1, 70, 30)
    policy.coverageMin = nil
    policy.correlationWeight = 0
    policy.instabilityWeight = 0
    policy.drawdownWeight = 0
    policy.coverageWeight = 0
    policy.trustWeight = 0
    return policy
  }

  package init(reading reader: inout DocumentReader) {
    turnoverUnit = reader.word("turnover_unit") ?? turnoverUnit
    let whole = turnoverUnit.whole
    if turnoverUnit == .percent {
      (turnoverMin, turnoverMax, turnoverTarget) = (1, 70, 30)
    }
    sharpeMin = reader.number("min_sharpe", in: -100...100) ?? sharpeMin
    fitnessMin = reader.number("min_fitness", in: -100...100) ?? fitnessMin
    turnoverMin = reader.number("min_turnover", in: 0...(2 * whole)) ?? turnoverMin
    turnoverMax = reader.number("max_turnover", in: 0...(2 * whole)) ?? turnoverMax
    correlationMax = reader.number("max_abs_corr", in: 0...1) ?? correlationMax
    coverageMin = reader.number("min_coverage", in: 0...1) ?? coverageMin
    deflatedSharpeMin = reader.number("min_deflated_sharpe", in: 0...1)
    turnoverTarget = reader.number("turnover_target", in: 0...(2 * whole)) ?? turnoverTarget
    reader.object("weights") { $0.readWeights(into: &self) }
    if turnoverMin >= turnoverMax {
      reader.noteContradiction(
        "max_turnover", "is not above min_turnover", remedy: "Leave a range between the two.")
    }
  }

  /// The object that a file of it holds.
  package var json: JSONValue {
    [
      "turnover_unit": .string(turnoverUnit.rawValue), "min_sharpe": .number(sharpeMin),
      "min_fitness": .number(fitnessMin), "min_turnover": .number(turnoverMin),
      "max_turnover": .number(turnoverMax), "max_abs_corr": .number(correlationMax),
      "min_coverage": .optional(coverageMin),
      "min_deflated_sharpe": .optional(deflatedSharpeMin),
      "turnover_target": .number(turnoverTarget),
      "weights": [
        "sharpe": .number(sharpeWeight), "fitness": .number(fitnessWeight),
        "turnover": .number(turnoverWeight), "correlation": .number(correlationWeight),
        "instability": .number(instabilityWeight), "drawdown": .number(drawdownWeight),
        "coverage": .number(coverageWeight), "trust": .number(trustWeight),
        "failure": .number(failurePenalty), "diversity": .number(diversityWeight),
      ],
    ]
  }

  /// Reads the text of a file such as `configs/judging.json`; a key that is not known is a defect.
  package init(text: String, path: String) throws(DocumentFailure) {
    self = try DocumentReader.read(
      text: text, document: path, unknown: .refused, Self.init(reading:))
  }
}

extension DocumentReader {
  fileprivate mutating func readWeights(into policy: inout JudgingPolicy) {
    let range = 0.0...100
    policy.sharpeWeight = number("sharpe", in: range) ?? policy.sharpeWeight
    policy.fitnessWeight = number("fitness", in: range) ?? policy.fitnessWeight
    policy.turnoverWeight = number("turnover", in: range) ?? policy.turnoverWeight
    policy.correlationWeight = number("correlation", in: range) ?? policy.correlationWeight
    policy.instabilityWeight = number("instability", in: range) ?? policy.instabilityWeight
    policy.drawdownWeight = number("drawdown", in: range) ?? policy.drawdownWeight
    policy.coverageWeight = number("coverage", in: range) ?? policy.coverageWeight
    policy.trustWeight = number("trust", in: range) ?? policy.trustWeight
    policy.failurePenalty = number("failure", in: range) ?? policy.failurePenalty
    policy.diversityWeight = number("diversity", in: range) ?? policy.diversityWeight
    finish()
  }
}
