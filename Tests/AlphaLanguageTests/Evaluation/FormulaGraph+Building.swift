import AlphaLanguage

// Graphs written by hand, for tests that need no parser.

extension FormulaGraph {
  static func field(_ name: String) -> FormulaGraph {
    FormulaGraph(nodes: [Node(.field(name))], root: 0)
  }

  static func constant(_ number: Double) -> FormulaGraph {
    FormulaGraph(nodes: [Node(.constant(number))], root: 0)
  }

  /// A call with the given options, or else with the defaults of the catalogue; fields that the
  /// operator implies are added.
  static func call(
    _ code: OperatorCode, _ inputs: [FormulaGraph], _ options: [OptionValue]? = nil
  ) -> FormulaGraph {
    let entry = OperatorCatalog.fastexpr.entry(of: code)
    var nodes: [Node] = []
    var places: [Int] = []
    for input in inputs + entry.impliedFields.map({ field($0) }) {
      let offset = nodes.count
      for var node in input.nodes {
        node.inputs = node.inputs.map { $0 + offset }
        nodes.append(node)
      }
      places.append(offset + input.root)
    }
    let filledIn = options ?? entry.options.map { $0.standard ?? .absent }
    nodes.append(Node(.apply(code), inputs: places, options: filledIn))
    return FormulaGraph(nodes: nodes, root: nodes.count - 1)
  }

  /// The operator at the root.
  var rootCode: OperatorCode? {
    if case .apply(let code) = nodes[root].operation { code } else { nil }
  }
}
