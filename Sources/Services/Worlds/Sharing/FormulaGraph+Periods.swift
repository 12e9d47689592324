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
      switch catalog.entry(of: code).lookBack(node.options) {
      case .rows(let rows): periods.append(below + rows)
      case .unbounded: periods.append(below + OperatorParameter.largestWindow)
      }
    }
    return periods
  }
}
