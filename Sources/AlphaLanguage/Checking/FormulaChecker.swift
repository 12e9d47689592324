import Essentials
package import Markets

/// Reads formulas and proves that they may be evaluated on a panel with a given schema.
///
/// The proof covers names, arity, types (MATRIX, VECTOR, GROUP, constants), options and time: a
/// formula whose value would depend on a later row than its own is refused. Units only warn, as
/// BRAIN does with `unitHandling` VERIFY.
///
/// Cost: linear in the length of the formula, some tens of microseconds for a usual one. A formula
/// beyond `FormulaLimits` is refused.
package struct FormulaChecker: Sendable {
  package let catalog: OperatorCatalog
  package let schema: PanelSchema
  /// The catalogue position of each symbol's operator.
  let symbols: [SyntaxTree.Symbol: Int]

  package init(catalog: OperatorCatalog = .fastexpr, schema: PanelSchema) {
    self.catalog = catalog
    self.schema = schema
    symbols = Dictionary(
      uniqueKeysWithValues: SyntaxTree.Symbol.allCases.compactMap { symbol in
        catalog.position(named: symbol.rawValue).map { (symbol, $0) }
      })
  }

  /// Returns the formula as a canonical graph with everything that is known of it, or throws all
  /// that is wrong with it.
  package func check(_ source: String) throws(FormulaRejection) -> CheckedFormula {
    guard source.utf8.count <= FormulaLimits.sourceBytes else {
      throw FormulaRejection(
        source: source,
        diagnostics: [
          Diagnostic(
            .error, code: "formula_too_long",
            message: """
              The formula has \(source.utf8.count) bytes; at most \(FormulaLimits.sourceBytes) \
              are read.
              """,
            span: SourceSpan(start: 0, end: 0), remedy: "Shorten the formula.")
        ])
    }
    var findings = Findings()
    let tree = Parser.parse(Array(source.utf8), reporting: &findings)
    var analysis = FormulaAnalysis(self, tree, findings)
    let value = analysis.analyze()
    guard analysis.findings.errorCount == 0, let value else {
      throw rejection(of: source, analysis.findings)
    }
    let graph = analysis.builder.graph(root: value.node)
    guard let canonicalText = CanonicalText.of(graph, catalog: catalog) else {
      analysis.findings.report(
        "formula_too_large",
        "The formula is too large once its names are replaced by what they mean.",
        at: SourceSpan(start: 0, end: source.utf8.count), remedy: "Shorten the formula.")
      throw rejection(of: source, analysis.findings)
    }
    return checked(source, graph, canonicalText, value, analysis)
  }

  private func checked(
    _ source: String, _ graph: FormulaGraph, _ canonicalText: String, _ value: AnalyzedValue,
    _ analysis: FormulaAnalysis
  ) -> CheckedFormula {
    var fields: [String] = []
    var depths = [Int](repeating: 0, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      if case .field(let name) = node.operation { fields.append(name) }
      for input in node.inputs { depths[index] = max(depths[index], depths[input] + 1) }
    }
    fields.sort()
    return CheckedFormula(
      source: source, graph: graph, canonicalText: canonicalText,
      fingerprint: Fingerprint(of: canonicalText), unit: value.unit, lookBack: value.lookBack,
      latestLead: value.latestLead,
      complexity: Complexity(
        operators: analysis.operatorCount,
        fields: fields.count { schema.fields[$0]?.kind != .group }, nodes: graph.nodes.count,
        depth: depths[graph.root]),
      fields: fields, warnings: Self.sorted(analysis.findings))
  }

  private func rejection(of source: String, _ findings: Findings) -> FormulaRejection {
    FormulaRejection(
      source: source,
      diagnostics: Self.sorted(findings))
  }

  /// The findings in the order of the source.
  private static func sorted(_ findings: Findings) -> [Diagnostic] {
    findings.diagnostics.sorted {
      ($0.span.start, $0.span.end, $0.code, $0.message)
        < ($1.span.start, $1.span.end, $1.code, $1.message)
    }
  }
}
