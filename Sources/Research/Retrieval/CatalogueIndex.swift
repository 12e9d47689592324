package import Essentials

/// The search indexes of a catalogue, one for each kind of row; positions are those of the catalogue.
package struct CatalogueIndex: Hashable, Sendable {
  /// The catalogue and the tokenizer that the indexes were made from.
  package let fingerprint: Fingerprint
  package let subcategories: SearchIndex
  package let datasets: SearchIndex
  package let fields: SearchIndex
  package let operators: SearchIndex

  /// Makes the indexes. Cost: linear in the text; about a second for 40,000 fields.
  package init(_ catalogue: MetadataCatalogue) {
    fingerprint = Self.fingerprint(of: catalogue)
    // What a thing is called counts double beside what is said of it.
    func words(_ names: [String], _ texts: [String]) -> [String] {
      let names = names.flatMap(Tokenizer.words(of:))
      return names + names + texts.flatMap(Tokenizer.words(of:))
    }
    subcategories = SearchIndex(
      documents: catalogue.subcategories.map { subcategory in
        words(
          [subcategory.id, subcategory.name, subcategory.categoryName],
          subcategory.datasets.map { catalogue.datasets[$0] }.flatMap { [$0.name, $0.meaning] })
      })
    datasets = SearchIndex(
      documents: catalogue.datasets.map {
        words([$0.id, $0.name], [$0.meaning, $0.subcategoryName, $0.categoryName] + $0.themes)
      })
    fields = SearchIndex(
      documents: catalogue.fields.map { words([$0.id], [$0.meaning, $0.datasetID]) })
    operators = SearchIndex(
      documents: catalogue.operators.map { words([$0.name], [$0.category, $0.meaning]) })
  }

  init(
    fingerprint: Fingerprint, subcategories: SearchIndex, datasets: SearchIndex,
    fields: SearchIndex, operators: SearchIndex
  ) {
    (self.fingerprint, self.subcategories, self.datasets) = (fingerprint, subcategories, datasets)
    (self.fields, self.operators) = (fields, operators)
  }

  /// Whether the indexes are those of a catalogue.
  package func isUp(to catalogue: MetadataCatalogue) -> Bool {
    fingerprint == Self.fingerprint(of: catalogue)
      && subcategories.count == catalogue.subcategories.count
      && datasets.count == catalogue.datasets.count && fields.count == catalogue.fields.count
      && operators.count == catalogue.operators.count
  }

  static func fingerprint(of catalogue: MetadataCatalogue) -> Fingerprint {
    Fingerprint(of: "index \(IndexCache.format) \(Tokenizer.version) \(catalogue.fingerprint)")
  }
}
