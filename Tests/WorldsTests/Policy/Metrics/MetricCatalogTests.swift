import Testing

@testable import Worlds

@Suite("The catalog of measures")
struct MetricCatalogTests {
  @Test("every measure has one meaning, in both languages, and a name without a window")
  func entries() {
    #expect(Set(MetricCatalog.all.map(\.base)).count == MetricCatalog.all.count)
    for meaning in MetricCatalog.all + [MetricCatalog.beta] {
      #expect(meaning.english.hasSuffix(".") && meaning.korean.hasSuffix("."))
      #expect(meaning.korean.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
      #expect(MetricName(meaning.base)?.window == nil, "\(meaning.base)")
    }
  }

  @Test("a measure from outside is known only where it is declared, and beta of anything always")
  func external() {
    #expect(MetricCatalog().meaning(of: "mood") == nil)
    #expect(MetricCatalog(external: ["mood"]).meaning(of: "mood")?.windowing == .optional)
    #expect(MetricCatalog().meaning(of: "beta_btc")?.unit == .ratio)
    #expect(MetricCatalog().meaning(of: "beta_") == nil)
    #expect(MetricCatalog().meaning(of: "data_age")?.type == .duration)
  }
}
