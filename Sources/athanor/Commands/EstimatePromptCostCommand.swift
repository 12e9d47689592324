import Essentials
import Foundation
import Research
import Services
import Storage

/// `athanor estimate-prompt-cost`: what the prompt for a retrieval pack would take, before it is sent.
enum EstimatePromptCostCommand {
  private static let pack = Option.required(
    "retrieval-pack", .file(), help: "The retrieval pack, a JSON file.")
  private static let idea = Option<String?>.optional(
    "idea", .file(), help: "The idea, a JSON file; otherwise one is made of the pack's query.")
  private static let knowledge = Option<String?>.optional(
    "knowledge-pack-dir", .folder(),
    help:
      "The knowledge pack; otherwise \(usualKnowledge) where it is there, else a short rulebook.")
  private static let budget = Option<String?>.optional(
    "llm-budget-config", .file(),
    help: "The ceilings; otherwise those of the checkout, or the defaults.")
  private static let run = Option<String?>.optional(
    "run-id", .text("run"), help: "The run that would ask; otherwise estimate-<idea>.")
  private static let journal = Option<String?>.optional(
    "journal", .file(),
    help: "Take what was used so far from this journal; otherwise nothing was used.")
  private static let model = Option(
    "llm-model", .text("model"), default: "gpt-5.2", help: "The model that would be asked.")
  private static let outputTokens = Option(
    "max-output-tokens", .whole("tokens", in: 1...1_000_000), default: 2_200,
    help: "The length of the answer that is wanted; the budget may allow less.")
  private static let wanted = Option(
    "candidates", .whole("count", in: 1...64), default: 4,
    help: "How many candidates the prompt asks for.")
  private static let output = Option<String?>.optional(
    "output", .file(), help: "Write the JSON to this file as well.")
  private static let compat = Option.flag(
    "compat",
    help: "Estimate the documented prompt and its staged fallback instead, for comparison.")

  private static let usualKnowledge = "data/meta/index"

  static let command: Command = Command(
    "estimate-prompt-cost",
    summary: "Tell what a prompt would take, what would be cut and why, without sending it",
    discussion: [
      """
      The prompt is written as it would be sent and held against the ceilings of a request, a run, a \
      day and a week. Where it is too long, fields, operators and subcategories are cut no further \
      than needed and never below the explore minimum. Where a run, a day or a week is used up, a \
      shorter prompt does not help and nothing is cut.
      """,
      """
      No event is written. The exit code is 2 where the budget blocks the prompt.
      """,
    ],
    options: [
      pack.definition, idea.definition, knowledge.definition, budget.definition, run.definition,
      journal.definition, model.definition, outputTokens.definition, wanted.definition,
      output.definition, compat.definition,
    ],
    examples: [
      Command.Example(
        "athanor estimate-prompt-cost --retrieval-pack pack.json",
        "Estimates under the usual budget"),
      Command.Example(
        "athanor estimate-prompt-cost --retrieval-pack pack.json --compat",
        "Shows what the documented fallback would cut"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let path = invocation[pack]
    let retrieved = try RetrievalPack(text: SourceText.read(path: path), document: path)
    let spec =
      try invocation[idea].map { try IdeaSpec(text: SourceText.read(path: $0), document: $0) }
      ?? derivedIdea(retrieved)
    let files = try invocation.budgetFiles(named: invocation[budget])
    let known = try knowledgePack(invocation)
    let ledger = TokenLedger(
      configuration: files.configuration, prices: files.prices, state: try state(invocation))
    let runID = invocation[run] ?? "estimate-\(spec.ideaID)"
    let page: PromptCostPage
    if invocation[compat] {
      page = .reference(
        reference(spec, retrieved, known, ledger, runID, invocation), run: runID, idea: spec.ideaID)
    } else {
      var task = PromptTask(
        .alphas(idea: spec, pack: retrieved, wanted: invocation[wanted], earlier: []), run: runID,
        idea: spec.ideaID,
        identity: ModelIdentity(provider: "none", model: invocation[model]),
        outputTokensWanted: invocation[outputTokens])
      task.owner = "estimate-prompt-cost"
      let compiler = PromptCompiler(
        knowledge: known.map { PromptKnowledge($0, target: spec.target) } ?? PromptKnowledge(),
        estimator: files.estimator)
      let now = invocation.surroundings.now()
      var ledger = ledger
      let compiled = compiler.compile(task, within: ledger, at: now)
      page = .compiled(
        compiled, ledger.check(compiled.request, at: now), given: retrieved.topK)
    }
    if let path = invocation[output] { try DocumentFile.write(page.json, to: path) }
    return Answer(json: page.json, failure: page.failure) { page.text($0) }
  }

  private static func derivedIdea(_ pack: RetrievalPack) -> IdeaSpec {
    var idea = IdeaSpec(
      ideaID: pack.ideaID,
      hypothesis: pack.query.isEmpty ? "budget-estimate for \(pack.ideaID)" : pack.query)
    idea.keywordsForRetrieval = pack.query.split(whereSeparator: \.isWhitespace).prefix(12)
      .map(String.init)
    idea.candidateSubcategories = pack.selectedSubcategories
    idea.target = pack.target
    return idea
  }

  private static func knowledgePack(_ invocation: Invocation) throws -> KnowledgePack? {
    if let folder = invocation[knowledge] { return try KnowledgePack(folder: folder) }
    return FileManager.default.fileExists(atPath: usualKnowledge)
      ? try KnowledgePack(folder: usualKnowledge) : nil
  }

  /// What was used so far, by the journal that is named.
  private static func state(_ invocation: Invocation) throws -> LedgerState {
    guard let path = invocation[journal] else { return LedgerState() }
    let index = BudgetIndex()
    return try Journal.open(path: path, access: .reading).read { store throws(JournalFailure) in
      try index.isPresent(in: store) ? try index.state(in: store) : LedgerState()
    }
  }

  private static func reference(
    _ idea: IdeaSpec, _ pack: RetrievalPack, _ known: KnowledgePack?, _ ledger: TokenLedger,
    _ run: String, _ invocation: Invocation
  ) -> ReferenceFallback.Outcome {
    var fallback = ReferenceFallback(
      configuration: ledger.configuration, maxOutputTokens: invocation[outputTokens])
    fallback.batchTokensUsed = ledger.state.account(.run(run)).used.tokens
    fallback.dayTokensUsed =
      ledger.state.account(.day(invocation.surroundings.now().date)).used.tokens
    return fallback.run(pack) {
      RoughEstimate.tokens(ReferencePrompt.text(idea: idea, pack: $0, knowledge: known))
    }
  }
}
