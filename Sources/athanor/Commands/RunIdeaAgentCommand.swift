import Essentials
import Research
import Services
import Storage

/// `athanor run-idea-agent`: an idea from a person's notes.
enum RunIdeaAgentCommand {
  private static let input = Option.required(
    "input", .file(), help: "The notes, a JSON object.")
  private static let output = Option(
    "output", short: "o", .file(), default: "idea_out.json",
    help: "The file that the idea is written to.")

  static let command: Command = Command(
    "run-idea-agent", summary: "Turn notes into an idea that alphas can be made for",
    discussion: [
      """
      The notes may have category, subcategory, overview, hypothesis, recent_performance_summary, \
      target and idea_id. The answer is one JSON object on standard output.
      """,
      ProposalOptions.explanation,
    ],
    options: [input.definition, output.definition] + ProposalOptions.definitions,
    examples: [
      Command.Example(
        "athanor run-idea-agent --input notes.json", "Writes idea_out.json"),
      Command.Example(
        "athanor run-idea-agent --input notes.json --raw-output answer.txt",
        "Reads an answer that is there already"),
    ], speech: .document, run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let path = invocation[input]
    let notes = try notes(path)
    let place = invocation[output]
    let setup = try invocation.proposalSetup(of: "idea", knowledge: PromptKnowledge())
    try WholeFile.prepare(place)
    let journal = try invocation.researchJournal()
    let now = invocation.surroundings.now
    let pause = invocation.surroundings.pause
    let idea = try invocation.withProgress("Asking for", total: 1, unit: "ideas") { _ in
      try invocation.surroundings.wait {
        try await setup.maker(in: journal, now: now, pause: pause).idea(from: notes)
      }
    }
    try DocumentFile.write(idea.json, to: place)
    return Answer(
      document: .object(
        [
          .init("ok", .bool(true)), .init("run_id", .string(setup.run)),
          .init("idea_id", .string(idea.ideaID)), .init("output", .string(place)),
        ] + setup.identity.members))
  }

  private static func notes(_ path: String) throws -> JSONValue {
    let remedy = "Write one JSON object of notes."
    let notes = try JSONValue(text: SourceText.read(path: path), document: path, remedy: remedy)
    guard case .object(let members) = notes, !members.isEmpty else {
      throw DocumentFailure(
        document: path, explanation: "The document holds no notes.", remedy: remedy)
    }
    return notes
  }
}
