import Essentials
import Markets
import Tactics
import TestKit
import Testing

@Suite("Leverage from a risk budget")
struct RiskBudgetTests {
  private let settings = Profiles.shipped.leverage

  private func inputs(volatility: Double, hold: Double = 600) -> LeverageCircumstances {
    var inputs = LeverageCircumstances(side: .long, now: .seconds(1000))
    inputs.belief.profitProbability = 0.7
    inputs.belief.holdSeconds = hold
    inputs.direction.confidence = 0.7
    inputs.direction.edge = 0.2
    inputs.gap = 0.003
    inputs.market.regime = .bull
    inputs.market.annualVolatility = volatility
    inputs.market.toxicity = 0.3
    inputs.market.hurst = 0.6
    return inputs
  }

  @Test("twice the volatility allows half the notional, wherever the budget decides")
  func halving() {
    var random = RandomCircumstances(seed: 7)
    var decided = 0
    for _ in 0..<2000 {
      let one = random.leverage()
      var two = one
      two.market.annualVolatility *= 2
      let before = LeverageDecision(for: one, under: settings)
      let after = LeverageDecision(for: two, under: settings)
      guard before.notionalBound == .riskBudget, after.notionalBound == .riskBudget else {
        continue
      }
      decided += 1
      #expect(agree(after.notionalMax, before.notionalMax / 2))
      #expect(agree(after.stopDistance, before.stopDistance * 2))
    }
    #expect(decided > 200)
  }

  @Test("the stop stands k deviations away over the time of confirmation or the intended hold")
  func distance() {
    for (volatility, hold) in [(0.4, 30.0), (0.8, 600), (2, 7200)] {
      let decision = LeverageDecision(
        for: inputs(volatility: volatility, hold: hold), under: settings)
      let confirmed = 3 * volatility * (60 / 31_536_000.0).squareRoot()
      let held = 2 * volatility * (hold / 31_536_000).squareRoot()
      #expect(agree(decision.stopDistance, max(confirmed, held)))
      #expect(decision.stopDistance >= confirmed)
    }
  }

  @Test("what is lost at the stop, slippage included, never exceeds the budget")
  func budget() {
    var random = RandomCircumstances(seed: 8)
    for _ in 0..<2000 {
      let circumstances = random.leverage()
      let decision = LeverageDecision(for: circumstances, under: settings)
      guard decision.notionalBound != .unknown else {
        #expect(decision.notionalMax == 0)
        continue
      }
      let loss = decision.notionalMax * decision.stopDistance * 1.25
      #expect(loss <= settings.budget.riskPerTrade * (1 + 1e-12))
      #expect(decision.notionalMax <= decision.leverage)
      #expect(decision.leverage >= 1)
    }
  }

  @Test("leverage enters the notional only by the margin that it saves")
  func regimes() {
    var tight = settings
    tight.blend.regimeMax = RegimeTable(6)
    let wide = LeverageDecision(for: inputs(volatility: 0.8), under: settings)
    let narrow = LeverageDecision(for: inputs(volatility: 0.8), under: tight)
    #expect(narrow.leverage < wide.leverage)
    #expect(narrow.notionalMax == wide.notionalMax)
    #expect(wide.notionalBound == .riskBudget)
  }

  @Test("the liquidation price lies beyond the stop by the configured multiple")
  func liquidation() {
    var random = RandomCircumstances(seed: 9)
    for _ in 0..<1000 {
      let circumstances = random.leverage()
      let decision = LeverageDecision(for: circumstances, under: settings)
      guard decision.leverage > 1 else { continue }
      let maintenance =
        circumstances.maintenanceRate.isFinite ? circumstances.maintenanceRate : 0.005
      #expect(1 / decision.leverage - maintenance >= 2 * decision.stopDistance - 1e-12)
    }
  }

  @Test("poison, doubt, refusals and a poor regime never raise leverage or notional")
  func caution() {
    var random = RandomCircumstances(seed: 10)
    for _ in 0..<500 {
      let circumstances = random.leverage()
      let before = LeverageDecision(for: circumstances, under: settings)
      guard before.notionalBound != .unknown else { continue }
      var toxic = circumstances
      toxic.market.toxicity = max(0.95, toxic.market.toxicity.isNaN ? 0 : toxic.market.toxicity)
      var doubtful = circumstances
      let sure = doubtful.belief.profitProbability
      doubtful.belief.profitProbability = sure.isNaN ? 0.3 : sure / 2
      var refused = circumstances
      for _ in 0..<6 { refused.balanceRejects.reject(at: refused.now) }
      var venue = circumstances
      venue.venueMax = venue.venueMax.isNaN ? 2 : 1 + (venue.venueMax - 1) / 2
      for worse in [toxic, doubtful, refused, venue] {
        let after = LeverageDecision(for: worse, under: settings)
        #expect(after.leverage <= before.leverage)
        #expect(after.notionalMax <= before.notionalMax)
      }
    }
  }

  @Test("a market seen in a mirror gives the same leverage")
  func mirror() {
    var random = RandomCircumstances(seed: 11)
    for settings in [Profiles.shipped.leverage, Profiles.seed.leverage] {
      for _ in 0..<500 {
        let circumstances = random.leverage()
        let seen = LeverageDecision(for: circumstances, under: settings)
        var mirrored = circumstances.mirrored
        // The seed's regimes bull and bear have the same maximum.
        mirrored.market.regime = circumstances.market.regime.mirrored
        let other = LeverageDecision(for: mirrored, under: settings)
        #expect(seen.leverage == other.leverage)
        #expect(seen.notionalMax == other.notionalMax)
      }
    }
  }

  @Test("a volatility that is not known, or zero, carries nothing")
  func unknown() {
    for volatility in [Double.nan, 0, -1, .infinity, 1e9] {
      let decision = LeverageDecision(for: inputs(volatility: volatility), under: settings)
      #expect(decision.notionalMax == 0)
      #expect(decision.leverage == 1)
    }
  }
}
