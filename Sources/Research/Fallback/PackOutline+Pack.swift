extension PackOutline {
  /// Outlines a pack whose parts weigh what the closures say.
  ///
  /// Subcategories come in the order of ``RetrievalPack/subcategoriesInOrder``, everything else in
  /// the order of the pack.
  package init(
    _ pack: RetrievalPack, fixed: Int, subcategory: (String) -> Int,
    dataset: (RetrievalPack.Dataset) -> Int, field: (RetrievalPack.Field) -> Int,
    operator: (RetrievalPack.Operator) -> Int
  ) {
    let names = pack.subcategoriesInOrder
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() { places[name] = place }
    var datasets: [String: Int] = [:]
    for (place, dataset) in pack.datasets.enumerated() where datasets[dataset.id] == nil {
      datasets[dataset.id] = place
    }
    self.init(
      fixed: fixed, subcategories: names.map(subcategory),
      datasets: pack.datasets.map {
        // Every subcategory of a dataset is among the names.
        Dataset(weight: dataset($0), lane: $0.lane, subcategory: places[$0.subcategoryID] ?? 0)
      },
      fields: pack.fields.map {
        Field(weight: field($0), lane: $0.lane, dataset: datasets[$0.datasetID])
      },
      operators: pack.operators.map { Operator(weight: `operator`($0), lane: $0.lane) })
  }
}

extension RetrievalPack {
  /// The subcategories that have a dataset: the selected ones in their order, then those that only
  /// datasets name.
  package var subcategoriesInOrder: [String] {
    let present = Set(datasets.map(\.subcategoryID))
    var seen: Set<String> = []
    return (selectedSubcategories + datasets.map(\.subcategoryID)).filter {
      present.contains($0) && seen.insert($0).inserted
    }
  }

  /// The part of the pack that is selected, with the datasets and subcategories that its fields
  /// hang on.
  package func keeping(_ selection: PackSelection) -> RetrievalPack {
    var pack = self
    let names = subcategoriesInOrder
    pack.selectedSubcategories = names.indices.filter(selection.keepsSubcategory).map { names[$0] }
    pack.datasets = datasets.indices.filter(selection.keepsDataset).map { datasets[$0] }
    pack.fields = fields.indices.filter { selection.keepsField[$0] }.map { fields[$0] }
    pack.operators = operators.indices.filter { selection.keepsOperator[$0] }.map { operators[$0] }
    return pack
  }
}
