package import AlphaLanguage
package import Essentials
package import Research

/// A candidate whose formula checked, on its way to a simulator.
package struct QueuedCandidate: Sendable {
  package let candidate: CandidateAlpha
  package let formula: CheckedFormula
  package var facts: CandidateFacts

  package init(_ candidate: CandidateAlpha, _ formula: CheckedFormula) {
    self.candidate = candidate
    self.formula = formula
    facts = CandidateFacts(candidate, formula: formula)
  }

  /// Takes a candidate whose events bear the name that it had when it was proposed.
  package init(_ candidate: CandidateAlpha, _ formula: CheckedFormula, key proposed: CandidateFacts)
  {
    self.init(candidate, formula)
    facts.key = proposed.key
    facts.usedSubcategories = proposed.usedSubcategories
    facts.lineage = proposed.lineage
  }

  /// Formula and settings by their meaning.
  package var identity: KnownFormulas.Identity {
    KnownFormulas.Identity(formula, candidate.simulation.settings)
  }
}

/// What became of a candidate at a simulator.
package enum SimulatedCandidate: Sendable {
  /// What was found, with its tables; why there are none where they could not be had.
  case simulated(AlphaResult, tables: [RecordsetFolder.Table], missing: String?)
  /// A stable name of the reason, and a sentence.
  case failed(code: String, detail: String)
}

/// Something that simulates candidates.
package protocol CandidateSimulator: Sendable {
  /// The name and fingerprint of the panel, null for a remote simulator.
  var panel: JSONValue { get }
  /// Simulates candidates and returns what became of each, in their order.
  ///
  /// - Parameter progress: told from any thread the share of the work that is done, 0...1, nil where
  ///   nobody knows, and how many candidates are settled.
  func simulate(
    _ candidates: [QueuedCandidate], progress: @escaping @Sendable (Double?, Int) -> Void
  ) async throws -> [SimulatedCandidate]
}
