import Mathematics

/// Operators that look at every value of the trailing window: `window` steps for each cell, eight
/// instruments at a time in registers.
final class WindowScanKernel: MatrixKernel {
  enum Scan {
    /// The rank of today's value, from 0 for the lowest to 1 for the highest, plus a constant.
    case rank(constant: Double)
    case product
    /// Weights falling linearly from `window` today to 1; a missing value counts as 0 or drops out.
    case linearDecay(dense: Bool)
    /// Weights factor^0 today, factor^1 yesterday, ...
    case exponentialDecay(factor: Double)
    /// (today - minimum) / (maximum - minimum) plus a constant, from the same pass.
    case scale(constant: Double)
    /// minimum + maximum - f * today.
    case middle(f: Double)
    /// today - f * (minimum + maximum).
    case distanceFromMiddle(f: Double)
  }

  private let input: RowBuffer
  private let window: Int
  private let scan: Scan
  private let emptyIsZero: Bool
  private let weights: [Double]

  init(output: RowBuffer, input: RowBuffer, window: Int, scan: Scan, emptyIsZero: Bool) {
    self.input = input
    self.window = window
    self.scan = scan
    self.emptyIsZero = emptyIsZero
    switch scan {
    case .linearDecay:
      weights = (0..<window).map { Double(window - $0) }
    case .exponentialDecay(let factor):
      var weight = 1.0
      weights = (0..<window).map { _ in
        defer { weight *= factor }
        return weight
      }
    default:
      weights = []
    }
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let stride = output.stride
    let none = emptyIsZero ? Lanes.zero : Lanes.missing
    for row in 0..<block.count {
      let x = UnsafePointer(input.block) + row * stride
      let target = output.block + row * stride
      @inline(__always)
      func eachTile(_ f: (UnsafePointer<Double>) -> Lanes) {
        var i = 0
        while i < stride {
          target.store(f(x + i), at: i)
          i += 8
        }
      }
      switch scan {
      case .rank(let constant): eachTile { rank($0, Lanes(repeating: constant), none) }
      case .product: eachTile { product($0, none) }
      case .linearDecay(let dense):
        if dense { eachTile { weightedMean($0, none) } } else { eachTile { filledDecay($0, none) } }
      case .exponentialDecay: eachTile { weightedMean($0, none) }
      case .scale(let constant):
        eachTile { tile in
          let (low, high) = extremes(tile)
          let spread = high - low
          let position = (tile.lanes(at: 0) - low) / spread + Lanes(repeating: constant)
          return none.replacing(with: position.orMissing(where: spread .> 0), where: low .<= high)
        }
      case .middle(let f):
        eachTile { tile in
          let (low, high) = extremes(tile)
          let distance = low + high - Lanes(repeating: f) * tile.lanes(at: 0)
          return none.replacing(with: distance.finiteOrMissing, where: low .<= high)
        }
      case .distanceFromMiddle(let f):
        eachTile { tile in
          let (low, high) = extremes(tile)
          let distance = tile.lanes(at: 0) - Lanes(repeating: f) * (low + high)
          return none.replacing(with: distance.finiteOrMissing, where: low .<= high)
        }
      }
    }
  }

  /// The average-tie rank of today's value among the present ones, spread over [0, 1]; one half where
  /// it is the only one, missing where it is missing, `none` where nothing is present.
  @inline(__always)
  private func rank(_ x: UnsafePointer<Double>, _ constant: Lanes, _ none: Lanes) -> Lanes {
    let stride = output.stride
    let one = Lanes(repeating: 1)
    let half = Lanes(repeating: 0.5)
    let today = x.lanes(at: 0)
    var below = Lanes.zero
    var others = Lanes.zero
    var age = 1
    while age < window {
      let value = (x - age * stride).lanes(at: 0)
      // Each smaller value counts one, each equal value one half.
      below += Lanes.ones(where: value .< today)
      below += Lanes.zero.replacing(with: half, where: value .== today)
      others += Lanes.ones(where: value.isPresent)
      age += 1
    }
    let position = half.replacing(with: below / others, where: others .>= one)
    let standing = (position + constant).orMissing(where: today.isPresent)
    return none.replacing(with: standing, where: today.isPresent .| (others .> 0))
  }

  @inline(__always)
  private func product(_ x: UnsafePointer<Double>, _ none: Lanes) -> Lanes {
    var total = Lanes(repeating: 1)
    var seen = Lanes.zero
    for age in 0..<window {
      let value = (x - age * output.stride).lanes(at: 0)
      let present = value.isPresent
      total.replace(with: total * value, where: present)
      seen.replace(with: Lanes(repeating: 1), where: present)
    }
    return none.replacing(with: total.finiteOrMissing, where: seen .> 0)
  }

  @inline(__always)
  private func weightedMean(_ x: UnsafePointer<Double>, _ none: Lanes) -> Lanes {
    var total = Lanes.zero
    var weight = Lanes.zero
    weights.withUnsafeBufferPointer { weights in
      for age in 0..<window {
        let value = (x - age * output.stride).lanes(at: 0)
        let share = Lanes(repeating: weights[age]).orZero(where: value.isPresent)
        total += share * value.orZero(where: value.isPresent)
        weight += share
      }
    }
    return none.replacing(with: (total / weight).finiteOrMissing, where: weight .> 0)
  }

  @inline(__always)
  private func filledDecay(_ x: UnsafePointer<Double>, _ none: Lanes) -> Lanes {
    let whole = Lanes(repeating: 1 / (Double(window) * Double(window + 1) / 2))
    var total = Lanes.zero
    var seen = Lanes.zero
    weights.withUnsafeBufferPointer { weights in
      for age in 0..<window {
        let value = (x - age * output.stride).lanes(at: 0)
        let present = value.isPresent
        total += Lanes(repeating: weights[age]) * value.orZero(where: present)
        seen.replace(with: Lanes(repeating: 1), where: present)
      }
    }
    return none.replacing(with: (total * whole).finiteOrMissing, where: seen .> 0)
  }

  @inline(__always)
  private func extremes(_ x: UnsafePointer<Double>) -> (low: Lanes, high: Lanes) {
    var low = Lanes(repeating: .infinity)
    var high = Lanes(repeating: -.infinity)
    for age in 0..<window {
      let value = (x - age * output.stride).lanes(at: 0)
      low.replace(with: value, where: value .< low)
      high.replace(with: value, where: value .> high)
    }
    return (low, high)
  }
}
