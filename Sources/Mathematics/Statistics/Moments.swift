/// The size, mean and central moments of a sample.
///
/// Deviations are taken from the first value and then from the mean, so a constant sample has a
/// variance of exactly zero and a large common offset costs no digits. Summation runs from the first
/// value to the last. A NaN in the sample makes every moment NaN; an empty sample has NaN moments.
/// Cost: two passes.
package struct Moments: Hashable, Sendable {
  /// The number of values.
  package let count: Int
  /// The arithmetic mean.
  package let mean: Double
  /// The averages of the second, third and fourth powers of the deviations from the mean.
  package let central: SIMD3<Double>

  /// Measures an array.
  package init(of values: [Double]) {
    self.init(of: values.span)
  }

  /// Measures a stretch of memory without copying it.
  package init(of values: Span<Double>) {
    count = values.count
    guard count > 0 else {
      mean = .nan
      central = SIMD3(repeating: .nan)
      return
    }
    let size = Double(count)
    let first = values[0]
    var shifted = 0.0
    for i in 0..<values.count { shifted += values[i] - first }
    let center = first + shifted / size
    var second = 0.0
    var third = 0.0
    var fourth = 0.0
    for i in 0..<values.count {
      let deviation = values[i] - center
      let square = deviation * deviation
      second += square
      third += square * deviation
      fourth += square * square
    }
    mean = center
    central = SIMD3(second / size, third / size, fourth / size)
  }

  /// The average squared deviation: division by the count.
  package var populationVariance: Double { central[0] }

  /// The unbiased variance: division by the count less one. NaN below two values.
  package var sampleVariance: Double {
    count > 1 ? central[0] * (Double(count) / Double(count - 1)) : .nan
  }

  /// The square root of the population variance.
  package var populationDeviation: Double { populationVariance.squareRoot() }

  /// The square root of the sample variance.
  package var sampleDeviation: Double { sampleVariance.squareRoot() }

  /// The population skewness, without correction for the sample size; NaN for a constant sample.
  package var skewness: Double {
    central[0] > 0 ? central[1] / (central[0] * central[0].squareRoot()) : .nan
  }

  /// The population kurtosis, 3 for a normal distribution, without correction for the sample size;
  /// NaN for a constant sample.
  package var kurtosis: Double {
    central[0] > 0 ? central[2] / (central[0] * central[0]) : .nan
  }

  /// The kurtosis less the 3 of a normal distribution.
  package var excessKurtosis: Double { kurtosis - 3 }
}
