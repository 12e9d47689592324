package import Essentials

/// What a run came to, and what it cost.
package struct RunOutcome: Hashable, Sendable, ReadableDocument {
  /// Whether the run's candidate was valid in the end; nil for a run that validates nothing.
  package var validationPassed: Bool?
  package var validationAttempts = 0
  package var errorCodes: [String] = []
  package var retrievalExpanded = false
  package var simulated = 0
  package var evaluated = 0
  package var mutationCount = 0
  package var eventOrderViolation = false
  package var alphaIDs: [String] = []
  /// Alphas that passed every judgment.
  package var accepted = 0
  /// Tokens of all settled calls.
  package var tokens = 0
  /// What all settled calls cost; nil where one of them has no known price.
  package var cost: NanoDollars?

  package init() {}

  package init(reading reader: inout DocumentReader) {
    validationPassed = reader.flag("validation_passed")
    validationAttempts = reader.whole("validation_attempts", in: 0...1_000_000) ?? 0
    errorCodes = reader.texts("error_codes") ?? []
    retrievalExpanded = reader.flag("retrieval_expanded") ?? false
    simulated = reader.whole("simulated", in: 0...Int.max) ?? 0
    evaluated = reader.whole("evaluated", in: 0...Int.max) ?? 0
    mutationCount = reader.whole("mutation_count", in: 0...Int.max) ?? 0
    eventOrderViolation = reader.flag("event_order_violation") ?? false
    alphaIDs = reader.texts("alpha_ids") ?? []
    accepted = reader.whole("accepted", in: 0...Int.max) ?? 0
    tokens = reader.whole("total_tokens", in: 0...Int.max) ?? 0
    cost = reader.whole("cost_nano_usd", in: 0...Int.max).map { NanoDollars(Int64($0)) }
  }

  /// Dollars for each accepted alpha; nil where none was accepted or the cost is not known.
  package var costPerAcceptedAlpha: Double? {
    guard let cost, accepted > 0 else { return nil }
    return NanoDollars(cost.count / Int64(accepted)).dollarsToEightPlaces
  }

  package var json: JSONValue {
    [
      "validation_passed": .orNull(validationPassed),
      "validation_attempts": .integer(validationAttempts), "error_codes": .strings(errorCodes),
      "retrieval_expanded": .bool(retrievalExpanded), "simulated": .integer(simulated),
      "evaluated": .integer(evaluated), "mutation_count": .integer(mutationCount),
      "event_order_violation": .bool(eventOrderViolation), "alpha_ids": .strings(alphaIDs),
      "accepted": .integer(accepted), "total_tokens": .integer(tokens),
      "cost_usd": .optional(cost?.dollarsToEightPlaces),
      "cost_nano_usd": .orNull(cost.map { Int($0.count) }),
      "cost_per_accepted_alpha_usd": .optional(costPerAcceptedAlpha),
    ]
  }
}
