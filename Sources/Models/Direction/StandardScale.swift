import Mathematics

/// The mean and deviation of each feature in the rows that a model learned from.
package struct StandardScale: Hashable, Sendable {
  package let means: [Double]
  /// Population deviations; zero for a feature that never changed, which then says nothing.
  package let deviations: [Double]

  /// Nil unless there is one deviation, not below zero, for each mean, and all are finite.
  package init?(means: [Double], deviations: [Double]) {
    guard means.count == deviations.count, means.allSatisfy(\.isFinite),
      deviations.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { return nil }
    self.means = means
    self.deviations = deviations
  }

  /// Measures rows of equal length. Missing values do not count; a feature that is missing in all of
  /// them has mean and deviation zero.
  init(of rows: [[Double]], count: Int) {
    let moments = (0..<count).map { feature in
      Moments(of: rows.map { $0[feature] }.filter { !$0.isNaN })
    }
    means = moments.map { $0.count > 0 ? $0.mean : 0 }
    deviations = moments.map { moment in
      // What rounding leaves of a constant is no deviation.
      let deviation = moment.populationDeviation
      return deviation > 1e-12 * moment.mean.magnitude ? deviation : 0
    }
  }

  /// Returns the values in deviations from their means. A missing value and one of a feature that
  /// never changed become zero: the mean of what was learned from, which moves nothing.
  package func standardized(_ values: [Double]) -> [Double] {
    values.indices.map { place in
      guard !values[place].isNaN, deviations[place] > 0 else { return 0 }
      let scaled = (values[place] - means[place]) / deviations[place]
      return scaled.isFinite ? scaled : 0
    }
  }
}
