/// Count, sum and sum of squares of the present values of a trailing window, in a constant number of
/// steps for each cell, whatever the window.
///
/// Time is cut into chunks of `window` rows counted from the first row of the panel. A window then
/// is a tail of the previous chunk and a head of the current one:
///
/// ```
///   previous chunk        | current chunk
///   . . . [x x x x x      | x x x] .          window of 8, phase 2
///          tail[5]          head
/// ```
/// The tails are summed backwards once, when a chunk begins; the head grows by one row a row. So no
/// value is ever subtracted again, no rounding error outlives two chunks, and the bits depend only
/// on the window's values and the row number (van Herk 1992 does the same for extremes).
///
/// Sums are taken around a pivot, the value at the beginning of the chunk or the last one before it,
/// which lies inside nearly every window that uses it; that is the shifted-data algorithm of Chan,
/// Golub and LeVeque (1983), and a constant window has a deviation of exactly zero.
final class RollingMomentsKernel: MatrixKernel {
  enum Figure {
    case sum, mean, standardDeviation, zscore, informationRatio, deviationFromMean, missingCount
  }

  private let input: RowBuffer
  private let window: Int
  private let figure: Figure
  private let emptyIsZero: Bool
  private let pivot: LaneMemory
  private let head: RollingSums
  private let tails: RollingSums

  /// - Parameter emptyIsZero: whether a window without any value gives 0 in place of a missing value.
  init(output: RowBuffer, input: RowBuffer, window: Int, figure: Figure, emptyIsZero: Bool) {
    self.input = input
    self.window = window
    self.figure = figure
    self.emptyIsZero = emptyIsZero
    pivot = LaneMemory(count: output.stride, filledWith: 0)
    head = RollingSums(rows: 1, stride: output.stride)
    tails = RollingSums(rows: window, stride: output.stride)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let stride = output.stride
    for row in 0..<block.count {
      let x = UnsafePointer(input.block) + row * stride
      let phase = (block.start + row) % window
      if phase == 0 { beginChunk(at: x) }
      let tail = (window - 1 - phase) * stride
      let target = output.block + row * stride
      switch figure {
      case .sum:
        step(x, tail, target) { n, a, _, k, _ in k * n + a }
      case .mean:
        step(x, tail, target) { n, a, _, k, _ in k + a / n }
      case .deviationFromMean:
        step(x, tail, target) { n, a, _, k, x in x - (k + a / n) }
      case .standardDeviation:
        step(x, tail, target) { n, a, b, _, _ in Self.variance(n, a, b).root }
      case .zscore:
        step(x, tail, target) { n, a, b, k, x in
          let deviation = Self.variance(n, a, b).root
          return ((x - (k + a / n)) / deviation).orMissing(where: deviation .> 0)
        }
      case .informationRatio:
        step(x, tail, target) { n, a, b, k, _ in
          let deviation = Self.variance(n, a, b).root
          return ((k + a / n) / deviation).orMissing(where: deviation .> 0)
        }
      case .missingCount:
        let size = Lanes(repeating: Double(window))
        step(x, tail, target, empty: size) { n, _, _, _, _ in size - n }
      }
    }
  }

  /// The population variance; zero where what is left is rounding of what was subtracted.
  @inline(__always)
  static func variance(_ n: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    let left = (b - a * a / n) / n
    let rounding = b / n * Lanes(repeating: roundingShare)
    return Lanes.zero.replacing(with: left, where: left .> rounding)
  }

  /// With the pivot inside the window the variance is at least the (n + 1)th part of the second
  /// moment around it, so a smaller share than this is cancellation.
  static let roundingShare = 1e-13

  @inline(__always)
  private func step(
    _ x: UnsafePointer<Double>, _ tail: Int, _ target: UnsafeMutablePointer<Double>,
    empty: Lanes? = nil,
    _ finish: (_ n: Lanes, _ a: Lanes, _ b: Lanes, _ pivot: Lanes, _ x: Lanes) -> Lanes
  ) {
    let none = empty ?? (emptyIsZero ? Lanes.zero : Lanes.missing)
    var i = 0
    while i < output.stride {
      let value = x.lanes(at: i)
      let present = value.isPresent
      let k = pivot.base.lanes(at: i)
      let shifted = (value - k).orZero(where: present)
      let n = head.count.base.lanes(at: i) + ones(where: present)
      let a = head.first.base.lanes(at: i) + shifted
      let b = head.second.base.lanes(at: i) + shifted * shifted
      head.count.base.store(n, at: i)
      head.first.base.store(a, at: i)
      head.second.base.store(b, at: i)
      let total = n + tails.count.base.lanes(at: tail + i)
      let result = finish(
        total, a + tails.first.base.lanes(at: tail + i), b + tails.second.base.lanes(at: tail + i),
        k, value)
      target.store(none.replacing(with: result.finiteOrMissing, where: total .> 0), at: i)
      i += 8
    }
  }

  /// Chooses the pivots from row `x` and sums the tails of the chunk that ends before it.
  private func beginChunk(at x: UnsafePointer<Double>) {
    let stride = output.stride
    head.clear()
    var i = 0
    while i < stride {
      let value = x.lanes(at: i)
      let k = pivot.base.lanes(at: i).replacing(with: value, where: value.isPresent)
      pivot.base.store(k, at: i)
      var n = Lanes.zero
      var a = Lanes.zero
      var b = Lanes.zero
      for length in 0..<window {
        if length > 0 {
          let earlier = (x - length * stride).lanes(at: i)
          let present = earlier.isPresent
          let shifted = (earlier - k).orZero(where: present)
          n += ones(where: present)
          a += shifted
          b += shifted * shifted
        }
        tails.count.base.store(n, at: length * stride + i)
        tails.first.base.store(a, at: length * stride + i)
        tails.second.base.store(b, at: length * stride + i)
      }
      i += 8
    }
  }
}

/// Counts and sums for a number of rows.
private final class RollingSums {
  let count: LaneMemory
  let first: LaneMemory
  let second: LaneMemory

  init(rows: Int, stride: Int) {
    count = LaneMemory(count: rows * stride, filledWith: 0)
    first = LaneMemory(count: rows * stride, filledWith: 0)
    second = LaneMemory(count: rows * stride, filledWith: 0)
  }

  func clear() {
    for memory in [count, first, second] {
      memory.base.update(repeating: 0, count: memory.count)
    }
  }
}
