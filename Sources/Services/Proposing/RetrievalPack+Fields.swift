import AlphaLanguage
import Markets
package import Research

extension RetrievalPack {
  /// The subcategories that fields belong to, each once, by name; a field that the pack does not have
  /// has none.
  package func subcategories(of names: [String]) -> [String] {
    let wanted = Set(fields.filter { names.contains($0.id) }.map(\.datasetID))
    return Set(datasets.filter { wanted.contains($0.id) }.map(\.subcategoryID)).sorted()
  }
}

extension FormulaValidator {
  /// Checks formulas against the fields of a pack alone. A field whose type is no word of BRAIN counts
  /// as a matrix, and units are not known.
  package init(_ pack: RetrievalPack) {
    var seen: Set<String> = []
    let fields = pack.fields.filter { seen.insert($0.id).inserted }.map { field in
      FieldDescription(
        name: field.id, kind: FieldDescription.Kind(rawValue: field.type.uppercased()) ?? .matrix,
        unit: .dimensionless, summary: field.meaning)
    }
    self.init(checker: FormulaChecker(schema: PanelSchema(fields: fields)))
  }
}
