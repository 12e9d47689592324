/// A minimum of a smooth function without bounds, searched by the method of Broyden, Fletcher,
/// Goldfarb and Shanno.
///
/// J. Nocedal and S. Wright, "Numerical Optimization", 2nd edition, algorithm 6.1. The step along
/// each direction is found by bracketing and bisection until both Wolfe conditions hold (A. Lewis
/// and M. Overton, "Nonsmooth Optimization via Quasi-Newton Methods", 2013, algorithm 2.6), which
/// ends for every smooth function that is bounded below. A point where the function is not finite
/// counts as infinitely high, so a function may refuse points. The result is a function of its
/// arguments alone. Cost: one evaluation or a few for each iteration, and order² steps.
package struct QuasiNewtonSearch: Hashable, Sendable {
  /// A value with the slopes in every direction.
  package struct Height: Hashable, Sendable {
    package var value: Double
    package var gradient: [Double]

    package init(value: Double, gradient: [Double]) {
      self.value = value
      self.gradient = gradient
    }

    fileprivate var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }
  }

  /// Why the search ended.
  package enum Ending: Hashable, Sendable {
    /// No slope is left, to the tolerance.
    case gradientVanished
    /// No step downward can be told from rounding.
    case noFurtherDecrease
    case iterationLimit
    /// The function was not finite where the search began.
    case startNotFinite
  }

  /// The lowest point that was found.
  package let point: [Double]
  package let height: Height
  package let iterations: Int
  package let ending: Ending

  /// Slopes are measured as the relative change of the function by a relative change of the point.
  private static let gradientTolerance = 1e-9
  /// What rounding may leave of a slope where no further decrease is found.
  private static let roundedTolerance = 1e-6
  private static let decreaseShare = 1e-4
  private static let slopeShare = 0.9
  private static let bisectionsMax = 60

  /// Searches downhill from `start`.
  package init(
    from start: [Double], iterationsMax: Int = 500, descending function: ([Double]) -> Height
  ) {
    let order = start.count
    var point = start
    var height = function(start)
    guard height.isFinite else {
      self.point = start
      self.height = height
      iterations = 0
      ending = .startNotFinite
      return
    }
    var inverse = Self.identity(order)
    var isFresh = true
    var iteration = 0
    var ending = Ending.iterationLimit
    while iteration < iterationsMax {
      if Self.relativeSlope(height, at: point) <= Self.gradientTolerance {
        ending = .gradientVanished
        break
      }
      iteration += 1
      var direction = Self.product(inverse, height.gradient).map { -$0 }
      if !(Self.dot(direction, height.gradient) < 0) {
        inverse = Self.identity(order)
        isFresh = true
        direction = height.gradient.map { -$0 }
      }
      let longest = direction.reduce(0) { max($0, $1.magnitude) }
      // The first step of a fresh matrix has no scale; it goes one tenth at most.
      let firstStep = isFresh ? min(1, 0.1 / longest) : 1
      guard
        let next = Self.step(
          from: point, height, along: direction, first: firstStep, function)
      else {
        if isFresh {
          ending = .noFurtherDecrease
          break
        }
        inverse = Self.identity(order)
        isFresh = true
        continue
      }
      let moved = zip(next.point, point).map { $0 - $1 }
      let bent = zip(next.height.gradient, height.gradient).map { $0 - $1 }
      let curvature = Self.dot(moved, bent)
      if curvature > 0 {
        if isFresh {
          let scale = curvature / Self.dot(bent, bent)
          inverse = Self.identity(order).map { $0 * scale }
        }
        Self.update(&inverse, moved: moved, bent: bent, curvature: curvature)
        isFresh = false
      }
      point = next.point
      height = next.height
    }
    self.point = point
    self.height = height
    iterations = iteration
    self.ending = ending
  }

  /// Whether the point is a minimum as far as double precision can tell.
  package var hasConverged: Bool {
    switch ending {
    case .gradientVanished: true
    case .noFurtherDecrease: Self.relativeSlope(height, at: point) <= Self.roundedTolerance
    case .iterationLimit, .startNotFinite: false
    }
  }

  private static func relativeSlope(_ height: Height, at point: [Double]) -> Double {
    var steepest = 0.0
    for (slope, place) in zip(height.gradient, point) {
      steepest = max(steepest, slope.magnitude * max(1, place.magnitude))
    }
    return steepest / max(1, height.value.magnitude)
  }

  private static func step(
    from point: [Double], _ height: Height, along direction: [Double], first: Double,
    _ function: ([Double]) -> Height
  ) -> (point: [Double], height: Height)? {
    let slope = dot(direction, height.gradient)
    var low = 0.0
    var high = Double.infinity
    var length = first
    var best: (point: [Double], height: Height)?
    for _ in 0..<bisectionsMax {
      let place = zip(point, direction).map { $0 + length * $1 }
      let there = function(place)
      if !there.isFinite || there.value > height.value + decreaseShare * length * slope {
        high = length
      } else {
        if there.value < height.value { best = (place, there) }
        if dot(there.gradient, direction) >= slopeShare * slope { return best }
        low = length
      }
      length = high.isFinite ? (low + high) / 2 : 2 * low
    }
    return best
  }

  private static func update(
    _ inverse: inout [Double], moved: [Double], bent: [Double], curvature: Double
  ) {
    let order = moved.count
    let carried = product(inverse, bent)
    let factor = (1 + dot(bent, carried) / curvature) / curvature
    for i in 0..<order {
      for j in 0..<order {
        inverse[i * order + j] +=
          factor * moved[i] * moved[j]
          - (carried[i] * moved[j] + moved[i] * carried[j]) / curvature
      }
    }
  }

  private static func identity(_ order: Int) -> [Double] {
    var matrix = [Double](repeating: 0, count: order * order)
    for i in 0..<order { matrix[i * order + i] = 1 }
    return matrix
  }

  private static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let order = vector.count
    return (0..<order).map { row in
      var sum = 0.0
      for column in 0..<order { sum += matrix[row * order + column] * vector[column] }
      return sum
    }
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<x.count { sum += x[i] * y[i] }
    return sum
  }
}
