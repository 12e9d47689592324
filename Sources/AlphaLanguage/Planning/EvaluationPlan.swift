/// What to compute, in which order, for any number of formulas together.
///
/// Equal subformulas of different formulas are one node, so a population costs what its distinct
/// parts cost. Making a plan takes a few microseconds for each formula.
package struct EvaluationPlan: Sendable {
  /// Every node stands after its inputs.
  package private(set) var nodes: [FormulaGraph.Node] = []
  /// The node of each formula, in the order in which the formulas were given.
  package private(set) var roots: [Int] = []
  /// How many earlier rows of each node its readers need.
  let history: [Int]

  package init(_ formulas: [FormulaGraph]) {
    var nodes: [FormulaGraph.Node] = []
    var roots: [Int] = []
    var known: [FormulaGraph.Node: Int] = [:]
    for formula in formulas {
      var places: [Int] = []
      places.reserveCapacity(formula.nodes.count)
      for node in formula.nodes {
        var shared = node
        shared.inputs = node.inputs.map { places[$0] }
        if let place = known[shared] {
          places.append(place)
        } else {
          known[shared] = nodes.count
          places.append(nodes.count)
          nodes.append(shared)
        }
      }
      roots.append(places[formula.root])
    }
    var history = [Int](repeating: 0, count: nodes.count)
    for node in nodes {
      for (position, input) in node.inputs.enumerated() {
        history[input] = max(history[input], node.pastRows(ofInput: position))
      }
    }
    self.nodes = nodes
    self.roots = roots
    self.history = history
  }

  /// The place of the last node that reads each node; its own place where nobody does.
  var lastReaders: [Int] {
    var readers = Array(nodes.indices)
    for (place, node) in nodes.enumerated() {
      for input in node.inputs { readers[input] = place }
    }
    return readers
  }
}
