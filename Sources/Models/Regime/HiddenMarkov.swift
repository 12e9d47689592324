package import Essentials
import Mathematics

/// Which state of a hidden Markov chain returns come from, step by step.
///
/// The forward recursion of L. Rabiner, "A Tutorial on Hidden Markov Models", Proceedings of the IEEE
/// 77 (1989), section III, normalized at every step. The states may follow the market slowly. Cost:
/// the number of states squared, no allocation.
package struct HiddenMarkov: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    package var parameters: HiddenMarkovParameters
    /// How far mean and variance of a state move toward a return that is surely its own; zero keeps
    /// what was estimated.
    package var learningRate: Double
    /// No variance is ever below it.
    package var varianceMin: Double
    /// The probability that a state needs to be called the present one.
    package var confidenceMin: Double

    package init(
      parameters: HiddenMarkovParameters, learningRate: Double = 0, varianceMin: Double = 1e-10,
      confidenceMin: Double = 0.55
    ) {
      precondition((0..<1).contains(learningRate), "a learning rate of \(learningRate)")
      self.parameters = parameters
      self.learningRate = learningRate
      self.varianceMin = varianceMin
      self.confidenceMin = confidenceMin
    }
  }

  /// What the present state is called, by the order of the means.
  package enum Label: String, Hashable, Sendable {
    case down, chop, up
    /// No state is probable enough.
    case undecided

    /// −1, 0 or 1.
    package var sign: Double {
      switch self {
      case .down: -1
      case .up: 1
      case .chop, .undecided: 0
      }
    }
  }

  package static let kind = "hidden_markov"

  private var settings: Settings
  /// The probabilities of the states, in the order of the parameters.
  package private(set) var probabilities: [Double]
  private var means: [Double]
  private var variances: [Double]
  private var spare: [Double]
  /// The log-likelihood of all returns that were observed.
  package private(set) var logLikelihood = 0.0

  package init(_ settings: Settings) {
    self.settings = settings
    probabilities = settings.parameters.initial
    means = settings.parameters.means
    variances = settings.parameters.variances
    spare = probabilities
  }

  /// Takes the log return of a step that is complete. One that is not finite is refused: false is
  /// returned and nothing changes.
  @discardableResult
  package mutating func observe(logReturn: Double) -> Bool {
    guard (logReturn * logReturn).isFinite else { return false }
    let count = probabilities.count
    var highest = -Double.infinity
    for state in 0..<count {
      spare[state] = logDensity(of: logReturn, in: state)
      highest = max(highest, spare[state])
    }
    guard highest.isFinite else { return false }
    var total = 0.0
    for state in 0..<count {
      var expected = 0.0
      for from in 0..<count {
        expected += probabilities[from] * settings.parameters.transitions[from * count + state]
      }
      // Relative to the likeliest state, so that a wild return cannot make all of them zero.
      spare[state] = expected * Elementary.exp(spare[state] - highest)
      total += spare[state]
    }
    guard total > 0 else { return false }
    for state in 0..<count { probabilities[state] = spare[state] / total }
    logLikelihood += highest + Elementary.log(total)
    learn(logReturn)
    return true
  }

  /// Lets steps pass that nobody saw: the probabilities go where the chain takes them. Cost: a step
  /// for each, a thousand at most, by when every chain that forgets has forgotten.
  package mutating func pass(_ steps: Int) {
    precondition(steps >= 0, "\(steps) steps")
    let count = probabilities.count
    for _ in 0..<min(steps, 1000) {
      for state in 0..<count {
        spare[state] = 0
        for from in 0..<count {
          spare[state] +=
            probabilities[from] * settings.parameters.transitions[from * count + state]
        }
      }
      let total = spare.reduce(0, +)
      for state in 0..<count { probabilities[state] = spare[state] / total }
    }
  }

  /// Goes on with other parameters from the probabilities that it has come to; where the number of
  /// states is another it begins anew.
  package mutating func adopt(_ parameters: HiddenMarkovParameters, learningRate: Double) {
    var settings = settings
    settings.parameters = parameters
    settings.learningRate = learningRate
    guard parameters.count == probabilities.count else {
      self = HiddenMarkov(settings)
      return
    }
    self.settings = settings
    means = parameters.means
    variances = parameters.variances
  }

  /// Goes on with the parameters of another chain of as many states.
  mutating func adopt(_ other: HiddenMarkov) {
    adopt(other.settings.parameters, learningRate: other.settings.learningRate)
  }

  private func logDensity(of value: Double, in state: Int) -> Double {
    let deviation = value - means[state]
    return -0.5
      * (deviation * deviation / variances[state] + Elementary.log(2 * Double.pi * variances[state]))
  }

  private mutating func learn(_ logReturn: Double) {
    guard settings.learningRate > 0 else { return }
    for state in 0..<means.count {
      let rate = settings.learningRate * probabilities[state]
      means[state] += rate * (logReturn - means[state])
      let deviation = logReturn - means[state]
      variances[state] = max(
        settings.varianceMin, variances[state] + rate * (deviation * deviation - variances[state]))
    }
  }

  /// The probability of the likeliest state.
  package var confidence: Double { probabilities.reduce(0, max) }

  /// The present state by the rank of its mean, where it is probable enough.
  package var label: Label {
    let confidence = confidence
    guard confidence >= settings.confidenceMin,
      let state = probabilities.firstIndex(of: confidence)
    else { return .undecided }
    return named(state)
  }

  /// The likeliest state by the rank of its mean, however probable.
  package var likeliest: Label {
    probabilities.firstIndex(of: confidence).map(named) ?? .undecided
  }

  private func named(_ state: Int) -> Label {
    // Learning may have moved one mean past another; equal ones keep their order.
    var rank = 0
    for other in means.indices
    where (means[other], other) < (means[state], state) { rank += 1 }
    if rank == means.count - 1 { return .up }
    return rank == 0 ? .down : .chop
  }

  /// The mean of the next return and its variance: the states mixed by where the chain goes.
  package var forecast: (mean: Double, variance: Double) {
    let count = probabilities.count
    var mean = 0.0
    var square = 0.0
    for state in 0..<count {
      var expected = 0.0
      for from in 0..<count {
        expected += probabilities[from] * settings.parameters.transitions[from * count + state]
      }
      mean += expected * means[state]
      square += expected * (variances[state] + means[state] * means[state])
    }
    return (mean, square - mean * mean)
  }

  /// Returns the mean log return of the next steps, the states mixed by where the chain goes, and its
  /// standard error from those of the states' means. Cost: a step for each, a thousand at most, by when
  /// every chain that forgets has forgotten.
  func drift(over steps: Int, meanErrors: [Double]) -> (mean: Double, error: Double)? {
    guard steps > 0, meanErrors.count == means.count else { return nil }
    var ahead = self
    var shares = [Double](repeating: 0, count: means.count)
    let walked = min(steps, 1000)
    for _ in 0..<walked {
      ahead.pass(1)
      for state in shares.indices { shares[state] += ahead.probabilities[state] }
    }
    var (mean, square) = (0.0, 0.0)
    for state in shares.indices {
      // What lies further ahead is like the last step.
      let rest = Double(steps - walked) * ahead.probabilities[state]
      let share = (shares[state] + rest) / Double(steps)
      mean += share * means[state]
      square += share * share * meanErrors[state] * meanErrors[state]
    }
    return (mean, square.squareRoot())
  }

  /// The standard errors of the states' means where they were estimated on so many returns in all: each
  /// saw those of its share of the time.
  func meanErrors(fittedOn count: Int) -> [Double] {
    var ahead = self
    ahead.pass(1000)
    return means.indices.map { state in
      (variances[state] / max(1, Double(count) * ahead.probabilities[state])).squareRoot()
    }
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("probabilities", .numbers(probabilities)),
      JSONValue.Member("means", .numbers(means)),
      JSONValue.Member("variances", .numbers(variances)),
      JSONValue.Member("log_likelihood", .number(logLikelihood)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    let count = means.count
    if let saved = reader.requiredNumbers("probabilities", count: count, in: 0...1) {
      probabilities = saved
      if (saved.reduce(0, +) - 1).magnitude > 1e-9 {
        reader.noteContradiction(
          "probabilities", "do not add up to one", remedy: "Give the state as it was saved.")
      }
    }
    if let saved = reader.requiredNumbers("means", count: count) { means = saved }
    if let saved = reader.requiredNumbers(
      "variances", count: count,
      in: Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude)
    {
      variances = saved
    }
    logLikelihood = reader.requiredNumber("log_likelihood")
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.settings == right.settings && left.probabilities == right.probabilities
      && left.means == right.means && left.variances == right.variances
      && left.logLikelihood == right.logLikelihood
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(probabilities)
    hasher.combine(logLikelihood)
  }
}
