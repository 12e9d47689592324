import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("GARCH estimation")
struct GARCHEstimateTests {
  /// Returns of a GARCH(1,1) process in its own units.
  private func simulated(
    _ parameters: GARCHParameters, count: Int, seed: UInt64
  ) -> [Double] {
    var chance = Chance(seed: seed)
    var model = GARCH(GARCH.Settings(parameters: parameters, varianceMin: 0))
    return (0..<count).map { _ in
      let value = model.nextVariance.squareRoot() * chance.normal()
      model.observe(logReturn: value)
      return value
    }
  }

  @Test("the analytic slopes are those of the likelihood", arguments: [0, 1])
  func slopes(which: Int) throws {
    var chance = Chance(seed: 3)
    let returns = chance.normals(60)
    let likelihood = GARCHLikelihood(
      of: returns, presample: which == 0 ? .meanSquare : .backcast, about: 0.1)
    let at = [0.05, 0.2, 0.1, 0.7]
    func value(_ place: [Double]) -> Double {
      likelihood.negative(
        at: GARCHLikelihood.Point(mean: place[0], omega: place[1], alpha: place[2], beta: place[3])
      ).value
    }
    let slope = likelihood.negative(
      at: GARCHLikelihood.Point(mean: at[0], omega: at[1], alpha: at[2], beta: at[3])
    ).gradient
    for index in 0..<4 {
      var above = at
      var below = at
      above[index] += 1e-6
      below[index] -= 1e-6
      #expect(agree(slope[index], (value(above) - value(below)) / 2e-6, relative: 1e-6))
    }
  }

  @Test("parameters are recovered from a simulated process within three standard errors")
  func recovery() throws {
    let truth = try #require(GARCHParameters(omega: 2e-8, alpha: 0.08, beta: 0.90))
    let fit = GARCHEstimate.fit(simulated(truth, count: 4000, seed: 21))
    let estimate = try #require(fit.estimate)
    let errors = try #require(estimate.standardErrors)
    #expect(abs(estimate.parameters.omega - truth.omega) < 3 * errors.omega)
    #expect(abs(estimate.parameters.alpha - truth.alpha) < 3 * errors.alpha)
    #expect(abs(estimate.parameters.beta - truth.beta) < 3 * errors.beta)
  }

  @Test("the unit of the returns changes nothing but the unit of the result")
  func scale() throws {
    let truth = try #require(GARCHParameters(omega: 2e-2, alpha: 0.12, beta: 0.80))
    let returns = simulated(truth, count: 800, seed: 5)
    let one = try #require(GARCHEstimate.fit(returns).estimate)
    let other = try #require(GARCHEstimate.fit(returns.map { $0 * 1024 }).estimate)
    #expect(agree(other.parameters.alpha, one.parameters.alpha, relative: 1e-6))
    #expect(agree(other.parameters.omega, one.parameters.omega * 1024 * 1024, relative: 1e-6))
  }

  @Test("returns without any clustering give no estimate")
  func noClustering() {
    // Variances that do not depend on what went before: α is at most its error, often zero.
    let alternating = (0..<500).map { $0 % 2 == 0 ? 0.01 : -0.01 }
    #expect(GARCHEstimate.fit(alternating).estimate == nil)
    #expect(
      GARCHEstimate.fit([Double](repeating: 0, count: 400)) == .impossible(.constant))
    #expect(
      GARCHEstimate.fit([0.1, 0.2]) == .impossible(.tooFewObservations(have: 2, needed: 300)))
    #expect(
      GARCHEstimate.fit([Double](repeating: .nan, count: 400)) == .impossible(.notFinite))
  }

  @Test(
    "the published estimates for the mark and the pound are reproduced",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func markAndPound() throws {
    let returns = try ReferenceFiles.rows("oracles/garch/dem_gbp_bollerslev_ghysels.csv")
      .compactMap { Double($0[0]) }
    let reference = try ReferenceFiles.json("oracles/garch/reference.json")
    #expect(returns.count == 1974)
    let estimate = try #require(
      GARCHEstimate.fit(
        returns, GARCHEstimate.Settings(mean: .constant, presample: .meanSquare)
      ).estimate)
    let errors = try #require(estimate.standardErrors)
    let published = try #require(reference["published"])
    #expect(agree(estimate.mean, published.number("mu"), absolute: 5e-8))
    #expect(agree(estimate.parameters.omega, published.number("omega"), absolute: 5e-7))
    #expect(agree(estimate.parameters.alpha, published.number("alpha"), absolute: 5e-6))
    #expect(agree(estimate.parameters.beta, published.number("beta"), absolute: 5e-6))
    let publishedErrors = try #require(published["se_hessian"])
    #expect(agree(errors.mean ?? .nan, publishedErrors.number("mu"), relative: 1e-4))
    #expect(agree(errors.omega, publishedErrors.number("omega"), relative: 1e-4))
    #expect(agree(errors.alpha, publishedErrors.number("alpha"), relative: 1e-4))
    #expect(agree(errors.beta, publishedErrors.number("beta"), relative: 1e-4))
    #expect(
      agree(estimate.logLikelihood, reference.number("loglik_at_mle_recomputed"), absolute: 1e-6))
    // The program `arch` begins from another presample.
    let backcast = try #require(
      GARCHEstimate.fit(returns, GARCHEstimate.Settings(mean: .constant)).estimate)
    let arch = try #require(reference["arch_8.0.0_default_backcast"])
    #expect(agree(backcast.logLikelihood, arch.number("loglik"), absolute: 1e-4))
    #expect(agree(backcast.parameters.alpha, arch.number("params", "alpha[1]"), absolute: 1e-5))
    #expect(agree(backcast.parameters.beta, arch.number("params", "beta[1]"), absolute: 1e-5))
  }

  @Test(
    "stocks and oil give what the program arch gives, with its forecasts",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"),
    arguments: ["sp500", "nasdaq", "wti"])
  func arch(market: String) throws {
    let returns = try ReferenceFiles.rows("oracles/garch/\(market)_returns_pct.csv.gz")
      .compactMap { Double($0[1]) }
    let arch = try #require(
      ReferenceFiles.json("oracles/garch/reference.json")["arch_fits"]?[
        "\(market)/garch11_normal"])
    let estimate = try #require(
      GARCHEstimate.fit(returns, GARCHEstimate.Settings(mean: .constant)).estimate)
    // Its search ends where the likelihood is flat to 1e-6; ours must be as high.
    #expect(estimate.logLikelihood >= arch.number("loglik") - 1e-6)
    #expect(agree(estimate.logLikelihood, arch.number("loglik"), absolute: 1e-3))
    #expect(agree(estimate.parameters.omega, arch.number("params", "omega"), relative: 2e-3))
    #expect(agree(estimate.parameters.alpha, arch.number("params", "alpha[1]"), relative: 1e-3))
    #expect(agree(estimate.parameters.beta, arch.number("params", "beta[1]"), relative: 1e-3))
    #expect(
      agree(
        estimate.lastVariance.squareRoot(), arch.number("last_cond_vol"), relative: 1e-3))
    // The forecasts from the reference's own parameters.
    let parameters = try #require(
      GARCHParameters(
        omega: arch.number("params", "omega"), alpha: arch.number("params", "alpha[1]"),
        beta: arch.number("params", "beta[1]")))
    let forecasts = arch.numbers("forecast_var_h1_5")
    for steps in 1...5 {
      let average = forecasts[..<steps].reduce(0, +) / Double(steps)
      #expect(agree(parameters.averageVariance(over: steps, from: forecasts[0]), average))
    }
  }
}
