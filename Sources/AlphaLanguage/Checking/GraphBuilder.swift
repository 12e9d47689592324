/// Builds a canonical graph from the leaves up: an equal node is made once, and equal formulas are
/// brought to one form wherever that does not change a bit of the result.
///
/// - `greater(a, b)` becomes `less(b, a)`, `greater_equal(a, b)` becomes `less_equal(b, a)`.
/// - The inputs of commutative operators stand in structural order.
/// - `reverse(reverse(x))` and `purify(x)` become `x`; `is_finite` and `is_not_finite` become
///   `is_not_nan` and `is_nan`, for no value is infinite.
///
/// Sums are not reordered beyond one addition: floating-point addition is not associative.
struct GraphBuilder {
  private(set) var nodes: [FormulaGraph.Node] = []
  private var positions: [FormulaGraph.Node: Int] = [:]

  mutating func field(_ name: String) -> Int { intern(FormulaGraph.Node(.field(name))) }

  mutating func constant(_ value: Double) -> Int { intern(FormulaGraph.Node(.constant(value))) }

  mutating func apply(
    _ code: OperatorCode, _ inputs: [Int], _ options: [OptionValue], isCommutative: Bool
  ) -> Int {
    switch code {
    case .greater: return apply(.less, inputs.reversed(), options, isCommutative: false)
    case .greaterEqual: return apply(.lessEqual, inputs.reversed(), options, isCommutative: false)
    case .isFinite: return apply(.isNotNan, inputs, options, isCommutative: false)
    case .isNotFinite: return apply(.isNan, inputs, options, isCommutative: false)
    case .purify: return inputs[0]
    case .reverse:
      let inner = nodes[inputs[0]]
      if inner.operation == .apply(.reverse) { return inner.inputs[0] }
    default: break
    }
    var inputs = inputs
    if isCommutative, precedes(inputs[1], inputs[0]) { inputs.swapAt(0, 1) }
    return intern(FormulaGraph.Node(.apply(code), inputs: inputs, options: options))
  }

  private mutating func intern(_ node: FormulaGraph.Node) -> Int {
    if let known = positions[node] { return known }
    positions[node] = nodes.count
    nodes.append(node)
    return nodes.count - 1
  }

  /// Returns the graph of what `root` needs, numbered in the order in which a walk from the root
  /// leaves the nodes, so that equal formulas have equal graphs.
  func graph(root: Int) -> FormulaGraph {
    var numbers = [Int](repeating: -1, count: nodes.count)
    var kept: [FormulaGraph.Node] = []
    kept.reserveCapacity(nodes.count)
    var path: [(node: Int, next: Int)] = [(root, 0)]
    while let (index, next) = path.last {
      let inputs = nodes[index].inputs
      if next < inputs.count {
        path[path.count - 1].next += 1
        if numbers[inputs[next]] < 0 { path.append((inputs[next], 0)) }
      } else {
        path.removeLast()
        guard numbers[index] < 0 else { continue }
        var node = nodes[index]
        for position in node.inputs.indices { node.inputs[position] = numbers[inputs[position]] }
        numbers[index] = kept.count
        kept.append(node)
      }
    }
    return FormulaGraph(nodes: kept, root: kept.count - 1)
  }

  // MARK: - Structural order

  /// Whether one node stands before another by what they are, however they were built: fields, then
  /// calls, then constants; by name, options and the first input that differs.
  ///
  /// Equal subformulas are one node, so at most one pair of inputs has to be followed at each level.
  /// Cost: the depth of the formula.
  private func precedes(_ left: Int, _ right: Int) -> Bool {
    var left = left
    var right = right
    while left != right {
      let (a, b) = (nodes[left], nodes[right])
      switch (a.operation, b.operation) {
      case (.field(let a), .field(let b)): return a < b
      case (.field, _): return true
      case (_, .field): return false
      case (.constant(let a), .constant(let b)): return orderOf(a, b) < 0
      case (.constant, .apply): return false
      case (.apply, .constant): return true
      case (.apply(let codeA), .apply(let codeB)):
        if codeA != codeB { return codeA.rawValue < codeB.rawValue }
      }
      if a.inputs.count != b.inputs.count { return a.inputs.count < b.inputs.count }
      for (optionA, optionB) in zip(a.options, b.options) {
        let order = orderOf(optionA, optionB)
        if order != 0 { return order < 0 }
      }
      guard let (nextLeft, nextRight) = zip(a.inputs, b.inputs).first(where: { $0 != $1 }) else {
        return false
      }
      left = nextLeft
      right = nextRight
    }
    return false
  }

  private func orderOf(_ left: Double, _ right: Double) -> Int {
    if left.identity == right.identity { return 0 }
    if left.isNaN || right.isNaN { return left.isNaN ? 1 : -1 }
    if left == right { return left.sign == .minus ? -1 : 1 }
    return left < right ? -1 : 1
  }

  private func orderOf(_ left: OptionValue, _ right: OptionValue) -> Int {
    switch (left, right) {
    case (.number(let left), .number(let right)): return orderOf(left, right)
    case (.flag(let left), .flag(let right)): return left == right ? 0 : right ? -1 : 1
    case (.word(let left), .word(let right)): return left == right ? 0 : left < right ? -1 : 1
    case (.numbers(let left), .numbers(let right)):
      for (left, right) in zip(left, right) {
        let order = orderOf(left, right)
        if order != 0 { return order }
      }
      return left.count - right.count
    default: return rankOf(left) - rankOf(right)
    }
  }

  private func rankOf(_ value: OptionValue) -> Int {
    switch value {
    case .absent: 0
    case .number: 1
    case .flag: 2
    case .word: 3
    case .numbers: 4
    }
  }
}
