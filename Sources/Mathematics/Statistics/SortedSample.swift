/// A sample in ascending order, for quantiles.
package struct SortedSample: Hashable, Sendable {
  /// The values in ascending order; in the order given where one of them is NaN.
  package let values: [Double]
  private let hasMissing: Bool

  /// Sorts a sample. Where it holds a NaN every quantile is NaN: the place of an unknown value is
  /// unknown.
  package init(_ sample: [Double]) {
    hasMissing = sample.contains { $0.isNaN }
    values = hasMissing ? sample : sample.sorted()
  }

  /// Returns the quantile at `p` in [0, 1] by linear interpolation between neighbors: type 7 of
  /// Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50
  /// (1996). NaN for an empty sample or a `p` outside [0, 1].
  package func quantile(_ p: Double) -> Double {
    guard !hasMissing, !values.isEmpty, p >= 0, p <= 1 else { return .nan }
    let place = p * Double(values.count - 1)
    let below = Int(place)
    guard below + 1 < values.count else { return values[values.count - 1] }
    let fraction = place - Double(below)
    if fraction == 0 { return values[below] }
    return values[below] + fraction * (values[below + 1] - values[below])
  }
}
