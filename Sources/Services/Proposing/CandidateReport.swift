package import Essentials
package import Research

/// What came of one idea that was run to its end.
package struct CandidateReport: Sendable {
  /// What is being done.
  package enum Step: String, Sendable, CaseIterable {
    case proposing = "Proposing"
    case validating = "Validating"
    case simulating = "Simulating"
  }

  package let run: String
  package let idea: String
  /// The candidate with the last text that was checked.
  package let candidate: CandidateAlpha
  package let verdict: ValidationVerdict
  package internal(set) var results: [AlphaResult] = []
  package internal(set) var cards: [ScoreCard] = []
  /// What a judgment that failed suggests to try.
  package internal(set) var children: [CandidateAlpha] = []
  /// Why a valid candidate has no result, nil where it has one or was not simulated.
  package internal(set) var simulationFailure: (code: String, detail: String)?
  package internal(set) var eventOrderViolation = false
  package internal(set) var tokens = 0
  /// Nil where a call had no known price.
  package internal(set) var cost: NanoDollars? = .zero

  init(run: String, idea: String, _ outcome: ValidationLoop.Outcome) {
    self.run = run
    self.idea = idea
    candidate = outcome.candidate
    verdict = outcome.verdict
  }

  /// What the summary of the run says.
  package var outcome: RunOutcome {
    var outcome = RunOutcome()
    outcome.validationPassed = verdict.passed
    outcome.validationAttempts = verdict.attempts
    outcome.errorCodes = verdict.errorKeys
    outcome.retrievalExpanded = verdict.wasExpanded
    outcome.simulated = results.count
    outcome.evaluated = cards.count
    outcome.mutationCount = children.count
    outcome.eventOrderViolation = eventOrderViolation
    outcome.alphaIDs = results.map(\.alphaID)
    outcome.accepted = cards.count { $0.passed }
    outcome.tokens = tokens
    outcome.cost = cost
    return outcome
  }

  /// The report as an object: the summary's members, then what files and programs need beside them.
  ///
  /// - Parameters:
  ///   - output: the file of the candidate.
  ///   - model: who answered, nil where a given text did.
  package func document(
    output: String, model: ModelIdentity?, skipsSimulation: Bool
  ) -> JSONValue {
    guard case .object(let summary) = outcome.json else {
      preconditionFailure("a summary is an object")
    }
    let own: [JSONValue.Member] = [
      .init("idea_id", .string(idea)), .init("output", .string(output)),
      .init("llm_provider", model.map { .string($0.provider) } ?? .null),
      .init("llm_model", model.map { .string($0.model) } ?? .null),
      .init("skip_simulation", .bool(skipsSimulation)),
      .init("formula", .string(candidate.formula)),
      .init("edits", .array(verdict.edits.map(\.json))),
      .init("stop_reason", verdict.stopReason.map { .string($0.key) } ?? .null),
      .init(
        "simulation_error",
        simulationFailure.map { ["code": .string($0.code), "detail": .string($0.detail)] }
          ?? .null),
      .init("results", .array(results.map(\.json))),
      .init("scorecards", .array(cards.map(\.json))),
      .init("children", .array(children.map(\.json))),
    ]
    return .object([.init("run_id", .string(run))] + summary + own)
  }
}
