/// An average in which every value weighs less by a constant factor with each that follows.
///
/// Until as many values were seen as the discount remembers, they weigh the same, so the first
/// ones do not dominate. Constant cost and memory.
package struct DiscountedMean: Hashable, Sendable {
  /// How many values were added.
  package private(set) var count: Int
  /// The average; zero before the first value.
  package private(set) var value: Double
  /// The weight of the latest value once the average is settled, in (0, 1].
  package let gain: Double

  /// Begins without values.
  package init(halfLife: Double) {
    self.init(gain: Self.gain(halfLife: halfLife))
  }

  /// Takes up an average of `count` values.
  package init(gain: Double, count: Int = 0, value: Double = 0) {
    precondition(gain > 0 && gain <= 1, "a gain of \(gain)")
    self.gain = gain
    self.count = count
    self.value = value
  }

  /// Returns the weight of the latest value with which a value weighs half after `halfLife` others.
  package static func gain(halfLife: Double) -> Double {
    precondition(halfLife > 0, "a half-life of \(halfLife)")
    return -Elementary.expMinusOne(-Elementary.log(2) / halfLife)
  }

  /// Adds a value, which must be finite.
  package mutating func add(_ next: Double) {
    count += 1
    value += max(gain, 1 / Double(count)) * (next - value)
  }
}
