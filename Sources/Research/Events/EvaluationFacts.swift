package import Essentials

/// How one alpha was judged.
package struct ScoreLine: Hashable, Sendable, ReadableDocument {
  package var alphaID: String
  package var passed: Bool
  /// Nil where nothing could be scored.
  package var score: Double?
  /// Why it did not pass, a phrase each.
  package var reasons: [String]
  package var metrics: RecordedMetrics

  package init(
    alphaID: String, passed: Bool, score: Double?, reasons: [String], metrics: RecordedMetrics
  ) {
    self.alphaID = alphaID
    self.passed = passed
    self.score = score
    self.reasons = reasons
    self.metrics = metrics
  }

  package init(reading reader: inout DocumentReader) {
    alphaID = reader.line("alpha_id") ?? ""
    passed = reader.flag("passed") ?? false
    score = reader.number("score", in: -1e300...1e300)
    reasons = reader.texts("reasons") ?? []
    metrics = RecordedMetrics(reader.value("metrics") ?? .null)
  }

  package var json: JSONValue {
    [
      "alpha_id": .string(alphaID), "passed": .bool(passed), "score": .optional(score),
      "reasons": .strings(reasons), "metrics": metrics.json,
    ]
  }
}

/// How all alphas of a round were judged, the best first.
package struct EvaluationFacts: Hashable, Sendable, ReadableDocument {
  package var total: Int
  package var passed: Int
  package var failed: Int
  /// At most ``topMax``.
  package var topAlphaIDs: [String]
  package var scorecards: [ScoreLine]

  package static let topMax = 5

  /// Counts and ranks score lines that are sorted already.
  package init(_ scorecards: [ScoreLine]) {
    total = scorecards.count
    passed = scorecards.count { $0.passed }
    failed = total - passed
    topAlphaIDs = scorecards.prefix(Self.topMax).map(\.alphaID)
    self.scorecards = scorecards
  }

  package init(reading reader: inout DocumentReader) {
    total = reader.whole("total", in: 0...Int.max) ?? 0
    passed = reader.whole("passed", in: 0...Int.max) ?? 0
    failed = reader.whole("failed", in: 0...Int.max) ?? 0
    topAlphaIDs = reader.texts("top_alpha_ids") ?? []
    scorecards = reader.documents("scorecards") ?? []
  }

  package var json: JSONValue {
    [
      "total": .integer(total), "passed": .integer(passed), "failed": .integer(failed),
      "top_alpha_ids": .strings(topAlphaIDs), "scorecards": .array(scorecards.map(\.json)),
    ]
  }
}

/// A candidate that was made from another.
package struct MutationFacts: Hashable, Sendable, ReadableDocument {
  /// The child, whose lineage names its parent.
  package var child: CandidateFacts
  package var parentAlphaID: String?
  /// 0 for the first child of its parent.
  package var index: Int
  /// How it was made, such as `parameter_search` or `expression_mutation`.
  package var source: String
  /// What was found wrong with the parent, such as `LOW_SHARPE`.
  package var failureLabel: String
  package var failureActions: [String]
  package var reasons: [String]

  package init(
    child: CandidateFacts, parentAlphaID: String?, index: Int, source: String,
    failureLabel: String, failureActions: [String], reasons: [String]
  ) {
    self.child = child
    self.parentAlphaID = parentAlphaID
    self.index = index
    self.source = source
    self.failureLabel = failureLabel
    self.failureActions = failureActions
    self.reasons = reasons
  }

  package init(reading reader: inout DocumentReader) {
    child = CandidateFacts(reading: &reader)
    if let key = reader.line("child_candidate_key") { child.key = key }
    if let parent = reader.line("parent_candidate_key") { child.lineage.parent = parent }
    parentAlphaID = reader.line("parent_alpha_id")
    index = reader.whole("mutation_index", in: 0...1_000_000) ?? 0
    source = reader.line("mutation_source") ?? ""
    failureLabel = reader.line("failure_label") ?? ""
    failureActions = reader.texts("failure_actions") ?? []
    reasons = reader.texts("scorecard_reasons") ?? []
  }

  package var json: JSONValue {
    .object(
      [
        .init("parent_alpha_id", .orNull(parentAlphaID)),
        .init("parent_candidate_key", .orNull(child.lineage.parent)),
        .init("child_candidate_key", .string(child.key)),
        .init("mutation_index", .integer(index)), .init("mutation_source", .string(source)),
        .init("failure_label", .string(failureLabel)),
        .init("failure_actions", .strings(failureActions)),
        .init("scorecard_reasons", .strings(reasons)),
      ] + child.membersWithFingerprint)
  }
}
