import Mathematics

/// Sums of two inputs over a trailing window, for correlation, covariance and regression.
///
/// The same chunks, tails and pivots as in `RollingMomentsKernel`, for pairs of which both values are
/// present; a pivot is such a pair. The second input may lag behind by a number of rows.
final class RollingPairKernel: MatrixKernel {
  enum Figure {
    case correlation, covariance
    /// The projection of the first window on the second: today's component, or the remainder.
    case projection, remainderOfProjection
    case regression(RegressionFigure)
  }

  enum RegressionFigure: Int {
    case residual, intercept, slope, fitted, squaredErrors, squaredTotal, determination
    case meanSquaredError, slopeError, interceptError
  }

  private let left: RowBuffer
  private let right: RowBuffer
  private let lag: Int
  private let window: Int
  private let figure: Figure
  private let emptyIsZero: Bool
  private let pivots: LaneMemory
  private let pivotAges: PivotAges
  private let head: LaneMemory
  private let tails: LaneMemory
  private static let sums = 6  // count, x, y, xx, yy, xy

  init(
    output: RowBuffer, left: RowBuffer, right: RowBuffer, lag: Int = 0, window: Int,
    figure: Figure, emptyIsZero: Bool
  ) {
    self.left = left
    self.right = right
    self.lag = lag
    self.window = window
    self.figure = figure
    self.emptyIsZero = emptyIsZero
    pivots = LaneMemory(count: 2 * output.stride, filledWith: 0)
    pivotAges = PivotAges(stride: output.stride, window: window)
    head = LaneMemory(count: Self.sums * output.stride, filledWith: 0)
    tails = LaneMemory(count: Self.sums * window * output.stride, filledWith: 0)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let stride = output.stride
    for row in 0..<block.count {
      let x = UnsafePointer(left.block) + row * stride
      let y = UnsafePointer(right.block) + (row - lag) * stride
      let phase = (block.start + row) % window
      if phase == 0 { beginChunk(x, y) }
      pivotAges.forEachLost(phase: phase) { choosePivot(x, y, lane: $0, within: $1) }
      let target = output.block + row * stride
      let tail = tails.base + (window - 1 - phase) * stride * Self.sums
      switch figure {
      case .correlation: step(x, y, tail, target) { $0.correlation }
      case .covariance: step(x, y, tail, target) { $0.covariance }
      case .projection: step(x, y, tail, target) { $0.projection }
      case .remainderOfProjection: step(x, y, tail, target) { $0.x - $0.projection }
      case .regression(let wanted): step(x, y, tail, target) { $0.regression(wanted) }
      }
    }
  }

  @inline(__always)
  private func step(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ tail: UnsafeMutablePointer<Double>,
    _ target: UnsafeMutablePointer<Double>, _ finish: (PairSums) -> Lanes
  ) {
    let none = emptyIsZero ? Lanes.zero : Lanes.missing
    var i = 0
    while i < output.stride {
      let a = x.lanes(at: i)
      let b = y.lanes(at: i)
      let both = a.isPresent .& b.isPresent
      let pivotX = pivots.base.lanes(at: 2 * i)
      let pivotY = pivots.base.lanes(at: 2 * i + 8)
      let dx = (a - pivotX).orZero(where: both)
      let dy = (b - pivotY).orZero(where: both)
      let grown = head.base + i * Self.sums
      let n = grown.lanes(at: 0) + Lanes.ones(where: both)
      let sx = grown.lanes(at: 8) + dx
      let sy = grown.lanes(at: 16) + dy
      let sxx = grown.lanes(at: 24) + dx * dx
      let syy = grown.lanes(at: 32) + dy * dy
      let sxy = grown.lanes(at: 40) + dx * dy
      grown.store(n, at: 0)
      grown.store(sx, at: 8)
      grown.store(sy, at: 16)
      grown.store(sxx, at: 24)
      grown.store(syy, at: 32)
      grown.store(sxy, at: 40)
      let past = tail + i * Self.sums
      let sums = PairSums(
        n: n + past.lanes(at: 0), sx: sx + past.lanes(at: 8), sy: sy + past.lanes(at: 16),
        sxx: sxx + past.lanes(at: 24), syy: syy + past.lanes(at: 32),
        sxy: sxy + past.lanes(at: 40), pivotX: pivotX, pivotY: pivotY, x: a, y: b)
      let result = finish(sums).finiteOrMissing
      target.store(none.replacing(with: result, where: sums.n .> 0), at: i)
      i += 8
    }
  }

  private func beginChunk(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) {
    let stride = output.stride
    head.base.update(repeating: 0, count: head.count)
    var i = 0
    while i < stride {
      var pivotX = x.lanes(at: i)
      var pivotY = y.lanes(at: i)
      var age = Lanes.zero
      for length in 1..<max(1, window) {
        let isMissing = .!(pivotX.isPresent .& pivotY.isPresent)
        guard any(isMissing) else { break }
        age.replace(with: Lanes(repeating: Double(length)), where: isMissing)
        pivotX.replace(with: (x - length * stride).lanes(at: i), where: isMissing)
        pivotY.replace(with: (y - length * stride).lanes(at: i), where: isMissing)
      }
      let isChosen = pivotX.isPresent .& pivotY.isPresent
      pivotAges.store(PivotAges.none.replacing(with: age, where: isChosen), at: i)
      pivotX = pivotX.orZero(where: isChosen)
      pivotY = pivotY.orZero(where: isChosen)
      pivots.base.store(pivotX, at: 2 * i)
      pivots.base.store(pivotY, at: 2 * i + 8)
      var n = Lanes.zero
      var sx = Lanes.zero
      var sy = Lanes.zero
      var sxx = Lanes.zero
      var syy = Lanes.zero
      var sxy = Lanes.zero
      for length in 0..<window {
        if length > 0 {
          let a = (x - length * stride).lanes(at: i)
          let b = (y - length * stride).lanes(at: i)
          let both = a.isPresent .& b.isPresent
          let dx = (a - pivotX).orZero(where: both)
          let dy = (b - pivotY).orZero(where: both)
          n += Lanes.ones(where: both)
          sx += dx
          sy += dy
          sxx += dx * dx
          syy += dy * dy
          sxy += dx * dy
        }
        let past = tails.base + (length * stride + i) * Self.sums
        past.store(n, at: 0)
        past.store(sx, at: 8)
        past.store(sy, at: 16)
        past.store(sxx, at: 24)
        past.store(syy, at: 32)
        past.store(sxy, at: 40)
      }
      i += 8
    }
  }

  /// Puts the pivot of an instrument on the first complete pair of the chunk, which stands at most
  /// `rows` before today's, and sums the head up to the row before today's around it. Returns whether
  /// there is such a pair.
  private func choosePivot(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, lane: Int, within rows: Int
  ) -> Bool {
    func pair(_ age: Int) -> (x: Double, y: Double)? {
      let index = lane - age * output.stride
      return x[index].isNaN || y[index].isNaN ? nil : (x[index], y[index])
    }
    guard let first = (0...rows).reversed().first(where: { pair($0) != nil }),
      let pivot = pair(first)
    else { return false }
    var sums = [Double](repeating: 0, count: Self.sums)
    for age in (1..<max(1, first + 1)).reversed() {
      guard let (x, y) = pair(age) else { continue }
      let dx = x - pivot.x
      let dy = y - pivot.y
      for (index, term) in [1, dx, dy, dx * dx, dy * dy, dx * dy].enumerated() {
        sums[index] += term
      }
    }
    let tile = lane / 8 * 8
    pivots.base[2 * tile + lane % 8] = pivot.x
    pivots.base[2 * tile + 8 + lane % 8] = pivot.y
    for (index, sum) in sums.enumerated() {
      head.base[tile * Self.sums + 8 * index + lane % 8] = sum
    }
    return true
  }
}

/// The shifted sums of the pairs in a window, with today's values.
private struct PairSums {
  var n: Lanes
  var sx: Lanes
  var sy: Lanes
  var sxx: Lanes
  var syy: Lanes
  var sxy: Lanes
  var pivotX: Lanes
  var pivotY: Lanes
  var x: Lanes
  var y: Lanes

  @inline(__always)
  var varianceX: Lanes { RollingMomentsKernel.variance(n, sx, sxx) }

  @inline(__always)
  var varianceY: Lanes { RollingMomentsKernel.variance(n, sy, syy) }

  @inline(__always)
  var covariance: Lanes { (sxy - sx * sy / n) / n }

  /// n squared times the variance; zero where what is left is rounding of what was subtracted.
  @inline(__always)
  private func spread(_ sum: Lanes, _ squares: Lanes) -> Lanes {
    let whole = n * squares
    let left = whole - sum * sum
    let rounding = whole * Lanes(repeating: RollingMomentsKernel.roundingShare)
    return Lanes.zero.replacing(with: left, where: left .> rounding)
  }

  /// Pearson's correlation, held inside [-1, 1]; missing where a side does not vary. The counts of
  /// numerator and denominator cancel, so one division is enough.
  @inline(__always)
  var correlation: Lanes {
    let vx = spread(sx, sxx)
    let vy = spread(sy, syy)
    let one = Lanes(repeating: 1)
    let raw = (n * sxy - sx * sy) / (vx * vy).root
    let capped = raw.replacing(with: one, where: raw .> one)
      .replacing(with: -one, where: raw .< -one)
    return capped.orMissing(where: (vx .> 0) .& (vy .> 0))
  }

  /// y <x, y> / <y, y> with the raw, unshifted inner products.
  @inline(__always)
  var projection: Lanes {
    let xy = sxy + pivotX * sy + pivotY * sx + n * pivotX * pivotY
    let yy = syy + Lanes(repeating: 2) * pivotY * sy + n * pivotY * pivotY
    return (y * (xy / yy)).orMissing(where: yy .> 0)
  }

  /// Ordinary least squares of x (the dependent variable) on y with an intercept.
  @inline(__always)
  func regression(_ figure: RollingPairKernel.RegressionFigure) -> Lanes {
    let vy = varianceY
    let varies = vy .> 0
    let slope = (covariance / vy).orMissing(where: varies)
    let meanX = pivotX + sx / n
    let meanY = pivotY + sy / n
    let total = n * varianceX
    let explained = n * slope * covariance
    let left = total - explained
    let errors = Lanes.zero.replacing(
      with: left, where: left .> total * Lanes(repeating: RollingMomentsKernel.roundingShare)
    ).orMissing(where: varies)
    let freedom = n - Lanes(repeating: 2)
    let meanSquare = (errors / freedom).orMissing(where: freedom .> 0)
    switch figure {
    case .residual: return x - (meanX + slope * (y - meanY))
    case .intercept: return meanX - slope * meanY
    case .slope: return slope
    case .fitted: return meanX + slope * (y - meanY)
    case .squaredErrors: return errors
    case .squaredTotal: return total.orMissing(where: varies)
    case .determination:
      return (Lanes(repeating: 1) - errors / total).orMissing(where: total .> 0)
    case .meanSquaredError: return meanSquare
    case .slopeError: return (meanSquare / (n * vy)).root.orMissing(where: varies)
    case .interceptError:
      let one = Lanes(repeating: 1)
      return (meanSquare * (one / n + meanY * meanY / (n * vy))).root.orMissing(where: varies)
    }
  }
}
