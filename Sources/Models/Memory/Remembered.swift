import Essentials
import Mathematics

// How the parts that several models are made of are saved and read.

extension DocumentReader {
  /// Every double that is a number and not below zero.
  static let notNegative = 0...Double.greatestFiniteMagnitude

  /// A count of observations.
  mutating func requiredCount(_ name: String) -> Int {
    requiredWhole(name, in: 0...(1 << 53))
  }

  /// A mean whose value must lie within a range.
  mutating func recall(
    _ mean: inout DiscountedMean, _ name: String,
    in range: ClosedRange<Double> = DocumentReader.finite
  ) {
    guard let parts = requiredNumbers(name, count: 2) else { return }
    guard range.contains(parts[1]) else {
      noteContradiction(
        "\(name)[1]", "is \(JSONValue.number(parts[1]).compactText)",
        remedy: "Give the state as it was saved.")
      return
    }
    guard let count = Int(exactly: parts[0]), count >= 0 else {
      noteContradiction("\(name)[0]", "is no count", remedy: "Give a whole number.")
      return
    }
    mean = DiscountedMean(gain: mean.gain, count: count, value: parts[1])
  }

  mutating func recall(_ window: inout RollingSum, _ name: String) {
    let saved = object(name) { reader in
      let length = window.values.count
      let place = reader.requiredWhole("place", in: 0...length - 1)
      let count = reader.requiredWhole("count", in: 0...length)
      let sum = reader.requiredNumber("sum")
      let values = reader.requiredNumbers("values", count: length)
      if let values {
        if let window = RollingSum(values: values, place: place, count: count, sum: sum) {
          return window
        }
        reader.noteContradiction(
          "place", "does not go with the count", remedy: "Give the state as it was saved.")
      }
      return window
    }
    if let saved {
      window = saved
    } else {
      noteContradiction(name, "is missing", remedy: "Add it.")
    }
  }
}

extension DiscountedMean {
  var json: JSONValue { .array([.integer(count), .number(value)]) }
}

extension RollingSum {
  var json: JSONValue {
    [
      "place": .integer(place), "count": .integer(count), "sum": .number(sum),
      "values": .numbers(values),
    ]
  }
}

extension DocumentReader {
  mutating func recall(_ regression: inout DiscountedRegression, _ name: String) {
    guard let parts = requiredNumbers(name, count: 8) else { return }
    guard let count = Int(exactly: parts[0]), count >= 0 else {
      noteContradiction("\(name)[0]", "is no count", remedy: "Give a whole number.")
      return
    }
    guard parts[1] >= 0, parts[2] >= 0, parts[5] >= 0, parts[7] >= 0 else {
      noteContradiction(
        name, "has a sum of squares below zero", remedy: "Give the state as it was saved.")
      return
    }
    var sums = DiscountedRegression.Sums()
    sums.count = count
    (sums.weight, sums.squaredWeight) = (parts[1], parts[2])
    (sums.meanX, sums.meanY) = (parts[3], parts[4])
    (sums.xx, sums.xy, sums.yy) = (parts[5], parts[6], parts[7])
    regression.sums = sums
  }
}

extension DiscountedRegression {
  var json: JSONValue {
    .array(
      [.integer(sums.count)]
        + [
          sums.weight, sums.squaredWeight, sums.meanX, sums.meanY, sums.xx, sums.xy, sums.yy,
        ].map(JSONValue.number))
  }
}
