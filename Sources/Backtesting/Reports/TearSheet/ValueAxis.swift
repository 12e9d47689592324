import Mathematics

/// A range of values that ends at round numbers, with round marks in it.
struct ValueAxis: Hashable, Sendable {
  let lower: Double
  let upper: Double
  let step: Double
  /// Multiples of `step` from `lower` to `upper`.
  let marks: [Double]

  /// Covers the values that are finite and, if wanted, zero, with about as many marks as asked for;
  /// nil where no value is finite.
  init?(covering values: some Sequence<Double>, zero: Bool, marks wanted: Int, style: FigureStyle) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    guard low <= high else { return nil }
    if zero {
      low = Swift.min(low, 0)
      high = Swift.max(high, 0)
    }
    if !(high - low > 1e-12 * Swift.max(low.magnitude, high.magnitude)) {
      let span = Swift.max(style.smallestSpan, low.magnitude / 10)
      low -= span
      high += span
    }
    step = Self.roundStep((high - low) / Double(Swift.max(1, wanted)))
    let first = (low / step + 1e-9).rounded(.down)
    let last = (high / step - 1e-9).rounded(.up)
    guard first.magnitude < 1e15, last.magnitude < 1e15, step > 0, step.isFinite else { return nil }
    let interval = step
    lower = first * step
    upper = last * step
    marks = (0...Int(last - first)).map { (first + Double($0)) * interval }
  }

  /// Returns where a value lies: 0 at the lower end, 1 at the upper.
  func fraction(of value: Double) -> Double { (value - lower) / (upper - lower) }

  /// The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `size`.
  static func roundStep(_ size: Double) -> Double {
    let power = Elementary.pow(10, (Elementary.log(size) / Elementary.log(10)).rounded(.down))
    for factor in [1, 2, 2.5, 5] where factor * power >= size * (1 - 1e-9) {
      return factor * power
    }
    return 10 * power
  }
}
