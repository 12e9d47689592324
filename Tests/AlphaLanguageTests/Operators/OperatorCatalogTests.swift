import AlphaLanguage
import Essentials
import Testing

@Suite("The operator catalogue")
struct OperatorCatalogTests {
  private let entries = OperatorCatalog.fastexpr.entries

  @Test("184 operators are known, 165 of them for alphas, each once")
  func count() {
    #expect(entries.count == 184)
    #expect(Set(entries.map(\.name)).count == 184)
    #expect(entries.compactMap(\.code).count == 165)
    #expect(Set(entries.compactMap(\.code)) == Set(OperatorCode.allCases))
    let tiers = Dictionary(grouping: entries, by: \.tier).mapValues(\.count)
    #expect(tiers == [.base: 85, .genius: 80, .legacy: 19])
  }

  @Test("every operator for alphas says what it means, how, and what it makes of missing values")
  func documentation() {
    for entry in entries {
      #expect(entry.meaning.hasSuffix("."), "\(entry.name)")
      guard entry.code != nil else { continue }
      #expect(!entry.formula.isEmpty && entry.missing.text.hasSuffix("."), "\(entry.name)")
      #expect(entry.ties?.hasSuffix(".") != false, "\(entry.name)")
    }
  }

  @Test("defaults are allowed values, and required arguments stand before optional ones")
  func defaults() {
    for entry in entries {
      var hasStandard = false
      for parameter in entry.parameters {
        if parameter.standard != nil { hasStandard = true }
        #expect(parameter.standard != nil || !hasStandard, "\(entry.name) \(parameter.name)")
        #expect(!parameter.kind.isOption || !parameter.isVariadic)
        switch (parameter.kind, parameter.standard) {
        case (.number(let domain), .number(let value)?): #expect(domain.contains(value))
        case (.integer(let range), .number(let value)?): #expect(range.contains(Int(value)))
        case (.word(let words), .word(let word)?): #expect(words.contains(word))
        case (.flag, .flag(let flag)?): #expect(!flag)
        case (.numbers, .numbers?), (_, nil), (_, .absent?): break
        default: Issue.record("\(entry.name) \(parameter.name) has a default of another kind")
        }
      }
      #expect(entry.parameters.count { $0.isVariadic } <= 1)
      #expect(entry.parameters.count == entry.inputs.count + entry.options.count)
    }
  }

  @Test("commutative operators have two inputs of one kind")
  func commutative() {
    let names = entries.filter(\.isCommutative).map(\.name)
    #expect(
      names == ["add", "multiply", "max", "min", "and", "or", "equal", "not_equal"])
    for entry in entries where entry.isCommutative { #expect(entry.inputs.count == 2) }
  }

  @Test(
    "a signature shows parameters and defaults",
    arguments: [
      ("ts_rank", "ts_rank(x, d, constant=0)"), ("add", "add(x, y, ..., filter=false)"),
      ("quantile", "quantile(x, driver=\"gaussian\", sigma=1)"),
      ("kth_element", "kth_element(x, d, k, ignore=\"NAN\")"),
      (
        "bucket",
        "bucket(x, range=, buckets=, skipBegin=false, skipEnd=false, skipBoth=false, NANGroup=false)"
      ),
    ])
  func signature(_ name: String, _ signature: String) throws {
    #expect(try #require(OperatorCatalog.fastexpr.entry(named: name)).signature == signature)
  }

  @Test("names are found in any case, unknown ones are not")
  func lookup() {
    #expect(OperatorCatalog.fastexpr.entry(named: "TS_Mean")?.code == .tsMean)
    #expect(OperatorCatalog.fastexpr.entry(named: "ts_men") == nil)
    #expect(OperatorCatalog.fastexpr.entry(of: .rank).name == "rank")
  }
}
