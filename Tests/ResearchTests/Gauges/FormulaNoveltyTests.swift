import AlphaLanguage
import Essentials
import Mathematics
import Testing

@testable import Research

@Suite("The novelty of formulas")
struct FormulaNoveltyTests {
  @Test("a formula is new once, and a variation of it is new in part")
  func once() throws {
    var known = KnownFormulaParts()
    let first = try #require(FormulaFeatures(canonicalText: "rank(ts_delta(close, 5))"))
    #expect(known.novelty(of: first).value == 1)
    known.insert(first)
    #expect(known.novelty(of: first).value == 0)
    let other = try #require(FormulaFeatures(canonicalText: "rank(ts_delta(open, 5))"))
    let novelty = known.novelty(of: other)
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
    var known = KnownFormulaParts()
    let watched = all[59]
    var last = 1.0
    for features in all.dropLast() {
      let value = known.novelty(of: watched).value
      #expect((0...1).contains(value) && value <= last)
      last = value
      known.insert(features)
    }
    var reversed = KnownFormulaParts()
    for features in all.dropLast().reversed() { reversed.insert(features) }
    #expect(reversed == known)
  }
}
