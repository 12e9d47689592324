package import Mathematics

/// Weights of the levels of a book, learned from what followed the flows.
package struct OrderFlowRegression: Hashable, Sendable {
  /// The flows by level of an interval, and the return of the interval after it.
  package struct Sample: Hashable, Sendable {
    /// Multiples of the mean depth, from the best level.
    package var flows: [Double]
    /// The log return from the end of the interval to the end of the next one. A return that
    /// overlaps the interval of the flows would teach the present, not the future.
    package var nextLogReturn: Double

    package init(flows: [Double], nextLogReturn: Double) {
      self.flows = flows
      self.nextLogReturn = nextLogReturn
    }
  }

  /// The log return that a flow of one mean depth at each level was followed by, with errors.
  package let regression: RidgeRegression

  /// The weights in the order of the levels.
  package var weights: [Double] { regression.coefficients }

  /// Fits by ridge regression. Fewer samples than `countMin` are no basis; then, and where the
  /// flows determine nothing, the exponential weights take the place of learned ones.
  package static func fit(
    _ samples: [Sample], penalty: Double = 1e-3, countMin: Int = 300
  ) -> Fit<OrderFlowRegression> {
    guard samples.count >= max(countMin, 2), let levels = samples.first?.flows.count else {
      return .impossible(.tooFewObservations(have: samples.count, needed: max(countMin, 2)))
    }
    guard samples.allSatisfy({ $0.flows.count == levels }) else { return .impossible(.disordered) }
    guard
      samples.allSatisfy({ $0.nextLogReturn.isFinite && $0.flows.allSatisfy(\.isFinite) })
    else { return .impossible(.notFinite) }
    let regression = RidgeRegression(
      of: samples.map(\.nextLogReturn),
      on: (0..<levels).map { level in samples.map { $0.flows[level] } }, penalty: penalty)
    guard let regression else { return .impossible(.constant) }
    let fit = OrderFlowRegression(regression: regression)
    guard OrderFlowWeights(learned: fit.weights) != nil else {
      return .unsettled(best: fit, reason: .notIdentified)
    }
    return .converged(fit)
  }
}
