package import AlphaLanguage

/// A formula as a tree that can be cut and grafted.
///
/// A graph shares equal subformulas, so that replacing a node would change every place that reads
/// it. In the tree each place has its own copy. A tree is written back as a graph, whose text the
/// checker then judges: nothing here proves that a tree is a valid formula.
package struct FormulaTree: Hashable, Sendable {
  package var operation: FormulaGraph.Operation
  /// In the operator's order; fields that the operator implies are not among them.
  package var inputs: [FormulaTree]
  /// In the catalog's order, defaults filled in.
  package var options: [OptionValue]

  package init(
    _ operation: FormulaGraph.Operation, inputs: [FormulaTree] = [], options: [OptionValue] = []
  ) {
    self.operation = operation
    self.inputs = inputs
    self.options = options
  }

  /// Trees of more nodes are not made: copying what a graph shares may multiply it.
  package static let nodesMax = 1024

  /// Unfolds a graph; nil where the tree would have more than ``nodesMax`` nodes.
  package init?(_ graph: FormulaGraph, catalog: OperatorCatalog = .fastexpr) {
    var sizes: [Int] = []
    var trees: [FormulaTree] = []
    for node in graph.nodes {
      var inputs = node.inputs
      if case .apply(let code) = node.operation {
        inputs.removeLast(catalog.entry(of: code).impliedFields.count)
      }
      let size = inputs.reduce(1) { min($0 + sizes[$1], Self.nodesMax + 1) }
      sizes.append(size)
      // What is too large is not unfolded; it fails below where the root needs it.
      trees.append(
        FormulaTree(
          node.operation, inputs: size > Self.nodesMax ? [] : inputs.map { trees[$0] },
          options: node.options))
    }
    guard sizes[graph.root] <= Self.nodesMax else { return nil }
    self = trees[graph.root]
  }

  /// A field read as it is.
  package static func field(_ name: String) -> FormulaTree { FormulaTree(.field(name)) }
  /// A constant.
  package static func constant(_ value: Double) -> FormulaTree { FormulaTree(.constant(value)) }

  /// A call with its options at their defaults, except for those that `options` names. An option
  /// without a default that is not named is absent, which the checker refuses.
  package static func call(
    _ code: OperatorCode, _ inputs: [FormulaTree], _ options: [String: OptionValue] = [:],
    catalog: OperatorCatalog = .fastexpr
  ) -> FormulaTree {
    FormulaTree(
      .apply(code), inputs: inputs,
      options: catalog.entry(of: code).options.map {
        options[$0.name] ?? $0.standard ?? .absent
      })
  }

  /// The operator of the outermost call, nil for a field or a constant.
  package var code: OperatorCode? {
    // Never inlined: the optimizer of Swift 6.3.1 ends the tree's lifetime before it reads the case
    // in a caller whose tree is used no further, and stops at its own check.
    @inline(never) get {
      if case .apply(let code) = operation { code } else { nil }
    }
  }

  /// The name of the field that the tree is, nil for anything else.
  package var fieldName: String? {
    if case .field(let name) = operation { name } else { nil }
  }

  /// The number of nodes.
  package var size: Int { inputs.reduce(1) { $0 + $1.size } }

  /// The number of operator calls.
  package var callCount: Int { inputs.reduce(code == nil ? 0 : 1) { $0 + $1.callCount } }

  /// The tree as a graph whose nodes stand after their inputs. Equal subformulas are one node.
  package func graph(catalog: OperatorCatalog = .fastexpr) -> FormulaGraph {
    var nodes: [FormulaGraph.Node] = []
    var places: [FormulaGraph.Node: Int] = [:]
    let root = append(to: &nodes, &places, catalog)
    return FormulaGraph(nodes: nodes, root: root)
  }

  private func append(
    to nodes: inout [FormulaGraph.Node], _ places: inout [FormulaGraph.Node: Int],
    _ catalog: OperatorCatalog
  ) -> Int {
    var inputs = inputs.map { $0.append(to: &nodes, &places, catalog) }
    if let code {
      inputs += catalog.entry(of: code).impliedFields.map {
        FormulaTree.field($0).append(to: &nodes, &places, catalog)
      }
    }
    let node = FormulaGraph.Node(operation, inputs: inputs, options: options)
    if let place = places[node] { return place }
    places[node] = nodes.count
    nodes.append(node)
    return nodes.count - 1
  }

  /// The formula as text; nil where it would be longer than a formula may be.
  package func text(catalog: OperatorCatalog = .fastexpr) -> String? {
    graph(catalog: catalog).text(catalog: catalog)
  }
}

// MARK: - Places

extension FormulaTree {
  /// A place in a tree: which input to take at each step down from the root.
  package typealias Path = [Int]

  /// Every place, each before those below it, from left to right.
  package var paths: [Path] {
    var result: [Path] = [[]]
    for (index, input) in inputs.enumerated() {
      result += input.paths.map { [index] + $0 }
    }
    return result
  }

  /// The subformula at a place.
  /// - Precondition: the place is one of ``paths``.
  package subscript(path: Path) -> FormulaTree {
    get {
      path.reduce(self) { $0.inputs[$1] }
    }
    set {
      guard let first = path.first else {
        self = newValue
        return
      }
      inputs[first][Path(path.dropFirst())] = newValue
    }
  }

  /// The names of the fields that are read, each once, in order of appearance.
  package var fieldNames: [String] {
    var seen: Set<String> = []
    return paths.compactMap { self[$0].fieldName }.filter { seen.insert($0).inserted }
  }

  /// The operators that are called, each once, in order of appearance.
  package var codes: [OperatorCode] {
    var seen: Set<OperatorCode> = []
    return paths.compactMap { self[$0].code }.filter { seen.insert($0).inserted }
  }

  /// The shape of the formula: its text with every field, constant and option left out, so that
  /// formulas which differ in no more than those have one skeleton.
  package var skeleton: String {
    switch operation {
    case .field: "f"
    case .constant: "c"
    case .apply(let code):
      "\(code.rawValue)(\(inputs.map(\.skeleton).joined(separator: ",")))"
    }
  }
}
