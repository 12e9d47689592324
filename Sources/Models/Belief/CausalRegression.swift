package import Mathematics

/// The weights of features, learned from what followed them.
package struct CausalRegression: Hashable, Sendable {
  /// The features at the end of a step and the return of the next one.
  package struct Sample: Hashable, Sendable {
    /// In the order of the names that the fit is told.
    package var features: [Double]
    /// The log return from the instant of the features to the end of the next step.
    package var nextLogReturn: Double

    package init(features: [Double], nextLogReturn: Double) {
      self.features = features
      self.nextLogReturn = nextLogReturn
    }
  }

  /// In the order of the names that the fit was told.
  package let names: [String]
  package let regression: RidgeRegression

  /// The weights as a document.
  package var weights: CausalWeights {
    CausalWeights(
      zip(names, regression.coefficients).map {
        CausalWeights.Weight(feature: $0, value: $1)
      })
  }

  /// Fits by ridge regression, without intercept: a market without features has no drift to it.
  /// Where nothing can be fitted the term is absent and its weight goes to the base.
  package static func fit(
    _ samples: [Sample], names: [String], penalty: Double = 1e-3, countMin: Int = 300
  ) -> Fit<CausalRegression> {
    let needed = max(countMin, names.count + 1)
    guard samples.count >= needed else {
      return .impossible(.tooFewObservations(have: samples.count, needed: needed))
    }
    guard samples.allSatisfy({ $0.features.count == names.count }) else {
      return .impossible(.disordered)
    }
    guard
      samples.allSatisfy({ $0.nextLogReturn.isFinite && $0.features.allSatisfy(\.isFinite) })
    else { return .impossible(.notFinite) }
    let regression = RidgeRegression(
      of: samples.map(\.nextLogReturn),
      on: names.indices.map { index in samples.map { $0.features[index] } }, penalty: penalty)
    guard let regression else { return .impossible(.constant) }
    return .converged(CausalRegression(names: names, regression: regression))
  }
}
