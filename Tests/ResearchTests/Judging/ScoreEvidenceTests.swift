import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Research

@Suite("Score evidence")
struct ScoreEvidenceTests {
  private static let panel = RandomPanels.make(
    RandomPanels.Shape(rows: 320, columns: 16, missing: 0.02), seed: 7)

  private static func simulate(
    _ formulas: [CheckedFormula], pool: PnLPool? = nil
  ) throws -> [SimulationResult] {
    var settings = SimulationSettings()
    settings.neutralization = .market
    let frame = try MarketFrame(panel: panel, settings: settings)
    let values = Evaluator.values(of: formulas.map(\.graph), on: panel)
    return zip(formulas, values).map { formula, alpha in
      var simulation = BookSimulation(frame: frame)
      alpha.withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { simulation.advance(rows: 0..<panel.rows, alpha: base) }
      }
      return simulation.finish(
        AlphaIdentity(formula), limits: .standard(for: .user, delay: 1), pool: pool)
    }
  }

  @Test("a simulation becomes evidence with its checks, its years, its pool and its trials")
  func simulation() throws {
    let checker = FormulaChecker(schema: Self.panel.schema)
    let formulas = try ["rank(-ts_delta(close, 5))", "rank(-ts_delta(close, 8))", "rank(volume)"]
      .map { try checker.check($0) }
    let results = try Self.simulate(formulas)
    let pool = PnLPool([results[1].poolEntry, results[2].poolEntry])
    let trust = TrustReport.assess(
      TrustEvidence(dailyPnL: results[0].series.pnl, trials: 250))
    let evidence = ScoreEvidence(results[0], trust: trust, effectiveTrials: 40, pool: pool)
    #expect(evidence.metrics.sharpe == results[0].inSample.sharpe)
    #expect((evidence.metrics.turnover ?? 9) < 2, "turnover is a fraction")
    #expect(evidence.checks.map(\.name) == results[0].checks.map(\.name.rawValue))
    #expect(evidence.poolCorrelation?.nearest == results[1].identifier)
    #expect(evidence.trust?.trials == 250 && evidence.trust?.effectiveTrials == 40)
    #expect(evidence.yearly?.years == Set(results[0].yearly.map(\.year)).count)
    let card = ScoreCard(evidence)
    #expect(card.passed == card.reasons.isEmpty && card.score.isFinite)
    #expect(card.json["label"] != nil && card.json["trust"]?["trials"] == 250)
  }

  @Test("a search of three generations finds better formulas than it began with")
  func generations() throws {
    let checker = FormulaChecker(schema: Self.panel.schema)
    let search = MutationSearch(space: MutationSpace(checker: checker))
    var generator = SplitMix64(seed: 5)
    var pack = RetrievalPack(ideaID: "i", query: "reversal")
    pack.fields = Self.panel.schema.fields.values.sorted { $0.name < $1.name }.map {
      .init(id: $0.name, datasetID: "d", type: $0.kind.rawValue, lane: .exploit, score: 0.5)
    }
    var grammar = SignalGrammar(pack: pack, idea: "reversal")
    var lineage = Lineage()
    var bandit = LaneBandit()
    var known: Set<String> = []
    func judged(_ formulas: [CheckedFormula]) throws -> [MutationParent] {
      try zip(formulas, Self.simulate(formulas)).map { formula, result in
        MutationParent(
          candidate: CandidateAlpha(ideaID: "i", formula: formula.canonicalText),
          formula: formula, card: ScoreCard(ScoreEvidence(result)))
      }
    }
    let first = try judged(
      (0..<8).compactMap { _ in grammar.signal(lane: .exploit, using: &generator)?.formula })
    for parent in first {
      try lineage.record(
        proposal: parent.key, ideaID: "i", lane: .exploit,
        expression: parent.formula.canonicalText)
      known.insert(parent.key)
    }
    var population = first
    for round in UInt64(0)..<3 {
      population.sort { ($1.card.score, $0.key) < ($0.card.score, $1.key) }
      var children: [MutatedCandidate] = []
      for parent in population.prefix(3) {
        children += search.children(
          of: parent, partners: population, count: 4, known: &known, bandit: bandit, seed: round)
      }
      // The same simulation settings for all, so children of settings are left out.
      children.removeAll { $0.operation == .settings }
      let parents = Dictionary(uniqueKeysWithValues: population.map { ($0.key, $0) })
      for (child, outcome) in zip(children, try judged(children.map(\.formula))) {
        try lineage.record(child)
        try lineage.judge(child.key, outcome.card)
        let parent = try #require(parents[child.parentKey])
        bandit.record(
          LaneBandit.Outcome(
            arm: .init(lane: child.lane, operation: child.operation),
            reward: LaneBandit.reward(of: outcome.card, over: parent.card)))
        population.append(outcome)
      }
    }
    let before = first.map(\.card.score).max() ?? 0
    let after = population.map(\.card.score).max() ?? 0
    #expect(after > before, "\(after) after \(before)")
    #expect(lineage.members.map(\.generation).max() ?? 0 >= 2)
    #expect(lineage.members.count > 20)
  }
}
