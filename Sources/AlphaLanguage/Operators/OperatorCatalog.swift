/// The operators of a formula language, by name.
package struct OperatorCatalog: Sendable {
  /// By category, in the order of their documentation.
  package let entries: [OperatorEntry]
  private let positions: [String: Int]

  package init(entries: [OperatorEntry]) {
    self.entries = entries
    positions = Dictionary(
      entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The 184 operators of WorldQuant BRAIN's FASTEXPR: 165 that may stand in an alpha and 19 that
  /// belong to super-alphas.
  ///
  /// Names, parameters, defaults and formulas are those of BRAIN's operator documentation. Where it
  /// is silent or contradicts itself, the entry says what holds here.
  package static let fastexpr = OperatorCatalog(
    entries: arithmetic + logical + timeSeries + crossSectional + group + vector
      + transformational + superAlpha)

  /// Returns the entry of a name, which may be written in any case.
  package func entry(named name: String) -> OperatorEntry? {
    position(named: name).map { entries[$0] }
  }

  /// Returns the entry of an operator of this catalogue.
  package func entry(of code: OperatorCode) -> OperatorEntry {
    guard let entry = entry(named: code.rawValue) else {
      preconditionFailure("the catalogue has no entry for \(code.rawValue)")
    }
    return entry
  }

  func position(named name: String) -> Int? {
    positions[name] ?? positions[name.lowercased()]
  }
}
