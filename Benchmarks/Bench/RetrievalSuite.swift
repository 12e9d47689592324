import AlphaLanguage
import Essentials
import Foundation
import Markets
import Mathematics
import Research

/// Packs, searches and prompts over a catalogue of 40,000 made-up fields.
///
/// The words of its fields and of the queries go into `FOLDER/corpus.json`, so that another program
/// can search the same.
struct RetrievalSuite {
  private let folder: String
  private let catalogue: MetadataCatalogue

  private static let fields = 40_000
  private static let datasets = 400
  private static let queries = 40
  private static let hits = 60

  private static let things = [
    "revenue", "earnings", "cash", "debt", "inventory", "dividend", "volume", "price", "spread",
    "analyst", "estimate", "sentiment", "news", "insider", "option", "volatility", "margin",
    "asset",
    "liability", "equity", "employee", "patent", "shipment", "order", "tax", "interest", "goodwill",
    "capital", "buyback", "rating", "target", "short", "borrow", "social", "web", "card", "store",
    "claim", "reserve", "premium", "rent", "fuel", "contract", "backlog", "lease", "pension",
  ]
  private static let manners = [
    "total", "net", "gross", "mean", "median", "change", "growth", "surprise", "revision", "ratio",
    "quarterly", "annual", "trailing", "forward", "actual", "adjusted", "diluted", "basic",
    "current",
    "deferred", "operating", "domestic", "foreign", "weighted", "rank", "count", "high", "low",
    "standard", "deviation", "delta", "momentum", "consensus", "reported", "restated", "implied",
  ]

  init(arguments: [String]) throws {
    guard let folder = arguments.first else { throw CocoaError(.fileNoSuchFile) }
    self.folder = folder
    var generator = SplitMix64(seed: 11)
    let datasets = (0..<Self.datasets).map { number in
      MetadataCatalogue.Dataset(
        id: "set\(number)", name: Self.words(3, using: &generator),
        meaning: Self.words(12, using: &generator),
        subcategory: ("part-\(number % 60)", "part \(number % 60)"),
        category: ("kind-\(number % 12)", "kind \(number % 12)"), coverage: 0.9,
        fieldCount: Self.fields / Self.datasets)
    }
    let fields = (0..<Self.fields).map { number in
      MetadataCatalogue.Field(
        id: Self.words(3, using: &generator).replacingOccurrences(of: " ", with: "_")
          + "_\(number)",
        datasetID: "set\(number % Self.datasets)", kind: .matrix,
        meaning: Self.words(14, using: &generator), coverage: 0.9,
        alphaCount: Int.random(in: 0..<5_000, using: &generator))
    }
    catalogue = MetadataCatalogue(
      origin: "the benchmark", target: nil, datasets: datasets, fields: fields,
      operators: OperatorCatalog.fastexpr.entries.map(MetadataCatalogue.Operator.init))
  }

  private static func words(_ count: Int, using generator: inout SplitMix64) -> String {
    (0..<count).map { number in
      let list = number % 2 == 0 ? things : manners
      return list[Int.random(in: 0..<list.count, using: &generator)]
    }.joined(separator: " ")
  }

  func run() throws {
    var index: CatalogueIndex?
    let indexing = Benchmark.seconds { index = CatalogueIndex(catalogue) }
    guard let index else { return }
    var generator = SplitMix64(seed: 13)
    let ideas = (0..<Self.queries).map { number in
      var idea = IdeaSpec(ideaID: "idea-\(number)", hypothesis: Self.words(16, using: &generator))
      idea.keywordsForRetrieval = (0..<4).map { _ in Self.words(2, using: &generator) }
      return idea
    }
    let builder = PackBuilder(catalogue: catalogue, index: index)
    let searches = try ideas.map { idea in
      let query = SearchQuery(words: Self.queryWords(of: idea))
      return Benchmark.median(
        try (0..<5).map { _ in
          try Benchmark.seconds {
            guard !index.fields.search(query, limit: Self.hits).isEmpty else {
              throw CocoaError(.featureUnsupported)
            }
          }
        })
    }
    var packs: [RetrievalPack] = []
    let packing = try ideas.map { idea in
      try Benchmark.seconds { packs.append(try builder.pack(for: idea)) }
    }
    let prompts = try prompts(ideas, packs)
    try writeCorpus(ideas)
    Benchmark.answer([
      ("suite", "\"retrieval\""), ("fields", "\(catalogue.fields.count)"),
      ("index_milliseconds", "\(indexing * 1e3)"),
      ("search_milliseconds_median", "\(Benchmark.median(searches) * 1e3)"),
      ("pack_milliseconds_median", "\(Benchmark.median(packing) * 1e3)"),
      ("prompt_tokens", "\(prompts.tokens)"),
      ("prompt_milliseconds_median", "\(prompts.whole)"),
      ("cut_prompt_tokens", "\(prompts.cutTokens)"),
      ("cut_prompt_milliseconds_median", "\(prompts.cut)"),
      ("peak_mib", "\(Benchmark.peakMemory)"),
    ])
  }

  /// Milliseconds to compile a prompt that fits, and one that must be cut to half of its length.
  private func prompts(
    _ ideas: [IdeaSpec], _ packs: [RetrievalPack]
  ) throws -> (whole: Double, tokens: Int, cut: Double, cutTokens: Int) {
    let compiler = PromptCompiler(
      knowledge: PromptKnowledge(), estimator: PromptEstimator(bound: .calibrated))
    let now = Timestamp(startOf: CalendarDate(daysSinceEpoch: 20_412))
    func compile(promptTokensMax: Int) -> (milliseconds: Double, tokens: Int) {
      var budget = BudgetConfiguration()
      budget.maxPromptTokens = promptTokensMax
      let ledger = TokenLedger(configuration: budget, prices: BudgetRace.prices)
      var tokens = 0
      let times = zip(ideas, packs).map { idea, pack in
        let task = PromptTask(
          .alphas(idea: idea, pack: pack, wanted: 8, earlier: []), run: "bench",
          idea: idea.ideaID, identity: ModelIdentity(provider: "bench", model: "tiered"),
          outputTokensWanted: 1_600)
        return Benchmark.seconds {
          tokens = compiler.compile(task, within: ledger, at: now).request.promptTokensMax
        }
      }
      return (Benchmark.median(times) * 1e3, tokens)
    }
    let whole = compile(promptTokensMax: 50_000)
    let cut = compile(promptTokensMax: whole.tokens / 2)
    return (whole.milliseconds, whole.tokens, cut.milliseconds, cut.tokens)
  }

  private static func queryWords(of idea: IdeaSpec) -> [String] {
    idea.query.split(separator: " ").map(String.init)
  }

  private func writeCorpus(_ ideas: [IdeaSpec]) throws {
    let corpus: JSONValue = [
      "hits": .integer(Self.hits),
      "documents": .array(
        catalogue.fields.map { field in
          let name = field.id.replacingOccurrences(of: "_", with: " ")
          let text = "\(name) \(name) \(field.meaning) \(field.datasetID)"
          return .array(text.split(separator: " ").map { .string(String($0)) })
        }),
      "queries": .array(
        ideas.map { .array(Self.queryWords(of: $0).map { .string($0) }) }),
    ]
    try Data(corpus.compactText.utf8).write(to: URL(fileURLWithPath: folder + "/corpus.json"))
  }
}
