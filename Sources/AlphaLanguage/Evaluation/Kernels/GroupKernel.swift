import Mathematics

/// Operators inside the groups of one row. Instruments without a class have no result.
final class GroupKernel: MatrixKernel {
  enum Function {
    case neutralize, zscore, rank, scale
    case count, sum, deviation, maximum, minimum
    case percentile(share: Double)
    /// x * scale / sum |x|; missing where the sum is 0 and, with `constantWithin` set, in a group
    /// whose values differ by no more.
    case normalize(scale: Double, constantWithin: Double?)
    // Two inputs: the values and the weights.
    case weightedMean
    case fillWithWeightedMean
    // Two inputs: x and y.
    case projection, remainderOfProjection
  }

  private let inputs: [RowBuffer]
  private let group: GroupBuffer
  private let columns: Int
  private let function: Function
  private let sharesWithMissing: Bool
  private let ranker: RowRanker
  private let sums: LaneMemory
  private let others: LaneMemory
  private let counts: LaneMemory

  /// - Parameter sharesWithMissing: whether a member without a value receives the group's (the
  ///   setting nanHandling = ON).
  init(
    output: RowBuffer, inputs: [RowBuffer], group: GroupBuffer, columns: Int, function: Function,
    sharesWithMissing: Bool
  ) {
    self.inputs = inputs
    self.group = group
    self.columns = columns
    self.function = function
    self.sharesWithMissing = sharesWithMissing
    ranker = RowRanker(capacity: columns)
    sums = LaneMemory(count: group.bound, filledWith: 0)
    others = LaneMemory(count: group.bound, filledWith: 0)
    counts = LaneMemory(count: group.bound, filledWith: 0)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let stride = output.stride
    for row in 0..<block.count {
      let x = UnsafePointer(inputs[0].block) + row * stride
      let y = UnsafePointer(inputs[inputs.count - 1].block) + row * stride
      let target = output.block + row * stride
      fill(target, x, y, group.codes(row))
      for column in 0..<columns { target[column] = target[column].finiteOrMissing }
    }
  }

  private func fill(
    _ target: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>,
    _ y: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>
  ) {
    switch function {
    case .neutralize:
      means(x, codes)
      assign(target, x, codes, sharing: 0) { [sums] value, code in value - sums.base[code] }
    case .zscore:
      deviations(x, codes)
      assign(target, x, codes, sharing: 0) { [sums, others] value, code in
        others.base[code] > 0 ? (value - sums.base[code]) / others.base[code] : .nan
      }
    case .deviation:
      deviations(x, codes)
      share(target, x, codes, others)
    case .count:
      accumulate(x, codes)
      for column in 0..<columns {
        let code = Int(codes[column])
        target[column] = code < 0 ? .nan : counts.base[code]
      }
    case .sum:
      accumulate(x, codes)
      share(target, x, codes, sums)
    case .maximum:
      extremes(x, codes)
      share(target, x, codes, others)
    case .minimum:
      extremes(x, codes)
      share(target, x, codes, sums)
    case .scale:
      extremes(x, codes)
      assign(target, x, codes, sharing: .nan) { [sums, others] value, code in
        let spread = others.base[code] - sums.base[code]
        return spread > 0 ? (value - sums.base[code]) / spread : .nan
      }
    case .rank:
      rank(target, x, codes)
    case .percentile(let share):
      percentile(target, x, codes, share)
    case .normalize(let scale, let tolerance):
      normalize(target, x, codes, scale, tolerance)
    case .weightedMean:
      weightedMeans(x, y, codes)
      share(target, x, codes, sums)
    case .fillWithWeightedMean:
      weightedMeans(x, y, codes)
      for column in 0..<columns {
        let code = Int(codes[column])
        let isFilled = x[column].isNaN && code >= 0 && counts.base[code] > 0
        target[column] = isFilled ? sums.base[code] : x[column]
      }
    case .projection, .remainderOfProjection:
      project(target, x, y, codes)
    }
  }

  private func clear(_ memory: LaneMemory, to value: Double = 0) {
    memory.base.update(repeating: value, count: group.bound)
  }

  private func accumulate(_ x: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>) {
    clear(sums)
    clear(counts)
    for column in 0..<columns {
      let code = Int(codes[column])
      let value = x[column]
      if code < 0 || value != value { continue }
      sums.base[code] += value
      counts.base[code] += 1
    }
  }

  /// Leaves the group means in `sums`.
  private func means(_ x: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>) {
    accumulate(x, codes)
    for code in 0..<group.bound { sums.base[code] /= counts.base[code] }
  }

  /// Leaves the group means in `sums` and the population deviations in `others`.
  private func deviations(_ x: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>) {
    extremes(x, codes)
    let isConstant = (0..<group.bound).map { others.base[$0] == sums.base[$0] }
    means(x, codes)
    clear(others)
    for column in 0..<columns {
      let code = Int(codes[column])
      let value = x[column]
      if code < 0 || value != value { continue }
      let d = value - sums.base[code]
      others.base[code] += d * d
    }
    for code in 0..<group.bound {
      others.base[code] =
        isConstant[code] ? 0 : (others.base[code] / counts.base[code]).squareRoot()
    }
  }

  /// Leaves the smallest values in `sums` and the largest in `others`.
  private func extremes(_ x: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>) {
    clear(sums, to: .infinity)
    clear(others, to: -.infinity)
    clear(counts)
    for column in 0..<columns {
      let code = Int(codes[column])
      let value = x[column]
      if code < 0 || value != value { continue }
      sums.base[code] = min(sums.base[code], value)
      others.base[code] = max(others.base[code], value)
      counts.base[code] += 1
    }
  }

  private func weightedMeans(
    _ x: UnsafePointer<Double>, _ weights: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>
  ) {
    clear(sums)
    clear(others)
    clear(counts)
    for column in 0..<columns {
      let code = Int(codes[column])
      let value = x[column]
      let weight = weights[column]
      if code < 0 || value != value || weight != weight { continue }
      sums.base[code] += weight * value
      others.base[code] += weight
      counts.base[code] += 1
    }
    for code in 0..<group.bound {
      sums.base[code] = others.base[code] != 0 ? sums.base[code] / others.base[code] : .nan
    }
  }

  /// Hands a group figure to every member: to those with a value, and to the others where the
  /// settings say so.
  private func share(
    _ target: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>,
    _ codes: UnsafePointer<Int32>, _ figures: LaneMemory
  ) {
    for column in 0..<columns {
      let code = Int(codes[column])
      let isServed = code >= 0 && counts.base[code] > 0 && (sharesWithMissing || !x[column].isNaN)
      target[column] = isServed ? figures.base[code] : .nan
    }
  }

  /// Computes each present member from its value and class; `sharing` is what a missing member
  /// receives under nanHandling = ON.
  @inline(__always)
  private func assign(
    _ target: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>,
    _ codes: UnsafePointer<Int32>, sharing: Double, _ f: (Double, Int) -> Double
  ) {
    for column in 0..<columns {
      let code = Int(codes[column])
      if code < 0 {
        target[column] = .nan
      } else if x[column].isNaN {
        target[column] = sharesWithMissing && counts.base[code] > 0 ? sharing : .nan
      } else {
        target[column] = f(x[column], code)
      }
    }
  }

  private func rank(
    _ target: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>,
    _ codes: UnsafePointer<Int32>
  ) {
    accumulate(x, codes)
    target.update(repeating: .nan, count: columns)
    // Walk all values in ascending order; `sums` counts the members of each class already met.
    clear(sums)
    let order = ranker.order(x, columns: columns)
    var first = 0
    while first < order.count {
      let value = x[RowRanker.column(of: order[first])]
      var end = first + 1
      while end < order.count, x[RowRanker.column(of: order[end])] == value { end += 1 }
      clearTies(order, first..<end, codes)
      for i in first..<end {
        let code = Int(codes[RowRanker.column(of: order[i])])
        if code >= 0 { others.base[code] += 1 }
      }
      for i in first..<end {
        let column = RowRanker.column(of: order[i])
        let code = Int(codes[column])
        guard code >= 0 else { continue }
        let size = counts.base[code]
        let rank = sums.base[code] + (others.base[code] - 1) / 2
        target[column] = size > 1 ? rank / (size - 1) : 0.5
      }
      for i in first..<end {
        let code = Int(codes[RowRanker.column(of: order[i])])
        if code >= 0 { sums.base[code] += 1 }
      }
      first = end
    }
  }

  private func clearTies(
    _ order: UnsafeBufferPointer<UInt64>, _ range: Range<Int>, _ codes: UnsafePointer<Int32>
  ) {
    for i in range {
      let code = Int(codes[RowRanker.column(of: order[i])])
      if code >= 0 { others.base[code] = 0 }
    }
  }

  private func percentile(
    _ target: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>,
    _ codes: UnsafePointer<Int32>, _ share: Double
  ) {
    accumulate(x, codes)
    var members = [[Double]](repeating: [], count: group.bound)
    for column in 0..<columns where codes[column] >= 0 && !x[column].isNaN {
      members[Int(codes[column])].append(x[column])
    }
    for code in 0..<group.bound {
      sums.base[code] = members[code].withUnsafeMutableBufferPointer { values in
        guard let first = values.baseAddress else { return .nan }
        return WindowFunctions.sortedPercentile(first, values.count, share: share)
      }
    }
    self.share(target, x, codes, sums)
  }

  private func normalize(
    _ target: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>,
    _ codes: UnsafePointer<Int32>, _ scale: Double, _ tolerance: Double?
  ) {
    extremes(x, codes)
    let isConstant = (0..<group.bound).map { code in
      tolerance.map { others.base[code] - sums.base[code] <= $0 } ?? false
    }
    clear(sums)
    for column in 0..<columns where codes[column] >= 0 && !x[column].isNaN {
      sums.base[Int(codes[column])] += Swift.abs(x[column])
    }
    assign(target, x, codes, sharing: .nan) { value, code in
      sums.base[code] > 0 && !isConstant[code] ? value * scale / sums.base[code] : .nan
    }
  }

  private func project(
    _ target: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>,
    _ y: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>
  ) {
    clear(sums)
    clear(others)
    for column in 0..<columns {
      let code = Int(codes[column])
      if code < 0 || (x[column] + y[column]).isNaN { continue }
      sums.base[code] += x[column] * y[column]
      others.base[code] += y[column] * y[column]
    }
    let keepsRemainder = if case .remainderOfProjection = function { true } else { false }
    for column in 0..<columns {
      let code = Int(codes[column])
      guard code >= 0, others.base[code] > 0, !(x[column] + y[column]).isNaN else {
        target[column] = .nan
        continue
      }
      let projected = y[column] * (sums.base[code] / others.base[code])
      target[column] = keepsRemainder ? x[column] - projected : projected
    }
  }
}
