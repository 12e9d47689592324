import Mathematics

/// The moments of results over pairs of twins, summed in one fixed order.
struct ResultMoments {
  let mean: Double
  /// The variance of one result.
  let variance: Double
  /// The variance of a pair's mean.
  let pairVariance: Double
  /// How many results are above zero, and how many pairs have both there.
  let gains: Int
  let gainPairs: Int

  /// Reads so many results, a multiple of a chunk.
  init(_ results: UnsafePointer<Float>, paths: Int) {
    var sum = 0.0
    var pairSquares = 0.0
    var squares = 0.0
    var gains = SIMD8<Int32>.zero
    var gainPairs = SIMD8<Int32>.zero
    for chunk in 0..<(paths / PathWorkspace.chunkPaths) {
      // A chunk is short enough for sums in single precision.
      var chunkSum = FloatLanes.zero
      var chunkPairs = FloatLanes.zero
      var chunkSquares = FloatLanes.zero
      let first = results + chunk * PathWorkspace.chunkPaths
      for group in 0..<PathWorkspace.chunkGroups {
        let plain = first.lanes(at: group * PathWorkspace.groupPaths)
        let mirrored = first.lanes(at: group * PathWorkspace.groupPaths + 8)
        let pair = (plain + mirrored) * .all(0.5)
        chunkSum += pair
        chunkPairs = pair.fused(times: pair, plus: chunkPairs)
        chunkSquares = plain.fused(times: plain, plus: chunkSquares)
        chunkSquares = mirrored.fused(times: mirrored, plus: chunkSquares)
        let plainGains = FloatLanes.zero.isBelow(plain)
        let mirroredGains = FloatLanes.zero.isBelow(mirrored)
        gains &-= plainGains &+ mirroredGains
        gainPairs &-= plainGains & mirroredGains
      }
      sum += chunkSum.orderedSum
      pairSquares += chunkPairs.orderedSum
      squares += chunkSquares.orderedSum
    }
    let pairs = Double(paths / 2)
    mean = sum / pairs
    variance = max(0, squares / Double(paths) - mean * mean)
    pairVariance = max(0, pairSquares / pairs - mean * mean)
    self.gains = Int(gains.wrappedSum())
    self.gainPairs = Int(gainPairs.wrappedSum())
  }

  /// The expected result.
  func estimate(paths: Int) -> Estimate {
    Estimate(mean: mean, pairVariance: pairVariance, variance: variance, paths: paths)
  }

  /// The expected result, corrected by what is known of the price: with c the pair's mean of a move
  /// whose expectation is e, x - β (c - e) has the same mean as x and, for β = cov(x, c) / var(c),
  /// the least variance (Glasserman, "Monte Carlo Methods in Financial Engineering", section 4.1).
  func estimate(
    _ results: UnsafePointer<Float>, controlledBy moves: UnsafePointer<Float>, expecting: Double,
    paths: Int
  ) -> Estimate {
    let control = ResultMoments(moves, paths: paths)
    guard control.pairVariance > 0 else { return estimate(paths: paths) }
    var products = 0.0
    for chunk in 0..<(paths / PathWorkspace.chunkPaths) {
      var chunkProducts = FloatLanes.zero
      for group in 0..<PathWorkspace.chunkGroups {
        let place = chunk * PathWorkspace.chunkPaths + group * PathWorkspace.groupPaths
        let x = (results.lanes(at: place) + results.lanes(at: place + 8)) * .all(0.5)
        let c = (moves.lanes(at: place) + moves.lanes(at: place + 8)) * .all(0.5)
        chunkProducts = x.fused(times: c, plus: chunkProducts)
      }
      products += chunkProducts.orderedSum
    }
    let covariance = products / Double(paths / 2) - mean * control.mean
    let slope = covariance / control.pairVariance
    return Estimate(
      mean: mean - slope * (control.mean - expecting),
      pairVariance: max(0, pairVariance - slope * covariance), variance: variance, paths: paths)
  }
}

/// The mean of the worst results.
struct ResultTail {
  /// The mean of the worst share.
  let estimate: Estimate
  /// The best of the worst: the quantile that the tail ends at.
  let edge: Double

  /// Averages the floor(share · paths) worst results, at least one.
  ///
  /// The error is that of the influence function (q - x)⁺ / share, x independent (Trindade, Uryasev,
  /// Shapiro and Zrazhevsky, "Financial prediction with constrained tail risk", Journal of Banking &
  /// Finance 31, 2007, section 2). Twins are not both in a tail, so their errors offset each other a
  /// little and the figure is on the safe side. Cost: a look at each result, and about forty at the
  /// few that are bad enough; the scratch holds as many numbers as there are results.
  init(
    _ results: UnsafePointer<Float>, paths: Int, share: Double,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let size = max(1, Int(share * Double(paths)))
    let bar = Self.pilot(results, share: share)
    let (below, level) = Self.gather(results, paths: paths, below: bar, into: scratch)
    let edge: Float
    let excess: (sum: Double, squares: Double)
    if below >= size {
      edge = Self.ranked(scratch, (below + 7) / 8 * 8, rank: size)
      excess = Self.excess(scratch, (below + 7) / 8 * 8, edge)
    } else if below + level >= size {
      // The tail ends inside a heap of equal results, such as stops at one price.
      edge = bar
      excess = Self.excess(scratch, (below + 7) / 8 * 8, edge)
    } else {
      edge = Self.ranked(results, paths, rank: size)
      excess = Self.excess(results, paths, edge)
    }
    let count = Double(paths)
    let portion = Double(size) / count
    let mean = excess.sum / count
    self.edge = Double(edge)
    estimate = Estimate(
      value: Double(edge) - excess.sum / Double(size),
      standardError: (max(0, excess.squares / count - mean * mean) / count).squareRoot() / portion,
      count: paths, effectiveCount: count)
  }

  /// A number that somewhat more than the wanted share of the results lies below: the quantile at
  /// one and a half times the share among half a chunk.
  private static func pilot(_ results: UnsafePointer<Float>, share: Double) -> Float {
    let count = PathWorkspace.chunkPaths / 2
    return ranked(results, count, rank: min(count, Int(1.5 * share * Double(count)) + 8))
  }

  /// Copies the results below a bar, fills up with infinities to a multiple of eight, and counts the
  /// results below it and on it.
  private static func gather(
    _ results: UnsafePointer<Float>, paths: Int, below bar: Float,
    into scratch: UnsafeMutablePointer<Float>
  ) -> (below: Int, level: Int) {
    var below = 0
    var atMost = FlagLanes.zero
    let bars = FloatLanes.all(bar)
    for group in 0..<(paths / 8) {
      let lanes = results.lanes(at: group * 8)
      atMost &-= lanes.isAtMost(bars)
      let bits = lanes.isBelow(bars).bits
      // Nobody can foretell which lanes hold: every number is written, and kept where one holds.
      for lane in 0..<8 {
        scratch[below] = lanes[lane]
        below &+= Int(bits >> UInt8(lane) & 1)
      }
    }
    for place in below..<((below + 7) / 8 * 8) { scratch[place] = .infinity }
    return (below, Int(atMost.wrappedSum()) - below)
  }

  /// Returns the number of a rank, counted from 1, by bisection over the bit patterns of floats,
  /// whose order is that of the numbers once those of negative ones are turned round.
  private static func ranked(_ numbers: UnsafePointer<Float>, _ count: Int, rank: Int) -> Float {
    func number(_ key: Int32) -> Float {
      Float(bitPattern: UInt32(bitPattern: key < 0 ? key ^ Int32.max : key))
    }
    var low = Int64(Int32(bitPattern: (-Float.infinity).bitPattern) ^ Int32.max)
    var high = Int64(Int32(bitPattern: Float.infinity.bitPattern))
    while low < high {
      let middle = (low + high) >> 1
      let bar = FloatLanes.all(number(Int32(middle)))
      var atMost = FlagLanes.zero
      for group in 0..<(count / 8) { atMost &-= numbers.lanes(at: group * 8).isAtMost(bar) }
      if Int(atMost.wrappedSum()) >= rank { high = middle } else { low = middle + 1 }
    }
    return number(Int32(low))
  }

  /// Returns the sum of (edge - x)⁺ and of its squares.
  private static func excess(
    _ numbers: UnsafePointer<Float>, _ count: Int, _ edge: Float
  ) -> (sum: Double, squares: Double) {
    var sum = 0.0
    var squares = 0.0
    let edges = FloatLanes.all(edge)
    // Stretches short enough for sums in single precision.
    for first in stride(from: 0, to: count, by: PathWorkspace.chunkPaths) {
      var partSum = FloatLanes.zero
      var partSquares = FloatLanes.zero
      for place in stride(from: first, to: min(first + PathWorkspace.chunkPaths, count), by: 8) {
        let depth = (edges - numbers.lanes(at: place)).larger(.zero)
        partSum += depth
        partSquares = depth.fused(times: depth, plus: partSquares)
      }
      sum += partSum.orderedSum
      squares += partSquares.orderedSum
    }
    return (sum, squares)
  }
}
