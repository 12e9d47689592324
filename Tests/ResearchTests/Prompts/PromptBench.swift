import AlphaLanguage
import Essentials
import Foundation
import Mathematics

@testable import Research

/// Packs, knowledge and ledgers to compile prompts with.
enum PromptBench {
  static let identity = ModelIdentity(provider: "bench", model: "plain")
  static let compiler = PromptCompiler(
    knowledge: knowledge, estimator: PromptEstimator(bound: .calibrated))

  /// What a desk knows: every operator of the language, eight formulas either way, the settings.
  static var knowledge: PromptKnowledge {
    PromptKnowledge(
      settings: [
        .init(name: "region", values: ["USA", "GLB", "EUR", "ASI", "CHN"]),
        .init(name: "universe", values: ["TOP3000", "TOP2000", "TOP1000", "TOP500", "TOP200"]),
        .init(name: "delay", values: ["0", "1"]),
        .init(
          name: "neutralization",
          values: ["NONE", "MARKET", "SECTOR", "INDUSTRY", "SUBINDUSTRY", "STATISTICAL"]),
      ],
      signatures: OperatorCatalog.fastexpr.entries.filter { $0.tier == .base }.map {
        .init(name: $0.name, form: form($0), meaning: $0.meaning)
      },
      examples: (0..<8).map {
        .init(
          formula: "group_neutralize(rank(ts_delta(close, \($0 + 3))), sector)",
          lesson: "Compare changes within a sector, not prices.")
      },
      counterexamples: (0..<8).map {
        .init(
          formula: "ts_mean(close, -\($0 + 1))", mistake: "A window must be positive.",
          remedy: "Write a window of 1 or more.")
      })
  }

  private static func form(_ entry: OperatorEntry) -> String {
    "\(entry.name)(\(entry.parameters.map(\.name).joined(separator: ", ")))"
  }

  /// 72 fields and 60 operators as a catalogue describes them: names of up to thirty letters and
  /// sentences of sixty to a hundred.
  static var pack: RetrievalPack {
    var dice = SplitMix64(seed: 10)
    let subjects = ["earnings", "revenue", "inventory", "debt", "cash_flow", "assets", "margin"]
    let forms = ["actual", "estimate", "surprise", "revision", "growth", "ratio", "rank_change"]
    let words = [
      "reported", "quarterly", "per", "share", "value", "of", "the", "company", "relative", "to",
      "analyst", "consensus", "adjusted", "for", "splits", "over", "trailing", "twelve", "months",
      "in", "millions", "of", "dollars", "before", "extraordinary", "items",
    ]
    func sentence(_ count: Int) -> String {
      (0..<count).map { _ in words[Int.random(in: words.indices, using: &dice)] }
        .joined(separator: " ")
    }
    var pack = RetrievalPack(ideaID: "idea-1", query: "earnings surprise drift")
    pack.selectedSubcategories = ["fundamental", "analyst", "earnings", "pv", "news"]
    pack.datasets = (0..<15).map { number in
      RetrievalPack.Dataset(
        id: "fundamental\(number)", name: "Company Fundamental Estimates \(number)",
        subcategoryID: number == 14 ? "news" : pack.selectedSubcategories[number % 4],
        lane: number == 14 ? .explore : .exploit, score: 0.5)
    }
    pack.fields = (0..<72).map { number in
      let subject = subjects[number % subjects.count]
      let form = forms[number / subjects.count % forms.count]
      return RetrievalPack.Field(
        id: "fnd\(number)_\(subject)_\(form)_q",
        datasetID: "fundamental\(number < 60 ? number % 14 : 14)",
        type: ["MATRIX", "MATRIX", "VECTOR", "GROUP"][number % 4],
        lane: number < 60 ? .exploit : .explore, score: 0.5,
        meaning: sentence(10 + number % 5))
    }
    pack.operators = OperatorCatalog.fastexpr.entries.prefix(60).enumerated().map { place, entry in
      RetrievalPack.Operator(
        name: entry.name, definition: form(entry), scope: ["REGULAR"],
        category: entry.category.rawValue, lane: place < 48 ? .exploit : .explore, score: 0.5)
    }
    return pack
  }

  /// An encoding of all bytes and a few longer tokens.
  static func encoding(_ rule: SplitRule) throws -> BytePairEncoding {
    let longer = ["cl", "os", "clos", "close", " t", "he", " the", "ie", "fie", "# ", ")\n", "e\n"]
    let tokens = (0..<256).map { [UInt8($0)] } + longer.map { Array($0.utf8) }
    let lines = tokens.enumerated().map { "\(Data($1).base64EncodedString()) \($0)" }
    let table = try RankTable(text: Array(lines.joined(separator: "\n").utf8), path: "made")
    return BytePairEncoding(table: table, rule: rule)
  }

  /// Estimators of every kind, each with a model that it is meant for.
  static func estimators() throws -> [(PromptEstimator, String)] {
    let exact = try [SplitRule.cl100k, .o200k, .p50k].map { rule in
      (
        PromptEstimator(
          bound: .calibrated, counters: [.init(models: ["exact"], encoding: try encoding(rule))]),
        "exact"
      )
    }
    return exact
      + BudgetConfiguration.PromptBound.allCases.map { (PromptEstimator(bound: $0), "plain") }
  }

  /// A pack of random size whose texts are of every script and end in every way.
  static func oddPack(using dice: inout SplitMix64) -> RetrievalPack {
    let texts = [
      "", "price", "(ratio) [%]", "한국어 설명", "价格 / 收益", "😀 sentiment!", "a  b\n# c", "/path/",
      "12345",
      "ends with a sign)", "quoted \"text\"", "tab\tand \u{200B}more",
    ]
    func text(_ dice: inout SplitMix64) -> String {
      (0..<Int.random(in: 0...3, using: &dice)).map { _ in
        texts[Int.random(in: texts.indices, using: &dice)]
      }.joined(separator: " ")
    }
    func lane(_ dice: inout SplitMix64) -> Lane {
      Int.random(in: 0..<4, using: &dice) == 0 ? .explore : .exploit
    }
    var pack = RetrievalPack(ideaID: "odd", query: "")
    pack.selectedSubcategories = ["s0", "s1"]
    pack.datasets = (0..<Int.random(in: 0...6, using: &dice)).map {
      .init(
        id: "d\($0)", name: text(&dice), subcategoryID: "s\($0 % 3)", lane: lane(&dice), score: 0)
    }
    pack.fields = (0..<Int.random(in: 0...60, using: &dice)).map {
      .init(
        id: "f\($0)", datasetID: "d\($0 % 7)", type: "VECTOR", lane: lane(&dice), score: 0,
        meaning: text(&dice))
    }
    pack.operators = (0..<Int.random(in: 0...50, using: &dice)).map {
      .init(
        name: "op\($0)", definition: text(&dice), scope: [], category: nil, lane: lane(&dice),
        score: 0)
    }
    return pack
  }

  static var idea: IdeaSpec {
    var idea = IdeaSpec(
      ideaID: "idea-1",
      hypothesis: "Prices drift after earnings surprises because investors revise too slowly.")
    idea.keywordsForRetrieval = ["earnings", "surprise", "drift"]
    return idea
  }

  static func task(
    _ pack: RetrievalPack = pack, wanted: Int = 4, earlier: [String] = []
  ) -> PromptTask {
    PromptTask(
      .alphas(idea: idea, pack: pack, wanted: wanted, earlier: earlier), run: "r",
      idea: "idea-1", identity: identity, outputTokensWanted: 2_200)
  }

  static func ledger(_ change: (inout BudgetConfiguration) -> Void = { _ in }) -> TokenLedger {
    var configuration = BudgetConfiguration()
    change(&configuration)
    return TokenLedger(configuration: configuration, prices: LedgerBench.prices)
  }

  static func compile(
    _ task: PromptTask = task(), within ledger: TokenLedger = ledger(),
    at now: Timestamp = LedgerBench.friday
  ) -> CompiledPrompt {
    compiler.compile(task, within: ledger, at: now)
  }
}
