import Essentials
import Research
import Services
import Storage

/// `athanor run-alpha-maker`: one candidate for an idea.
enum RunAlphaMakerCommand {
  private static let output = Option(
    "output", short: "o", .file(), default: "candidate_alpha.json",
    help: "The file that the candidate is written to.")

  static let command: Command = Command(
    "run-alpha-maker", summary: "Ask a model for one formula for an idea",
    discussion: [
      """
      The model is told the idea, the candidates of its retrieval pack and the knowledge pack, \
      otherwise that of \(ProposalOptions.usualKnowledge). The formula is not checked here; \
      run-validation-loop does that. The answer is one JSON object on standard output.
      """,
      ProposalOptions.explanation,
    ],
    options: IdeaOptions.definitions + [
      ProposalOptions.pack.definition, ProposalOptions.knowledge.definition, output.definition,
    ] + ProposalOptions.definitions,
    examples: [
      Command.Example(
        "athanor run-alpha-maker --idea idea_out.json --retrieval-pack pack.json",
        "Writes candidate_alpha.json")
    ], speech: .document, run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let idea = try invocation.namedIdea()
    let pack = try invocation.retrievalPack()
    let place = invocation[output]
    let setup = try invocation.proposalSetup(
      of: "alpha", knowledge: invocation.promptKnowledge(for: idea.target))
    try WholeFile.prepare(place)
    let journal = try invocation.researchJournal()
    let now = invocation.surroundings.now
    let pause = invocation.surroundings.pause
    let candidate = try invocation.withProgress("Asking for", total: 1, unit: "formulas") { _ in
      try invocation.surroundings.wait {
        try await setup.maker(in: journal, now: now, pause: pause).candidate(
          for: idea, pack: pack, by: FormulaValidator(pack), subcategories: pack.subcategories(of:)
        ).candidate
      }
    }
    try DocumentFile.write(candidate.json, to: place)
    return Answer(
      document: .object(
        [
          .init("ok", .bool(true)), .init("run_id", .string(setup.run)),
          .init("idea_id", .string(idea.ideaID)), .init("output", .string(place)),
        ] + setup.identity.members + [
          .init("used_fields", .strings(candidate.notes.usedFields)),
          .init("used_operators", .strings(candidate.notes.usedOperators)),
        ]))
  }
}
