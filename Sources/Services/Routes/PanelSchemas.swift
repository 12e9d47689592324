package import AlphaLanguage
import Essentials
import Markets
import Storage

/// Checkers of formulas for the panels at hand, made from what their manifests say.
package struct PanelSchemas: Sendable {
  private let library: PanelLibrary
  /// By the panel's name and fingerprint, so that a panel that is replaced gets another checker.
  private let checkers = OnceCache<String, FormulaChecker>(valuesMax: 16)

  package init(library: PanelLibrary) {
    self.library = library
  }

  /// The checker of a panel of the store; throws ``StoreFailure`` where there is none of that name.
  package func checker(of panel: String) throws -> FormulaChecker {
    let fingerprint = try library.store.manifest(of: panel).fingerprint
    return try checkers.value("\(panel)\n\(fingerprint)") {
      FormulaChecker(schema: try library.store.open(panel).schema)
    }
  }

  /// The panel that is meant where none is named: the bundled one of stocks where it is there, else
  /// the first of the store, nil where the store is empty.
  package func standardPanel() throws -> String? {
    if library.store.holds(BundledData.equities) { return BundledData.equities }
    return try library.store.list().first?.name
  }

  /// Whether the store has a panel of that name.
  package func holds(_ panel: String) -> Bool { library.store.holds(panel) }
}
