import AlphaLanguage
package import Essentials
import Mathematics

/// A language model that needs no network: it writes ideas and formulas by a grammar of market
/// beliefs, from the values of a call and not from its text.
///
/// Ideas follow from the notes. Formulas are filled-in schemata that the words of the idea choose,
/// over the fields and operators of the pack alone; each is checked against what the pack says of
/// its fields before it is handed out. Equal calls with equal seeds have equal answers, and a
/// different seed is a different answer. Nothing is learned and nothing is remembered.
///
/// A formula costs some tens of microseconds to write and check; no tokens are paid for, which the
/// price table states as a price of zero.
package struct OfflineProposer: LanguageModel {
  /// The name under which prices and events know it.
  package static let modelName = "offline-proposer-1"
  package let identity = ModelIdentity(provider: "mock", model: modelName)

  package init() {}

  /// Answers at once.
  package func answer(_ call: ModelCall) async -> ModelOutcome {
    respond(to: call)
  }

  /// What ``answer(_:)`` gives, without waiting.
  package func respond(to call: ModelCall) -> ModelOutcome {
    switch call.subject {
    case .idea(let notes):
      return finished([IdeaGrammar(notes: notes).idea(seed: call.seed).json], call) { $0[0] }
    case .alphas(let idea, let pack, let wanted, let earlier):
      let candidates = Self.candidates(
        for: idea, pack, wanted: wanted, earlier: earlier, seed: call.seed)
      guard !candidates.isEmpty else {
        return .refused(OfflineFailure.nothingToPropose(fields: pack.fields.count))
      }
      return finished(candidates.map { wanted == 1 ? $0.json : $0.short.json }, call) { documents in
        wanted == 1 ? documents[0] : ["candidates": .array(documents)]
      }
    case .repair(let candidate, let pack, let findings):
      guard
        let repaired = OfflineRepair(pack: pack, findings: findings)
          .repaired(candidate, seed: call.seed)
      else { return .refused(OfflineFailure.nothingToPropose(fields: pack.fields.count)) }
      return finished([repaired.json], call) { $0[0] }
    }
  }

  /// Puts as many documents into the answer as its ceiling has room for, as a model that knows its
  /// ceiling would. Where not even one fits, the answer ends within it and says so.
  private func finished(
    _ documents: [JSONValue], _ call: ModelCall, _ compose: ([JSONValue]) -> JSONValue
  ) -> ModelOutcome {
    var documents = documents
    var text = compose(documents).compactText
    while documents.count > 1, RoughEstimate.tokens(text) > call.maxOutputTokens {
      documents.removeLast()
      text = compose(documents).compactText
    }
    let fits = RoughEstimate.tokens(text) <= call.maxOutputTokens
    if !fits {
      text = String(
        String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, call.maxOutputTokens) * 4)))
    }
    let read = RoughEstimate.tokens(call.instructions) + RoughEstimate.tokens(call.prompt)
    let written = RoughEstimate.tokens(text)
    let identity = Fingerprint(of: "\(call.stage.rawValue)\n\(call.seed)\n\(text)")
    return .answered(
      ModelAnswer(
        text: text,
        usage: [
          "input_tokens": .integer(read), "output_tokens": .integer(written),
          "total_tokens": .integer(read + written),
        ],
        responseID: "offline-\(identity.hexadecimal.prefix(16))", isComplete: fits))
  }

  // MARK: - Formulas

  private static func candidates(
    for idea: IdeaSpec, _ pack: RetrievalPack, wanted: Int, earlier: [String], seed: UInt64
  ) -> [CandidateAlpha] {
    var generator = SplitMix64(seed: seed)
    var grammar = SignalGrammar(pack: pack, idea: Self.text(of: idea, pack))
    grammar.forbid(earlier)
    var candidates: [CandidateAlpha] = []
    for index in 0..<max(0, wanted) {
      // Every third looks where little was tried; with the seed in it, calls for one do so too.
      let lane: Lane = (UInt64(index) &+ seed) % 3 == 2 ? .explore : .exploit
      guard let signal = grammar.signal(lane: lane, using: &generator) else { break }
      var candidate = CandidateAlpha(ideaID: idea.ideaID, formula: signal.text)
      candidate.simulation.settings = settings(
        for: signal, idea.target, grammar.palette, using: &generator)
      candidate.notes = CandidateAlpha.Notes(of: signal.formula, lane: lane)
      candidate.notes.usedOperators = FormulaSchema.calls(in: signal.text).sorted()
      // Whoever asked has the panel, and judges.
      candidate.notes.validationPassed = nil
      candidate.notes.validationAttempts = 0
      candidates.append(candidate)
    }
    return candidates
  }

  /// All that is known of an idea. Its hypothesis and its tags count twice.
  private static func text(of idea: IdeaSpec, _ pack: RetrievalPack) -> String {
    ([idea.hypothesis, idea.hypothesis, pack.query, idea.explorationIntent ?? ""]
      + idea.themeTags + idea.themeTags + idea.keywordsForRetrieval + idea.candidateSubcategories)
      .joined(separator: " ")
  }

  private static func settings(
    for signal: SignalGrammar.Signal, _ target: SimulationTarget, _ palette: FieldPalette,
    using generator: inout SplitMix64
  ) -> CandidateSettings {
    var settings = CandidateSettings()
    settings.instrumentType = target.instrumentType
    settings.region = target.region
    settings.universe = target.universe
    settings.delay = target.delay
    // Few settings for many formulas: those of equal settings are simulated together, and the search
    // varies them for the formulas that are worth it.
    let decays =
      switch (signal.pace, signal.isSmoothed) {
      case (.fast, false): [5, 10]
      case (.fast, true), (.slow, _): [0, 5]
      }
    settings.decay = decays.randomElement(using: &generator) ?? settings.decay
    let groups = palette.entries(for: "group").map { $0.field.id.uppercased() }
    let finest = ["SUBINDUSTRY", "INDUSTRY", "SECTOR"].first(where: groups.contains)
    settings.neutralization =
      signal.isGrouped
      ? "MARKET" : ["MARKET", finest ?? "MARKET"].randomElement(using: &generator) ?? "MARKET"
    return settings
  }
}

/// A call that the offline proposer has no answer to.
package enum OfflineFailure: ExplainedFailure, Hashable {
  /// The pack allows no formula, or none that was not proposed before.
  case nothingToPropose(fields: Int)

  package var key: String { "nothing_to_propose" }

  package var explanation: String {
    switch self {
    case .nothingToPropose(let fields):
      "The fields (\(fields)) and operators of the pack allow no formula that is not known already."
    }
  }

  package var remedy: String {
    "Put a field of type MATRIX and operators such as rank and ts_delta into the pack."
  }

  package var outcome: FailureOutcome { .refused }
}
