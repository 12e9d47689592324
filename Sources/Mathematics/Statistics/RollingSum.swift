/// The sum of the latest values of a fixed number.
///
/// One addition and one subtraction to a value. Rounding cannot pile up: whenever the ring has
/// turned once the sum is taken anew from first to last, which costs one more addition to a value
/// on average.
package struct RollingSum: Hashable, Sendable {
  /// The ring, of which the first `count` places are filled.
  package private(set) var values: [Double]
  /// Where the next value goes.
  package private(set) var place: Int
  /// How many of the places are filled.
  package private(set) var count: Int
  package private(set) var sum: Double

  /// Begins an empty ring of `length` places.
  package init(length: Int) {
    precondition(length > 0, "a ring of \(length) places")
    values = [Double](repeating: 0, count: length)
    place = 0
    count = 0
    sum = 0
  }

  /// Takes up a ring as its parts were; nil where they do not belong together.
  package init?(values: [Double], place: Int, count: Int, sum: Double) {
    guard !values.isEmpty, values.indices.contains(place), (0...values.count).contains(count),
      count == values.count || place == count
    else { return nil }
    self.values = values
    self.place = place
    self.count = count
    self.sum = sum
  }

  /// Whether every place is filled.
  package var isFull: Bool { count == values.count }

  /// Returns the value that was added `age` values before the latest, which has age 0.
  package func value(age: Int) -> Double {
    precondition(age >= 0 && age < count, "age \(age) among \(count) values")
    let index = place - 1 - age
    return values[index < 0 ? index + values.count : index]
  }

  /// Adds a value, which must be finite, in the place of the oldest.
  package mutating func add(_ next: Double) {
    sum += next - (isFull ? values[place] : 0)
    values[place] = next
    if count < values.count { count += 1 }
    place += 1
    if place == values.count {
      place = 0
      sum = 0
      for value in values { sum += value }
    }
  }
}
