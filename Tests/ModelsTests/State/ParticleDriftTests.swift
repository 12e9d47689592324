import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Particle drift")
struct ParticleDriftTests {
  @Test("with normal noise the cloud has the mean and deviation of the exact filter")
  func exact() {
    let settings = ParticleDrift.Settings(
      seed: 1, particles: 2000, driftHalfLife: 40, driftRatio: 0.3, noise: .gaussian,
      varianceHalfLife: 1e6, warmUp: 200)
    var chance = Chance(seed: 61)
    var model = ParticleDrift(settings)
    // The variance is learned from these, and hardly moves after them.
    for _ in 0..<200 { model.observe(logReturn: 1e-3 * (chance.uniform() < 0.5 ? -1 : 1)) }
    let persistence = Elementary.exp(-Elementary.log(2) / 40)
    var mean = 0.0
    var variance = 0.09
    var worst = 0.0
    for step in 0..<60 {
      let scaled = (step < 30 ? 0.5 : -0.5) + chance.normal()
      model.observe(logReturn: 1e-3 * scaled)
      mean *= persistence
      variance = persistence * persistence * variance + 0.09 * (1 - persistence * persistence)
      let gain = variance / (variance + 1)
      mean += gain * (scaled - mean)
      variance *= 1 - gain
      worst = max(worst, abs(model.scaled.mean - mean))
      #expect(agree(model.scaled.deviation, variance.squareRoot(), relative: 0.25))
    }
    #expect(worst < 0.05)
  }

  @Test("one wild return moves a filter with heavy tails less than one with normal noise")
  func wild() {
    func drift(_ noise: ParticleDrift.Noise) -> Double {
      var chance = Chance(seed: 62)
      var model = ParticleDrift(ParticleDrift.Settings(seed: 2, noise: noise))
      for _ in 0..<200 { model.observe(logReturn: 1e-3 * chance.normal()) }
      let before = model.scaled.mean
      model.observe(logReturn: 8e-3)
      return model.scaled.mean - before
    }
    #expect(drift(.student(degrees: 5)) < drift(.gaussian) / 2)
  }

  @Test("the seed names the cloud")
  func seeds() {
    var one = ParticleDrift(ParticleDrift.Settings(seed: 3))
    var same = one
    var other = ParticleDrift(ParticleDrift.Settings(seed: 4))
    var chance = Chance(seed: 63)
    for _ in 0..<100 {
      let value = 1e-3 * chance.normal()
      one.observe(logReturn: value)
      same.observe(logReturn: value)
      other.observe(logReturn: value)
    }
    #expect(one == same)
    #expect(one.scaled.mean != other.scaled.mean)
    #expect(one.estimate != nil)
    expectRefused(&one) { $0.observe(logReturn: .nan) }
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 64)
    let returns = chance.normals(90, deviation: 0.002)
    try expectRestarts(
      ParticleDrift.Settings(seed: 9, particles: 33, driftRatio: 0.5, warmUp: 10), steps: 90,
      seed: 3
    ) { (model: inout ParticleDrift, step) in model.observe(logReturn: returns[step]) }
  }
}
