import AlphaLanguage
import Essentials
import Research
import Services
import Storage

/// `athanor run-validation-loop`: one idea to its end.
enum RunValidationLoopCommand {
  private static let repairs = Option(
    "max-repair-attempts", .whole("count", in: 0...20), default: 3,
    help: "How often a formula that does not check is mended.")
  private static let stops = Option.flag(
    "stop-on-repeated-error",
    help: "Give up where the same error comes again after more was retrieved; this is usual.")
  private static let goesOn = Option.flag(
    "no-stop-on-repeated-error", help: "Go on where the same error comes again.")
  private static let skip = Option.flag(
    "skip-simulation", help: "Validate only.")
  private static let policy = Option<String?>.optional(
    "judging", .file(), help: "What an alpha must reach, as JSON; otherwise the defaults.")
  private static let output = Option<String?>.optional(
    "output", short: "o", .file(), help: "The file of the candidate: a list of one, or empty.")
  private static let reportOutput = Option<String?>.optional(
    "report-output", .file(), help: "Write the report to this file as well.")

  /// The file that the candidate is written to where a command is not told another.
  private static let usualOutput = "validated_candidates.json"

  static let command: Command = Command(
    "run-validation-loop",
    summary: "Ask for one formula, repair it until it checks, simulate and judge it",
    discussion: [
      """
      A formula that does not check is mended by the cheapest edit of its tree, and where there is \
      none a model is asked for another, told what is wrong. Where the same error comes again, more \
      fields and operators are retrieved, once. Of an alpha that is judged and fails, up to \
      \(CandidateRun.childrenMax) variants are proposed in the report.
      """,
      """
      The candidate is written to --output, otherwise to \(usualOutput), and the report is one JSON \
      object on standard output. The exit code is 0 where the formula checks \
      in the end, otherwise 2.
      """,
      SimulatorOptions.explanation, ProposalOptions.explanation,
    ],
    options: IdeaOptions.definitions + [
      ProposalOptions.pack.definition, ProposalOptions.knowledge.definition, repairs.definition,
      stops.definition, goesOn.definition, skip.definition, policy.definition, output.definition,
      reportOutput.definition,
    ] + ProposalOptions.definitions + SimulatorOptions.definitions,
    examples: [
      Command.Example(
        "athanor run-validation-loop --idea idea_out.json --retrieval-pack pack.json",
        "Proposes, validates, simulates and judges one formula"),
      Command.Example(
        "athanor run-validation-loop --idea i.json --retrieval-pack p.json --skip-simulation",
        "Stops before the simulation"),
    ], speech: .document, run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let idea = try invocation.namedIdea()
    let pack = try invocation.retrievalPack()
    let setup = try invocation.proposalSetup(
      of: "loop", knowledge: invocation.promptKnowledge(for: idea.target))
    let skips = invocation[skip]
    if invocation[CatalogueOptions.metadata] != nil, !invocation[SimulatorOptions.brain], !skips {
      throw SimulatorChoiceFailure.metadataWithPanel
    }
    let validation = try validation(invocation)
    let judging = try invocation.judgingPolicy(policy)
    let named = try invocation.simulatorCatalogue(for: idea.target)
    let place = invocation[output] ?? usualOutput
    try WholeFile.prepare(place)
    if let path = invocation[reportOutput] { try WholeFile.prepare(path) }
    let journal = try invocation.researchJournal()
    let simulator = skips ? nil : try invocation.candidateSimulator(journal, run: setup.run)
    let packs = PackBuilder(
      catalogue: named.catalogue, index: named.cache.index(of: named.catalogue).index,
      seed: setup.seed)
    let recordsets = invocation.recordsetFolder
    let now = invocation.surroundings.now
    let pause = invocation.surroundings.pause
    let report = try invocation.withProgress(
      CandidateReport.Step.proposing.rawValue, total: 1, unit: "formulas"
    ) { reporter in
      try invocation.withBrain {
        var run = CandidateRun(
          maker: try setup.maker(
            in: journal, expectsSimulation: !skips,
            subcategoriesAvailable: packs.catalogue.subcategories.count, now: now, pause: pause),
          validator: FormulaValidator(checker: FormulaChecker(schema: packs.catalogue.schema)),
          packs: packs, simulator: simulator)
        run.validation = validation
        run.judging = judging
        run.seed = setup.seed
        run.recordsets = recordsets
        return try await run.run(idea, pack: pack) { step in
          reporter.turn(to: step.rawValue, total: 1, unit: "formulas")
        }
      }
    }
    try DocumentFile.write(
      .array(report.verdict.passed ? [report.candidate.json] : []), to: place)
    let document = report.document(
      output: place, model: setup.identity, skipsSimulation: skips)
    if let path = invocation[reportOutput] { try DocumentFile.write(document, to: path) }
    return Answer(document: document, failure: RefusedCandidate(report))
  }

  private static func validation(
    _ invocation: Invocation
  ) throws -> ValidationMachine.Policy {
    if invocation[stops], invocation[goesOn] { throw ContraryFlags() }
    var policy = ValidationMachine.Policy()
    policy.repairsMax = invocation[repairs]
    policy.stopsOnRepeats = !invocation[goesOn]
    return policy
  }
}

extension Invocation {
  /// What an alpha must reach, by the file of an option, else the defaults.
  func judgingPolicy(_ option: Option<String?>) throws -> JudgingPolicy {
    guard let path = self[option] else { return JudgingPolicy() }
    return try JudgingPolicy(text: SourceText.read(path: path), path: path)
  }
}

/// A flag and its opposite.
private struct ContraryFlags: ExplainedFailure {
  let key = "contrary_flags"
  let explanation = "--stop-on-repeated-error and --no-stop-on-repeated-error are both given."
  let remedy = "Keep one of the two."
  let outcome = FailureOutcome.badConfiguration
}

/// A candidate that did not check in the end, whose report was given.
private struct RefusedCandidate: ExplainedFailure {
  let report: CandidateReport

  /// Nil for one that passed.
  init?(_ report: CandidateReport) {
    guard !report.verdict.passed else { return nil }
    self.report = report
  }

  var key: String { "validation_failed" }
  var explanation: String {
    let codes = report.verdict.errorKeys.joined(separator: ", ")
    var text = "The candidate does not check after \(report.verdict.attempts) texts: \(codes)."
    if case .noOtherText(let reason)? = report.verdict.stopReason { text += " \(reason)" }
    return text
  }
  var remedy: String { "Read the report's errors, or ask again with another --seed." }
  var outcome: FailureOutcome { .refused }
}
