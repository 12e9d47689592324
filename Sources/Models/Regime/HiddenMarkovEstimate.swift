import Mathematics

/// A hidden Markov chain of normal returns by maximum likelihood.
package struct HiddenMarkovEstimate: Hashable, Sendable {
  package let parameters: HiddenMarkovParameters
  package let logLikelihood: Double
  /// The standard errors of the means if the states were known, in the order of the parameters; the
  /// true ones are larger.
  package let meanErrors: [Double]
  /// The share of steps in each state.
  package let shares: [Double]
  package let iterations: Int
  package let count: Int

  /// What is assumed beside the data.
  package struct Settings: Hashable, Sendable {
    /// Two or three.
    package var states: Int
    package var iterationsMax: Int
    /// The least rise of the log-likelihood that is worth another iteration.
    package var riseMin: Double
    package var countMin: Int

    package init(
      states: Int, iterationsMax: Int = 500, riseMin: Double = 1e-5, countMin: Int = 200
    ) {
      precondition((2...3).contains(states), "\(states) states")
      self.states = states
      self.iterationsMax = iterationsMax
      self.riseMin = riseMin
      self.countMin = countMin
    }
  }

  /// A state that is in fewer steps, or whose variance is a smaller share of that of all returns, was
  /// drawn onto a few returns, where the likelihood has no bound.
  private static let leastShare = 0.01
  private static let leastVarianceShare = 1e-6

  /// Estimates by the method of L. Baum and others ("A Maximization Technique Occurring in the
  /// Statistical Analysis of Probabilistic Functions of Markov Chains", 1970) from two starts, one
  /// whose states differ by their means and one whose states differ by their variances; the higher
  /// likelihood counts. Densities are taken as logarithms relative to the likeliest state and every
  /// step is normalized, so no product of probabilities can vanish. Where it does not converge,
  /// ``HiddenMarkovParameters/threeStates`` with learning takes its place.
  package static func fit(_ returns: [Double], _ settings: Settings) -> Fit<HiddenMarkovEstimate> {
    let needed = max(settings.countMin, 10 * settings.states)
    guard returns.count >= needed else {
      return .impossible(.tooFewObservations(have: returns.count, needed: needed))
    }
    guard returns.allSatisfy(\.isFinite) else { return .impossible(.notFinite) }
    let moments = Moments(of: returns)
    let scale = moments.populationDeviation
    guard scale > 0, scale.isFinite else { return .impossible(.constant) }
    let scaled = returns.map { ($0 - moments.mean) / scale }
    let searches = starts(states: settings.states).map {
      HiddenMarkovSearch(of: scaled, from: $0, settings)
    }
    guard let best = searches.max(by: { $0.logLikelihood < $1.logLikelihood }),
      best.logLikelihood.isFinite
    else { return .impossible(.notFinite) }
    let counts = best.counts
    guard
      let parameters = HiddenMarkovParameters(
        means: best.means.map { moments.mean + scale * $0 },
        variances: best.variances.map { $0 * scale * scale }, transitions: best.transitions,
        initial: best.initial)
    else { return .impossible(.notFinite) }
    let order = best.means.indices.sorted { (best.means[$0], $0) < (best.means[$1], $1) }
    let estimate = HiddenMarkovEstimate(
      parameters: parameters,
      logLikelihood: best.logLikelihood - Double(returns.count) * Elementary.log(scale),
      meanErrors: order.map { (best.variances[$0] / counts[$0]).squareRoot() * scale },
      shares: order.map { counts[$0] / Double(returns.count) }, iterations: best.iterations,
      count: returns.count)
    guard best.hasConverged else { return .unsettled(best: estimate, reason: .noMaximumReached) }
    guard estimate.shares.allSatisfy({ $0 >= leastShare }),
      best.variances.allSatisfy({ $0 >= leastVarianceShare })
    else { return .unsettled(best: estimate, reason: .onTheBoundary) }
    return .converged(estimate)
  }

  /// Of returns with mean zero and variance one.
  private static func starts(states: Int) -> [HiddenMarkovSearch.Start] {
    states == 2
      ? [
        HiddenMarkovSearch.Start(means: [-0.8, 0.8], variances: [0.4, 0.4]),
        HiddenMarkovSearch.Start(means: [0.05, -0.05], variances: [0.4, 2]),
      ]
      : [
        HiddenMarkovSearch.Start(means: [-1, 0, 1], variances: [0.4, 0.4, 0.4]),
        HiddenMarkovSearch.Start(means: [-0.1, 0, 0.1], variances: [2.5, 0.3, 1]),
      ]
  }
}
