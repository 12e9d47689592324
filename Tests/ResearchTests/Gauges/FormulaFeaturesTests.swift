import Testing

@testable import Research

@Suite("The parts of a formula")
struct FormulaFeaturesTests {
  private func features(_ text: String) throws -> FormulaFeatures {
    try #require(FormulaFeatures(canonicalText: text), "\(text)")
  }

  @Test("pairs and shapes are counted as a person counts them")
  func counts() throws {
    // ts_delta-close, rank-close; ts_delta(close,#), rank(ts_delta), rank(ts_delta(close,#)).
    let simple = try features("rank(ts_delta(close, 5))")
    #expect(simple.pairs.count == 2 && simple.shingles.count == 3)
    let field = try features("close")
    #expect(field.pairs.count == 1 && field.shingles.count == 1)
    let day = try features("ts_step(1)")
    #expect(day.pairs.isEmpty && day.shingles.count == 1)
  }

  @Test("another window is the same formula, another field or operator is not")
  func windows() throws {
    let formula = try features("rank(ts_delta(close, 5))")
    #expect(try features("rank(ts_delta(close, 20))") == formula)
    #expect(try features("rank(ts_delta(open, 5))") != formula)
    #expect(try features("rank(ts_mean(close, 5))") != formula)
  }

  @Test("a named subformula is what it stands for")
  func names() throws {
    #expect(
      try features("v1 = ts_delta(close, 5); v2 = rank(v1); subtract(v2, v1)")
        == features("subtract(rank(ts_delta(close, 5)), ts_delta(close, 5))"))
  }

  @Test("options, texts, signs and missing values are read")
  func options() throws {
    let driver = try features("quantile(close, driver=\"uniform\", sigma=-1.5e-05)")
    #expect(driver.pairs.count == 1)
    #expect(try features("quantile(close, driver=\"cauchy\", sigma=-1.5e-05)") != driver)
    _ = try features("if_else(greater(close, nan), 1, -0.5)")
    _ = try features("hump(close, hump=0.01)")
    _ = try features("bucket(rank(cap), range=\"0,1,0.1\")")
  }

  @Test(
    "what is no canonical text has no features",
    arguments: [
      "", "rank(", "rank(close", "rank(close))", "a = b", "1 +", "rank(close,)", "\"open",
      "close open", "--1", "$",
    ])
  func malformed(_ text: String) {
    #expect(FormulaFeatures(canonicalText: text) == nil)
  }

  @Test("a text that nests without end is refused and not followed")
  func deep() {
    let text = String(repeating: "rank(", count: 10_000)
    #expect(FormulaFeatures(canonicalText: text) == nil)
  }
}
