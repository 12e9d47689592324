import Essentials
import Markets
import Tactics
import TestKit
import Testing

@Suite("Leverage by the seed's rule")
struct SeedLeverageTests {
  private func inputs() -> LeverageCircumstances {
    var inputs = LeverageCircumstances(side: .long, now: .seconds(1000))
    inputs.belief.grossReturn = 0.004
    inputs.belief.shortfall = -0.012
    inputs.belief.stopProbability = 0.20
    inputs.belief.profitProbability = 0.76
    inputs.belief.score = 0.0030
    inputs.belief.holdSeconds = 600
    inputs.roundTripCost = 0.0008
    inputs.eventShortfall = -0.006
    inputs.gap = 0.0024
    inputs.direction.confidence = 0.64
    inputs.direction.edge = 0.14
    inputs.market.regime = .bull
    inputs.market.annualDrift = 2
    inputs.market.annualVolatility = 0.9
    inputs.market.spread = 0.0003
    inputs.market.slippage = 0.0002
    inputs.market.tickBreakout = 0.0018
    inputs.market.tickTrend = 2.2
    inputs.market.hurst = 0.60
    inputs.market.toxicity = 0.40
    inputs.market.hiddenState = 0.7
    return inputs
  }

  private func expect(_ inputs: LeverageCircumstances, _ expected: [(String, Double)]) {
    for circumstances in [inputs, inputs.mirrored] {
      let decision = LeverageDecision(for: circumstances, under: Profiles.seed.leverage)
      for (name, value) in expected {
        let found = name == "leverage" ? decision.leverage : decision[name]
        #expect(agree(found, value, absolute: 1e-6), "\(name) is \(found), not \(value)")
      }
    }
  }

  @Test("the recorded cases come out to the sixth digit, for both sides")
  func recorded() {
    expect(
      inputs(),
      [
        ("entry_quality", 0.775900), ("one_way", 0.932314), ("signal", 0.835337),
        ("raw", 91.400064), ("signal_target", 40.484846), ("scale", 0.495),
        ("leverage_cap", 44.444444), ("leverage", 31.381364),
      ])
    var toxic = inputs()
    toxic.market.toxicity = 0.88
    toxic.belief.profitProbability = 0.52
    expect(toxic, [("signal", 0.670809), ("scale", 0.248579), ("leverage", 2)])
    var choppy = inputs()
    choppy.market.regime = .chop
    for _ in 0..<3 { choppy.balanceRejects.reject(at: choppy.now) }
    expect(
      choppy,
      [
        ("signal_target", 24.368582), ("reject_scale", 0.720764), ("leverage_cap", 30),
        ("leverage", 19.456085),
      ])
  }

  @Test("the gate to the greatest leverage opens where all six of its conditions hold, else not")
  func aggressive() {
    var settings = Profiles.seed.leverage
    settings.blend.targetMax = 10
    func ceiling(_ change: (inout LeverageCircumstances) -> Void = { _ in }) -> Double {
      var asked = inputs()
      change(&asked)
      return LeverageDecision(for: asked, under: settings)["target_max"]
    }
    #expect(ceiling() == 10)
    settings.blend.allowsAggressive = true
    #expect(ceiling() == 50)
    #expect(ceiling { $0.market.regime = .chop } == 30)
    #expect(ceiling { $0.belief.profitProbability = 0.719 } == 10)
    #expect(ceiling { $0.belief.score = 0.0011 } == 10)
    #expect(ceiling { $0.market.annualDrift = -2 } == 10)
    #expect(ceiling { $0.market.toxicity = 0.56 } == 10)
    #expect(ceiling { $0.market.hurst = 0.54 } == 10)
    #expect(ceiling { $0.belief.stopProbability = 0.31 } == 10)
    #expect(ceiling { $0.market.hurst = .nan } == 10)
  }

  @Test("volatility moves nothing in it, which is why it is no default")
  func volatility() {
    var calm = inputs()
    calm.market.annualVolatility = 0.4
    var wild = inputs()
    wild.market.annualVolatility = 4
    let settings = Profiles.seed.leverage
    #expect(
      LeverageDecision(for: calm, under: settings).leverage
        == LeverageDecision(for: wild, under: settings).leverage)
  }

  @Test("a protective stop stands at the same distance whatever the model")
  func stop() throws {
    let seed = LeverageDecision(for: inputs(), under: Profiles.seed.leverage)
    let shipped = LeverageDecision(for: inputs(), under: Profiles.shipped.leverage)
    #expect(seed.stopDistance == shipped.stopDistance)
    #expect(ProtectiveStop(for: .long, entryPrice: 100, distance: seed.stopDistance) != nil)
  }

  @Test("what is not known gives the least leverage and nothing to carry")
  func unknown() {
    let decision = LeverageDecision(
      for: LeverageCircumstances(side: .long, now: .seconds(0)), under: Profiles.seed.leverage)
    #expect(decision.leverage == 1)
    #expect(decision.notionalMax == 0)
    #expect(decision.leverageBound == .unknown)
  }
}
