import Essentials
import Foundation
import Research
import Services
import Storage

/// `athanor build-retrieval-pack`: the few fields and operators that fit an idea.
enum BuildRetrievalPackCommand {
  /// The budget of a checkout, taken where a command is not told another.
  private static let usualBudget = "configs/retrieval_budget.json"
  /// The file that a pack is written to where a command is not told another.
  private static let usualOutput = "data/retrieval/latest_pack.json"

  private static let query = Option<String?>.optional(
    "query", .text("words"), help: "What to search for in place of the idea's keywords.")
  private static let budget = Option<String?>.optional(
    "budget-config", .file(), help: "How many candidates of each kind and lane.")
  private static let output = Option<String?>.optional(
    "output", short: "o", .file(), help: "The file that the pack is written to.")
  private static let seed = Option(
    "seed", .whole("seed", in: 0...1_000_000_000), default: 1,
    help: "Where the chance of the explore lane begins.")
  private static let scoring = Option(
    "scoring", .word("rule"), default: SearchIndex.Scoring.bm25,
    help: "How texts are scored; idf-overlap counts common words by their rarity alone.")

  static let command: Command = Command(
    "build-retrieval-pack", summary: "Choose the fields and operators that an idea may use",
    discussion: [
      """
      A language model is never told the whole catalogue. The exploit lane of a pack holds what fits \
      the idea best; the explore lane is drawn, with --seed, from what fewer alphas use. The idea's \
      keywords, hypothesis, tags and hinted datasets and subcategories all steer the search, in \
      English and Korean.
      """,
      """
      The catalogue is a panel, or with --meta-dir the metadata of the idea's market. Without \
      --budget-config the budget is that of \(usualBudget), or the defaults. The pack is written to \
      --output, otherwise to \(usualOutput), and the journal records it.
      """,
    ],
    options: IdeaOptions.definitions + [
      query.definition, budget.definition, output.definition, seed.definition, scoring.definition,
      ProposalOptions.run.definition,
    ] + CatalogueOptions.definitions + [
      JournalOptions.journal.definition, RecordingOptions.noJournal.definition,
    ],
    examples: [
      Command.Example(
        "athanor build-retrieval-pack --idea Examples/Ideas/ideas.json",
        "Retrieves for the first of the bundled ideas"),
      Command.Example(
        "athanor build-retrieval-pack --idea idea.json --meta-dir data/meta --json",
        "Retrieves from fetched metadata"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let idea = try invocation.namedIdea()
    let budget = try retrievalBudget(invocation)
    let named = try invocation.catalogue(for: idea.target)
    let started = invocation.surroundings.elapsed()
    let (index, _) = named.cache.index(of: named.catalogue)
    var builder = PackBuilder(
      catalogue: named.catalogue, index: index, budget: budget,
      seed: UInt64(invocation[seed]))
    builder.scoring = invocation[scoring]
    var pack = try builder.pack(for: idea, query: invocation[query])
    pack.retrievalMilliseconds = Int(
      ((invocation.surroundings.elapsed() - started) / .milliseconds(1)).rounded())
    let path = invocation[output] ?? usualOutput
    try DocumentFile.write(pack.json, to: path)
    let remarks =
      named.remarks
      + builder.unknownHints(of: idea).map { "The catalogue has no dataset or subcategory \($0)." }
    let failure = record(pack, of: named.catalogue, at: path, invocation)
    let document: JSONValue = [
      "built": .bool(true), "idea_id": .string(idea.ideaID), "output": .string(path),
      "candidate_counts": pack.candidateCounts, "token_estimate": pack.tokenEstimate,
      "remarks": .strings(remarks),
    ]
    let built = pack
    return Answer(json: document, failure: failure) { text(built, path, remarks, $0) }
  }

  private static func retrievalBudget(_ invocation: Invocation) throws -> RetrievalBudget {
    let named = invocation[budget]
    guard
      let path = named ?? (FileManager.default.fileExists(atPath: usualBudget) ? usualBudget : nil)
    else { return RetrievalBudget() }
    return try RetrievalBudget(text: SourceText.read(path: path), path: path)
  }

  /// Records the pack. What goes wrong is returned, since the pack is there already.
  private static func record(
    _ pack: RetrievalPack, of catalogue: MetadataCatalogue, at path: String,
    _ invocation: Invocation
  ) -> JournalFailure? {
    let facts = PackFacts(
      pack, available: .init(subcategories: catalogue.subcategories.count), output: path)
    let event = ResearchEvent(
      at: invocation.surroundings.now(),
      run: invocation[ProposalOptions.run] ?? "retrieval-\(pack.ideaID)", idea: pack.ideaID,
      .packBuilt(facts))
    return invocation.record([event.draft()])
  }

  private static func text(
    _ pack: RetrievalPack, _ path: String, _ remarks: [String], _ terminal: TerminalFacts
  ) -> String {
    var table = Table([.text("kind"), .text("exploit"), .text("explore")])
    func row(_ kind: String, _ exploit: [String], _ explore: [String]) {
      func shown(_ names: [String]) -> Table.Cell {
        guard !names.isEmpty else { return .missing }
        let first = names.prefix(3).joined(separator: " ")
        return Table.Cell(names.count > 3 ? "\(first) and \(names.count - 3) more" : first)
      }
      table.add([Table.Cell(kind), shown(exploit), shown(explore)])
    }
    func lanes<Row>(_ rows: [Row], _ lane: (Row) -> Lane, _ name: (Row) -> String) -> (
      [String], [String]
    ) {
      (
        rows.filter { lane($0) == .exploit }.map(name),
        rows.filter { lane($0) == .explore }.map(name)
      )
    }
    let datasets = lanes(pack.datasets, \.lane, \.id)
    let fields = lanes(pack.fields, \.lane, \.id)
    let operators = lanes(pack.operators, \.lane, \.name)
    row("datasets", datasets.0, datasets.1)
    row("fields", fields.0, fields.1)
    row("operators", operators.0, operators.1)
    let notes = remarks.map { terminal.paint.yellow("remark: ") + $0 }
    return
      ([
        terminal.paint.bold("Pack of \(pack.ideaID)"),
        table.rendered(width: terminal.width, paint: terminal.paint),
        "Subcategories: \(pack.selectedSubcategories.joined(separator: ", ")).",
        "Written to \(path).",
      ] + notes).joined(separator: "\n")
  }
}
