extension OperatorEntry {
  /// How many rows before its own the operator takes from its inputs, by the options it is given.
  ///
  /// - Precondition: `options` are those of a checked formula, one for each of the entry's.
  package func lookBack(_ options: [OptionValue]) -> LookBack {
    switch reach {
    case .row: .rows(0)
    case .previous: .rows(1)
    case .delayed, .rowAndDelayed, .windowOfChanges: .rows(window(options))
    case .window: .rows(window(options) - 1)
    case .windowAndPrevious: .rows(max(1, window(options) - 1))
    case .windowAndLag: .rows(window(options) - 1 + whole("lag", options))
    case .daysAndLag: .rows(whole("days", options) + whole("lag", options))
    case .period: .rows(whole("period", options) + 1)
    case .history: .unbounded
    }
  }

  /// The rows of its window.
  func window(_ options: [OptionValue]) -> Int {
    for (parameter, option) in zip(self.options, options) {
      if case .window = parameter.kind, case .number(let rows) = option { return Int(rows) }
    }
    preconditionFailure("\(name) has no window")
  }

  /// The value of an option that is a whole number.
  func whole(_ wanted: String, _ options: [OptionValue]) -> Int {
    for (parameter, option) in zip(self.options, options) where parameter.name == wanted {
      if case .number(let value) = option { return Int(value) }
    }
    preconditionFailure("\(name) has no option \(wanted)")
  }
}
