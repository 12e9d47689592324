import AlphaLanguage
import Essentials
import Testing

@testable import Research

@Suite("Mutation search")
struct MutationSearchTests {
  static let search = MutationSearch(space: MutationSpace(checker: BundledFields.checker))

  static func parent(
    _ text: String, sharpe: Double, fitness: Double = 0.8, turnover: Double = 0.3
  ) throws -> MutationParent {
    let metrics = SummaryMetrics(sharpe: sharpe, fitness: fitness, turnover: turnover)
    return MutationParent(
      candidate: CandidateAlpha(ideaID: "i", formula: text),
      formula: try BundledFields.checker.check(text),
      card: ScoreCard(ScoreEvidence(alphaID: text, metrics: metrics)))
  }

  @Test("what failed decides what is tried first")
  func plan() throws {
    func first(_ parent: MutationParent) -> MutationOperator {
      MutationPlan(for: parent.card).shares[0].operation
    }
    let text = "rank(ts_delta(close, 5))"
    #expect(try first(Self.parent(text, sharpe: 1.5, turnover: 0.9)) == .smooth)
    #expect(try first(Self.parent(text, sharpe: -1)) == .signFlip)
    #expect(try first(Self.parent(text, sharpe: 0.5)) == .operatorSwap)
    #expect(try first(Self.parent(text, sharpe: 1.5, fitness: 1.2, turnover: 0.005)) == .windowStep)
    for label in [0.9, 0.005, 0.3] {
      let shares = MutationPlan(for: try Self.parent(text, sharpe: 1, turnover: label).card).shares
      #expect(Set(shares.map(\.operation)) == Set(MutationOperator.allCases))
      #expect(abs(shares.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    }
  }

  @Test("a parent that trades too much has slower children first, and parameters are not all")
  func mix() throws {
    let parent = try Self.parent("rank(ts_delta(close, 5))", sharpe: 1.5, turnover: 0.9)
    var known: Set<String> = []
    let children = Self.search.children(of: parent, count: 10, known: &known, seed: 1)
    #expect(children.count == 10)
    #expect(children[0].operation == .smooth)
    #expect(Set(children.map(\.operation.source)).count >= 2)
    #expect(Set(children.map(\.key)).count == 10 && !children.contains { $0.key == parent.key })
    #expect(known.count == 11)
    for (index, child) in children.enumerated() {
      #expect(child.parentKey == parent.key && child.index == index && !child.edit.isEmpty)
      #expect(child.candidate.formula == child.formula.canonicalText)
      #expect(child.reason.label == .highTurnover)
      #expect(child.candidate.notes.validationPassed == true)
    }
  }

  @Test("equal seeds give equal children, and known ones do not come again")
  func determinism() throws {
    let parent = try Self.parent("rank(ts_mean(close, 20))", sharpe: 0.5)
    let partner = try Self.parent("zscore(ts_corr(close, volume, 10))", sharpe: 0.7)
    func keys(_ seed: UInt64, _ known: Set<String> = []) -> [String] {
      var known = known
      return Self.search.children(
        of: parent, partners: [partner, parent], count: 8, known: &known, seed: seed
      ).map(\.key)
    }
    #expect(keys(7) == keys(7))
    #expect(keys(7) != keys(8))
    #expect(Set(keys(7, Set(keys(7)))).isDisjoint(with: keys(7)))
  }

  @Test("a way that has disappointed is taken less often")
  func bandit() throws {
    let parent = try Self.parent("rank(ts_delta(close, 5))", sharpe: 1.5, turnover: 0.9)
    var bandit = LaneBandit()
    for _ in 0..<200 {
      bandit.record(.init(arm: .init(lane: .exploit, operation: .smooth), reward: 0))
    }
    var known: Set<String> = []
    let children = Self.search.children(
      of: parent, count: 6, known: &known, bandit: bandit, seed: 1)
    #expect(children.count { $0.operation == .smooth } <= 1)
    #expect(children[0].operation == .settings && children[0].edit == "decay 15 to 20")
  }

  @Test("a child is made in the way that was asked for, or not at all")
  func single() throws {
    let parent = try Self.parent("rank(ts_mean(close, 20))", sharpe: 0.5)
    var known: Set<String> = []
    var made: [MutationOperator] = []
    for operation in MutationOperator.allCases {
      if let child = Self.search.child(of: parent, by: operation, known: &known, seed: 1) {
        #expect(child.operation == operation)
        made.append(operation)
      }
    }
    #expect(!made.contains(.crossover) && !made.contains(.normalize))
    #expect(made.contains(.settings) && made.contains(.windowStep) && made.contains(.gate))
    #expect(known.count == made.count + 1)
  }

  @Test("settings move along the grid, and only to groups that the panel has")
  func settings() {
    let grid = SettingsGrid(groupFields: ["sector"])
    let steps = grid.steps(from: CandidateSettings(), against: .concentrated)
    #expect(steps.first?.description == "truncation 0.08 to 0.05")
    #expect(!steps.contains { $0.settings.neutralization == "INDUSTRY" })
    #expect(steps.contains { $0.settings.neutralization == "SECTOR" })
  }
}
