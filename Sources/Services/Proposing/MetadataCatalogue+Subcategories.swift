package import Research

extension MetadataCatalogue {
  /// The subcategories that fields belong to, each once, by name; a field that is not known has none.
  package func subcategories(of fields: [String]) -> [String] {
    let wanted = Set(fields.compactMap { field(named: $0)?.datasetID })
    return Set(datasets.filter { wanted.contains($0.id) }.map(\.subcategoryID)).sorted()
  }
}
