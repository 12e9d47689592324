package import Essentials
package import Markets

/// A formula that was parsed, typed and found to be allowed on a panel with a given schema.
package struct CheckedFormula: Sendable {
  /// The text as it was written.
  package let source: String
  package let graph: FormulaGraph
  /// The canonical text of `graph`: one line, function calls in place of infix operators.
  package let canonicalText: String
  /// The fingerprint of `canonicalText`; equal for formulas written differently that mean the same.
  package let fingerprint: Fingerprint
  /// The unit of the value, nil where it could not be inferred.
  package let unit: MeasureUnit?
  package let lookBack: LookBack
  /// How far the value of a row looks ahead; never positive in a formula that passed the check.
  package let latestLead: Int
  package let complexity: Complexity
  /// The names of the fields that are read, sorted.
  package let fields: [String]
  package let warnings: [Diagnostic]

  package init(
    source: String, graph: FormulaGraph, canonicalText: String, fingerprint: Fingerprint,
    unit: MeasureUnit?, lookBack: LookBack, latestLead: Int, complexity: Complexity,
    fields: [String], warnings: [Diagnostic]
  ) {
    self.source = source
    self.graph = graph
    self.canonicalText = canonicalText
    self.fingerprint = fingerprint
    self.unit = unit
    self.lookBack = lookBack
    self.latestLead = latestLead
    self.complexity = complexity
    self.fields = fields
    self.warnings = warnings
  }
}

/// How many rows before its own the value of a row depends on.
package enum LookBack: Hashable, Sendable {
  /// At most this many earlier rows.
  case rows(Int)
  /// All of history: the formula holds state, as `trade_when` and `hump` do.
  case unbounded
}

/// The size of a formula.
package struct Complexity: Hashable, Sendable {
  /// Operator calls as written, infix ones included; BRAIN allows 64.
  package var operators: Int
  /// Distinct fields other than groupings.
  package var fields: Int
  /// Distinct nodes after common subformulas are shared.
  package var nodes: Int
  /// The longest path from the value to a leaf.
  package var depth: Int

  package init(operators: Int, fields: Int, nodes: Int, depth: Int) {
    self.operators = operators
    self.fields = fields
    self.nodes = nodes
    self.depth = depth
  }
}
