import Mathematics

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
/// Sums are taken around a pivot that is always a value of the window; that is the shifted-data
/// algorithm of Chan, Golub and LeVeque (1983), and a constant window has a deviation of exactly
/// zero. The pivot is the value at the beginning of the chunk; where that is missing, the last one
/// before it as long as the window holds it, and from then on the first one after it.
final class RollingMomentsKernel: MatrixKernel {
  enum Figure {
    case sum, mean, standardDeviation, zscore, informationRatio, deviationFromMean, missingCount
  }

  private let input: RowBuffer
  private let window: Int
  private let figure: Figure
  private let emptyIsZero: Bool
  private let pivot: LaneMemory
  private let pivotAges: PivotAges
  private let head: RollingSums
  private let tails: RollingSums

  /// - Parameter emptyIsZero: whether a window without any value gives 0 in place of a missing value.
  init(output: RowBuffer, input: RowBuffer, window: Int, figure: Figure, emptyIsZero: Bool) {
    self.input = input
    self.window = window
    self.figure = figure
    self.emptyIsZero = emptyIsZero
    pivot = LaneMemory(count: output.stride, filledWith: 0)
    pivotAges = PivotAges(stride: output.stride, window: window)
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
      pivotAges.forEachLost(phase: phase) { choosePivot(at: x, lane: $0, within: $1) }
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

  /// As the pivot is inside the window the variance is at least the (n + 1)th part of the second
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
      let n = head.count.base.lanes(at: i) + Lanes.ones(where: present)
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

  /// Chooses the pivots by row `x` and sums the tails of the chunk that ends before it.
  private func beginChunk(at x: UnsafePointer<Double>) {
    let stride = output.stride
    head.clear()
    var i = 0
    while i < stride {
      let value = x.lanes(at: i)
      var k = value
      var age = Lanes.zero
      for length in 1..<max(1, window) where any(k .!= k) {
        let earlier = (x - length * stride).lanes(at: i)
        age.replace(with: Lanes(repeating: Double(length)), where: k .!= k)
        k.replace(with: earlier, where: k .!= k)
      }
      pivotAges.store(age.replacing(with: PivotAges.none, where: k .!= k), at: i)
      k.replace(with: Lanes.zero, where: k .!= k)
      pivot.base.store(k, at: i)
      var n = Lanes.zero
      var a = Lanes.zero
      var b = Lanes.zero
      for length in 0..<window {
        if length > 0 {
          let earlier = (x - length * stride).lanes(at: i)
          let present = earlier.isPresent
          let shifted = (earlier - k).orZero(where: present)
          n += Lanes.ones(where: present)
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

  /// Puts the pivot of an instrument on the first value of the chunk, which stands at most `rows`
  /// before `x`, and sums the head up to the row before `x` around it. Returns whether there is such
  /// a value.
  private func choosePivot(at x: UnsafePointer<Double>, lane: Int, within rows: Int) -> Bool {
    let column = x + lane
    func value(_ age: Int) -> Double { column[-age * output.stride] }
    guard let first = (0...rows).reversed().first(where: { !value($0).isNaN }) else {
      return false
    }
    let k = value(first)
    var n = 0.0
    var a = 0.0
    var b = 0.0
    for age in (1..<max(1, first + 1)).reversed() where !value(age).isNaN {
      let shifted = value(age) - k
      n += 1
      a += shifted
      b += shifted * shifted
    }
    pivot.base[lane] = k
    head.count.base[lane] = n
    head.first.base[lane] = a
    head.second.base[lane] = b
    return true
  }
}

/// How many rows before the beginning of the current chunk each instrument's pivot stood.
///
/// A pivot that the window has left behind, and one that could not be chosen yet, is lost.
final class PivotAges {
  /// The age of a pivot that could not be chosen.
  static let none = Lanes(repeating: .infinity)

  private let window: Int
  private let ages: LaneMemory
  /// Whether any of eight neighbors has a pivot from before the chunk, or none.
  private var isUnsettled: [Bool]

  init(stride: Int, window: Int) {
    self.window = window
    ages = LaneMemory(count: stride, filledWith: .infinity)
    isUnsettled = [Bool](repeating: true, count: stride / 8)
  }

  func store(_ lanes: Lanes, at index: Int) {
    ages.base.store(lanes, at: index)
    isUnsettled[index / 8] = any(lanes .> 0)
  }

  /// Calls `choose` for each instrument whose pivot is lost in a phase of the chunk, with the number
  /// of rows to look back for another; the pivot is settled where `choose` returns true.
  @inline(__always)
  func forEachLost(phase: Int, _ choose: (_ lane: Int, _ rows: Int) -> Bool) {
    let oldest = Double(window - 1 - phase)
    for tile in isUnsettled.indices where isUnsettled[tile] {
      for lane in (tile * 8)..<(tile * 8 + 8) where ages.base[lane] > oldest {
        // Where no pivot could be chosen so far, the chunk holds no value before today's.
        let rows = ages.base[lane] == .infinity ? 0 : phase
        ages.base[lane] = choose(lane, rows) ? 0 : .infinity
      }
      isUnsettled[tile] = any(ages.base.lanes(at: tile * 8) .> 0)
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
