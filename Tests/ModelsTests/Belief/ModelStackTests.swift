import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

/// All models of bars on one market.
private struct Stack {
  var kalman = KalmanDrift(KalmanDrift.Settings())
  var particle = ParticleDrift(ParticleDrift.Settings(seed: 1, particles: 32))
  var bayesian = BayesianDrift(BayesianDrift.Settings())
  var autoregression = Autoregression(Autoregression.Settings())
  var momentum = Momentum(Momentum.Settings())
  var garch = GARCH(GARCH.Settings(parameters: .targeting(variance: 1e-6)))
  var hurst = HurstExponent(HurstExponent.Settings())
  var reversion = ReversionGauge(ReversionGauge.Settings())
  var vpin = VPIN(VPIN.Settings())
  var variance = DiscountedMean(halfLife: 120)
  var close: Double?

  mutating func observe(close price: Double, volume: Double, minute: Int) {
    let time = Timestamp(millisecondsSinceEpoch: Int64(minute) * 60_000)
    kalman.observe(price: price, at: time)
    momentum.observe(close: price)
    reversion.observe(price: price)
    vpin.observe(close: price, volume: volume)
    if let close {
      let logReturn = Elementary.log(price / close)
      bayesian.observe(logReturn: logReturn, variance: garch.nextVariance)
      particle.observe(logReturn: logReturn)
      autoregression.observe(logReturn: logReturn)
      garch.observe(logReturn: logReturn)
      hurst.observe(logReturn: logReturn)
      variance.add(logReturn * logReturn)
    }
    close = price
  }

  var belief: Belief {
    var signals = ModelSignals(
      horizonSeconds: 600,
      annualVolatility: Annual.volatility(stepVariance: variance.value, of: 60))!
    signals.kalman = kalman.estimate
    signals.particle = particle.estimate
    signals.bayesian = bayesian.estimate
    signals.autoregression = autoregression.estimate(over: 10)
    signals.momentum = momentum.estimate
    signals.garchVolatility = garch.annualVolatility(over: 10, stepSeconds: 60)
    signals.persistence = hurst.estimate?.verdict
    if let logPrice = reversion.logPrice {
      signals.reversionDrift = reversion.reversion?.annualDrift(from: logPrice, over: 600)
    }
    signals.vpin = vpin.value
    return Belief(signals)
  }
}

@Suite("Model stack")
struct ModelStackTests {
  @Test("prices in other units change no belief")
  func scale() {
    var chance = Chance(seed: 281)
    var one = Stack()
    var other = Stack()
    var price = 0.4
    for minute in 0..<700 {
      price *= Elementary.exp(1e-3 * chance.normal())
      let volume = chance.exponential()
      one.observe(close: price, volume: volume, minute: minute)
      other.observe(close: price * 1000, volume: volume, minute: minute)
    }
    let (first, second) = (one.belief, other.belief)
    #expect(first.driftParts.count { $0 != 0 } >= 4)
    for (part, same) in zip(first.driftParts, second.driftParts) {
      #expect(agree(part, same, relative: 1e-6, absolute: 1e-9))
    }
    #expect(agree(first.annualVolatility, second.annualVolatility, relative: 1e-9))
  }

  @Test("on a random walk the belief at a close says nothing about the next bar")
  func leak() {
    var chance = Chance(seed: 282)
    var stack = Stack()
    var price = 100.0
    var hits = 0
    var tries = 0
    var expected: Double?
    for minute in 0..<2500 {
      let move = 1e-3 * chance.normal()
      if let expected, expected != 0 {
        tries += 1
        if (expected > 0) == (move > 0) { hits += 1 }
      }
      price *= Elementary.exp(move)
      stack.observe(close: price, volume: 1, minute: minute)
      expected = minute > 500 ? stack.belief.annualDrift : nil
    }
    // 99 % of coins lie within 2.576 deviations.
    #expect(tries > 1500)
    #expect(abs(Double(hits) / Double(tries) - 0.5) < 2.576 * 0.5 / Double(tries).squareRoot())
  }

  @Test("on a random walk the believed drift is a small part of the volatility")
  func modest() {
    var chance = Chance(seed: 283)
    var stack = Stack()
    var price = 100.0
    var squares = 0.0
    var count = 0.0
    for minute in 0..<1500 {
      price *= Elementary.exp(1e-3 * chance.normal())
      stack.observe(close: price, volume: 1, minute: minute)
      guard minute > 500 else { continue }
      // The move expected over the horizon in deviations of the move.
      let years = 600 / Annual.seconds
      let belief = stack.belief
      let scaled = belief.annualDrift * years / (belief.annualVolatility * years.squareRoot())
      squares += scaled * scaled
      count += 1
    }
    #expect((squares / count).squareRoot() < 0.1)
  }
}
