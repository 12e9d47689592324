import Mathematics

/// Resampling that keeps the memory of a series.
///
/// The stationary bootstrap of D. Politis and J. Romano, Journal of the American Statistical
/// Association 89 (1994): a resample strings together blocks that begin anywhere, run on past the
/// end to the beginning, and have geometrically distributed lengths. A run is its seed: resample r is
/// drawn from its own generator, seeded with the r-th number of `SplitMix64(seed:)`.
package struct BlockBootstrap: Hashable, Sendable {
  /// What is computed from each resample.
  package enum Statistic: Hashable, Sendable {
    case mean
    /// Mean over sample standard deviation, for one period.
    case sharpe
    /// The depth of the deepest drawdown, at most zero; zero for none.
    case maximumDrawdown(Accumulation)
  }

  /// How the ends of an interval are read off the resamples.
  package enum Method: Hashable, Sendable {
    /// Quantiles of the resampled statistic.
    case percentile
    /// Quantiles corrected for bias and acceleration, B. Efron, "Better Bootstrap Confidence
    /// Intervals", Journal of the American Statistical Association 82 (1987); the acceleration comes
    /// from leaving out one block at a time.
    case biasCorrected
  }

  /// The average length of a block, at least 1; 1 resamples single rows.
  package let meanBlockLength: Double
  /// How many series are strung together.
  package let resamples: Int
  /// What names the sequence of blocks.
  package let seed: UInt64

  /// Makes a plan; nothing is drawn yet.
  package init(meanBlockLength: Double, resamples: Int, seed: UInt64) {
    precondition(meanBlockLength >= 1, "blocks of \(meanBlockLength) rows on average")
    precondition(resamples > 0, "\(resamples) resamples")
    self.meanBlockLength = meanBlockLength
    self.resamples = resamples
    self.seed = seed
  }

  /// Returns the statistic of every resample, in the order of the resamples; NaN where it does not
  /// exist for one. Values are finite and there is at least one.
  ///
  /// Cost: for the mean and the Sharpe ratio a few steps for each block, by differences of running
  /// sums; for the drawdown a few steps for each row.
  package func estimates(of values: [Double], _ statistic: Statistic) -> [Double] {
    precondition(!values.isEmpty, "no values to resample")
    switch statistic {
    case .mean: return sums(of: values).map { Self.mean($0) }
    case .sharpe: return sums(of: values).map { Self.sharpe($0) }
    case .maximumDrawdown(let accumulation):
      return drawdowns(of: values, accumulation: accumulation)
    }
  }

  /// Returns the rows of one resample: `count` places among `rows` rows, for whoever resamples more
  /// than a statistic. With `count` equal to `rows` these are the blocks that ``estimates(of:_:)``
  /// takes for the same resample. Cost: a step for each resample before it and for each row.
  package func rows(of rows: Int, count: Int, resample: Int) -> [Int] {
    precondition(rows > 0 && resample < resamples, "resample \(resample) of \(rows) rows")
    var seeds = SplitMix64(seed: seed)
    for _ in 0..<resample { _ = seeds.next() }
    var places: [Int] = []
    places.reserveCapacity(count)
    forEachBlock(
      of: rows, filling: count, GeometricLengths(mean: meanBlockLength), seed: seeds.next()
    ) { start, length in
      for offset in 0..<length { places.append((start + offset) % rows) }
    }
    return places
  }

  /// Returns an interval for the statistic of a series.
  ///
  /// Nil where the statistic does not exist for the series or for half of the resamples, and with
  /// bias correction where every resample lies on one side of the estimate. `confidence` lies
  /// strictly between 0 and 1.
  package func interval(
    for statistic: Statistic, of values: [Double], confidence: Double = 0.95,
    method: Method = .biasCorrected
  ) -> ConfidenceInterval? {
    guard values.count > 1, values.allSatisfy({ $0.isFinite }) else { return nil }
    let estimate = Self.value(of: statistic, values)
    let estimates = estimates(of: values, statistic).filter { !$0.isNaN }
    guard estimate.isFinite, estimates.count * 2 > resamples else { return nil }
    var tails = (lower: (1 - confidence) / 2, upper: (1 + confidence) / 2)
    if method == .biasCorrected {
      guard let corrected = correctedTails(tails, estimate, estimates, statistic, values)
      else { return nil }
      tails = corrected
    }
    let sorted = SortedSample(estimates)
    guard let lower = sorted.quantile(tails.lower).finiteOrNil,
      let upper = sorted.quantile(tails.upper).finiteOrNil
    else { return nil }
    return ConfidenceInterval(
      estimate: estimate, lower: lower, upper: upper, confidence: confidence)
  }

  private func correctedTails(
    _ tails: (lower: Double, upper: Double), _ estimate: Double, _ estimates: [Double],
    _ statistic: Statistic, _ values: [Double]
  ) -> (lower: Double, upper: Double)? {
    var below = 0.0
    for value in estimates {
      if value < estimate { below += 1 } else if value == estimate { below += 0.5 }
    }
    let bias = StandardNormal.quantile(below / Double(estimates.count))
    guard bias.isFinite else { return nil }
    let left = leavingOutBlocks(statistic, values)
    let mean = Moments(of: left).mean
    var squares = 0.0
    var cubes = 0.0
    for value in left {
      let influence = mean - value
      squares += influence * influence
      cubes += influence * influence * influence
    }
    let acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
    func corrected(_ tail: Double) -> Double {
      let point = bias + StandardNormal.quantile(tail)
      let stretch = 1 - acceleration * point
      // Beyond the pole of the correction the interval ends at the outermost resample.
      guard stretch > 0 else { return point < 0 ? 0 : 1 }
      return StandardNormal.cumulative(bias + point / stretch)
    }
    return (corrected(tails.lower), corrected(tails.upper))
  }

  /// Returns the statistic without each of the successive blocks in turn, where it exists.
  private func leavingOutBlocks(_ statistic: Statistic, _ values: [Double]) -> [Double] {
    let length = min(Int(meanBlockLength.rounded()), values.count / 2)
    let starts = Array(stride(from: 0, to: values.count, by: max(1, length)))
    let running = RunningSums(of: values)
    return starts.compactMap { start in
      let end = min(values.count, start + max(1, length))
      let value: Double
      switch statistic {
      case .mean: value = Self.mean(running.sum(leavingOut: start..<end))
      case .sharpe: value = Self.sharpe(running.sum(leavingOut: start..<end))
      case .maximumDrawdown:
        value = Self.value(of: statistic, Array(values[..<start] + values[end...]))
      }
      return value.finiteOrNil
    }
  }

  private static func value(of statistic: Statistic, _ values: [Double]) -> Double {
    switch statistic {
    case .mean: Moments(of: values).mean
    case .sharpe: SharpeRatio.perPeriod(of: values) ?? .nan
    case .maximumDrawdown(let accumulation):
      Drawdown.maximum(of: values, accumulation: accumulation)?.depth ?? 0
    }
  }
}

/// The count, sum and sum of squares of some rows' deviations, and the mean they deviate from.
private struct DeviationSums {
  var count: Double
  var center: Double
  var sums: SIMD2<Double>
}

/// Sums of deviations and of their squares from the first row, over the series written twice, so
/// that any block, also one that runs past the end, is a difference of two.
private struct RunningSums {
  let count: Int
  let center: Double
  let sums: [SIMD2<Double>]

  init(of values: [Double]) {
    count = values.count
    let center = Moments(of: values).mean
    self.center = center
    sums = Array(unsafeUninitializedCapacity: 2 * values.count + 1) { buffer, initialized in
      var running = SIMD2<Double>.zero
      buffer.initializeElement(at: 0, to: running)
      for i in 0..<2 * values.count {
        let deviation = values[i < values.count ? i : i - values.count] - center
        running += SIMD2(deviation, deviation * deviation)
        buffer.initializeElement(at: i + 1, to: running)
      }
      initialized = 2 * values.count + 1
    }
  }

  func sum(leavingOut rows: Range<Int>) -> DeviationSums {
    // The rest runs from the end of the gap, past the end of the series, to the gap's beginning.
    DeviationSums(
      count: Double(count - rows.count), center: center,
      sums: sums[rows.lowerBound + count] - sums[rows.upperBound])
  }
}

extension BlockBootstrap {
  private static func mean(_ sums: DeviationSums) -> Double {
    sums.center + sums.sums[0] / sums.count
  }

  private static func sharpe(_ sums: DeviationSums) -> Double {
    let deviation = sums.sums[0] / sums.count
    let rest = sums.sums[1] - sums.sums[0] * deviation
    // What remains of the squares of a constant resample is rounding.
    guard rest > 1e-12 * sums.sums[1], sums.count > 1 else { return .nan }
    return (sums.center + deviation) / (rest / (sums.count - 1)).squareRoot()
  }

  private func sums(of values: [Double]) -> [DeviationSums] {
    let running = RunningSums(of: values)
    let lengths = GeometricLengths(mean: meanBlockLength)
    var seeds = SplitMix64(seed: seed)
    return running.sums.withUnsafeBufferPointer { sums in
      (0..<resamples).map { _ in
        var total = SIMD2<Double>.zero
        forEachBlock(of: values.count, lengths, seed: seeds.next()) { start, length in
          total += sums[start &+ length] - sums[start]
        }
        return DeviationSums(count: Double(values.count), center: running.center, sums: total)
      }
    }
  }

  private func drawdowns(of values: [Double], accumulation: Accumulation) -> [Double] {
    let lengths = GeometricLengths(mean: meanBlockLength)
    let twice = values + values
    var resample = values
    var seeds = SplitMix64(seed: seed)
    return (0..<resamples).map { _ in
      var filled = 0
      forEachBlock(of: values.count, lengths, seed: seeds.next()) { start, length in
        for offset in 0..<length { resample[filled + offset] = twice[start + offset] }
        filled += length
      }
      return Drawdown.maximum(of: resample, accumulation: accumulation)?.depth ?? 0
    }
  }

  /// Draws the blocks of one resample: a start below `rows`, and a length that may run past the end,
  /// `count` in all, or as many as there are rows.
  @inline(__always)
  private func forEachBlock(
    of rows: Int, filling count: Int? = nil, _ lengths: borrowing GeometricLengths, seed: UInt64,
    _ body: (Int, Int) -> Void
  ) {
    var generator = SplitMix64(seed: seed)
    var remaining = count ?? rows
    while remaining > 0 {
      let bits = generator.next()
      // The lower half times rows over 2^32 is uniform to within rows / 2^32.
      let start = Int(((bits & 0xFFFF_FFFF) &* UInt64(rows)) >> 32)
      let length = min(remaining, lengths.length(for: UInt32(bits >> 32)))
      body(start, length)
      remaining &-= length
    }
  }
}

/// Geometric lengths by inversion: 1 + ⌊log u / log(1 - 1 / mean)⌋ for a uniform u, looked up by the
/// upper bits of u where these decide and computed where they do not.
private struct GeometricLengths {
  private static let tableBits: UInt32 = 12
  private let logContinue: Double
  /// For each value of the upper bits the length, or zero where it varies.
  private let table: [Int32]

  init(mean: Double) {
    let logContinue = Elementary.log(onePlus: -1 / mean)
    self.logContinue = logContinue
    let lower: UInt32 = 32 - Self.tableBits
    table = (0..<1 << Self.tableBits).map { (upper: UInt32) in
      let longest = Self.inverted(upper << lower, logContinue)
      let shortest = Self.inverted(upper << lower | (1 << lower - 1), logContinue)
      return longest == shortest ? Int32(clamping: longest) : 0
    }
  }

  @inline(__always)
  func length(for bits: UInt32) -> Int {
    let known = table[Int(bits >> (32 - Self.tableBits))]
    return known > 0 ? Int(known) : Self.inverted(bits, logContinue)
  }

  private static func inverted(_ bits: UInt32, _ logContinue: Double) -> Int {
    let uniform = (Double(bits) + 0.5) * 0x1p-32
    // At most 23 means: the logarithm of the smallest uniform is -22.9.
    return 1 + Int(min(Elementary.log(uniform) / logContinue, 1e15))
  }
}
