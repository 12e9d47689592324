/// A checked formula as a graph: every subformula is a node that stands after its inputs, and equal
/// subformulas are one node.
///
/// The graph is canonical. Assignments are inlined, comments gone, infix and function forms the
/// same operator, every option filled in with its default, constants folded, operands of
/// commutative operators ordered; so two formulas that mean the same by these rules have the same
/// graph and the same fingerprint.
package struct FormulaGraph: Hashable, Sendable {
  package struct Node: Hashable, Sendable {
    package var operation: Operation
    /// Indices of earlier nodes, in the operator's order.
    package var inputs: [Int]
    /// The constants of the call in the catalogue's order, windows included, defaults filled in.
    package var options: [OptionValue]

    package init(_ operation: Operation, inputs: [Int] = [], options: [OptionValue] = []) {
      self.operation = operation
      self.inputs = inputs
      self.options = options
    }
  }

  package enum Operation: Hashable, Sendable {
    case field(String)
    case constant(Double)
    case apply(OperatorCode)
  }

  /// Inputs stand before the nodes that use them; `root` is the formula's value.
  package var nodes: [Node]
  package var root: Int

  package init(nodes: [Node], root: Int) {
    self.nodes = nodes
    self.root = root
  }
}

/// A constant argument of an operator, known before any data is seen.
package enum OptionValue: Hashable, Sendable {
  case number(Double)
  case flag(Bool)
  /// One of the words that the operator's catalogue entry lists, such as `gaussian`.
  case word(String)
  /// A list written in a string, such as `"2,5,6,7,10"`; a missing value is NaN.
  case numbers([Double])
  /// An option that was not given and has no default.
  case absent
}

// MARK: - Identity

// Numbers are compared by their bits, so that a missing value equals itself and -0 is not 0: equal
// graphs give equal bits.

extension FormulaGraph.Operation {
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.field(let left), .field(let right)): left == right
    case (.constant(let left), .constant(let right)): left.identity == right.identity
    case (.apply(let left), .apply(let right)): left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .field(let name): hasher.combine(name)
    case .constant(let value): hasher.combine(value.identity)
    case .apply(let code): hasher.combine(code)
    }
  }
}

extension OptionValue {
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): left.identity == right.identity
    case (.flag(let left), .flag(let right)): left == right
    case (.word(let left), .word(let right)): left == right
    case (.numbers(let left), .numbers(let right)):
      left.elementsEqual(right) { $0.identity == $1.identity }
    case (.absent, .absent): true
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .number(let value): hasher.combine(value.identity)
    case .flag(let value): hasher.combine(value)
    case .word(let value): hasher.combine(value)
    case .numbers(let values): for value in values { hasher.combine(value.identity) }
    case .absent: break
    }
  }
}

extension Double {
  /// The bits of the number, the same for every NaN.
  var identity: UInt64 { isNaN ? Double.nan.bitPattern : bitPattern }
}
