import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("What was learned, in the models of a symbol")
struct SymbolModelsLearningTests {
  /// A direction that follows the Kalman filter: it calls the way that the price went.
  private static let direction = """
    {"model_type": "logistic_v1", "feature_names": ["mu_kf"], "weights": [WEIGHT], "bias": 0,
     "mean": [0], "std": [1]}
    """

  private static func settings() -> SymbolModelSettings {
    var settings = SymbolModelSettings()
    settings.particle.particles = 16
    return settings
  }

  private static func documents(weight: Double) throws -> ModelDocuments {
    var documents = ModelDocuments()
    try documents.read(
      direction.replacing("WEIGHT", with: "\(weight)"), as: .direction, document: "direction")
    return documents
  }

  @Test("the skill of a direction is that of its own calls, scored after their bar, and no sooner")
  func skill() throws {
    let documents = try Self.documents(weight: 5)
    var market = SimulatedSymbol(seed: 31)
    var models = SymbolModels(symbol: "A", settings: Self.settings())
    models.adopt(documents)
    var (hits, calls) = (0, 0)
    var waiting: DirectionForecast?
    var close = market.price
    for _ in 0..<600 {
      let bar = market.bar()
      if let waiting, waiting.confidence >= 0.52, bar.close != close {
        calls += 1
        if (bar.close > close) == (waiting.edge > 0) { hits += 1 }
      }
      close = bar.close
      models.observe(bar, span: .minute)
      let reading = models.wouldRead(at: market.now, horizonSeconds: 60)
      waiting = reading?.direction
      if let skill = reading?.directionSkill {
        #expect(skill.hits.trials == min(200, calls))
        if calls <= 200 { #expect(skill.hits.successes == hits) }
        #expect(skill.measuredAt <= market.now)
      } else {
        #expect(calls == 0)
      }
    }
    #expect(calls > 400)
  }

  @Test("a record is saved and resumed with its model, and forgotten with another")
  func resuming() throws {
    let documents = try Self.documents(weight: 5)
    var market = SimulatedSymbol(seed: 32)
    var models = SymbolModels(symbol: "A", settings: Self.settings())
    models.adopt(documents)
    for _ in 0..<300 { models.observe(market.bar(), span: .minute) }
    let state = models.savedState
    var resumed = try SymbolModels(
      symbol: "A", settings: Self.settings(), documents: documents, resuming: state)
    #expect(resumed.savedState.compactText == state.compactText)
    for _ in 0..<50 {
      let bar = market.bar()
      models.observe(bar, span: .minute)
      resumed.observe(bar, span: .minute)
    }
    #expect(models.track == resumed.track && models.track.skill != nil)
    #expect(models.savedState.compactText == resumed.savedState.compactText)
    let other = try Self.documents(weight: 4)
    let strange = try SymbolModels(
      symbol: "A", settings: Self.settings(), documents: other, resuming: state)
    #expect(strange.track.skill == nil)
    #expect(models.adopt(other).isEmpty && models.track.skill == nil)
  }

  /// Trees that expect a bar to rise by a basis point, or more where the filter rises.
  private static func drift(expectancyLow: Double, explainedLow: Double) throws -> String {
    let text = """
      tree
      num_class=1
      num_tree_per_iteration=1
      max_feature_idx=0
      objective=regression
      feature_names=mu_kf

      Tree=0
      num_leaves=2
      num_cat=0
      split_feature=0
      threshold=0
      decision_type=2
      left_child=-1
      right_child=-2
      leaf_value=1 3
      is_linear=0

      end of trees

      """
    let document: JSONValue = [
      "model_type": "lightgbm_v1", "bar_seconds": 60, "slope": .number(1e-4),
      "slope_error": .number(1e-6),
      "model_text": .string(text),
      "valid_metrics": [
        "expectancy_bps_low": .number(expectancyLow), "explained_low": .number(explainedLow),
      ],
    ]
    return document.indentedText
  }

  @Test("learned trees are listened to where they have shown what is asked, and stand in the parts")
  func evidence() throws {
    for (expectancy, explained, evidence, isHeard) in [
      (0.1, 0.1, LearnedDriftDocument.Evidence.earning, true), (0, 0.1, .earning, false),
      (-1, 0.1, .explaining, true), (1, -0.1, .explaining, false), (-1, -1, .any, true),
    ] {
      var documents = ModelDocuments()
      try documents.read(
        Self.drift(expectancyLow: expectancy, explainedLow: explained), as: .drift,
        document: "mu_alpha_model.json")
      var settings = Self.settings()
      settings.learnedEvidence = evidence
      var market = SimulatedSymbol(seed: 33)
      var models = SymbolModels(symbol: "A", settings: settings)
      #expect(models.adopt(documents).isEmpty)
      for _ in 0..<300 { models.observe(market.bar(), span: .minute) }
      let reading = try #require(models.wouldRead(at: market.now, horizonSeconds: 120))
      #expect((reading.signals.learned != nil) == isHeard)
      #expect((reading.belief[.learned] != 0) == isHeard)
      if let learned = reading.signals.learned {
        // One or three basis points in the first of two bars.
        let bars = learned.annualDrift / (1e-4 * 525_600 / 2)
        #expect(agree(bars, 1, relative: 1e-9) || agree(bars, 3, relative: 1e-9))
        #expect(agree(learned.annualDeviation / learned.annualDrift, 0.01, relative: 1e-9))
      }
      var other = SymbolModels(
        symbol: "A", settings: SymbolModelSettings(span: try #require(BarSpan(.minutes(5)))))
      let mismatch = other.adopt(documents)
      #expect(mismatch.map(\.key) == ["other_bars"])
    }
  }

  @Test("a learned drift goes to its document and back, and defects are named")
  func document() throws {
    let text = try Self.drift(expectancyLow: 0.1, explainedLow: 0.2)
    let read = try LearnedDriftDocument(text: text, document: "d")
    #expect(read.expectancyLow == 0.1 && read.explainedLow == 0.2 && read.drift != nil)
    let again = try LearnedDriftDocument(text: read.json.indentedText, document: "d")
    #expect(again == read)
    let failure = #expect(throws: DocumentFailure.self) {
      try LearnedDriftDocument(
        text: """
          {"model_type": "forest", "bar_seconds": 0, "slope": -1, "model_text": "no tree"}
          """, document: "d")
    }
    let explanation = try #require(failure).explanation
    for place in ["model_type", "bar_seconds", "slope", "slope_error", "model_text"] {
      #expect(explanation.contains(place), "\(place)")
    }
  }

  @Test("fitted hidden states alone move the drift, and not where they have no share")
  func hiddenStates() throws {
    // A market that rises by half a deviation a bar for long stretches.
    let document = """
      {"version": 1, "model": "hmm", "fitted_at": "", "source": "bars", "lookback": 4000,
       "bar_seconds": 60, "symbols": {"A": {"n_obs": 4000, "states": 3, "initial": [0.3, 0.4, 0.3],
       "means": [-0.0005, 0, 0.0005], "variances": [1e-6, 1e-6, 1e-6],
       "transitions": [0.98, 0.01, 0.01, 0.01, 0.98, 0.01, 0.01, 0.01, 0.98]}}}
      """
    var documents = ModelDocuments()
    try documents.read(document, as: .hmm, document: "hmm_params.json")
    for (drift, sign) in [(5e-4, 1.0), (-5e-4, -1.0)] {
      var market = SimulatedSymbol(seed: 34)
      market.drift = drift
      var models = SymbolModels(symbol: "A", settings: Self.settings())
      #expect(models.adopt(documents).isEmpty)
      for _ in 0..<300 { models.observe(market.bar(), span: .minute) }
      let reading = try #require(models.wouldRead(at: market.now, horizonSeconds: 600))
      let state = try #require(reading.signals.hiddenState)
      #expect(state * sign > 0.55)
      // The states alone, without anything else that is believed.
      var alone = try #require(
        ModelSignals(horizonSeconds: 600, annualVolatility: reading.signals.annualVolatility))
      alone.hiddenState = state
      alone.hiddenDrift = reading.signals.hiddenDrift
      let belief = Belief(alone)
      #expect(belief.annualDrift * sign > 0)
      #expect(belief.annualDrift == belief[.hiddenState])
      var without = BeliefSettings()
      without.hiddenState.share = 0
      #expect(Belief(alone, without).annualDrift == 0)
      // By the drift's own size there is nothing to turn.
      var ownSize = BeliefSettings()
      ownSize.hiddenState.target = .ownSize
      #expect(Belief(alone, ownSize).annualDrift == 0)
      alone.causal = -100 * sign
      var plain = ownSize
      plain.hiddenState.share = 0
      let turned = Belief(alone, ownSize).annualDrift
      #expect(turned * sign > Belief(alone, plain).annualDrift * sign)
    }
    // States that nobody fitted have no mean of the market's own.
    var market = SimulatedSymbol(seed: 35)
    var models = SymbolModels(symbol: "A", settings: Self.settings())
    for _ in 0..<300 { models.observe(market.bar(), span: .minute) }
    let reading = try #require(models.wouldRead(at: market.now, horizonSeconds: 600))
    #expect(reading.signals.hiddenDrift == nil && reading.belief[.hiddenState] == 0)
  }
}
