import AlphaLanguage
import Essentials
import Research
import Services
import Storage

/// `athanor simulate-candidates`: results for a list of candidates.
enum SimulateCandidatesCommand {
  private static let input = Option.required(
    "input", .file(), help: "The candidates, a JSON array.")
  private static let output = Option<String?>.optional(
    "output", short: "o", .file(), help: "The file that the results are written to.")

  /// The file that results are written to where a command is not told another.
  private static let usualOutput = "data/simulation_results/latest.json"

  static let command: Command = Command(
    "simulate-candidates", summary: "Simulate a list of candidates",
    discussion: [
      """
      Every formula is checked before anything is simulated. Candidates of the same meaning and the \
      same settings are simulated once; one that is refused or fails does not keep the others. The \
      results are written to --output, otherwise to \(usualOutput). The answer is one JSON object on \
      standard output; the exit code is 2 where no candidate could be simulated.
      """,
      SimulatorOptions.explanation,
    ],
    options: [
      input.definition, output.definition, ProposalOptions.run.definition,
      JournalOptions.journal.definition, RecordingOptions.noJournal.definition,
    ] + SimulatorOptions.definitions,
    examples: [
      Command.Example(
        "athanor simulate-candidates --input validated_candidates.json",
        "Simulates on the bundled stocks"),
      Command.Example(
        "athanor simulate-candidates --input validated_candidates.json --brain",
        "Simulates on WorldQuant BRAIN"),
    ], speech: .document, run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let path = invocation[input]
    let candidates: [CandidateAlpha] = try DocumentList.read(
      text: SourceText.read(path: path), document: path, of: "candidates")
    let place = invocation[output] ?? usualOutput
    try WholeFile.prepare(place)
    if invocation[CatalogueOptions.metadata] != nil, !invocation[SimulatorOptions.brain] {
      throw SimulatorChoiceFailure.metadataWithPanel
    }
    let validators = try validators(for: candidates, invocation)
    let journal = try journal(invocation)
    let run = invocation.runID(of: "simulation")
    let simulator = try invocation.candidateSimulator(journal, run: run)
    let recordsets = invocation.recordsetFolder
    let now = invocation.surroundings.now
    let batch = try invocation.withProgress(
      "Simulating", total: candidates.count, unit: "candidates"
    ) { reporter in
      try invocation.withBrain {
        let record = ResearchRecord(
          run: run, recorder: try journal.map { try RunRecorder(addingTo: run, journal: $0) },
          now: now)
        return try await CandidateBatch(candidates) { validators[$0.simulation.target] }.simulate(
          by: simulator, record, recordsets: recordsets
        ) { reporter.advance(to: $0) }
      }
    }
    try DocumentFile.write(.array(batch.results.map(\.json)), to: place)
    return Answer(
      document: .object(
        [.init("simulated", .integer(batch.results.count)), .init("output", .string(place))]
          + batch.members + [.init("run_id", .string(run))]),
      failure: NothingSimulated(batch))
  }

  /// A validator for each market that the candidates ask for: one panel serves all.
  private static func validators(
    for candidates: [CandidateAlpha], _ invocation: Invocation
  ) throws -> [SimulationTarget: FormulaValidator] {
    var validators: [SimulationTarget: FormulaValidator] = [:]
    var local: FormulaValidator?
    for candidate in candidates {
      let target = candidate.simulation.target
      guard validators[target] == nil else { continue }
      if !invocation[SimulatorOptions.brain], let local {
        validators[target] = local
        continue
      }
      let catalogue = try invocation.simulatorCatalogue(for: target).catalogue
      let validator = FormulaValidator(checker: FormulaChecker(schema: catalogue.schema))
      validators[target] = validator
      local = validator
    }
    return validators
  }

  private static func journal(_ invocation: Invocation) throws -> Journal? {
    guard !invocation[RecordingOptions.noJournal] else { return nil }
    return try invocation.researchJournal()
  }
}

/// A list of which no candidate has a result.
private struct NothingSimulated: ExplainedFailure {
  let batch: CandidateBatch.Outcome

  /// Nil where something was simulated.
  init?(_ batch: CandidateBatch.Outcome) {
    guard batch.results.isEmpty else { return nil }
    self.batch = batch
  }

  var key: String { "nothing_simulated" }
  var explanation: String {
    let first = batch.failures.first
    return "No candidate could be simulated" + (first.map { ": \($0.detail)" } ?? ".")
  }
  var remedy: String { "Read the reasons under `failed`, and correct the candidates." }
  var outcome: FailureOutcome { .refused }
}
