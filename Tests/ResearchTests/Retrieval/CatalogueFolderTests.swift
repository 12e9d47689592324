import Foundation
import Markets
import TestKit
import Testing

@testable import Research

@Suite("Metadata folder")
struct CatalogueFolderTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.url.appendingPathComponent(name))
  }

  private func read(_ target: SimulationTarget = SimulationTarget()) throws(RetrievalFailure)
    -> CatalogueFolder.Reading
  {
    try CatalogueFolder(path: folder.url.path).read(for: target)
  }

  private func writeMarket() throws {
    try write(
      "datasets_USA_1_TOP3000.json",
      """
      [{"id": "pv1", "name": "Price Volume", "description": "Prices.", "region": "USA", "delay": 1,
        "universe": "TOP3000", "category": {"id": "pv", "name": "Price Volume"},
        "subcategory": {"id": "pv-price-volume", "name": "Price Volume"}, "coverage": 1.0,
        "valueScore": 5, "fieldCount": 12, "alphaCount": 9000, "userCount": 100,
        "themes": [{"id": "t", "name": "Basics"}], "more": {"unknown": []}},
       {"id": "pv9", "region": "EUR", "delay": 1, "universe": "TOP3000"},
       {"id": "pv8", "region": "USA", "delay": 0, "universe": "TOP3000"},
       {"name": "without an id"}]
      """)
    try write(
      "data_fields_USA_1_TOP3000.json",
      """
      {"results": [
        {"id": "close", "description": "Daily close.", "type": "MATRIX", "dataset": {"id": "pv1"},
         "coverage": 0.99, "alphaCount": 5000, "userCount": 7, "region": "usa"},
        {"id": "close", "type": "MATRIX", "dataset": {"id": "pv9"}, "region": "EUR"},
        {"id": "nws", "type": "vector", "dataset": {"id": "news18", "name": "News"},
         "category": "news", "subcategory": {"id": "news-news", "name": "News"}, "coverage": null},
        {"id": "top3000", "type": "UNIVERSE", "dataset": {"id": "pv1"}},
        {"id": "odd", "type": "MATRIX", "dataset_id": "pv1", "coverage": 7, "alphaCount": -3}]}
      """)
  }

  @Test("rows of the market are taken, rows of others never, defective ones are counted")
  func market() throws {
    try writeMarket()
    let reading = try read()
    let catalogue = reading.catalogue
    #expect(catalogue.datasets.map(\.id) == ["news18", "pv1"])
    #expect(catalogue.datasets[1].themes == ["Basics"] && catalogue.datasets[1].alphaCount == 9000)
    #expect(catalogue.datasets[0].subcategoryID == "news-news")
    #expect(catalogue.fields.map(\.id) == ["close", "nws", "odd"])
    #expect(catalogue.field(named: "close")?.datasetID == "pv1")
    #expect(catalogue.field(named: "nws")?.kind == .vector)
    #expect(catalogue.field(named: "odd")?.coverage == 1)
    #expect(catalogue.field(named: "odd")?.alphaCount == 0)
    #expect(catalogue.target == SimulationTarget())
    #expect(reading.remarks.count == 4, "\(reading.remarks)")
    #expect(reading.remarks[0].contains("2 rows of another market"))
  }

  @Test("only operators that are offered for alphas and that the table knows are listed")
  func operators() throws {
    try writeMarket()
    #expect(try read().catalogue.operators.count > 150)
    try write(
      "operators.json",
      """
      [{"name": "rank", "scope": ["REGULAR", "COMBO"]}, {"name": "ts_mean"},
       {"name": "combo_a", "scope": ["COMBO"]}, {"name": "mystery", "scope": ["REGULAR"]}]
      """)
    let reading = try read()
    #expect(reading.catalogue.operators.map(\.name) == ["rank", "ts_mean"])
    #expect(reading.remarks.last?.contains("mystery") == true)
  }

  @Test("missing and damaged files are named, with the command that fetches them")
  func failures() throws {
    #expect(
      throws: RetrievalFailure.noMetadata(
        folder: folder.url.path,
        files: ["datasets_USA_1_TOP3000.json", "data_fields_USA_1_TOP3000.json"])
    ) { try read() }
    try writeMarket()
    var europe = SimulationTarget()
    europe.region = "EUR"
    let failure = #expect(throws: RetrievalFailure.self) { try read(europe) }
    #expect(failure?.remedy.contains("sync-metadata") == true)
    for text in ["{", "{}", "7", "\u{FFFD}"] {
      try write("data_fields_USA_1_TOP3000.json", text)
      let failure = #expect(throws: RetrievalFailure.self) { try read() }
      #expect(failure?.key == "damaged_metadata")
    }
  }

  @Test("the folder of a market comes before files that name it, and unfinished files do not count")
  func ownFolder() throws {
    try writeMarket()
    let own = folder.url.appendingPathComponent("EQUITY-USA-D1-TOP3000/fields")
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    try write(
      "EQUITY-USA-D1-TOP3000/datasets.json",
      #"{"market": {}, "rows": [{"id": "a.b", "name": "A"}, {"id": "c", "name": "C"}]}"#)
    #expect(throws: RetrievalFailure.self) { try read() }
    try write(
      "EQUITY-USA-D1-TOP3000/fields/a.b.json",
      #"{"rows": [{"id": "one", "type": "MATRIX"}, {"id": "two", "type": "GROUP"}]}"#)
    try write(
      "EQUITY-USA-D1-TOP3000/fields/c.part.json", #"{"rows": [{"id": "three", "type": "MATRIX"}]}"#)
    let catalogue = try read().catalogue
    #expect(catalogue.datasets.map(\.id) == ["a.b", "c"])
    #expect(catalogue.fields.map(\.id) == ["one", "two"])
    #expect(catalogue.field(named: "one")?.datasetID == "a.b")
  }

  @Test("numbers beyond all measure neither stop nor bend the search")
  func hostileNumbers() throws {
    let sets = (0..<20).map {
      #"{"id": "d\#($0)", "alphaCount": 999999999999999, "userCount": 1e14, "valueScore": 1e300, "#
        + #""coverage": -5, "fieldCount": "1e14", "subcategory": {"id": "s\#($0 % 7)"}}"#
    }
    try write("datasets_USA_1_TOP3000.json", "[\(sets.joined(separator: ","))]")
    let rows = (0..<40).map {
      #"{"id": "f\#($0)", "type": "MATRIX", "dataset": {"id": "d\#($0 % 20)"}, "alphaCount": 1e14}"#
    }
    try write("data_fields_USA_1_TOP3000.json", "[\(rows.joined(separator: ","))]")
    let catalogue = try read().catalogue
    let pack = try PackBuilder(catalogue: catalogue, index: CatalogueIndex(catalogue))
      .pack(for: IdeaSpec(ideaID: "i", hypothesis: "h"))
    #expect(!pack.fields.isEmpty)
    #expect(pack.datasets.allSatisfy { (0...1).contains($0.score) })
  }

  @Test("an idea for one market is not answered from another's rows")
  func markets() throws {
    try writeMarket()
    let catalogue = try read().catalogue
    var idea = IdeaSpec(ideaID: "i", hypothesis: "h")
    idea.target.universe = "TOP500"
    let failure = #expect(throws: RetrievalFailure.self) {
      try PackBuilder(catalogue: catalogue, index: CatalogueIndex(catalogue)).pack(for: idea)
    }
    #expect(failure?.key == "other_market")
  }
}
