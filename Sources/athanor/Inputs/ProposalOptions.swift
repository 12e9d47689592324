import Essentials
import Networking
import Research
import Services
import Storage

/// The options of commands that ask a model for ideas and candidates.
enum ProposalOptions {
  static let regenerations = Option(
    "max-regenerations", .whole("count", in: 0...20), default: 2,
    help: "How often a model is asked anew where its answer cannot be read.")
  static let rawOutput = Option<String?>.optional(
    "raw-output", .file(), help: "Read this file as the answer; no model is asked.")
  static let run = Option<String?>.optional(
    "run-id", .text("run"),
    help: "The run in the journal; otherwise a name of its own.")
  static let budget = Option<String?>.optional(
    "llm-budget-config", .file(),
    help: "The ceilings; otherwise those of the checkout, or the defaults.")
  static let seed = Option(
    "seed", .whole("seed", in: 0...1_000_000_000), default: 1,
    help: "Where all chance begins.")
  static let pack = Option.required(
    "retrieval-pack", .file(), help: "The retrieval pack, a JSON file.")
  static let knowledge = Option<String?>.optional(
    "knowledge-pack-dir", .folder(), help: "The folder of the knowledge pack.")
  static let usualKnowledge = "data/meta/index"

  static let definitions =
    [
      regenerations.definition, rawOutput.definition, run.definition, budget.definition,
      seed.definition, JournalOptions.journal.definition,
    ] + ModelOptions.definitions

  /// What every such command does, for the pages of help.
  static let explanation = """
    Every call is held against the budget and reserved in the journal before it is sent, and what it \
    used is settled afterwards. A question that was answered in a run is not asked in it again. \
    Where the budget blocks a call, nothing is sent and written, and the exit code is 2.
    """
}

extension Invocation {
  /// The run of `--run-id`, else a name that no other run has.
  func runID(of command: String) -> String {
    self[ProposalOptions.run]
      ?? SimulationRun(
        command: command, start: surroundings.now(), chance: surroundings.chance()
      ).id
  }

  /// What an answer is asked for with.
  ///
  /// - Parameters:
  ///   - command: names the run where `--run-id` does not.
  ///   - knowledge: what the model is told of the language.
  func proposalSetup(of command: String, knowledge: PromptKnowledge) throws -> ProposalSetup {
    let provider = try provider()
    let files = try budgetFiles(named: self[ProposalOptions.budget])
    let answers: ProposalSetup.Answers =
      if let path = self[ProposalOptions.rawOutput] {
        .text(try SourceText.read(path: path))
      } else {
        .model(try model(of: provider))
      }
    var setup = ProposalSetup(
      run: runID(of: command), budget: files.configuration, prices: files.prices,
      estimator: files.estimator, knowledge: knowledge, answers: answers)
    setup.seed = UInt64(self[ProposalOptions.seed])
    setup.maxOutputTokens = provider.maxOutputTokens
    setup.regenerationsMax = self[ProposalOptions.regenerations]
    return setup
  }

  /// Opens the journal for a run that asks a model.
  func researchJournal() throws -> Journal {
    try Journal.open(
      path: journalPath(), access: journalWriting, models: [BudgetIndex()])
  }

  /// The retrieval pack of `--retrieval-pack`.
  func retrievalPack() throws -> RetrievalPack {
    let path = self[ProposalOptions.pack]
    return try RetrievalPack(text: SourceText.read(path: path), document: path)
  }

  /// The knowledge pack of `--knowledge-pack-dir`, for the market of an idea.
  func promptKnowledge(for target: SimulationTarget) throws -> PromptKnowledge {
    let folder = self[ProposalOptions.knowledge] ?? ProposalOptions.usualKnowledge
    return PromptKnowledge(try KnowledgePack(folder: folder), target: target)
  }
}

extension ModelIdentity? {
  /// The members of an answer that say which model spoke, null where none did.
  var members: [JSONValue.Member] {
    [
      .init("llm_provider", map { .string($0.provider) } ?? .null),
      .init("llm_model", map { .string($0.model) } ?? .null),
    ]
  }
}
