import Mathematics

/// What the operators on whole windows compute, each from its textbook definition in two passes.
enum WindowFunctions {
  /// The mean and the central moments 2, 3 and 4 (population form) of the present values.
  ///
  /// The mean is taken around the first value, so that equal values deviate by exactly zero.
  private static func moments(
    _ values: UnsafeMutablePointer<Double>, _ count: Int
  ) -> (mean: Double, m2: Double, m3: Double, m4: Double) {
    var sum = 0.0
    for i in 0..<count { sum += values[i] - values[0] }
    let mean = values[0] + sum / Double(count)
    var m2 = 0.0
    var m3 = 0.0
    var m4 = 0.0
    for i in 0..<count {
      let d = values[i] - mean
      m2 += d * d
      m3 += d * d * d
      m4 += d * d * d * d
    }
    let n = Double(count)
    return (mean, m2 / n, m3 / n, m4 / n)
  }

  static func skewness(_ view: borrowing WindowView) -> Double {
    let m = moments(view.scratch, view.gatherPresent())
    return m.m2 > 0 ? m.m3 / (m.m2 * m.m2.squareRoot()) : .nan
  }

  /// Excess kurtosis: 0 for a normal distribution.
  static func kurtosis(_ view: borrowing WindowView) -> Double {
    let m = moments(view.scratch, view.gatherPresent())
    return m.m2 > 0 ? m.m4 / (m.m2 * m.m2) - 3 : .nan
  }

  static func centralMoment(_ view: borrowing WindowView, order: Int) -> Double {
    let count = view.gatherPresent()
    let mean = moments(view.scratch, count).mean
    var sum = 0.0
    for i in 0..<count {
      var power = 1.0
      for _ in 0..<order { power *= view.scratch[i] - mean }
      sum += power
    }
    return sum / Double(count)
  }

  /// The quantile of the present values by linear interpolation (type 7 of Hyndman and Fan 1996).
  static func percentile(_ view: borrowing WindowView, share: Double) -> Double {
    sortedPercentile(view.scratch, view.gatherPresent(), share: share)
  }

  /// Sorts `count` values in place and interpolates their quantile.
  static func sortedPercentile(
    _ values: UnsafeMutablePointer<Double>, _ count: Int, share: Double
  ) -> Double {
    guard count > 0 else { return .nan }
    var sorted = UnsafeMutableBufferPointer(start: values, count: count)
    sorted.sort()
    let position = share * Double(count - 1)
    let below = Int(position.rounded(.down))
    guard below + 1 < count else { return values[count - 1] }
    let fraction = position - Double(below)
    return fraction == 0
      ? values[below] : values[below] + fraction * (values[below + 1] - values[below])
  }

  /// Shannon entropy in nats of a histogram of equal bins between the window's extremes.
  static func entropy(_ view: borrowing WindowView, bins: Int) -> Double {
    let count = view.gatherPresent()
    var low = Double.infinity
    var high = -Double.infinity
    for i in 0..<count {
      low = min(low, view.scratch[i])
      high = max(high, view.scratch[i])
    }
    guard high > low else { return 0 }
    var histogram = [Int](repeating: 0, count: bins)
    for i in 0..<count {
      let bin = Int((view.scratch[i] - low) / (high - low) * Double(bins))
      histogram[min(bin, bins - 1)] += 1
    }
    var entropy = 0.0
    for frequency in histogram where frequency > 0 {
      let p = Double(frequency) / Double(count)
      entropy -= p * Elementary.log(p)
    }
    return entropy
  }

  /// The means of the first `inputs` inputs over the complete rows, of which there is at least one;
  /// each is taken around the latest value, so that equal values deviate by exactly zero.
  private static func completeMeans(_ view: borrowing WindowView, inputs: Int) -> [Double] {
    var latest: [Double] = []
    var sums = [Double](repeating: 0, count: inputs)
    var count = 0.0
    for age in 0..<view.window where view.isComplete(age, inputs: inputs) {
      if latest.isEmpty { for input in 0..<inputs { latest.append(view[input, age]) } }
      for input in 0..<inputs { sums[input] += view[input, age] - latest[input] }
      count += 1
    }
    return zip(latest, sums).map { $0 + $1 / count }
  }

  /// E[(y - my)^p (x - mx)^q ...] over the complete rows, with the deviations to normalize it.
  private static func mixedMoment(
    _ view: borrowing WindowView, powers: [Int]
  ) -> (moment: Double, deviations: [Double])? {
    let inputs = powers.count
    let count = view.countComplete(inputs: inputs)
    guard count > 1 else { return nil }
    let means = completeMeans(view, inputs: inputs)
    var moment = 0.0
    var squares = [Double](repeating: 0, count: inputs)
    for age in 0..<view.window where view.isComplete(age, inputs: inputs) {
      var term = 1.0
      for input in 0..<inputs {
        let d = view[input, age] - means[input]
        squares[input] += d * d
        for _ in 0..<powers[input] { term *= d }
      }
      moment += term
    }
    let deviations = squares.map { ($0 / Double(count)).squareRoot() }
    guard deviations.allSatisfy({ $0 > 0 }) else { return nil }
    return (moment / Double(count), deviations)
  }

  /// The mixed central moment over the product of the deviations raised to the same powers.
  static func standardizedMoment(_ view: borrowing WindowView, powers: [Int]) -> Double {
    guard let (moment, deviations) = mixedMoment(view, powers: powers) else { return .nan }
    var scale = 1.0
    for (deviation, power) in zip(deviations, powers) {
      for _ in 0..<power { scale *= deviation }
    }
    return moment / scale
  }

  /// The correlation of the first two inputs with the third held fixed (Yule 1907).
  static func partialCorrelation(_ view: borrowing WindowView) -> Double {
    guard view.countComplete(inputs: 3) > 2 else { return .nan }
    let means = completeMeans(view, inputs: 3)
    var xx = 0.0
    var yy = 0.0
    var zz = 0.0
    var xy = 0.0
    var xz = 0.0
    var yz = 0.0
    for age in 0..<view.window where view.isComplete(age, inputs: 3) {
      let x = view[0, age] - means[0]
      let y = view[1, age] - means[1]
      let z = view[2, age] - means[2]
      xx += x * x
      yy += y * y
      zz += z * z
      xy += x * y
      xz += x * z
      yz += y * z
    }
    guard xx > 0, yy > 0, zz > 0 else { return .nan }
    let rxy = xy / (xx * yy).squareRoot()
    let rxz = xz / (xx * zz).squareRoot()
    let ryz = yz / (yy * zz).squareRoot()
    let rest = (1 - rxz * rxz) * (1 - ryz * ryz)
    guard rest > 1e-12 else { return .nan }
    return max(-1, min(1, (rxy - rxz * ryz) / rest.squareRoot()))
  }

  /// The median of the slopes between all pairs of complete rows, of the second input over the
  /// first (Theil 1950, Sen 1968).
  static func theilSenSlope(_ view: borrowing WindowView) -> Double {
    var slopes: [Double] = []
    for newer in 0..<view.window where view.isComplete(newer, inputs: 2) {
      for older in (newer + 1)..<max(newer + 1, view.window)
      where view.isComplete(older, inputs: 2) {
        let run = view[0, newer] - view[0, older]
        if run != 0 { slopes.append((view[1, newer] - view[1, older]) / run) }
      }
    }
    guard !slopes.isEmpty else { return .nan }
    return slopes.withUnsafeMutableBufferPointer {
      sortedPercentile($0.baseAddress.unsafelyUnwrapped, $0.count, share: 0.5)
    }
  }

  /// Today's residual of the polynomial of a degree that fits the first input to the second.
  static func polynomialResidual(_ view: borrowing WindowView, degree: Int) -> Double {
    guard view.isComplete(0, inputs: 2) else { return .nan }
    var low = Double.infinity
    var high = -Double.infinity
    for age in 0..<view.window where view.isComplete(age, inputs: 2) {
      low = min(low, view[1, age])
      high = max(high, view[1, age])
    }
    guard high > low else { return .nan }
    // Centered and scaled to [-1, 1], so that the powers stay comparable.
    func powers(_ x: Double) -> [Double] {
      let scaled = (2 * x - low - high) / (high - low)
      var terms = [1.0]
      for _ in 0..<degree { terms.append(terms[terms.count - 1] * scaled) }
      return terms
    }
    var fit = LeastSquares(unknowns: degree + 1)
    for age in 0..<view.window where view.isComplete(age, inputs: 2) {
      fit.add(row: powers(view[1, age]), target: view[0, age])
    }
    guard fit.hasFullRank, let coefficients = fit.solve() else { return .nan }
    var fitted = 0.0
    for (coefficient, power) in zip(coefficients, powers(view[1, 0])) {
      fitted += coefficient * power
    }
    return view.today - fitted
  }

  /// The value `k` places back from today (0 for the newest) after the ignored ones are skipped.
  static func element(_ view: borrowing WindowView, k: Int, ignored: [Double]) -> Double {
    var left = k
    for age in 0..<view.window {
      let value = view[0, age]
      if isIgnored(value, ignored) { continue }
      if left == 0 { return value }
      left -= 1
    }
    return .nan
  }

  /// Today's value where it is not ignored, otherwise the k-th most recent one that is not.
  static func backfilled(_ view: borrowing WindowView, k: Int, ignored: [Double]) -> Double {
    isIgnored(view.today, ignored) ? element(view, k: k - 1, ignored: ignored) : view.today
  }

  private static func isIgnored(_ value: Double, _ ignored: [Double]) -> Bool {
    ignored.contains { $0 == value || ($0.isNaN && value.isNaN) }
  }

  /// The most recent value that differs from today's.
  static func lastDifferent(_ view: borrowing WindowView) -> Double {
    guard !view.today.isNaN else { return .nan }
    for age in 1..<max(1, view.window) {
      let value = view[0, age]
      if !value.isNaN, value != view.today { return value }
    }
    return .nan
  }

  /// Traded value over held value: the sum of |change| over the sum of |value|.
  static func turnover(_ view: borrowing WindowView) -> Double {
    var traded = 0.0
    var held = 0.0
    for age in 0..<(view.window - 1) {
      let change = view[0, age] - view[0, age + 1]
      if !change.isNaN { traded += Swift.abs(change) }
    }
    for age in 0..<(view.window - 1) where !view[0, age].isNaN {
      held += Swift.abs(view[0, age])
    }
    return held > 0 ? traded / held : .nan
  }

  /// Keeps only a share of a one-day move that exceeds a multiple of the deviation of the last
  /// `rows` rows.
  static func jumpDamped(
    _ view: borrowing WindowView, rows: Int, sensitivity: Double, force: Double
  ) -> Double {
    guard !view.today.isNaN, !view[0, 1].isNaN else { return view.today }
    let deviation = moments(view.scratch, view.gatherPresent(rows: rows)).m2.squareRoot()
    let move = view.today - view[0, 1]
    return Swift.abs(move) > sensitivity * deviation ? view[0, 1] + force * move : view.today
  }

  /// The average-tie rank of today's value in its own window, spread over [0, 1].
  static func rank(_ view: borrowing WindowView, _ input: Int = 0) -> Double {
    let today = view[input, 0]
    guard !today.isNaN else { return .nan }
    var below = 0.0
    var others = 0.0
    for age in 1..<max(1, view.window) where !view[input, age].isNaN {
      others += 1
      if view[input, age] < today { below += 1 } else if view[input, age] == today { below += 0.5 }
    }
    return others > 0 ? below / others : 0.5
  }

  /// Today's rank in its window, carried to the quantile of a distribution as the cross-sectional
  /// operator does; 0 for a window of one value.
  static func quantile(
    _ view: borrowing WindowView, _ shape: CrossSectionKernel.Quantile
  ) -> Double {
    let rank = rank(view)
    guard !rank.isNaN else { return .nan }
    let n = Double(view.gatherPresent())
    return n > 1 ? CrossSectionKernel.quantile(shape, share: 1 / n + rank * (1 - 2 / n)) : 0
  }

  /// Today's value of the first input where the second changed within the last rows.
  static func keptAfterChange(_ view: borrowing WindowView) -> Double {
    for age in 0..<(view.window - 1) {
      let newer = view[1, age]
      let older = view[1, age + 1]
      if !newer.isNaN, !older.isNaN, newer != older { return view.today }
    }
    return .nan
  }

  /// The geometric less the arithmetic mean of the inputs' ranks in their windows.
  static func rankMeansDifference(_ view: borrowing WindowView, inputs: Int) -> Double {
    var product = 1.0
    var sum = 0.0
    for input in 0..<inputs {
      let rank = rank(view, input)
      if rank.isNaN { return .nan }
      product *= rank
      sum += rank
    }
    return Elementary.pow(product, 1 / Double(inputs)) - sum / Double(inputs)
  }
}
