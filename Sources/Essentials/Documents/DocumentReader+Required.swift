extension DocumentReader {
  /// Every double that is a number.
  package static let finite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

  /// Reads a number that must be there; zero stands in for a missing or defective one.
  package mutating func requiredNumber(
    _ name: String, in range: ClosedRange<Double> = Self.finite
  ) -> Double {
    if let number = number(name, in: range) { return number }
    noteIfMissing(name)
    return 0
  }

  /// Reads a whole number that must be there; the lower bound stands in for a missing or defective
  /// one.
  package mutating func requiredWhole(_ name: String, in range: ClosedRange<Int>) -> Int {
    if let number = whole(name, in: range) { return number }
    noteIfMissing(name)
    return range.lowerBound
  }

  /// Reads an array of numbers that must be there and have a given length; nil where it is missing
  /// or defective.
  package mutating func requiredNumbers(
    _ name: String, count: Int, in range: ClosedRange<Double> = Self.finite
  ) -> [Double]? {
    guard let value = value(name) else {
      noteIfMissing(name)
      return nil
    }
    let remedy = "Write an array of \(count) numbers."
    guard case .array(let elements) = value else {
      noteContradiction(name, "is no array", remedy: remedy)
      return nil
    }
    guard elements.count == count else {
      noteContradiction(name, "has \(elements.count) elements", remedy: remedy)
      return nil
    }
    var numbers: [Double] = []
    for (index, element) in elements.enumerated() {
      let number: Double? =
        switch element {
        case .integer(let whole): Double(whole)
        case .number(let number): number
        default: nil
        }
      guard let number, range.contains(number) else {
        noteContradiction("\(name)[\(index)]", "is \(element.compactText)", remedy: remedy)
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  private mutating func noteIfMissing(_ name: String) {
    if value(name) == nil { noteContradiction(name, "is missing", remedy: "Add it.") }
  }
}
