import Markets
import Models
import Tactics
import TestKit
import Testing

@Suite("Shares of the capital for several markets together")
struct JointKellyTests {
  /// A wish of a year's hold, so that its net return is its annual drift.
  private func wish(
    _ drift: Double, _ volatility: Double, _ side: PositionSide = .long, shortfall: Double = 0
  ) -> JointKelly.Wish {
    JointKelly.Wish(
      side: side, netReturn: drift, holdSeconds: Annual.seconds, annualVolatility: volatility,
      shortfall: shortfall)
  }

  private func shares(
    _ wishes: [JointKelly.Wish], _ correlation: Double, beside: [JointKelly.Holding] = [],
    totalMax: Double = 100
  ) -> [Double] {
    let order = wishes.count + beside.count
    let matrix = (0..<order).flatMap { row in
      (0..<order).map { row == $0 ? 1 : correlation }
    }
    return JointKelly.shares(
      of: wishes, beside: beside, correlations: matrix, totalMax: totalMax)
  }

  @Test("the specification's two assets are given their shares, and one alone what it deserves")
  func specification() {
    // Covariance 0.32 of volatilities 0.8 and 1 is a correlation of 0.4.
    let both = shares([wish(0.2, 0.8), wish(0.3, 1)], 0.4)
    #expect(agree(both[0], 0.193452, absolute: 1e-5))
    #expect(agree(both[1], 0.238095, absolute: 1e-5))
    #expect(agree(shares([wish(0.4, 0.8)], 1)[0], 0.625, absolute: 1e-5))
    // A mean of the worst outcomes of 2 % takes 30 %.
    #expect(agree(shares([wish(0.4, 0.8, shortfall: -0.02)], 1)[0], 0.4375, absolute: 1e-5))
  }

  @Test("twins share what one of them is given, in any order; strangers are given as much each")
  func twins() {
    let one = shares([wish(0.4, 0.8)], 0)[0]
    let twins = shares([wish(0.4, 0.8), wish(0.4, 0.8)], 0.999)
    #expect(agree(twins[0] + twins[1], one, relative: 1e-3))
    #expect(agree(shares([wish(0.4, 0.8), wish(0.4, 0.8)], 0)[1], one, relative: 1e-5))
    let three = [wish(0.4, 0.8), wish(0.2, 0.5), wish(0.5, 0.9)]
    let forward = shares(three, 0.3)
    let backward = Array(shares(three.reversed(), 0.3).reversed())
    for (there, back) in zip(forward, backward) { #expect(agree(there, back, relative: 1e-9)) }
  }

  @Test("the market in a mirror is given the same")
  func mirror() {
    let long = shares([wish(0.4, 0.8), wish(0.2, 0.5)], 0.3)
    let short = shares([wish(0.4, 0.8, .short), wish(0.2, 0.5, .short)], 0.3)
    #expect(long == short)
  }

  @Test("a hedge gives no more than a market deserves alone")
  func hedge() {
    let alone = shares([wish(0.4, 0.8)], 0)[0]
    let hedged = shares([wish(0.4, 0.8), wish(0.4, 0.8, .short)], 0.9)
    #expect(hedged[0] <= 1.0001 * alone && hedged[0] > 0)
    let beside = shares(
      [wish(0.4, 0.8)], 0.9, beside: [.init(exposure: -1, annualVolatility: 0.8)])
    #expect(beside[0] <= 1.0001 * alone && beside[0] > 0)
  }

  @Test("what is held of the like leaves less, and may leave nothing")
  func held() {
    // 0.625 alone; beside 0.3 of a market with a correlation of 0.5 and the same volatility 0.15 less.
    let less = shares(
      [wish(0.4, 0.8)], 0.5, beside: [.init(exposure: 0.3, annualVolatility: 0.8)])
    #expect(agree(less[0], 0.475, absolute: 1e-5))
    let nothing = shares(
      [wish(0.4, 0.8)], 0.9, beside: [.init(exposure: 2, annualVolatility: 0.8)])
    #expect(nothing == [0])
  }

  @Test("a market that only another makes worth shorting is left out, and the rest is asked again")
  func leftOut() {
    let found = shares([wish(0.4, 0.8), wish(0.01, 0.8)], 0.9)
    #expect(found[1] == 0)
    #expect(agree(found[0], 0.625, absolute: 1e-5))
  }

  @Test("all together stay below their bound, and what is not known is given nothing")
  func bounds() {
    let found = shares([wish(4, 0.8), wish(4, 0.8)], 0, totalMax: 3)
    #expect(agree(found[0] + found[1], 3, relative: 1e-12))
    #expect(agree(found[0], found[1], relative: 1e-9))
    #expect(shares([wish(.nan, 0.8), wish(0.4, 0.8)], 0)[0] == 0)
    #expect(shares([wish(.nan, 0.8), wish(0.4, 0.8)], 0)[1] > 0)
    #expect(shares([wish(0.4, .nan)], 0) == [0])
    #expect(shares([wish(0.4, 0.8, shortfall: .nan)], 0) == [0])
    #expect(
      shares([wish(0.4, 0.8)], 0.5, beside: [.init(exposure: .nan, annualVolatility: 0.8)]) == [0])
    #expect(shares([wish(0.4, 0.8)], 0, totalMax: 0) == [0])
    #expect(shares([wish(0.4, 0.8)], 0, totalMax: .nan) == [0])
    #expect(shares([wish(-0.4, 0.8)], 0) == [0])
  }
}
