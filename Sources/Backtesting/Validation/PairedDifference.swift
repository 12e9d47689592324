import Mathematics

/// By how much a figure of one series exceeds that of another that met the same days.
///
/// Both series are resampled with the same blocks of rows (``BlockBootstrap``), so whatever moves both
/// cancels. Probabilities come from how far resampled differences lie from the difference itself.
package struct PairedDifference: Hashable, Sendable {
  /// What is computed from each series.
  package enum Figure: Hashable, Sendable {
    case mean
    /// The mean of the worst share of rows, such as 0.05: the lowest ones.
    case tail(share: Double)
  }

  /// The first less the second, with its percentile interval.
  package let interval: ConfidenceInterval
  /// How probable a difference of this size or more is, in either direction, where there is none.
  package let probability: Double
  /// How probable a difference of this or more is where the first is worse by the whole margin.
  package let inferiorityProbability: Double
  /// The standard deviation of the resampled differences.
  package let deviation: Double

  /// Compares two series of the same length; nil for fewer than two rows or a value that is not
  /// finite. The margin counts in the figure's unit. Cost: resamples times rows for the tail.
  package init?(
    of first: [Double], over second: [Double], _ figure: Figure, margin: Double,
    by bootstrap: BlockBootstrap, confidence: Double = 0.95
  ) {
    precondition(first.count == second.count, "series of \(first.count) and \(second.count) rows")
    let differences = zip(first, second).map { $0 - $1 }
    guard first.count > 1, differences.allSatisfy(\.isFinite) else { return nil }
    let estimate: Double
    let resampled: [Double]
    switch figure {
    case .mean:
      estimate = Moments(of: differences).mean
      resampled = bootstrap.estimates(of: differences, .mean)
    case .tail(let share):
      let (one, other) = (RankedTail(first, share: share), RankedTail(second, share: share))
      let whole = Array(repeating: 1, count: first.count)
      estimate = one.mean(whole) - other.mean(whole)
      var times = [Int](repeating: 0, count: first.count)
      resampled = (0..<bootstrap.resamples).map { resample in
        for row in times.indices { times[row] = 0 }
        for row in bootstrap.rows(of: first.count, count: first.count, resample: resample) {
          times[row] += 1
        }
        return one.mean(times) - other.mean(times)
      }
    }
    let sorted = SortedSample(resampled)
    interval = ConfidenceInterval(
      estimate: estimate, lower: sorted.quantile((1 - confidence) / 2),
      upper: sorted.quantile((1 + confidence) / 2), confidence: confidence)
    // What remains where all resamples agree is rounding.
    let errors = resampled.map { ($0 - estimate).magnitude < 1e-15 ? 0 : $0 - estimate }
    let size = Double(errors.count + 1)
    let far = errors.count { $0.magnitude >= estimate.magnitude }
    probability = Double(far + 1) / size
    inferiorityProbability = Double(errors.count { $0 >= estimate + margin } + 1) / size
    deviation = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
  }
}

/// Rows by their value, the lowest first, for tails of resamples that take each row some times.
private struct RankedTail {
  private let values: [Double]
  private let order: [Int]
  private let size: Double

  init(_ values: [Double], share: Double) {
    self.values = values
    order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    size = max(1, Double(values.count) * share)
  }

  /// The mean of the lowest rows; the last one counts as far as there is room for it.
  func mean(_ times: [Int]) -> Double {
    var left = size
    var sum = 0.0
    for row in order where times[row] > 0 {
      let taken = min(left, Double(times[row]))
      sum += taken * values[row]
      left -= taken
      if left <= 0 { break }
    }
    return sum / size
  }
}
