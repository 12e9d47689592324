import AlphaLanguage
import Essentials
import Foundation
import Markets
import TestKit
import Testing

@testable import Research

@Suite("Knowledge builder")
struct KnowledgeBuilderTests {
  private static let build = KnowledgeBuilder(
    catalogue: DeskPanel.catalogue, settings: .success(.local),
    at: Timestamp(millisecondsSinceEpoch: 0)
  ).build()

  private func members(_ file: KnowledgeFile, _ name: String) -> [JSONValue] {
    let json = Self.build.documents.first { $0.file == file }?.json
    if case .array(let values)? = json?[name] { return values }
    return []
  }

  private func text(_ value: JSONValue, _ name: String) -> String {
    if case .string(let text)? = value[name] { text } else { "" }
  }

  @Test("S10: every part is built, and operators are as many everywhere")
  func counts() throws {
    let build = Self.build
    #expect(build.failures.isEmpty && !build.isFallback)
    #expect(build.documents.map(\.file) == KnowledgeFile.allCases)
    let operators = DeskPanel.catalogue.operators.count
    #expect(build.counts.operators == operators && build.counts.visualOperators == operators)
    #expect(members(.operators, "operators").count == operators)
    #expect(members(.visual, "operators").count == operators)
    #expect(members(.operators, "missing_required_fields").isEmpty)
    #expect(build.counts.examples >= 24)
    #expect(build.counts.counterexamples == CounterexampleLibrary.entries.count)
    for (_, json) in build.documents {
      #expect(json["version"] == "v1")
      #expect(json["generated_at"] == .string(Timestamp(millisecondsSinceEpoch: 0).description))
    }
  }

  @Test("every example of the library that the panel's fields allow checks without a warning")
  func examples() throws {
    let checker = FormulaChecker(schema: DeskPanel.catalogue.schema)
    for entry in ExampleLibrary.entries
    where !entry.expression.contains("funding") && !entry.expression.contains("mark_") {
      do throws(FormulaRejection) {
        let checked = try checker.check(entry.expression)
        #expect(checked.warnings.map(\.message) == [], "\(entry.expression)")
      } catch {
        Issue.record("\(entry.expression): \(error)")
      }
    }
    let priceVolume: Set = ["pv-prices", "pv-volume", "reference-groups"]
    let examples = members(.examples, "examples")
    let parsed = try examples.map { try FormulaExample(json: $0, document: "e") }
    let simple = parsed.filter { Set($0.subcategories).isSubset(of: priceVolume) }
    #expect(simple.count >= 24)
    #expect(Set(examples.map { text($0, "expression") }).count == examples.count)
    let used = Set(parsed.flatMap(\.usedOperators))
    #expect(used.count >= 30, "\(used.sorted())")
  }

  @Test("examples of perpetual futures check over their fields")
  func perpetuals() throws {
    let schema = PanelSchema(fields: [
      FieldDescription(name: "funding_rate", kind: .matrix),
      FieldDescription(name: "funding_events", kind: .vector),
      FieldDescription(name: "mark_close", kind: .matrix, unit: .price),
      FieldDescription(name: "close", kind: .matrix, unit: .price),
    ])
    let entries = ExampleLibrary.entries.filter {
      $0.expression.contains("funding") || $0.expression.contains("mark_")
    }
    #expect(entries.count == 3)
    for entry in entries {
      #expect(try FormulaChecker(schema: schema).check(entry.expression).warnings == [])
    }
  }

  @Test("every rule's sample checks")
  func rules() throws {
    let checker = FormulaChecker(schema: DeskPanel.catalogue.schema)
    for rule in FormulaRule.all where !rule.sample.isEmpty && !rule.sample.hasPrefix("bucket") {
      #expect(throws: Never.self, "\(rule.sample)") { try checker.check(rule.sample) }
    }
    #expect(FormulaRule.all.contains { $0.sample.hasPrefix("bucket") })
    #expect(Set(FormulaRule.all.map(\.subject)) == ["syntax", "types", "time", "data", "style"])
  }

  @Test("every counterexample fails as it says, and its pattern is found in what is printed")
  func counterexamples() throws {
    let checker = FormulaChecker(schema: DeskPanel.catalogue.schema)
    let taxonomy = members(.visual, "error_taxonomy")
    for value in members(.counterexamples, "cases") {
      let entry = try FormulaCounterexample(json: value, document: "c")
      let rejection = try #require(
        #expect(throws: FormulaRejection.self) { try checker.check(entry.expression) })
      let found = rejection.errors.first { $0.code == entry.errorKey }
      #expect(found?.message == entry.message && !entry.fixHint.isEmpty)
      let taxon = try #require(taxonomy.first { text($0, "error_key") == entry.errorKey })
      let pattern = text(taxon, "match_pattern")
      #expect(
        rejection.rendered().range(of: pattern, options: .regularExpression) != nil, "\(pattern)")
    }
    #expect(
      Set(CounterexampleLibrary.entries.map(\.errorKey)).count
        == CounterexampleLibrary.entries.count)
  }

  @Test("the classes of error that the checker knows have a counterexample each")
  func classes() throws {
    var known: Set<String> = []
    for source in ["Checking", "Syntax"] {
      let folder = checkoutFolder.appendingPathComponent("Sources/AlphaLanguage/\(source)")
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        for match in text.matches(of: /report\(\s*"([a-z_]+)"/) { known.insert(String(match.1)) }
      }
    }
    let covered = Set(CounterexampleLibrary.entries.map(\.errorKey))
    let sizes: Set = ["formula_too_long", "formula_too_large", "nesting_too_deep"]
    #expect(known.count > 25)
    #expect(known.subtracting(covered).subtracting(sizes) == ["operator_unavailable"])
  }

  @Test("missing options fail their part by name and leave the others")
  func failedPart() throws {
    let missing = DocumentFailure(
      document: "options.json",
      defects: [DocumentDefect(keyPath: "", explanation: "is missing.", remedy: "Sync.")])
    let build = KnowledgeBuilder(
      catalogue: DeskPanel.catalogue, settings: .failure(missing),
      at: Timestamp(millisecondsSinceEpoch: 0)
    ).build()
    #expect(build.failures.map(\.file) == [.settings])
    #expect(build.documents.count == 4)
    let failure = #expect(throws: KnowledgeFailure.self) { try build.pack() }
    #expect(failure?.description.contains("simulation_settings_allowed_pack.json") == true)
    #expect(failure?.remedy.contains("build-knowledge-pack") == true)
  }

  @Test("a catalogue that no curated example fits gets formulas over its own fields")
  func fallback() throws {
    let broad = BroadCatalogue.make(fields: 60, seed: 2)
    let build = KnowledgeBuilder(
      catalogue: broad, settings: .success(.local), at: Timestamp(millisecondsSinceEpoch: 0)
    ).build()
    #expect(build.isFallback && build.failures.isEmpty)
    #expect(build.counts.examples > 0)
    let pack = try build.pack()
    #expect(
      pack.examples.allSatisfy { $0.usedFields.allSatisfy { broad.field(named: $0) != nil } })
  }

  @Test("only calls by name count as used operators")
  func called() {
    #expect(
      FormulaText.calledOperators(in: "a = TS_mean (close, 5);\n-rank(a - close) > 0 ? 1 : rank(2)")
        == ["rank", "ts_mean"])
    #expect(FormulaText.tags(for: ["hump", "rank"]).contains("turnover-control"))
  }
}
