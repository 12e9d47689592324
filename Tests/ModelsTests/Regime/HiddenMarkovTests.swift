import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Hidden Markov chain")
struct HiddenMarkovTests {
  @Test("the published case of the first return holds")
  func published() {
    var model = HiddenMarkov(
      HiddenMarkov.Settings(parameters: .threeStates, learningRate: 0.02))
    model.observe(logReturn: 0.001)
    for (probability, expected) in zip(model.probabilities, [0.231835, 0.485002, 0.283163]) {
      #expect(agree(probability, expected, absolute: 5e-7))
    }
    #expect(model.likeliest == .chop)
    // Not half sure of it: nothing is called.
    #expect(model.label == .undecided && model.label.sign == 0)
  }

  /// Returns of a chain, with the states they came from.
  private func simulated(
    _ parameters: HiddenMarkovParameters, _ count: Int, seed: UInt64
  ) -> (returns: [Double], states: [Int]) {
    var chance = Chance(seed: seed)
    var state = 0
    var returns: [Double] = []
    var states: [Int] = []
    for _ in 0..<count {
      var draw = chance.uniform()
      var next = 0
      while next < parameters.count - 1 {
        draw -= parameters.transitions[state * parameters.count + next]
        if draw < 0 { break }
        next += 1
      }
      state = next
      states.append(state)
      returns.append(
        parameters.means[state] + parameters.variances[state].squareRoot() * chance.normal())
    }
    return (returns, states)
  }

  @Test("probabilities are those of the sum over all paths of states")
  func naive() throws {
    let parameters = HiddenMarkovParameters.threeStates
    var chance = Chance(seed: 211)
    let returns = chance.normals(6, deviation: 1e-3)
    var model = HiddenMarkov(HiddenMarkov.Settings(parameters: parameters))
    for value in returns { model.observe(logReturn: value) }
    // Every path, from the state before the first step.
    var ends = [0.0, 0, 0]
    for path in 0..<2187 {
      var code = path
      let states = (0..<7).map { _ in
        defer { code /= 3 }
        return code % 3
      }
      var likelihood = parameters.initial[states[0]]
      for step in 0..<6 {
        let (from, to) = (states[step], states[step + 1])
        let deviation = returns[step] - parameters.means[to]
        likelihood *= parameters.transitions[from * 3 + to]
        likelihood *=
          Elementary.exp(-deviation * deviation / (2 * parameters.variances[to]))
          / (2 * Double.pi * parameters.variances[to]).squareRoot()
      }
      ends[states[6]] += likelihood
    }
    let total = ends.reduce(0, +)
    for state in 0..<3 { #expect(agree(model.probabilities[state], ends[state] / total)) }
    #expect(agree(model.logLikelihood, Elementary.log(total)))
  }

  @Test(
    "parameters of two and three states are recovered from simulated chains", arguments: [2, 3])
  func recovery(states: Int) throws {
    let truth = try #require(
      states == 2
        ? HiddenMarkovParameters(
          means: [-0.001, 0.001], variances: [4e-6, 2.5e-7], transitions: [0.95, 0.05, 0.02, 0.98],
          initial: [0.5, 0.5])
        : HiddenMarkovParameters(
          means: [-0.003, 0, 0.003], variances: [1e-6, 2.5e-7, 1e-6],
          transitions: [0.95, 0.04, 0.01, 0.02, 0.96, 0.02, 0.01, 0.04, 0.95],
          initial: [0.25, 0.5, 0.25]))
    let (returns, hidden) = simulated(truth, 1500, seed: 212)
    let fit = HiddenMarkovEstimate.fit(
      returns, HiddenMarkovEstimate.Settings(states: states, riseMin: 1e-3))
    let estimate = try #require(fit.estimate)
    for state in 0..<states {
      #expect(
        abs(estimate.parameters.means[state] - truth.means[state])
          < 5 * estimate.meanErrors[state])
      #expect(
        agree(estimate.parameters.variances[state], truth.variances[state], relative: 0.3))
      #expect(
        agree(
          estimate.parameters.transitions[state * states + state],
          truth.transitions[state * states + state], absolute: 0.03))
      let share = Double(hidden.count { $0 == state }) / 1500
      #expect(agree(estimate.shares[state], share, absolute: 0.05))
    }
    // The filter with these parameters finds the states.
    var model = HiddenMarkov(HiddenMarkov.Settings(parameters: estimate.parameters))
    var hits = 0
    for (value, state) in zip(returns, hidden) {
      model.observe(logReturn: value)
      let named: [HiddenMarkov.Label] = states == 2 ? [.down, .up] : [.down, .chop, .up]
      if model.likeliest == named[state] { hits += 1 }
    }
    #expect(Double(hits) / 1500 > 0.85)
    #expect(
      agree(model.logLikelihood, estimate.logLikelihood, relative: 1e-3))
  }

  @Test("what cannot be estimated says why, and a search that is cut short is no estimate")
  func impossible() {
    let settings = HiddenMarkovEstimate.Settings(states: 2)
    #expect(
      HiddenMarkovEstimate.fit([1], settings)
        == .impossible(.tooFewObservations(have: 1, needed: 200)))
    #expect(
      HiddenMarkovEstimate.fit([Double](repeating: 3, count: 300), settings)
        == .impossible(.constant))
    var chance = Chance(seed: 213)
    let returns = chance.normals(300)
    let cut = HiddenMarkovEstimate.fit(
      returns, HiddenMarkovEstimate.Settings(states: 2, iterationsMax: 2))
    #expect(cut.estimate == nil && cut.shortfall == "no_maximum_reached")
  }

  @Test("a wild return leaves probabilities that are such")
  func wild() {
    var model = HiddenMarkov(
      HiddenMarkov.Settings(parameters: .threeStates, learningRate: 0.02))
    for value in [10.0, -10, 1e-9, 0.5] {
      model.observe(logReturn: value)
      #expect(agree(model.probabilities.reduce(0, +), 1))
    }
    expectRefused(&model) { $0.observe(logReturn: .nan) }
    #expect(model.forecast.variance > 0)
  }

  @Test("states are in the order of their means, and rows that are no probabilities are refused")
  func parameters() throws {
    let swapped = try #require(
      HiddenMarkovParameters(
        means: [1, -1], variances: [4, 9], transitions: [0.9, 0.1, 0.3, 0.7], initial: [0.2, 0.8]))
    #expect(swapped.means == [-1, 1] && swapped.variances == [9, 4])
    #expect(swapped.transitions == [0.7, 0.3, 0.1, 0.9] && swapped.initial == [0.8, 0.2])
    #expect(
      HiddenMarkovParameters(
        means: [1, -1], variances: [4, 9], transitions: [0.9, 0.2, 0.3, 0.7], initial: [0.2, 0.8])
        == nil)
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 214)
    let returns = chance.normals(80, deviation: 0.001)
    try expectRestarts(
      HiddenMarkov.Settings(parameters: .twoStates, learningRate: 0.05), steps: 80, seed: 4
    ) { (model: inout HiddenMarkov, step) in model.observe(logReturn: returns[step]) }
  }
}
