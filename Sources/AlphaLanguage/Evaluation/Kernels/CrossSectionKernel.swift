import Mathematics

/// Operators on all instruments of one row.
///
/// Each row of the inputs is copied to scratch memory in which the padding is missing, so sums may
/// run over whole lanes. Sums are taken lane by lane and folded in a fixed order.
final class CrossSectionKernel: MatrixKernel {
  enum Function {
    /// (rank - 1) / (n - 1), ties averaged; one half where only one value is present.
    case rank
    case zscore
    case normalize(dividing: Bool, limit: Double)
    case scale(whole: Double, long: Double, short: Double)
    /// (x - minimum) / (maximum - minimum) - constant
    case scaleDown(constant: Double)
    case winsorize(deviations: Double)
    case truncate(share: Double)
    case quantile(Quantile, sigma: Double)
    case generalizedRank(power: Double)
    case rankBySide(scale: Double)
    case oneSide(isLong: Bool)
    // Two inputs: x and y.
    case projection, remainderOfProjection
    // Two inputs: the dependent and the explanatory variable.
    case regressionResidual, regressionFitted
    // Any number of inputs.
    case rankMeansDifference
  }

  enum Quantile {
    case gaussian, cauchy, uniform
  }

  private let inputs: [RowBuffer]
  private let columns: Int
  private let function: Function
  private let ranker: RowRanker
  private let shares: RankShares
  private let scratch: [LaneMemory]

  init(output: RowBuffer, inputs: [RowBuffer], columns: Int, function: Function) {
    self.inputs = inputs
    self.columns = columns
    self.function = function
    ranker = RowRanker(capacity: columns)
    shares = RankShares(capacity: columns)
    scratch = inputs.map { _ in LaneMemory(count: output.stride, filledWith: .nan) }
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    if case .rank = function { return rankRows(block) }
    for row in 0..<block.count {
      for (input, memory) in zip(inputs, scratch) {
        memory.base.update(from: input.block + row * output.stride, count: columns)
      }
      fill(output.block + row * output.stride)
    }
  }

  private func rankRows(_ block: RowBlock) {
    for row in 0..<block.count {
      let x = UnsafePointer(inputs[0].block) + row * output.stride
      let target = output.block + row * output.stride
      let order = ranker.order(x, columns: columns)
      if order.count < columns { target.update(repeating: .nan, count: columns) }
      shares.prepare(order.count)
      let shares = shares.values
      RowRanker.ranks(order, of: x) { column, twice in target[column] = shares[twice] }
    }
  }

  private func fill(_ target: UnsafeMutablePointer<Double>) {
    let x = scratch[0].base
    let row = RowStatistics(row: UnsafePointer(x), stride: output.stride)
    switch function {
    case .rank:
      preconditionFailure("ranks are taken from the input itself")
    case .zscore:
      let deviation = row.deviation(sample: false)
      guard deviation > 0 else { return target.update(repeating: .nan, count: output.stride) }
      map(target) { ($0 - row.mean) / deviation }
    case .normalize(let dividing, let limit):
      let divisor = dividing ? row.deviation(sample: true) : 1
      guard divisor > 0 else { return target.update(repeating: .nan, count: output.stride) }
      let bound = Lanes(repeating: limit)
      map(target) { x in
        let value = (x - row.mean) / divisor
        guard limit > 0 else { return value }
        return value.replacing(with: bound, where: value .> bound)
          .replacing(with: -bound, where: value .< -bound)
      }
    case .scale(let whole, let long, let short):
      scale(target, row, whole: whole, long: long, short: short)
    case .scaleDown(let constant):
      let (low, high) = row.extremes
      guard high > low else { return target.update(repeating: .nan, count: output.stride) }
      map(target) { ($0 - low) / (high - low) - constant }
    case .winsorize(let deviations):
      let width = deviations * row.deviation(sample: false)
      let low = Lanes(repeating: row.mean - width)
      let high = Lanes(repeating: row.mean + width)
      map(target) { x in
        x.replacing(with: high, where: x .> high).replacing(with: low, where: x .< low)
      }
    case .truncate(let share):
      let bound = Lanes(repeating: share * row.sumOfMagnitudes)
      map(target) { x in
        x.replacing(with: bound, where: x .> bound).replacing(with: -bound, where: x .< -bound)
      }
    case .quantile(let shape, let sigma):
      quantile(target, row, shape, sigma)
    case .generalizedRank(let power):
      generalizedRank(target, power)
    case .rankBySide(let whole):
      rankBySide(target, whole)
    case .oneSide(let isLong):
      let (low, high) = row.extremes
      let edge = isLong ? low : high
      map(target) { $0 - edge }
    case .projection, .remainderOfProjection:
      let y = scratch[1].base
      let (xy, yy) = innerProducts(x, y)
      let factor = yy > 0 ? xy / yy : .nan
      let keepsRemainder = if case .remainderOfProjection = function { true } else { false }
      for column in 0..<columns {
        let projected = y[column] * factor
        target[column] = keepsRemainder ? x[column] - projected : projected + 0 * x[column]
      }
    case .regressionResidual, .regressionFitted:
      regress(target)
    case .rankMeansDifference:
      rankMeansDifference(target)
    }
    for column in 0..<columns { target[column] = target[column].finiteOrMissing }
  }

  @inline(__always)
  private func map(_ target: UnsafeMutablePointer<Double>, _ f: (Lanes) -> Lanes) {
    let x = scratch[0].base
    var i = 0
    while i < output.stride {
      let value = x.lanes(at: i)
      target.store(f(value).orMissing(where: value.isPresent), at: i)
      i += 8
    }
  }

  private func scale(
    _ target: UnsafeMutablePointer<Double>, _ row: RowStatistics, whole: Double, long: Double,
    short: Double
  ) {
    let sum = row.sumOfMagnitudes
    guard sum > 0 else { return target.update(repeating: .nan, count: output.stride) }
    var longs = 0.0
    var shorts = 0.0
    for column in 0..<columns {
      let value = scratch[0].base[column]
      if value > 0 { longs += value }
      if value < 0 { shorts -= value }
    }
    let up = long > 0 && longs > 0 ? long / longs : whole / sum
    let down = short > 0 && shorts > 0 ? short / shorts : whole / sum
    map(target) { x in (x * up).replacing(with: x * down, where: x .< 0) }
  }

  private func quantile(
    _ target: UnsafeMutablePointer<Double>, _ row: RowStatistics, _ shape: Quantile,
    _ sigma: Double
  ) {
    target.update(repeating: .nan, count: output.stride)
    let n = Double(row.count)
    guard row.count > 1 else { return map(target) { _ in Lanes.zero } }
    let x = UnsafePointer(scratch[0].base)
    RowRanker.ranks(ranker.order(x, columns: columns), of: x) { column, twice in
      let rank = Double(twice) / (2 * (n - 1))
      target[column] = sigma * Self.quantile(shape, share: 1 / n + rank * (1 - 2 / n))
    }
  }

  /// The inverse distribution function of a driver, centered on zero.
  static func quantile(_ shape: Quantile, share: Double) -> Double {
    switch shape {
    case .gaussian: StandardNormal.quantile(share)
    case .cauchy: StandardCauchy.quantile(share)
    case .uniform: share - 0.5
    }
  }

  private func generalizedRank(_ target: UnsafeMutablePointer<Double>, _ power: Double) {
    let x = scratch[0].base
    for i in 0..<columns {
      guard x[i] == x[i] else {
        target[i] = .nan
        continue
      }
      var sum = 0.0
      for j in 0..<columns where x[j] == x[j] {
        let difference = x[i] - x[j]
        let size = Swift.abs(difference)
        let raised = power == 1 ? size : Elementary.pow(size, power)
        sum += difference > 0 ? raised : (difference < 0 ? -raised : 0)
      }
      target[i] = sum
    }
  }

  /// Positive and negative values ranked apart by size onto (0, 1], signed, then scaled as a whole.
  private func rankBySide(_ target: UnsafeMutablePointer<Double>, _ whole: Double) {
    let x = scratch[0].base
    var positives = 0
    var negatives = 0
    for column in 0..<columns {
      if x[column] > 0 { positives += 1 }
      if x[column] < 0 { negatives += 1 }
    }
    target.update(repeating: .nan, count: output.stride)
    let order = ranker.order(x, columns: columns)
    let present = order.count
    RowRanker.ranks(order, of: x) { column, twice in
      let rank = Double(twice) / 2
      if x[column] > 0 {
        target[column] = (rank - Double(present - positives) + 1) / Double(positives)
      } else if x[column] < 0 {
        target[column] = -(Double(negatives) - rank) / Double(negatives)
      } else {
        target[column] = 0
      }
    }
    var sum = 0.0
    for column in 0..<columns where !target[column].isNaN { sum += Swift.abs(target[column]) }
    guard sum > 0 else { return }
    for column in 0..<columns { target[column] *= whole / sum }
  }

  private func innerProducts(
    _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) -> (xy: Double, yy: Double) {
    var xy = Lanes.zero
    var yy = Lanes.zero
    var i = 0
    while i < output.stride {
      let a = x.lanes(at: i)
      let b = y.lanes(at: i)
      let both = a.isPresent .& b.isPresent
      xy += (a * b).orZero(where: both)
      yy += (b * b).orZero(where: both)
      i += 8
    }
    return (xy.orderedSum, yy.orderedSum)
  }

  /// Ordinary least squares with an intercept over the instruments of which both are present.
  private func regress(_ target: UnsafeMutablePointer<Double>) {
    let y = scratch[0].base
    let x = scratch[1].base
    // Means around the first pair, so that equal values deviate by exactly zero.
    guard let first = (0..<columns).first(where: { !(x[$0] + y[$0]).isNaN }) else {
      return target.update(repeating: .nan, count: columns)
    }
    var n = 0.0
    var sumX = 0.0
    var sumY = 0.0
    for column in first..<columns where !(x[column] + y[column]).isNaN {
      n += 1
      sumX += x[column] - x[first]
      sumY += y[column] - y[first]
    }
    let meanX = x[first] + sumX / n
    let meanY = y[first] + sumY / n
    var xx = 0.0
    var xy = 0.0
    for column in 0..<columns where !(x[column] + y[column]).isNaN {
      xx += (x[column] - meanX) * (x[column] - meanX)
      xy += (x[column] - meanX) * (y[column] - meanY)
    }
    let slope = xx > 0 ? xy / xx : .nan
    let keepsResidual = if case .regressionResidual = function { true } else { false }
    for column in 0..<columns {
      let fitted = meanY + slope * (x[column] - meanX)
      target[column] = keepsResidual ? y[column] - fitted : fitted + 0 * y[column]
    }
  }

  private func rankMeansDifference(_ target: UnsafeMutablePointer<Double>) {
    let count = Double(inputs.count)
    var products = [Double](repeating: 1, count: columns)
    var sums = [Double](repeating: 0, count: columns)
    for memory in scratch {
      var ranks = [Double](repeating: .nan, count: columns)
      let order = ranker.order(memory.base, columns: columns)
      let present = order.count
      RowRanker.ranks(order, of: memory.base) { column, twice in
        ranks[column] = Double(twice)
      }
      for column in 0..<columns {
        let rank = present > 1 ? ranks[column] / Double(2 * (present - 1)) : 0.5 + 0 * ranks[column]
        products[column] *= rank
        sums[column] += rank
      }
    }
    for column in 0..<columns {
      target[column] = Elementary.pow(products[column], 1 / count) - sums[column] / count
    }
  }
}

/// The ranks of a row spread over [0, 1]: (rank - 1) / (n - 1) by twice the zero-based rank, worked
/// out anew only when the number of values changes.
private final class RankShares {
  let values: UnsafeMutablePointer<Double>
  private var count = 0

  init(capacity: Int) {
    values = .allocate(capacity: max(2, 2 * capacity))
    values.initialize(repeating: 0.5, count: max(2, 2 * capacity))
  }

  deinit { values.deallocate() }

  /// Makes the shares those of `count` values; a single one ranks in the middle.
  func prepare(_ count: Int) {
    guard count != self.count else { return }
    self.count = count
    let spread = Double(2 * (count - 1))
    for twice in 0..<max(0, 2 * count - 1) {
      values[twice] = count > 1 ? Double(twice) / spread : 0.5
    }
  }
}
