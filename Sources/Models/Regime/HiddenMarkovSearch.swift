import Mathematics

/// The iterations of the method of Baum and Welch from one start.
struct HiddenMarkovSearch {
  /// Where it begins: states that last fifty steps on average.
  struct Start {
    var means: [Double]
    var variances: [Double]
  }

  private(set) var means: [Double]
  private(set) var variances: [Double]
  private(set) var transitions: [Double]
  private(set) var initial: [Double]
  /// Of the parameters before the last iteration.
  private(set) var logLikelihood = -Double.infinity
  private(set) var hasConverged = false
  private(set) var iterations = 0
  /// The expected number of steps in each state.
  private(set) var counts: [Double]

  private let values: [Double]
  private let states: Int

  /// No variance may fall below this share of the whole: the likelihood has no bound there.
  private static let varianceMin = 1e-8

  init(of values: [Double], from start: Start, _ settings: HiddenMarkovEstimate.Settings) {
    self.values = values
    states = start.means.count
    means = start.means
    variances = start.variances
    let stay = 0.98
    let leave = (1 - stay) / Double(states - 1)
    transitions = []
    for row in 0..<states {
      for column in 0..<states { transitions.append(row == column ? stay : leave) }
    }
    initial = [Double](repeating: 1 / Double(states), count: states)
    counts = initial
    var densities = [Double](repeating: 0, count: values.count * states)
    var forward = densities
    var backward = densities
    var totals = [Double](repeating: 0, count: values.count)
    while iterations < settings.iterationsMax {
      iterations += 1
      let before = logLikelihood
      logLikelihood = pass(&densities, &forward, &backward, &totals)
      guard logLikelihood.isFinite else { return }
      if logLikelihood - before < settings.riseMin {
        hasConverged = true
        return
      }
      improve(densities, forward, backward, totals)
    }
  }

  /// Fills, step by step and state by state, the densities relative to the highest of the step, the
  /// probabilities given the steps up to it, and the relative likelihood of those after it; returns
  /// the log-likelihood.
  private mutating func pass(
    _ densities: inout [Double], _ forward: inout [Double], _ backward: inout [Double],
    _ totals: inout [Double]
  ) -> Double {
    let k = states
    let norms = variances.map { -0.5 * Elementary.log(2 * Double.pi * $0) }
    var likelihood = 0.0
    for step in 0..<values.count {
      let at = step * k
      var highest = -Double.infinity
      for state in 0..<k {
        let deviation = values[step] - means[state]
        densities[at + state] = norms[state] - 0.5 * deviation * deviation / variances[state]
        highest = max(highest, densities[at + state])
      }
      var total = 0.0
      for state in 0..<k {
        densities[at + state] = Elementary.exp(densities[at + state] - highest)
        var expected = 0.0
        if step == 0 {
          expected = initial[state]
        } else {
          for from in 0..<k {
            expected += forward[at - k + from] * transitions[from * k + state]
          }
        }
        forward[at + state] = expected * densities[at + state]
        total += forward[at + state]
      }
      for state in 0..<k { forward[at + state] /= total }
      totals[step] = total
      likelihood += highest + Elementary.log(total)
    }
    let end = (values.count - 1) * k
    for state in 0..<k { backward[end + state] = 1 }
    for step in stride(from: values.count - 2, through: 0, by: -1) {
      let at = step * k
      for state in 0..<k {
        var sum = 0.0
        for to in 0..<k {
          sum += transitions[state * k + to] * densities[at + k + to] * backward[at + k + to]
        }
        backward[at + state] = sum / totals[step + 1]
      }
    }
    return likelihood
  }

  private mutating func improve(
    _ densities: [Double], _ forward: [Double], _ backward: [Double], _ totals: [Double]
  ) {
    let k = states
    var moves = [Double](repeating: 0, count: k * k)
    var weights = [Double](repeating: 0, count: k)
    var sums = weights
    for step in 0..<values.count {
      let at = step * k
      for state in 0..<k {
        let probability = forward[at + state] * backward[at + state]
        if step == 0 { initial[state] = probability }
        weights[state] += probability
        sums[state] += probability * values[step]
        guard step + 1 < values.count else { continue }
        for to in 0..<k {
          moves[state * k + to] +=
            forward[at + state] * transitions[state * k + to] * densities[at + k + to]
            * backward[at + k + to] / totals[step + 1]
        }
      }
    }
    for state in 0..<k where weights[state] > 0 { means[state] = sums[state] / weights[state] }
    var squares = [Double](repeating: 0, count: k)
    for step in 0..<values.count {
      for state in 0..<k {
        let deviation = values[step] - means[state]
        squares[state] +=
          forward[step * k + state] * backward[step * k + state] * deviation * deviation
      }
    }
    for state in 0..<k where weights[state] > 0 {
      variances[state] = max(Self.varianceMin, squares[state] / weights[state])
      var total = 0.0
      for to in 0..<k { total += moves[state * k + to] }
      guard total > 0 else { continue }
      for to in 0..<k { transitions[state * k + to] = moves[state * k + to] / total }
    }
    let first = initial.reduce(0, +)
    for state in 0..<k { initial[state] /= first }
    counts = weights
  }
}
