import Mathematics

/// The log-likelihood of events under exponential Hawkes processes, and its slopes.
///
/// With rates λᵢ(t) = μᵢ + Σ aᵢⱼ e^−β(t − tₖ) over earlier events k of kind j, it is the sum of ln λ at
/// the events less the integral of all rates from the first instant to the last: Y. Ogata, "The
/// Asymptotic Behaviour of Maximum Likelihood Estimators for Stationary Point Processes", Annals of
/// the Institute of Statistical Mathematics 30 (1978). Sums over earlier events are carried from event
/// to event (T. Ozaki, "Maximum Likelihood Estimation of Hawkes' Self-Exciting Point Processes",
/// ibid. 31 (1979)), so the cost is one pass.
package struct HawkesLikelihood: Sendable {
  /// Seconds since the observation began, ascending, and the kind of each event.
  private let times: [Double]
  private let kinds: [Int]
  private let end: Double
  /// One process or two.
  package let kindCount: Int

  /// Rates and jumps per second; `cross` is zero for one process.
  package struct Point: Hashable, Sendable {
    package var baselines: [Double]
    package var selfExcitation: Double
    package var crossExcitation: Double
    package var decay: Double

    package init(
      baselines: [Double], selfExcitation: Double, crossExcitation: Double, decay: Double
    ) {
      self.baselines = baselines
      self.selfExcitation = selfExcitation
      self.crossExcitation = crossExcitation
      self.decay = decay
    }
  }

  /// Events of one kind, observed from second 0 to second `end`.
  package init(times: [Double], end: Double) {
    self.times = times
    kinds = [Int](repeating: 0, count: times.count)
    self.end = end
    kindCount = 1
  }

  /// Events of two kinds, observed from second 0 to second `end`.
  package init(times: [Double], sides: [HawkesFlow.Side], end: Double) {
    precondition(times.count == sides.count, "\(times.count) times and \(sides.count) sides")
    self.times = times
    kinds = sides.map { $0 == .up ? 0 : 1 }
    self.end = end
    kindCount = 2
  }

  /// Returns minus the log-likelihood and its slopes along the baselines, the self-excitation, the
  /// cross-excitation and the decay.
  package func negative(at point: Point) -> (value: Double, gradient: [Double]) {
    let beta = point.decay
    let (own, other) = (point.selfExcitation, point.crossExcitation)
    let mu = SIMD2(point.baselines[0], kindCount == 2 ? point.baselines[1] : 0)
    // Over earlier events of each kind: Σ e^−β(t − tₖ) and Σ (t − tₖ) e^−β(t − tₖ).
    var sums = SIMD2<Double>(repeating: 0)
    var delays = SIMD2<Double>(repeating: 0)
    var logRates = 0.0
    var byMu = SIMD2<Double>(repeating: 0)
    var byOwn = 0.0
    var byOther = 0.0
    var byBeta = 0.0
    var integral = 0.0
    var integralByBeta = 0.0
    var before = 0.0
    times.withUnsafeBufferPointer { times in
      kinds.withUnsafeBufferPointer { kinds in
        for index in 0..<times.count {
          let time = times[index]
          let gap = time - before
          let left = Elementary.exp(-beta * gap)
          delays = (delays + gap * sums) * left
          sums *= left
          before = time
          let kind = kinds[index]
          let rate = mu[kind] + own * sums[kind] + other * sums[1 - kind]
          logRates += Elementary.log(rate)
          byMu[kind] += 1 / rate
          byOwn += sums[kind] / rate
          byOther += sums[1 - kind] / rate
          byBeta -= (own * delays[kind] + other * delays[1 - kind]) / rate
          sums[kind] += 1
          // 1 − e^−β(T − t): what the event has brought about until the end, times β.
          let rest = end - time
          let spent = -Elementary.expMinusOne(-beta * rest)
          integral += spent
          integralByBeta += rest * (1 - spent)
        }
      }
    }
    let jumps = own + (kindCount == 2 ? other : 0)
    let baseline = kindCount == 2 ? mu[0] + mu[1] : mu[0]
    let value = baseline * end + jumps / beta * integral - logRates
    var gradient = (0..<kindCount).map { end - byMu[$0] }
    gradient.append(integral / beta - byOwn)
    gradient.append(kindCount == 2 ? integral / beta - byOther : 0)
    gradient.append(jumps * (integralByBeta / beta - integral / (beta * beta)) - byBeta)
    return (value, gradient)
  }
}
