import AlphaLanguage
import Essentials
import Markets
import Testing

@testable import Research

@Suite("Pack builder")
struct PackBuilderTests {
  private func idea(
    _ hypothesis: String = "Stocks that fell on heavy volume rebound.", keywords: [String] = [],
    id: String = "idea-1"
  ) -> IdeaSpec {
    var idea = IdeaSpec(ideaID: id, hypothesis: hypothesis)
    idea.keywordsForRetrieval = keywords
    return idea
  }

  private static let broad = BroadCatalogue.make(fields: 1_200, seed: 3)
  private static let broadIndex = CatalogueIndex(broad)

  private func broadBuilder(seed: UInt64 = 1) -> PackBuilder {
    PackBuilder(catalogue: Self.broad, index: Self.broadIndex, seed: seed)
  }

  private func count(_ pack: RetrievalPack, _ kind: String) -> Int? {
    if case .integer(let number)? = pack.candidateCounts[kind] { number } else { nil }
  }

  @Test("S1: the default budget fills every kind of a large catalogue")
  func full() throws {
    let pack = try broadBuilder().pack(for: idea(keywords: ["earnings surprise"]))
    #expect(count(pack, "subcategories") == 5)
    #expect(count(pack, "datasets").map { (5...17).contains($0) } == true)
    #expect(count(pack, "fields") == 72 && count(pack, "operators") == 60)
    #expect(Set(pack.fields.map(\.id)).count == 72)
    #expect(Set(pack.operators.map(\.name)).count == 60)
  }

  @Test("S15: a catalogue without datasets, fields or operators says what to do")
  func empty() throws {
    let nothing = MetadataCatalogue(
      origin: "x", target: nil, datasets: [], fields: [], operators: [])
    let failure = #expect(throws: RetrievalFailure.self) {
      try PackBuilder(catalogue: nothing, index: CatalogueIndex(nothing)).pack(for: idea())
    }
    #expect(failure?.key == "empty_catalogue")
    #expect(failure?.remedy.contains("sync-metadata") == true)
    let bare = MetadataCatalogue(
      origin: "x", target: nil, datasets: DeskPanel.catalogue.datasets,
      fields: DeskPanel.catalogue.fields, operators: [])
    #expect(throws: RetrievalFailure.emptyCatalogue(origin: "x", kind: "operators")) {
      try PackBuilder(catalogue: bare, index: CatalogueIndex(bare)).pack(for: idea())
    }
  }

  @Test("a panel that is smaller than the budget is given whole, in both lanes")
  func whole() throws {
    let pack = try DeskPanel.builder().pack(for: idea())
    #expect(Set(pack.fields.map(\.id)) == Set(DeskPanel.catalogue.fields.map(\.id)))
    #expect(pack.datasets.count == DeskPanel.catalogue.datasets.count)
    #expect(pack.selectedSubcategories.count == 5)
    for lane in [Lane.exploit, .explore] {
      #expect(pack.fields.contains { $0.lane == lane })
      #expect(pack.datasets.contains { $0.lane == lane })
      #expect(pack.operators.contains { $0.lane == lane })
    }
    let lanes = pack.fields.map(\.lane)
    #expect(lanes == lanes.filter { $0 == .exploit } + lanes.filter { $0 == .explore })
  }

  @Test("even one field is a pack")
  func single() throws {
    let catalogue = MetadataCatalogue(
      origin: "x", target: nil, datasets: DeskPanel.catalogue.datasets,
      fields: DeskPanel.catalogue.fields.filter { $0.id == "close" },
      operators: DeskPanel.catalogue.operators.filter { $0.name == "rank" })
    let pack = try PackBuilder(catalogue: catalogue, index: CatalogueIndex(catalogue))
      .pack(for: idea())
    #expect(pack.fields.map(\.id) == ["close"] && pack.operators.map(\.name) == ["rank"])
  }

  @Test("the same catalogue, idea, budget and seed give the same pack")
  func deterministic() throws {
    let idea = idea(keywords: ["news sentiment"])
    let pack = try broadBuilder(seed: 5).pack(for: idea)
    #expect(try broadBuilder(seed: 5).pack(for: idea) == pack)
    let again = BroadCatalogue.make(fields: 1_200, seed: 3)
    #expect(
      try PackBuilder(catalogue: again, index: CatalogueIndex(again), seed: 5).pack(for: idea)
        == pack)
  }

  @Test("another seed explores elsewhere and exploits the same")
  func seeds() throws {
    let idea = idea(keywords: ["news sentiment"])
    let one = try DeskPanel.builder(budget: Self.narrow, seed: 1).pack(for: idea)
    let two = try DeskPanel.builder(budget: Self.narrow, seed: 2).pack(for: idea)
    func names(_ pack: RetrievalPack, _ lane: Lane) -> [String] {
      pack.operators.filter { $0.lane == lane }.map(\.name)
    }
    #expect(names(one, .exploit) == names(two, .exploit))
    #expect(names(one, .explore) != names(two, .explore))
  }

  private static var narrow: RetrievalBudget {
    var budget = RetrievalBudget()
    budget.exploit = .init(subcategories: 2, datasets: 4, fields: 8, operators: 20)
    budget.explore = .init(subcategories: 1, datasets: 1, fields: 4, operators: 6)
    return budget
  }

  @Test(
    "what an idea speaks of comes first",
    arguments: [
      ("Cheap companies by book value earn more.", "pv-volume fundamental-reports", "equity"),
      ("Overnight gaps between open and close revert.", "pv-prices", "open"),
      ("거래량이 급증한 종목은 반전한다", "pv-volume pv-prices", "volume"),
      ("배당을 많이 주는 기업", "events", "dividend_events"),
    ])
  func relevant(_ hypothesis: String, _ subcategories: String, _ field: String) throws {
    let pack = try DeskPanel.builder(budget: Self.narrow).pack(for: idea(hypothesis))
    let exploit = pack.datasets.filter { $0.lane == .exploit }.map(\.subcategoryID)
    #expect(
      subcategories.split(separator: " ").contains { exploit.contains(String($0)) }, "\(exploit)")
    #expect(
      pack.fields.contains { $0.id == field && $0.lane == .exploit },
      "\(pack.fields.map { "\($0.id) \($0.score)" })")
  }

  @Test("hinted datasets and subcategories come in, whatever the text says")
  func hints() throws {
    var idea = idea("Prices that moved much revert.", keywords: ["price reversal"])
    idea.candidateSubcategories = ["Dated events"]
    idea.candidateDatasets = ["Cash Flow", "nowhere"]
    let builder = DeskPanel.builder(budget: Self.narrow)
    let pack = try builder.pack(for: idea)
    #expect(pack.selectedSubcategories.contains("events"))
    #expect(pack.datasets.contains { $0.id == "cash_flow" && $0.lane == .exploit })
    #expect(builder.unknownHints(of: idea) == ["nowhere"])
    var plain = idea
    plain.candidateSubcategories = []
    plain.candidateDatasets = []
    let without = try builder.pack(for: plain)
    #expect(!without.datasets.contains { $0.id == "cash_flow" && $0.lane == .exploit })
  }

  @Test("a query takes the place of the keywords")
  func query() throws {
    let idea = idea(keywords: ["price reversal"])
    let pack = try DeskPanel.builder(budget: Self.narrow).pack(
      for: idea, query: "dividend payout events")
    #expect(pack.query == "dividend payout events")
    #expect(pack.selectedSubcategories.contains("events"))
    #expect(try DeskPanel.builder().pack(for: idea).query == "price reversal")
    #expect(try DeskPanel.builder().pack(for: self.idea()).query == self.idea().hypothesis)
  }

  @Test("matrices are not crowded out, and groups are there to neutralize by")
  func kinds() throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let pack = try broadBuilder(seed: seed).pack(for: idea(keywords: ["volume price"]))
      let counts = Dictionary(grouping: pack.fields, by: \.type).mapValues(\.count)
      #expect(counts["MATRIX"] ?? 0 >= 45, "\(counts)")
      #expect(counts["GROUP"] ?? 0 >= 1, "\(counts)")
    }
  }

  @Test("a catalogue of VECTOR fields alone still fills the pack")
  func vectorsOnly() throws {
    let catalogue = MetadataCatalogue(
      origin: "x", target: nil, datasets: Self.broad.datasets,
      fields: Self.broad.fields.filter { $0.kind == .vector }, operators: Self.broad.operators)
    let pack = try PackBuilder(catalogue: catalogue, index: CatalogueIndex(catalogue))
      .pack(for: idea(keywords: ["volume price"]))
    #expect(pack.fields.count == 72 || pack.fields.count == catalogue.fields.count)
  }

  @Test(
    "every family of operators has a member in the exploit lane, and no super-alpha operator is there"
  )
  func families() throws {
    let pack = try broadBuilder().pack(for: idea("zzz", keywords: ["zzz"]))
    let exploit = Set(pack.operators.filter { $0.lane == .exploit }.map(\.name))
    for family in CoreOperators.families {
      #expect(family.contains(where: exploit.contains), "\(family[0])")
    }
    #expect(pack.operators.allSatisfy { $0.scope.contains("REGULAR") })
    #expect(pack.operators.allSatisfy { $0.definition?.hasPrefix("\($0.name)(") == true })
    let known = Set(OperatorCatalog.fastexpr.entries.map(\.name))
    for name in CoreOperators.families.joined() { #expect(known.contains(name), "\(name)") }
  }

  @Test("operators of events are left out where the pack has no events")
  func feedable() throws {
    let catalogue = MetadataCatalogue(
      origin: "x", target: nil, datasets: DeskPanel.catalogue.datasets,
      fields: DeskPanel.catalogue.fields.filter { $0.kind != .vector },
      operators: DeskPanel.catalogue.operators)
    let pack = try PackBuilder(catalogue: catalogue, index: CatalogueIndex(catalogue))
      .pack(for: idea())
    #expect(!pack.operators.contains { $0.name.hasPrefix("vec_") })
  }

  @Test("the explore lane prefers what few alphas use")
  func crowding() throws {
    var explored: [Int] = []
    var exploited: [Int] = []
    for seed in 1...5 as ClosedRange<UInt64> {
      let pack = try broadBuilder(seed: seed).pack(for: idea(keywords: ["price"]))
      for field in pack.fields {
        let used = Self.broad.field(named: field.id)?.alphaCount ?? 0
        if field.lane == .explore { explored.append(used) } else { exploited.append(used) }
      }
    }
    func mean(_ counts: [Int]) -> Double { Double(counts.reduce(0, +)) / Double(counts.count) }
    #expect(mean(explored) < mean(exploited), "\(mean(explored)) \(mean(exploited))")
  }

  @Test("scores lie in [0, 1] with four decimals, and the pack survives its document")
  func document() throws {
    let pack = try broadBuilder().pack(for: idea())
    for score in pack.fields.map(\.score) + pack.operators.map(\.score) + pack.datasets.map(\.score)
    {
      #expect((0...1).contains(score))
      #expect(JSONValue.number(score).compactText.count <= 6, "\(score)")
    }
    // The graph is kept as it stands, in which 1 and 1.0 are written alike.
    let again = try RetrievalPack(text: pack.json.indentedText, document: "pack")
    #expect(again.json.compactText == pack.json.compactText)
    #expect(again.fields == pack.fields && again.operators == pack.operators)
  }

  @Test("the graph joins every node to the idea, and names no node that is not there")
  func graph() throws {
    let pack = try broadBuilder().pack(for: idea(keywords: ["news"]))
    guard case .array(let nodes)? = pack.visualGraph["nodes"],
      case .array(let edges)? = pack.visualGraph["edges"]
    else {
      Issue.record("the graph is no graph")
      return
    }
    func text(_ value: JSONValue, _ name: String) -> String {
      if case .string(let text)? = value[name] { text } else { "" }
    }
    let names = nodes.map { text($0, "id") }
    #expect(Set(names).count == names.count)
    #expect(nodes.count { text($0, "state") == "dropped" } == RetrievalGraph.droppedMax)
    #expect(nodes.count { text($0, "state") == "searching" } == RetrievalGraph.searchingMax)
    let known = Set(names)
    var triples: Set<[String]> = []
    for edge in edges {
      #expect(known.contains(text(edge, "source")) && known.contains(text(edge, "target")))
      triples.insert([text(edge, "source"), text(edge, "target"), text(edge, "kind")])
    }
    #expect(triples.count == edges.count)
    #expect(edges.count { text($0, "kind") == "supports_operator" } == 128)
    #expect(
      Set(edges.map { text($0, "target") }).union(["idea:\(pack.ideaID)"]).isSuperset(
        of: names.filter { !$0.hasPrefix("operator:") }))
  }
}
