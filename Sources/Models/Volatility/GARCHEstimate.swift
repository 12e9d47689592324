import Mathematics

/// The parameters of a GARCH(1,1) process by maximum likelihood.
package struct GARCHEstimate: Hashable, Sendable {
  /// Whether the mean of the returns is estimated beside the variances.
  package enum Mean: Hashable, Sendable {
    /// The mean is zero: right for steps of minutes, where it cannot be told from zero.
    case zero
    case constant
  }

  /// What is assumed beside the data.
  package struct Settings: Hashable, Sendable {
    package var mean = Mean.zero
    package var presample = GARCHLikelihood.Presample.backcast
    /// Fewer returns than this are no basis.
    package var countMin = 300

    package init(
      mean: Mean = .zero, presample: GARCHLikelihood.Presample = .backcast, countMin: Int = 300
    ) {
      self.mean = mean
      self.presample = presample
      self.countMin = countMin
    }
  }

  /// The standard errors of mean, ω, α and β from the observed information.
  package struct StandardErrors: Hashable, Sendable {
    /// Nil where the mean is zero by assumption.
    package let mean: Double?
    package let omega: Double
    package let alpha: Double
    package let beta: Double
  }

  /// In the units of the returns.
  package let mean: Double
  package let parameters: GARCHParameters
  /// Nil where the information is not positive definite.
  package let standardErrors: StandardErrors?
  package let logLikelihood: Double
  /// The variance of the last step of the data.
  package let lastVariance: Double
  /// How many returns it rests on.
  package let count: Int

  /// The largest α + β that is searched: the process must have a mean variance.
  private static let persistenceMax = 0.9999
  /// A persistence that near to the largest, and an α that small, lie on the boundary.
  private static let boundaryMargin = 1e-4
  private static let alphaMin = 1e-6

  /// Estimates by the quasi-Newton method from the best of several starts.
  ///
  /// The returns are divided by their standard deviation beforehand, and α + β and the share of α in
  /// it are searched on the whole line by way of the logistic function, so no point that is tried
  /// lies outside the model. Where the likelihood is highest without any answer to returns (α = 0), β
  /// is not identified and the fit is unsettled; what takes its place is
  /// ``GARCHParameters/targeting(variance:)``.
  package static func fit(
    _ returns: [Double], _ settings: Settings = Settings()
  ) -> Fit<GARCHEstimate> {
    let needed = max(settings.countMin, 10)
    guard returns.count >= needed else {
      return .impossible(.tooFewObservations(have: returns.count, needed: needed))
    }
    guard returns.allSatisfy(\.isFinite) else { return .impossible(.notFinite) }
    let moments = Moments(of: returns)
    let scale = moments.populationDeviation
    guard scale > 0, scale.isFinite else { return .impossible(.constant) }

    let scaled = returns.map { $0 / scale }
    let hasMean = settings.mean == .constant
    let likelihood = GARCHLikelihood(
      of: scaled, presample: settings.presample, about: hasMean ? moments.mean / scale : 0)
    let startMean = hasMean ? moments.mean / scale : 0
    let starts: [(Double, Double)] = [(0.95, 0.06), (0.90, 0.2), (0.98, 0.1), (0.6, 0.3)]
    var best: (place: [Double], value: Double)?
    for (persistence, share) in starts {
      let place = [
        startMean, Elementary.log(1 - persistence), Self.logit(persistence / Self.persistenceMax),
        Self.logit(share),
      ]
      let value = likelihood.negative(at: Self.point(at: place)).value
      if value.isFinite, value < best?.value ?? .infinity { best = (place, value) }
    }
    guard let best else { return .impossible(.notFinite) }
    let search = QuasiNewtonSearch(from: hasMean ? best.place : Array(best.place.dropFirst())) {
      Self.height(at: hasMean ? $0 : [0] + $0, of: likelihood, hasMean: hasMean)
    }
    let found = Self.point(at: hasMean ? search.point : [0] + search.point)
    let end = likelihood.negative(at: found)
    guard
      let parameters = GARCHParameters(
        omega: found.omega * scale * scale, alpha: found.alpha, beta: found.beta)
    else { return .impossible(.notFinite) }

    let isInside =
      found.alpha > alphaMin && found.alpha + found.beta < persistenceMax - boundaryMargin
    let estimate = GARCHEstimate(
      mean: found.mean * scale, parameters: parameters,
      standardErrors: isInside
        ? Self.standardErrors(at: found, of: likelihood, hasMean: hasMean, scale: scale) : nil,
      logLikelihood: -end.value - Double(returns.count) * Elementary.log(scale),
      lastVariance: end.lastVariance * scale * scale, count: returns.count)
    guard search.hasConverged else {
      return .unsettled(best: estimate, reason: .noMaximumReached)
    }
    guard isInside else { return .unsettled(best: estimate, reason: .onTheBoundary) }
    guard estimate.standardErrors != nil else {
      return .unsettled(best: estimate, reason: .notIdentified)
    }
    return .converged(estimate)
  }

  // MARK: - The line on which is searched

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Elementary.exp(-x)) }
  private static func logit(_ p: Double) -> Double { Elementary.log(p / (1 - p)) }

  private static func point(at place: [Double]) -> GARCHLikelihood.Point {
    let persistence = persistenceMax * logistic(place[2])
    let share = logistic(place[3])
    return GARCHLikelihood.Point(
      mean: place[0], omega: Elementary.exp(place[1]), alpha: persistence * share,
      beta: persistence * (1 - share))
  }

  private static func height(
    at place: [Double], of likelihood: GARCHLikelihood, hasMean: Bool
  ) -> QuasiNewtonSearch.Height {
    let point = point(at: place)
    let (value, slope, _) = likelihood.negative(at: point)
    let share = logistic(place[3])
    let persistence = point.alpha + point.beta
    let byPersistence = slope[2] * share + slope[3] * (1 - share)
    let byShare = (slope[2] - slope[3]) * persistence
    let gradient = [
      slope[0], slope[1] * point.omega,
      byPersistence * persistence * (1 - persistence / persistenceMax),
      byShare * share * (1 - share),
    ]
    return QuasiNewtonSearch.Height(
      value: value, gradient: hasMean ? gradient : Array(gradient.dropFirst()))
  }

  private static func standardErrors(
    at point: GARCHLikelihood.Point, of likelihood: GARCHLikelihood, hasMean: Bool, scale: Double
  ) -> StandardErrors? {
    let natural = [point.mean, point.omega, point.alpha, point.beta]
    let skipped = hasMean ? 0 : 1
    let errors = LikelihoodCurvature.standardErrors(
      at: Array(natural.dropFirst(skipped)),
      scales: Array([1.0, point.omega, 0.01, 0.01].dropFirst(skipped))
    ) { place in
      let all = (hasMean ? [] : [0]) + place
      let slope = likelihood.negative(
        at: GARCHLikelihood.Point(mean: all[0], omega: all[1], alpha: all[2], beta: all[3])
      ).gradient
      return Array([slope[0], slope[1], slope[2], slope[3]].dropFirst(skipped))
    }
    guard let errors else { return nil }
    let last = errors.count - 3
    return StandardErrors(
      mean: hasMean ? errors[0] * scale : nil, omega: errors[last] * scale * scale,
      alpha: errors[last + 1], beta: errors[last + 2])
  }
}
