extension FormulaGraph.Node {
  /// The option at `position` of the catalogue's order as a number.
  func number(_ position: Int) -> Double {
    guard case .number(let value) = options[position] else { wrongOption(position, "a number") }
    return value
  }

  func integer(_ position: Int) -> Int { Int(number(position)) }

  func flag(_ position: Int) -> Bool {
    guard case .flag(let value) = options[position] else { wrongOption(position, "a flag") }
    return value
  }

  func word(_ position: Int) -> String {
    guard case .word(let value) = options[position] else { wrongOption(position, "a word") }
    return value
  }

  func numbers(_ position: Int) -> [Double] {
    guard case .numbers(let values) = options[position] else { wrongOption(position, "a list") }
    return values
  }

  /// The number at `position`, nil where the option is absent.
  func optionalNumber(_ position: Int) -> Double? {
    if case .absent = options[position] { return nil }
    return number(position)
  }

  private func wrongOption(_ position: Int, _ wanted: String) -> Never {
    preconditionFailure("option \(position) of \(operation) is not \(wanted): \(options)")
  }
}
