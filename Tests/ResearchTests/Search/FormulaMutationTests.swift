import AlphaLanguage
import Essentials
import Mathematics
import Testing

@testable import Research

@Suite("Formula mutation")
struct FormulaMutationTests {
  private static let space = MutationSpace(checker: BundledFields.checker)
  private static let mutation = FormulaMutation(space: space)

  /// Valid formulas of many shapes.
  private static func formulas(_ count: Int, seed: UInt64) -> [CheckedFormula] {
    var generator = SplitMix64(seed: seed)
    var grammar = SignalGrammar(pack: BundledFields.pack(), idea: "")
    let checker = BundledFields.checker
    return (0..<count).compactMap { index in
      grammar.signal(lane: index % 2 == 0 ? .exploit : .explore, using: &generator)
        .flatMap { try? checker.check($0.text) }
    }
  }

  @Test("a tree is written back as the graph that it was made of")
  func roundTrip() throws {
    for formula in Self.formulas(100, seed: 1) {
      let tree = try #require(FormulaTree(formula.graph))
      let text = try #require(tree.text())
      #expect(try BundledFields.checker.check(text).fingerprint == formula.fingerprint)
      #expect(tree.paths.count == tree.size)
    }
  }

  @Test("every mutation of 500 formulas checks, differs, and joins no more units")
  func laws() throws {
    let formulas = Self.formulas(500, seed: 2)
    #expect(formulas.count == 500)
    var generator = SplitMix64(seed: 3)
    var made: [MutationOperator: Int] = [:]
    for (index, formula) in formulas.enumerated() {
      let operations = MutationOperator.allCases
      let partner = formulas[(index * 7 + 1) % formulas.count]
      for operation in [operations[index % operations.count], .crossover] {
        guard
          let edit = Self.mutation.apply(
            operation, to: formula, partner: partner,
            lane: index % 2 == 0 ? .exploit : .explore, using: &generator)
        else { continue }
        made[operation, default: 0] += 1
        let again = try BundledFields.checker.check(edit.formula.canonicalText)
        #expect(again.fingerprint == edit.formula.fingerprint)
        #expect(edit.formula.fingerprint != formula.fingerprint)
        #expect(!edit.description.isEmpty && edit.formula.complexity.operators <= 64)
      }
    }
    for operation in MutationOperator.allCases where operation != .settings {
      #expect(made[operation, default: 0] >= 1, "\(operation): \(made[operation] ?? 0)")
    }
    #expect(made[.crossover, default: 0] >= 450)
  }

  @Test("swaps rename whole operators, never a part of a name")
  func wholeNames() throws {
    let parent = try BundledFields.checker.check("group_rank(ts_rank(close, 5), sector)")
    var generator = SplitMix64(seed: 1)
    var seen: Set<String> = []
    for _ in 0..<200 {
      guard let edit = Self.mutation.apply(.operatorSwap, to: parent, using: &generator) else {
        continue
      }
      seen.insert(edit.formula.canonicalText)
    }
    #expect(seen.contains("group_zscore(ts_rank(close, 5), sector)"))
    #expect(seen.contains("group_rank(ts_zscore(close, 5), sector)"))
    #expect(seen.allSatisfy { $0.hasPrefix("group_") && $0.contains("close, 5") })
  }

  @Test("a window moves to its neighbors on the grid")
  func windows() throws {
    let parent = try BundledFields.checker.check("rank(ts_mean(close, 20))")
    var generator = SplitMix64(seed: 1)
    var seen: Set<String> = []
    for _ in 0..<40 {
      if let edit = Self.mutation.apply(.windowStep, to: parent, using: &generator) {
        seen.insert(edit.formula.canonicalText)
      }
    }
    #expect(seen == ["rank(ts_mean(close, 15))", "rank(ts_mean(close, 30))"])
  }

  @Test("the sign is flipped and flipped back")
  func sign() throws {
    var generator = SplitMix64(seed: 1)
    let parent = try BundledFields.checker.check("rank(close)")
    let child = try #require(Self.mutation.apply(.signFlip, to: parent, using: &generator))
    #expect(child.formula.canonicalText == "reverse(rank(close))")
    let back = try #require(
      Self.mutation.apply(.signFlip, to: child.formula, using: &generator))
    #expect(back.formula.fingerprint == parent.fingerprint)
  }

  @Test("a panel without groups has classes of numbers made")
  func noGroups() throws {
    var pack = BundledFields.pack()
    pack.fields.removeAll { $0.type == "GROUP" }
    let mutation = FormulaMutation(
      space: MutationSpace(checker: BundledFields.checker, pack: pack))
    var generator = SplitMix64(seed: 1)
    let parent = try BundledFields.checker.check("rank(close)")
    let child = try #require(mutation.apply(.groupNeutralize, to: parent, using: &generator))
    #expect(child.formula.canonicalText.contains("bucket(rank("))
  }
}
