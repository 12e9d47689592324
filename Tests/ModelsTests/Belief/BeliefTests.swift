import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Belief")
struct BeliefTests {
  /// Signals in which everything says something, drawn at random.
  private func drawn(_ chance: inout Chance) throws -> ModelSignals {
    var signals = ModelSignals(
      horizonSeconds: 60 * Double(1 + chance.whole(below: 30)),
      annualVolatility: 0.3 + chance.uniform())!
    func estimate() -> DriftEstimate {
      DriftEstimate(
        annualDrift: 40 * chance.normal(), annualDeviation: 20 * chance.uniform())
    }
    signals.garchVolatility = 0.3 + chance.uniform()
    signals.momentum = estimate()
    signals.volatilityRatio = 2 * chance.uniform()
    signals.orderFlow = 2 * chance.uniform() - 1
    signals.multiLevelFlow = chance.normal()
    signals.kalman = estimate()
    signals.particle = estimate()
    signals.bayesian = estimate()
    signals.autoregression = estimate()
    signals.learned = chance.uniform() < 0.5 ? estimate() : nil
    signals.causal = 10 * chance.normal()
    signals.hiddenState = chance.uniform() < 0.5 ? 0 : 2 * chance.uniform() - 1
    signals.hiddenDrift = chance.uniform() < 0.5 ? estimate() : nil
    signals.persistence = HurstExponent.Verdict.allCases[chance.whole(below: 3)]
    signals.reversionDrift = chance.uniform() < 0.5 ? 100 * chance.normal() : nil
    signals.vpin = chance.uniform()
    let parameters = try #require(
      HawkesParameters(
        baseline: HawkesParameters.PerSide(up: 1, down: 1), selfExcitation: 0.5,
        crossExcitation: 0.1, decay: 2))
    var hawkes = HawkesFlow(parameters)
    hawkes.observe(
      chance.uniform() < 0.5 ? .up : .down, at: Timestamp(millisecondsSinceEpoch: 0))
    signals.hawkes = hawkes
    signals.probabilityUp = chance.uniform()
    signals.makerFill = chance.uniform()
    signals.seasonalFactor = 0.7 + chance.uniform()
    signals.market = .table(
      trend: MovingAverageRegime.Trend.allCases[chance.whole(below: 4)],
      hour: chance.whole(below: 24))
    return signals
  }

  @Test(
    "parts add up to drift and volatility to the bit, under every rule",
    arguments: [BeliefSettings(), .conventional])
  func sums(settings: BeliefSettings) throws {
    var chance = Chance(seed: 241)
    for _ in 0..<200 {
      let belief = Belief(try drawn(&chance), settings)
      var drift = 0.0
      for source in DriftSource.allCases { drift += belief[source] }
      var volatility = 0.0
      for source in VolatilitySource.allCases { volatility += belief[source] }
      #expect(belief.annualDrift == drift && drift.isFinite)
      #expect(belief.annualVolatility == volatility && volatility > 0)
      #expect(belief.stages.map(\.name) == Belief.Stage.Name.allCases)
      #expect(belief.stages.last?.annualDrift == drift)
    }
  }

  @Test("the market in a mirror has the opposite drift and the same volatility")
  func mirror() throws {
    var chance = Chance(seed: 242)
    for _ in 0..<100 {
      let signals = try drawn(&chance)
      var mirrored = signals
      func turned(_ estimate: DriftEstimate?) -> DriftEstimate? {
        estimate.map {
          DriftEstimate(annualDrift: -$0.annualDrift, annualDeviation: $0.annualDeviation)
        }
      }
      mirrored.momentum = turned(signals.momentum)
      mirrored.orderFlow = signals.orderFlow.map { -$0 }
      mirrored.multiLevelFlow = signals.multiLevelFlow.map { -$0 }
      mirrored.kalman = turned(signals.kalman)
      mirrored.particle = turned(signals.particle)
      mirrored.bayesian = turned(signals.bayesian)
      mirrored.autoregression = turned(signals.autoregression)
      mirrored.learned = turned(signals.learned)
      mirrored.causal = signals.causal.map { -$0 }
      mirrored.hiddenState = signals.hiddenState.map { -$0 }
      mirrored.hiddenDrift = turned(signals.hiddenDrift)
      mirrored.reversionDrift = signals.reversionDrift.map { -$0 }
      mirrored.probabilityUp = signals.probabilityUp.map { 1 - $0 }
      let excess = try #require(signals.hawkes).excess
      var hawkes = HawkesFlow(try #require(signals.hawkes).parameters)
      hawkes.observe(excess > 0 ? .down : .up, at: Timestamp(millisecondsSinceEpoch: 0))
      mirrored.hawkes = hawkes
      let one = Belief(signals)
      let other = Belief(mirrored)
      #expect(agree(one.annualDrift, -other.annualDrift, relative: 1e-9, absolute: 1e-9))
      #expect(agree(one.annualVolatility, other.annualVolatility))
    }
  }

  @Test("without signals there is no drift, and the volatility is what was seen")
  func nothing() {
    let signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.8)!
    for settings in [BeliefSettings(), .conventional] {
      let belief = Belief(signals, settings)
      #expect(belief.annualDrift == 0)
      #expect(belief.annualVolatility == 0.8)
    }
  }

  @Test(
    "a number that is not finite counts as unknown, and a market that stands still has no belief")
  func missing() {
    var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.8)!
    signals.momentum = DriftEstimate(annualDrift: 3, annualDeviation: 0)
    let before = Belief(signals)
    signals.orderFlow = .nan
    signals.vpin = .infinity
    signals.kalman = DriftEstimate(annualDrift: 1, annualDeviation: .nan)
    signals.probabilityUp = .nan
    #expect(Belief(signals) == before)
    for volatility in [0, -1, Double.nan, .infinity] {
      #expect(ModelSignals(horizonSeconds: 600, annualVolatility: volatility) == nil)
    }
  }

  @Test("an estimate counts for less the larger its error")
  func shrinkage() {
    func drift(_ deviation: Double) -> Double {
      var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.5)!
      signals.kalman = DriftEstimate(annualDrift: 10, annualDeviation: deviation)
      return Belief(signals).annualDrift
    }
    // The prior's deviation is ten volatilities: 5.
    #expect(agree(drift(0), 0.2 * 10))
    #expect(agree(drift(5), 0.2 * 5))
    #expect(agree(drift(15), 0.2 * 1))
  }

  @Test("the share of a model that says nothing stays with the base")
  func absent() {
    var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.8)!
    signals.momentum = DriftEstimate(annualDrift: 6, annualDeviation: 0)
    #expect(agree(Belief(signals).annualDrift, 6))
    signals.kalman = DriftEstimate(annualDrift: 0, annualDeviation: 0)
    #expect(agree(Belief(signals)[.momentum], 0.8 * 6))
    // Weights of more than one are brought down to one.
    var settings = BeliefSettings()
    settings.weights.kalman = 3
    signals.kalman = DriftEstimate(annualDrift: 2, annualDeviation: 0)
    #expect(agree(Belief(signals, settings).annualDrift, 2))
  }

  @Test("a probability implies a drift even where models see none, and none below its confidence")
  func direction() {
    var signals = ModelSignals(horizonSeconds: 3600, annualVolatility: 0.8)!
    signals.probabilityUp = 0.6
    let belief = Belief(signals)
    let years = 3600 / Annual.seconds
    let implied = 0.2 * 0.8 * (2 * years / Double.pi).squareRoot() / years
    #expect(agree(belief.annualDrift, 0.6 * 0.6 * implied))
    #expect(belief[.direction] == belief.annualDrift)
    signals.probabilityUp = 0.54
    #expect(Belief(signals).annualDrift == 0)
    // The conventional rule moves the drift's own size, so nothing comes of nothing.
    signals.probabilityUp = 0.9
    #expect(Belief(signals, .conventional).annualDrift == 0)
  }

  @Test("a pull takes over only where moves come back, and one-sided flow damps what is left")
  func regimes() {
    var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.8)!
    signals.momentum = DriftEstimate(annualDrift: 10, annualDeviation: 0)
    signals.reversionDrift = -20
    for verdict in [HurstExponent.Verdict.undecided, .persistent] {
      signals.persistence = verdict
      #expect(agree(Belief(signals).annualDrift, 10))
    }
    signals.persistence = .reverting
    #expect(agree(Belief(signals).annualDrift, 0.3 * 10 + 0.7 * -20))
    signals.persistence = nil
    signals.vpin = 0.45
    #expect(agree(Belief(signals).annualDrift, 10))
    signals.vpin = 1
    let toxic = Belief(signals)
    #expect(agree(toxic.annualDrift, 4))
    #expect(agree(toxic.annualVolatility, 0.8 * 1.8))
    #expect(agree(toxic[.toxicity], 0.8 * 0.8))
    // Conventionally an extreme VPIN hands the drift to the pull.
    var conventional = BeliefSettings.conventional
    conventional.cap = nil
    conventional.shrinkage = .none(momentumFactor: 1)
    #expect(
      agree(Belief(signals, conventional).annualDrift, (0.15 * 10 + 0.85 * -20) * 0.4))
  }

  @Test("volatilities join by their squares, or conventionally as they are")
  func blend() {
    var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.6)!
    signals.garchVolatility = 0.8
    #expect(agree(Belief(signals).annualVolatility, 0.5.squareRoot()))
    #expect(agree(Belief(signals, .conventional).annualVolatility, 0.7))
  }

  @Test("the cap holds, in deviations of a step or a year")
  func cap() {
    var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.8)!
    signals.momentum = DriftEstimate(annualDrift: -1e4, annualDeviation: 0)
    let limit = 0.1 * 0.8 * 525_600.0.squareRoot()
    #expect(agree(Belief(signals).annualDrift, -limit))
    #expect(agree(Belief(signals, .conventional).annualDrift, -5))
  }

  @Test("the boost of a fill is none by default and lifts any drift where it is asked for")
  func makerFill() {
    var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.8)!
    signals.momentum = DriftEstimate(annualDrift: -2, annualDeviation: 0)
    signals.makerFill = 1
    #expect(agree(Belief(signals).annualDrift, -2))
    var settings = BeliefSettings()
    settings.makerFillBoost = 0.15
    #expect(agree(Belief(signals, settings).annualDrift, -1.7))
  }

  @Test("the record names both numbers and every part that is not zero")
  func record() {
    var signals = ModelSignals(horizonSeconds: 600, annualVolatility: 0.5)!
    signals.momentum = DriftEstimate(annualDrift: 2, annualDeviation: 0)
    #expect(
      Belief(signals).json.compactText
        == #"{"mu_adjusted":2,"sigma_sim":0.5,"mu_parts":{"momentum":2},"sigma_parts":{"realized":0.5}}"#
    )
  }

  @Test("smoothed parts add up too, and the average does not depend on how often it is asked")
  func smoothing() throws {
    var chance = Chance(seed: 243)
    let first = Belief(try drawn(&chance))
    let second = Belief(try drawn(&chance))
    func time(_ seconds: Double) -> Timestamp {
      Timestamp(millisecondsSinceEpoch: Int64(seconds * 1000))
    }
    var model = SmoothedBelief(SmoothedBelief.Settings(halfLifeSeconds: 10))
    #expect(model.belief == nil)
    model.observe(first, at: time(0))
    var often = model
    model.observe(second, at: time(10))
    for step in 1...10 { often.observe(second, at: time(Double(step))) }
    let one = try #require(model.belief)
    let other = try #require(often.belief)
    #expect(agree(one.annualDrift, (first.annualDrift + second.annualDrift) / 2))
    #expect(agree(one.annualDrift, other.annualDrift))
    #expect(one.annualDrift == one.driftParts.reduce(0, +))
    expectRefused(&model) { $0.observe(first, at: time(9)) }
  }

  @Test("saved smoothing goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 244)
    let beliefs = try (0..<30).map { _ in Belief(try drawn(&chance)) }
    try expectRestarts(SmoothedBelief.Settings(halfLifeSeconds: 60), steps: 30, seed: 2) {
      (model: inout SmoothedBelief, step) in
      model.observe(beliefs[step], at: Timestamp(millisecondsSinceEpoch: Int64(step * 700)))
    }
  }
}
