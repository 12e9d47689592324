import AlphaLanguage

extension FormulaGraph {
  /// Returns for each node how many rows, its own included, its value depends on.
  ///
  /// The root's is the look-back of the checked formula and one. A node that holds state depends on
  /// all of history, which no number of rows is; it counts with the longest window that an operator
  /// may have (``OperatorParameter/largestWindow``) on top of what it reads.
  func periods(catalog: OperatorCatalog) -> [Int] {
    var periods: [Int] = []
    periods.reserveCapacity(nodes.count)
    for node in nodes {
      let below = node.inputs.map { periods[$0] }.max() ?? 1
      guard case .apply(let code) = node.operation else {
        periods.append(below)
        continue
      }
      periods.append(below + node.rowsBefore(catalog.entry(of: code)))
    }
    return periods
  }
}

extension FormulaGraph.Node {
  /// How many rows before its own the operator takes from its inputs.
  fileprivate func rowsBefore(_ entry: OperatorEntry) -> Int {
    switch entry.reach {
    case .row: 0
    case .previous: 1
    case .delayed, .rowAndDelayed, .windowOfChanges: window(entry)
    case .window: window(entry) - 1
    case .windowAndPrevious: max(1, window(entry) - 1)
    case .windowAndLag: window(entry) - 1 + whole("lag", entry)
    case .daysAndLag: whole("days", entry) + whole("lag", entry)
    case .period: whole("period", entry) + 1
    case .history: OperatorParameter.largestWindow
    }
  }

  private func window(_ entry: OperatorEntry) -> Int {
    whole(entry) { if case .window = $0.kind { true } else { false } }
  }

  private func whole(_ name: String, _ entry: OperatorEntry) -> Int {
    whole(entry) { $0.name == name }
  }

  private func whole(_ entry: OperatorEntry, _ isMeant: (OperatorParameter) -> Bool) -> Int {
    for (parameter, option) in zip(entry.options, options) where isMeant(parameter) {
      if case .number(let value) = option { return Int(value) }
    }
    preconditionFailure("\(entry.name) does not say how far it reaches: \(options)")
  }
}
