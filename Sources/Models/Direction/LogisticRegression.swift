import Mathematics

/// The log odds of an event as a weighted sum of features and a bias.
package struct LogisticRegression: Hashable, Sendable {
  package let weights: [Double]
  package let bias: Double

  package init(weights: [Double], bias: Double) {
    self.weights = weights
    self.bias = bias
  }

  /// The log odds for features of the same number.
  package func logOdds(_ features: [Double]) -> Double {
    var sum = bias
    for place in weights.indices { sum += weights[place] * features[place] }
    return sum
  }

  /// The chance that log odds stand for, without overflow.
  package static func chance(logOdds: Double) -> Double {
    if logOdds >= 0 { return 1 / (1 + Elementary.exp(-logOdds)) }
    let odds = Elementary.exp(logOdds)
    return odds / (1 + odds)
  }

  /// Fits the weights by which the sum of the log losses plus `ridge` / 2 times the sum of squared
  /// weights is least; the bias goes free. That function has one minimum wherever `ridge` is above
  /// zero.
  ///
  /// Targets are chances, 0 and 1 among them. Without variation of the targets nothing can be told.
  /// Where a plane parts the classes and `ridge` is zero there is no minimum, and the fit is
  /// unsettled. Cost: some tens of passes through the rows.
  package static func fit(
    _ rows: [[Double]], targets: [Double], ridge: Double, iterationsMax: Int = 200
  ) -> Fit<LogisticRegression> {
    precondition(rows.count == targets.count && ridge >= 0, "targets that are not of the rows")
    let order = rows.first?.count ?? 0
    guard rows.count > order else {
      return .impossible(.tooFewObservations(have: rows.count, needed: order + 1))
    }
    guard targets.allSatisfy({ $0 >= 0 && $0 <= 1 }),
      rows.allSatisfy({ $0.count == order && $0.allSatisfy(\.isFinite) })
    else { return .impossible(.notFinite) }
    guard targets.contains(where: { $0 != targets[0] }) else { return .impossible(.constant) }
    let features = ContiguousArray(rows.joined())
    let search = QuasiNewtonSearch(
      from: [Double](repeating: 0, count: order + 1), iterationsMax: iterationsMax
    ) { point in
      height(at: point, features: features, targets: targets, ridge: ridge)
    }
    let best = LogisticRegression(
      weights: Array(search.point.prefix(order)), bias: search.point[order])
    guard search.hasConverged else {
      return .unsettled(best: best, reason: .noMaximumReached)
    }
    // Log odds of hundreds only come about where the classes can be parted.
    let steepest = rows.map { best.logOdds($0).magnitude }.max() ?? 0
    if ridge == 0, steepest > 15, targets.allSatisfy({ $0 == 0 || $0 == 1 }) {
      let parts = zip(rows, targets).allSatisfy { (best.logOdds($0) > 0) == ($1 == 1) }
      if parts { return .unsettled(best: best, reason: .noMaximumReached) }
    }
    return .converged(best)
  }

  /// The loss is told per row, so that the tolerance of the search does not depend on their number.
  private static func height(
    at point: [Double], features: ContiguousArray<Double>, targets: [Double], ridge: Double
  ) -> QuasiNewtonSearch.Height {
    let order = point.count - 1
    var gradient = [Double](repeating: 0, count: order + 1)
    var loss = 0.0
    for (row, target) in targets.enumerated() {
      let start = row * order
      var sum = point[order]
      for place in 0..<order { sum += point[place] * features[start + place] }
      // log(1 + e^s) - t s, of which the first grows like s where s is large.
      loss += max(sum, 0) + Elementary.log(onePlus: Elementary.exp(-sum.magnitude)) - target * sum
      let error = chance(logOdds: sum) - target
      for place in 0..<order { gradient[place] += error * features[start + place] }
      gradient[order] += error
    }
    for place in 0..<order {
      loss += ridge / 2 * point[place] * point[place]
      gradient[place] += ridge * point[place]
    }
    let size = Double(targets.count)
    return QuasiNewtonSearch.Height(value: loss / size, gradient: gradient.map { $0 / size })
  }
}
