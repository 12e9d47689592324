import Mathematics

/// How capital is dealt out among symbols by their scores.
package enum CapitalWeights {
  /// Returns one weight for each score: at least 0, together 1, or all 0 where no score exceeds the
  /// floor.
  ///
  /// Only scores above the floor are given anything; one that is not known is not above it. Equal
  /// scores have equal weights, and the order of the symbols does not matter.
  package static func weights(
    for scores: [Double], floor: Double, under settings: SizingSettings.Weights
  ) -> [Double] {
    let excess = scores.map { $0.isFinite ? max(0, $0 - floor) : 0 }
    let most = excess.max() ?? 0
    guard most > 0, most.isFinite else {
      return settings.whenEmpty == .seed && !scores.isEmpty
        ? scores.map { _ in 1 / Double(scores.count) } : scores.map { _ in 0 }
    }
    let shares: [Double]
    switch settings.transform {
    case .linear: shares = excess.map { $0 / most }
    case .power: shares = excess.map { Elementary.pow($0 / most, settings.power) }
    case .softmax:
      shares = excess.map {
        $0 > 0 ? Elementary.exp(($0 / most - 1) / settings.temperature) : 0
      }
    case .standardizedSoftmax: shares = standardized(excess, under: settings)
    }
    let total = shares.reduce(0, +)
    return shares.map { $0 / total }
  }

  /// Shares by the exponential of scores in deviations from their mean.
  private static func standardized(
    _ excess: [Double], under settings: SizingSettings.Weights
  ) -> [Double] {
    let positive = excess.filter { $0 > 0 }
    let count = Double(positive.count)
    let mean = positive.reduce(0, +) / count
    let deviation =
      (positive.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    let most = positive.max() ?? 0
    return excess.map { value in
      guard value > 0 else { return 0 }
      guard deviation > 0 else { return 1 }
      return Elementary.exp(
        settings.sensitivity * (value - most) / deviation / settings.temperature)
    }
  }
}
