import Essentials
import Foundation
import Storage
import TestKit
import Testing

@testable import Research

@Suite("Knowledge pack")
struct KnowledgePackTests {
  private static let build = KnowledgeBuilder(
    catalogue: DeskPanel.catalogue, settings: .success(.local),
    at: Timestamp(millisecondsSinceEpoch: 86_400_000)
  ).build()

  private func pack(_ keywords: String) throws -> RetrievalPack {
    var idea = IdeaSpec(ideaID: "i", hypothesis: "Prices revert.")
    idea.keywordsForRetrieval = [keywords]
    return try DeskPanel.builder().pack(for: idea)
  }

  @Test("a pack that was written reads back to the same, and is built the same again")
  func files() throws {
    let folder = try ScratchFolder()
    let path = folder.url.appendingPathComponent("meta/index").path
    let paths = try Self.build.write(to: path)
    #expect(
      paths.map { ($0 as NSString).lastPathComponent } == KnowledgeFile.allCases.map(\.fileName))
    let pack = try KnowledgePack(folder: path)
    #expect(pack == (try Self.build.pack()))
    #expect(pack.operators.count == DeskPanel.catalogue.operators.count)
    #expect(pack.rules == FormulaRule.all && pack.settings.choices == AllowedSettings.local.choices)
    #expect(pack.generatedAt == Timestamp(millisecondsSinceEpoch: 86_400_000).description)
  }

  @Test("S6: missing and corrupt files are named together, with the command that mends them")
  func damage() throws {
    let folder = try ScratchFolder()
    let path = folder.url.path
    _ = try Self.build.write(to: path)
    func place(_ file: KnowledgeFile) -> URL { folder.url.appendingPathComponent(file.fileName) }
    try FileManager.default.removeItem(at: place(.operators))
    try Data("{".utf8).write(to: place(.settings))
    try Data(#"{"version": "v2", "examples": [{"lesson": 3}]}"#.utf8).write(to: place(.examples))
    try Data([0xFF, 0xFE]).write(to: place(.visual))
    let failure = try #require(
      #expect(throws: KnowledgeFailure.self) { try KnowledgePack(folder: path) })
    let defects = failure.defects
    #expect(
      defects.map(\.file)
        == [KnowledgeFile.operators, .settings, .examples, .visual].map(\.fileName))
    #expect(defects[0].reason == "is missing")
    #expect(defects[2].reason.contains("examples[0].expression is missing"))
    #expect(defects[2].reason.contains("version is \"v2\""))
    #expect(failure.remedy == "Run `athanor build-knowledge-pack`.")
    #expect(failure.outcome == .badConfiguration)
  }

  @Test("nothing can be written where there is no folder")
  func unwritable() {
    let failure = #expect(throws: FileFailure.self) {
      try Self.build.write(to: "/dev/null/packs")
    }
    #expect(failure?.key == "unwritable_file")
  }

  @Test("a prompt holds what the pack offers, rules and counterexamples, and nothing for pages")
  func prompt() throws {
    let retrieval = try pack("reversal volume")
    let document = try Self.build.pack().promptDocument(for: retrieval)
    func values(_ name: String) -> [JSONValue] {
      if case .array(let values)? = document[name] { values } else { [] }
    }
    #expect(values("operators").count == retrieval.operators.count)
    #expect(values("examples").count == 8)
    #expect(values("counterexamples").count == 8)
    #expect(values("rulebook").count == FormulaRule.all.count)
    let text = document.compactText
    #expect(!text.contains("badge_color") && !text.contains("tips"))
    #expect(!text.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
    #expect(Self.build.documents.last?.json.compactText.contains("회전율") == true)
  }

  @Test("examples in a prompt read and call only what the pack offers")
  func fitting() throws {
    var retrieval = try pack("reversal volume")
    let pack = try Self.build.pack()
    retrieval.fields.removeAll { $0.id == "close" }
    retrieval.operators.removeAll { $0.name == "hump" }
    guard case .array(let examples)? = pack.promptDocument(for: retrieval)["examples"] else {
      Issue.record("there are no examples")
      return
    }
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(!example.compactText.contains("close") && !example.compactText.contains("hump("))
    }
    var limits = KnowledgePack.PromptLimits()
    (limits.examples, limits.counterexamples) = (2, 0)
    let short = pack.promptDocument(for: retrieval, limits: limits)
    #expect(short["counterexamples"] == .array([]))
    #expect(short["compact_policy"]?["max_examples"] == .integer(2))
  }
}
