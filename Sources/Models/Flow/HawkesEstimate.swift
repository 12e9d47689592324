import Mathematics

/// The parameters of exponential Hawkes processes by maximum likelihood.
package struct HawkesEstimate: Hashable, Sendable {
  /// The likelihood's highest point; one baseline for one process, two (up, down) for a pair.
  package let baselines: [Double]
  package let selfExcitation: Double
  /// Zero for one process.
  package let crossExcitation: Double
  package let decay: Double
  /// The standard errors of baselines, self-excitation, cross-excitation (for a pair) and decay; nil
  /// where the information is not positive definite.
  package let standardErrors: [Double]?
  package let logLikelihood: Double
  package let count: Int

  /// The events that an event brings about, on average and directly.
  package var branchingRatio: Double { (selfExcitation + crossExcitation) / decay }

  /// What a model of both sides is made with; nil for one process.
  package var parameters: HawkesParameters? {
    guard baselines.count == 2 else { return nil }
    return HawkesParameters(
      baseline: HawkesParameters.PerSide(up: baselines[0], down: baselines[1]),
      selfExcitation: selfExcitation, crossExcitation: crossExcitation, decay: decay)
  }

  /// A branching ratio beyond it, or an excitation under it, is on the boundary.
  private static let branchingRange = 1e-4...0.9995
  private static let countMin = 50

  /// Estimates one process from its times in seconds, observed from 0 to `end`.
  package static func fit(times: [Double], end: Double) -> Fit<HawkesEstimate> {
    if let reason = Self.flaw(times, end: end) { return .impossible(reason) }
    return fit(HawkesLikelihood(times: times, end: end), counts: [times.count], end: end)
  }

  /// Estimates a pair of processes from times in seconds and sides, observed from 0 to `end`.
  ///
  /// Each side needs 50 events. Where the fit does not converge, nothing takes its place: the flow
  /// then says nothing about the drift.
  package static func fit(
    times: [Double], sides: [HawkesFlow.Side], end: Double
  ) -> Fit<HawkesEstimate> {
    if let reason = Self.flaw(times, end: end) { return .impossible(reason) }
    let counts = HawkesFlow.Side.allCases.map { side in sides.count { $0 == side } }
    if let least = counts.min(), least < countMin {
      return .impossible(.tooFewObservations(have: least, needed: countMin))
    }
    return fit(HawkesLikelihood(times: times, sides: sides, end: end), counts: counts, end: end)
  }

  private static func flaw(_ times: [Double], end: Double) -> Fit<HawkesEstimate>.ImpossibleReason?
  {
    guard times.count >= countMin else {
      return .tooFewObservations(have: times.count, needed: countMin)
    }
    guard times.allSatisfy(\.isFinite), end.isFinite else { return .notFinite }
    guard times[0] >= 0, end >= times[times.count - 1], zip(times, times.dropFirst()).allSatisfy(<=)
    else { return .disordered }
    return end > 0 ? nil : .constant
  }

  private static func fit(
    _ likelihood: HawkesLikelihood, counts: [Int], end: Double
  ) -> Fit<HawkesEstimate> {
    let isPair = counts.count == 2
    let total = counts.reduce(0, +)
    let rate = Double(total) / end
    // Several speeds of decay, in units of the mean rate: the likelihood may have several peaks.
    var best: QuasiNewtonSearch?
    for speed in [0.3, 3.0, 30.0, 300.0] {
      var start = counts.map { Elementary.log(0.6 * Double($0) / end) }
      start.append(Self.logit(0.4))
      if isPair { start.append(Self.logit(0.7)) }
      start.append(Elementary.log(speed * rate))
      let search = QuasiNewtonSearch(from: start, iterationsMax: 300) {
        Self.height(at: $0, of: likelihood)
      }
      if search.height.value < best?.height.value ?? .infinity { best = search }
    }
    guard let best else { return .impossible(.notFinite) }
    let point = Self.point(at: best.point, isPair: isPair)
    let natural =
      point.baselines + [point.selfExcitation] + (isPair ? [point.crossExcitation] : [])
      + [point.decay]
    let errors = LikelihoodCurvature.standardErrors(at: natural, scales: natural) { place in
      let kinds = counts.count
      var slope = likelihood.negative(
        at: HawkesLikelihood.Point(
          baselines: Array(place[..<kinds]), selfExcitation: place[kinds],
          crossExcitation: isPair ? place[kinds + 1] : 0, decay: place[place.count - 1])
      ).gradient
      if !isPair { slope.remove(at: kinds + 1) }
      return slope
    }
    let estimate = HawkesEstimate(
      baselines: point.baselines, selfExcitation: point.selfExcitation,
      crossExcitation: point.crossExcitation, decay: point.decay, standardErrors: errors,
      logLikelihood: -best.height.value, count: total)
    guard best.hasConverged else { return .unsettled(best: estimate, reason: .noMaximumReached) }
    guard branchingRange.contains(estimate.branchingRatio) else {
      return .unsettled(best: estimate, reason: .onTheBoundary)
    }
    guard errors != nil else { return .unsettled(best: estimate, reason: .notIdentified) }
    return .converged(estimate)
  }

  // MARK: - The line on which is searched

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Elementary.exp(-x)) }
  private static func logit(_ p: Double) -> Double { Elementary.log(p / (1 - p)) }

  /// Places are ln μ, the branching ratio and (for a pair) the share of the self-excitation in it by
  /// way of the logistic function, and ln β.
  private static func point(at place: [Double], isPair: Bool) -> HawkesLikelihood.Point {
    let kinds = isPair ? 2 : 1
    let decay = Elementary.exp(place[place.count - 1])
    let jumps = logistic(place[kinds]) * decay
    let share = isPair ? logistic(place[kinds + 1]) : 1
    return HawkesLikelihood.Point(
      baselines: place[..<kinds].map { Elementary.exp($0) }, selfExcitation: jumps * share,
      crossExcitation: isPair ? jumps * (1 - share) : 0, decay: decay)
  }

  private static func height(
    at place: [Double], of likelihood: HawkesLikelihood
  ) -> QuasiNewtonSearch.Height {
    let isPair = likelihood.kindCount == 2
    let kinds = likelihood.kindCount
    let point = point(at: place, isPair: isPair)
    let (value, slope) = likelihood.negative(at: point)
    var gradient = (0..<kinds).map { slope[$0] * point.baselines[$0] }
    let branching = logistic(place[kinds])
    let jumps = branching * point.decay
    let share = isPair ? logistic(place[kinds + 1]) : 1
    let byJumps = slope[kinds] * share + (isPair ? slope[kinds + 1] * (1 - share) : 0)
    gradient.append(byJumps * jumps * (1 - branching))
    if isPair {
      gradient.append((slope[kinds] - slope[kinds + 1]) * jumps * share * (1 - share))
    }
    gradient.append((slope[slope.count - 1] * point.decay) + byJumps * jumps)
    return QuasiNewtonSearch.Height(value: value, gradient: gradient)
  }
}
