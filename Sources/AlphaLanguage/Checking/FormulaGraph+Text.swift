extension FormulaGraph {
  /// Returns the graph as a formula, or nil where its text would exceed `FormulaLimits`.
  ///
  /// The text is the canonical one where the graph is canonical. A graph that was put together from
  /// parts may be anything: whether its text is a valid formula is for `FormulaChecker` to say.
  package func text(catalog: OperatorCatalog = .fastexpr) -> String? {
    CanonicalText.of(self, catalog: catalog)
  }
}
