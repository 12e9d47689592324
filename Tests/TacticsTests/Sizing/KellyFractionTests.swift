import Tactics
import TestKit
import Testing

@Suite("Kelly fractions")
struct KellyFractionTests {
  @Test(
    "the recorded bets come out",
    arguments: [(0.55, 1.2, 0.175), (0.5, 1, 0), (0.4, 1.5, 0), (0.6, 2, 0.40)])
  func single(p: Double, b: Double, share: Double) {
    #expect(agree(KellyFraction.single(winProbability: p, payoff: b), share))
  }

  @Test("worst outcomes take the share back")
  func tempered() {
    #expect(agree(KellyFraction.tempered(0.4, byShortfall: -0.02), 0.32))
    #expect(KellyFraction.tempered(0.4, byShortfall: -0.2) == 0)
    #expect(KellyFraction.tempered(0.4, byShortfall: .nan) == 0)
  }

  @Test("the share for a drift is drift over variance, and half of it at root two the volatility")
  func continuous() {
    #expect(agree(KellyFraction.continuous(annualDrift: 0.4, annualVolatility: 0.8), 0.625))
    #expect(KellyFraction.continuous(annualDrift: -0.4, annualVolatility: 0.8) == 0)
    #expect(KellyFraction.continuous(annualDrift: 0.4, annualVolatility: 0) == 0)
  }

  @Test("an expectation over a hold is tempered by its worst outcomes, and never all of it")
  func expected() {
    func share(_ net: Double, _ shortfall: Double) -> Double {
      KellyFraction.expected(netReturn: net, deviation: 0.05, shortfall: shortfall)
    }
    #expect(agree(share(0.001, -0.02), 0.4 * 0.7))
    #expect(agree(share(0.001, -0.2), 0.4 * 0.05))
    #expect(share(0.01, 0) == 1)
    #expect(share(-0.001, 0) == 0)
    #expect(share(0.001, .nan) == 0)
  }

  @Test("several assets share as recorded, and a total bounds them")
  func multivariate() {
    func shares(_ totalMax: Double) -> [Double] {
      KellyFraction.multivariate(
        drifts: [0.2, 0.3], covariance: [0.64, 0.32, 0.32, 1], fraction: 1, totalMax: totalMax)
    }
    #expect(agree(shares(10)[0], 0.193452, absolute: 1e-6))
    #expect(agree(shares(10)[1], 0.238095, absolute: 1e-6))
    #expect(agree(shares(0.1).reduce(0, +), 0.1))
    #expect(agree(shares(0.1)[0] / shares(0.1)[1], 0.193452 / 0.238095, relative: 1e-5))
  }

  @Test("two assets that are one are shared by the ridge, and nonsense is given nothing")
  func singular() {
    let twins = KellyFraction.multivariate(
      drifts: [0.2, 0.2], covariance: [0.64, 0.64, 0.64, 0.64], fraction: 1, totalMax: 10)
    #expect(agree(twins[0], twins[1], relative: 1e-6))
    #expect(agree(twins[0] + twins[1], 0.2 / 0.64, relative: 1e-5))
    for drifts in [[Double.nan, 0.1], [0.1, .infinity]] {
      #expect(
        KellyFraction.multivariate(
          drifts: drifts, covariance: [1, 0, 0, 1], fraction: 1, totalMax: 10) == [0, 0])
    }
    #expect(
      KellyFraction.multivariate(
        drifts: [0.1, 0.1], covariance: [1, 2, 2, 1], fraction: 1, totalMax: 10) == [0, 0])
    for b in [Double.nan, 0, -1, .infinity] {
      #expect(KellyFraction.single(winProbability: 0.6, payoff: b) == 0)
    }
  }
}
