import AlphaLanguage
import Markets
import Mathematics
import Testing

@testable import Research

@Suite("The novelty of formulas")
struct FormulaNoveltyTests {
  @Test("a formula is new once, and a variation of it is new in part")
  func once() throws {
    var known = FormulaNovelty()
    let first = try #require(FormulaFeatures(canonicalText: "rank(ts_delta(close, 5))"))
    #expect(known.measure(first).value == 1)
    known.learn(first)
    #expect(known.measure(first).value == 0)
    let other = try #require(FormulaFeatures(canonicalText: "rank(ts_delta(open, 5))"))
    let novelty = known.measure(other)
    #expect(novelty.newPairs == 2 && novelty.pairs == 2)
    // rank(ts_delta) is known, the other two shapes are not.
    #expect(novelty.newShingles == 2 && novelty.shingles == 3)
    let share: Double = 5 / 6
    #expect(abs(novelty.value - share) < 1e-15)
  }

  @Test("novelty is in [0, 1], falls as more is known, and does not depend on the order")
  func laws() throws {
    var generator = SplitMix64(seed: 7)
    let fields = ["close", "open", "volume", "cap"]
    let unary = ["rank", "zscore", "log", "abs"]
    func formula(_ depth: Int) -> String {
      if depth == 0 { return fields.randomElement(using: &generator) ?? "close" }
      if Bool.random(using: &generator) {
        return "\(unary.randomElement(using: &generator) ?? "rank")(\(formula(depth - 1)))"
      }
      return "add(\(formula(depth - 1)), \(formula(depth - 1)))"
    }
    let all = try (0..<60).map { _ in
      try #require(FormulaFeatures(canonicalText: formula(3)))
    }
    var known = FormulaNovelty()
    let watched = all[59]
    var last = 1.0
    for features in all.dropLast() {
      let value = known.measure(watched).value
      #expect((0...1).contains(value) && value <= last)
      last = value
      known.learn(features)
    }
    var reversed = FormulaNovelty()
    for features in all.dropLast().reversed() { reversed.learn(features) }
    #expect(reversed == known)
  }

  @Test("the canonical text of every form of formula is taken apart")
  func checked() throws {
    let schema = PanelSchema(
      fields: ["close", "open", "volume", "cap"].map { FieldDescription(name: $0, kind: .matrix) }
        + [FieldDescription(name: "sector", kind: .group)])
    let checker = FormulaChecker(schema: schema)
    var known = FormulaNovelty()
    for text in [
      "close", "-close + 2 * open ^ 0.5", "rank(close / open - 1)",
      "a = ts_delta(close, 5); rank(a) - group_neutralize(a, sector)",
      "if_else(close > open && volume > 0, 1, nan)", "quantile(close, driver=uniform, sigma=2)",
      "winsorize(close, std=4)", "hump(close, hump=0.001)", "trade_when(close > open, close, -1)",
      "group_mean(close, cap, bucket(rank(cap), range=\"0,1,0.1\"))", "ts_step(1)",
    ] {
      let formula = try checker.check(text)
      #expect(FormulaFeatures(canonicalText: formula.canonicalText) != nil, "\(text)")
      #expect(known.measure(formula) > 0, "\(text)")
      known.learn(formula)
      #expect(known.measure(formula) == 0, "\(text)")
    }
  }
}
