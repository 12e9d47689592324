import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Hawkes processes")
struct HawkesTests {
  private func time(_ seconds: Double) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64((seconds * 1000).rounded()))
  }

  private func parameters(
    _ baseline: Double = 1, own: Double = 0.5, cross: Double = 0, decay: Double = 2
  ) throws -> HawkesParameters {
    try #require(
      HawkesParameters(
        baseline: HawkesParameters.PerSide(up: baseline, down: baseline), selfExcitation: own,
        crossExcitation: cross, decay: decay))
  }

  @Test("the published case of two ticks up and one down holds")
  func published() throws {
    var flow = HawkesFlow(try parameters())
    flow.observe(.up, at: time(1))
    #expect(agree(flow.excess, 0.5))
    flow.observe(.up, at: time(2))
    #expect(agree(flow.excess, 0.567668, absolute: 5e-7))
    flow.observe(.down, at: time(2.5))
    #expect(agree(flow.excess, -0.291167, absolute: 5e-7))
  }

  @Test("rates are the sums over all earlier events, at any time")
  func naive() throws {
    var chance = Chance(seed: 41)
    let parameters = try parameters(0.7, own: 0.9, cross: 0.4, decay: 3)
    var flow = HawkesFlow(parameters)
    var events: [(seconds: Double, side: HawkesFlow.Side)] = []
    var now = 0.0
    for _ in 0..<200 {
      now += Double(1 + chance.whole(below: 900)) / 1000
      let side: HawkesFlow.Side = chance.uniform() < 0.5 ? .up : .down
      events.append((now, side))
      flow.observe(side, at: time(now))
    }
    flow.pass(to: time(now + 0.25))
    var up = 0.7
    var down = 0.7
    for event in events {
      let left = Elementary.exp(-3 * (now + 0.25 - event.seconds))
      up += (event.side == .up ? 0.9 : 0.4) * left
      down += (event.side == .down ? 0.9 : 0.4) * left
    }
    #expect(agree(flow.rates.up, up) && agree(flow.rates.down, down))
    #expect(agree(flow.imbalance, (up - down) / (up + down)))
  }

  @Test("time does not run backward and no process is said that explodes")
  func refusal() throws {
    var flow = HawkesFlow(try parameters())
    flow.observe(.up, at: time(5))
    let before = flow
    expectRefused(&flow) { $0.observe(.down, at: time(4.999)) }
    #expect(flow == before)
    let isTaken = flow.observe(.down, at: time(5))
    #expect(isTaken)
    let baseline = HawkesParameters.PerSide(up: 1, down: 1)
    #expect(
      HawkesParameters(baseline: baseline, selfExcitation: 1, crossExcitation: 1, decay: 2) == nil)
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 42)
    let steps = (0..<80).map { _ in (chance.whole(below: 500), chance.uniform() < 0.5) }
    var clock = 0
    let events = steps.map { step -> (Timestamp, HawkesFlow.Side) in
      clock += step.0
      return (Timestamp(millisecondsSinceEpoch: Int64(clock)), step.1 ? .up : .down)
    }
    try expectRestarts(try parameters(own: 1, cross: 0.5), steps: 80, seed: 6) {
      (model: inout HawkesFlow, step) in model.observe(events[step].1, at: events[step].0)
    }
  }

  /// Minus the log-likelihood by its definition, every pair of events looked at.
  private func bruteForce(
    _ times: [Double], _ kinds: [Int], end: Double, at point: HawkesLikelihood.Point
  ) -> Double {
    var value = point.baselines.reduce(0, +) * end
    for (index, time) in times.enumerated() {
      var rate = point.baselines[kinds[index]]
      for earlier in 0..<index {
        let jump =
          kinds[earlier] == kinds[index] ? point.selfExcitation : point.crossExcitation
        rate += jump * Elementary.exp(-point.decay * (time - times[earlier]))
      }
      value -= Elementary.log(rate)
      let jumps = point.selfExcitation + (point.baselines.count == 2 ? point.crossExcitation : 0)
      value += jumps / point.decay * (1 - Elementary.exp(-point.decay * (end - time)))
    }
    return value
  }

  @Test("the likelihood is its definition's and its slopes are its own")
  func likelihood() {
    var chance = Chance(seed: 43)
    var now = 0.0
    let times = (0..<60).map { _ in
      now += chance.exponential() / 3
      return now
    }
    let kinds = (0..<60).map { _ in chance.whole(below: 2) }
    let pair = HawkesLikelihood(
      times: times, sides: kinds.map { $0 == 0 ? .up : .down }, end: now + 0.5)
    let at = [1.2, 0.8, 0.9, 0.3, 2.5]
    func point(_ place: [Double]) -> HawkesLikelihood.Point {
      HawkesLikelihood.Point(
        baselines: [place[0], place[1]], selfExcitation: place[2], crossExcitation: place[3],
        decay: place[4])
    }
    let (value, slope) = pair.negative(at: point(at))
    #expect(agree(value, bruteForce(times, kinds, end: now + 0.5, at: point(at))))
    for index in 0..<5 {
      var above = at
      var below = at
      above[index] += 1e-6
      below[index] -= 1e-6
      let difference = pair.negative(at: point(above)).value - pair.negative(at: point(below)).value
      #expect(agree(slope[index], difference / 2e-6, relative: 1e-5, absolute: 1e-6))
    }
  }

  /// Events of a pair of processes by thinning: Y. Ogata, IEEE Transactions on Information Theory 27
  /// (1981).
  private func simulated(
    _ parameters: HawkesParameters, seconds: Double, seed: UInt64
  ) -> (times: [Double], sides: [HawkesFlow.Side]) {
    var chance = Chance(seed: seed)
    var times: [Double] = []
    var sides: [HawkesFlow.Side] = []
    var excited = SIMD2(0.0, 0.0)
    let baseline = SIMD2(parameters.baseline.up, parameters.baseline.down)
    var now = 0.0
    while true {
      let bound = (baseline + excited).sum()
      let gap = chance.exponential() / bound
      now += gap
      if now > seconds { return (times, sides) }
      excited *= Elementary.exp(-parameters.decay * gap)
      let rates = baseline + excited
      let draw = chance.uniform() * bound
      guard draw < rates.sum() else { continue }
      let side = draw < rates[0] ? 0 : 1
      excited[side] += parameters.selfExcitation
      excited[1 - side] += parameters.crossExcitation
      times.append(now)
      sides.append(side == 0 ? .up : .down)
    }
  }

  @Test("parameters are recovered from a simulated pair within three standard errors")
  func recovery() throws {
    let truth = try #require(
      HawkesParameters(
        baseline: HawkesParameters.PerSide(up: 0.5, down: 0.3), selfExcitation: 1.2,
        crossExcitation: 0.4, decay: 4))
    let events = simulated(truth, seconds: 1500, seed: 44)
    let fit = HawkesEstimate.fit(times: events.times, sides: events.sides, end: 1500)
    let estimate = try #require(fit.estimate)
    let errors = try #require(estimate.standardErrors)
    let found =
      estimate.baselines + [estimate.selfExcitation, estimate.crossExcitation, estimate.decay]
    for (index, expected) in [0.5, 0.3, 1.2, 0.4, 4].enumerated() {
      #expect(abs(found[index] - expected) < 3 * errors[index], "\(index): \(found[index])")
    }
    #expect(estimate.parameters != nil)
  }

  @Test("what cannot be estimated says why")
  func impossible() {
    let few = HawkesEstimate.fit(times: [1, 2], end: 3)
    #expect(few == .impossible(.tooFewObservations(have: 2, needed: 50)))
    let backward = (0..<60).map { Double(60 - $0) }
    #expect(HawkesEstimate.fit(times: backward, end: 61) == .impossible(.disordered))
    let even = (0..<200).map { Double($0) }
    #expect(HawkesEstimate.fit(times: even, end: 200).estimate == nil)
  }

  @Test(
    "recorded trades give the reference's likelihood and estimates",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recorded() throws {
    let reference = try ReferenceFiles.json("oracles/microstructure/hawkes_reference.json")
    let times = reference.numbers("times")
    let end = times[times.count - 1]
    let likelihood = HawkesLikelihood(times: times, end: end)
    let value = likelihood.negative(
      at: HawkesLikelihood.Point(
        baselines: [2], selfExcitation: 8, crossExcitation: 0, decay: 20)
    ).value
    // The reference took seconds since 1970 apart, which a double holds to 2e-7 of a second.
    #expect(
      agree(-value, reference.number("loglik_at", "value_bruteforce"), absolute: 1e-5))
    let estimate = try #require(HawkesEstimate.fit(times: times, end: end).estimate)
    #expect(agree(estimate.logLikelihood, reference.number("mle", "loglik"), absolute: 2e-4))
    #expect(agree(estimate.baselines[0], reference.number("mle", "mu"), relative: 1e-4))
    #expect(agree(estimate.selfExcitation, reference.number("mle", "alpha"), relative: 1e-4))
    #expect(agree(estimate.decay, reference.number("mle", "beta"), relative: 1e-4))
    #expect(
      agree(estimate.branchingRatio, reference.number("mle", "branching_ratio"), relative: 1e-4))
  }
}
