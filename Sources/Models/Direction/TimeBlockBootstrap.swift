import Essentials
import Mathematics

/// The interval of a mean over rows that come by time and in several symbols.
///
/// Circular blocks of successive instants are drawn, each with all symbols, so that neither memory
/// nor moves that symbols share make the interval too narrow: D. Politis and J. Romano, "A Circular
/// Block-Resampling Procedure for Stationary Data" (1992).
struct TimeBlockBootstrap {
  let blockLength: Int
  let resamples: Int
  let seed: UInt64

  /// The quantiles of the resampled mean; nil below two instants. Instants do not fall.
  func interval(
    of values: [Double], at instants: [Timestamp], confidence: Double
  ) -> ClosedRange<Double>? {
    var sums: [SIMD2<Double>] = []
    for (place, value) in values.enumerated() {
      if place == 0 || instants[place] != instants[place - 1] { sums.append(.zero) }
      sums[sums.count - 1] += SIMD2(value, 1)
    }
    guard sums.count > 1 else { return nil }
    var running = [SIMD2<Double>.zero]
    for sum in sums + sums { running.append(running[running.count - 1] + sum) }
    var generator = SplitMix64(seed: seed)
    let length = max(1, min(blockLength, sums.count))
    let means = (0..<resamples).map { _ in
      var total = SIMD2<Double>.zero
      var remaining = sums.count
      while remaining > 0 {
        let start = min(sums.count - 1, Int(generator.nextUniform() * Double(sums.count)))
        let taken = min(length, remaining)
        total += running[start + taken] - running[start]
        remaining -= taken
      }
      return total[0] / total[1]
    }
    let sorted = SortedSample(means)
    let lower = sorted.quantile((1 - confidence) / 2)
    return lower...max(lower, sorted.quantile((1 + confidence) / 2))
  }
}
