package import Essentials
package import Research

/// A list of candidates that are checked and simulated together.
package struct CandidateBatch {
  private let candidates: [CandidateAlpha]
  private let validator: (CandidateAlpha) -> FormulaValidator?

  /// - Parameter validator: what checks a candidate; nil where nothing is known of its market.
  package init(
    _ candidates: [CandidateAlpha], validator: @escaping (CandidateAlpha) -> FormulaValidator?
  ) {
    self.candidates = candidates
    self.validator = validator
  }

  /// A candidate that has no result.
  package struct Failure: Hashable, Sendable {
    /// Its position in the list, from 0.
    package let place: Int
    package let code: String
    package let detail: String
  }

  /// What became of the list.
  package struct Outcome: Sendable {
    /// In the order of the list.
    package internal(set) var results: [AlphaResult] = []
    /// Candidates that mean the same as an earlier one: their position and its.
    package internal(set) var duplicates: [(place: Int, of: Int)] = []
    /// In the order of the list.
    package internal(set) var failures: [Failure] = []

    /// The members of an answer that tell what has no result of its own.
    package var members: [JSONValue.Member] {
      [
        .init(
          "duplicates",
          .array(duplicates.map { ["index": .integer($0.place), "of": .integer($0.of)] })),
        .init(
          "failed",
          .array(
            failures.map {
              [
                "index": .integer($0.place), "code": .string($0.code),
                "detail": .string($0.detail),
              ]
            })),
      ]
    }
  }

  /// Checks and simulates the candidates.
  ///
  /// - Parameters:
  ///   - recordsets: where the tables of results are written, nil for nowhere.
  ///   - progress: told from any thread how many are settled.
  package func simulate(
    by simulator: any CandidateSimulator, _ record: ResearchRecord,
    recordsets: RecordsetFolder? = nil, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> Outcome {
    var outcome = Outcome()
    var queue: [QueuedCandidate] = []
    var places: [Int] = []
    for (place, candidate) in candidates.enumerated() {
      let report = validator(candidate)?.report(on: candidate)
      guard let formula = report?.formula else {
        let codes = report?.errorKeys ?? ["unknown_market"]
        outcome.failures.append(
          Failure(
            place: place, code: codes.first ?? "invalid",
            detail: report?.errors.joined(separator: " ") ?? "Nothing is known of its market."))
        try record.record(
          .simulationBlocked(
            SimulationTicket(
              candidate: CandidateFacts(candidate, formula: nil), validationPassed: false,
              validationAttempts: candidate.notes.validationAttempts,
              fingerprint: CandidateFingerprints(candidate).fingerprint.hexadecimal),
            errorCodes: codes), idea: candidate.ideaID, cause: nil)
        continue
      }
      var checked = candidate
      checked.notes.validationPassed = true
      checked.notes.validationAttempts = max(1, candidate.notes.validationAttempts)
      queue.append(QueuedCandidate(checked, formula))
      places.append(place)
    }
    let settled = outcome.failures.count
    progress(settled)
    let fates = try await SimulationDesk(
      record: record, simulator: simulator, recordsets: recordsets
    ).simulate(
      queue, causes: queue.map { _ in nil }, progress: { progress(settled + $0) })
    for (place, fate) in zip(places, fates) {
      switch fate {
      case .simulated(let result): outcome.results.append(result)
      case .duplicate(let other): outcome.duplicates.append((place, places[other]))
      case .failed(let code, let detail):
        outcome.failures.append(Failure(place: place, code: code, detail: detail))
      }
    }
    outcome.failures.sort { $0.place < $1.place }
    return outcome
  }
}

extension CandidateAlpha.Simulation {
  /// The market that the simulation asks for.
  package var target: SimulationTarget {
    var target = SimulationTarget()
    target.instrumentType = settings.instrumentType
    target.region = settings.region
    target.universe = settings.universe
    target.delay = settings.delay
    return target
  }
}
