/// Builds the pack of an idea: the few rows of a catalogue that its formulas may use.
///
/// A pack is a function of the catalogue, the idea, the budget and the seed. The *exploit* lane is
/// what fits the idea best, varied so that near-copies do not fill it. The *explore* lane is drawn
/// with a seed from what is left, the likelier the less others use it, so that it is no tail of the
/// same ranking. A catalogue that is smaller than the budget is given whole.
///
/// All of an idea steers the search: its keywords (or the query in their place) count most, then the
/// tags, the hypothesis and the names of its candidate subcategories and datasets. Hinted datasets
/// and subcategories that the catalogue has always come in, as far as there is room.
package struct PackBuilder: Sendable {
  package let catalogue: MetadataCatalogue
  package let index: CatalogueIndex
  package var budget: RetrievalBudget
  /// Where the chance of the explore lane begins.
  package var seed: UInt64
  package var scoring = SearchIndex.Scoring.bm25

  /// - Precondition: `index` was made from `catalogue`.
  package init(
    catalogue: MetadataCatalogue, index: CatalogueIndex, budget: RetrievalBudget = .init(),
    seed: UInt64 = 1
  ) {
    precondition(index.isUp(to: catalogue), "the index is of another catalogue")
    (self.catalogue, self.index, self.budget, self.seed) = (catalogue, index, budget, seed)
  }

  /// Builds a pack.
  /// - Parameter query: what is searched for in place of the idea's keywords.
  package func pack(
    for idea: IdeaSpec, query: String? = nil
  ) throws(RetrievalFailure) -> RetrievalPack {
    for (kind, count) in [
      ("datasets", catalogue.datasets.count), ("fields", catalogue.fields.count),
      ("operators", catalogue.operators.count),
    ] where count == 0 {
      throw .emptyCatalogue(origin: catalogue.origin, kind: kind)
    }
    if let market = catalogue.target, market != idea.target {
      throw .otherMarket(origin: catalogue.origin, catalogue: market, idea: idea.target)
    }
    return PackAssembly(self, idea, query: query).pack()
  }

  /// The candidate datasets and subcategories of an idea that the catalogue does not know.
  package func unknownHints(of idea: IdeaSpec) -> [String] {
    let hints = Hints(idea)
    return hints.unknown(in: catalogue)
  }
}

/// The names that an idea hints at, compared without regard to case and punctuation.
struct Hints {
  private let idea: IdeaSpec
  private let datasets: Set<String>
  private let subcategories: Set<String>

  init(_ idea: IdeaSpec) {
    self.idea = idea
    datasets = Set(idea.candidateDatasets.map(Self.slug))
    subcategories = Set(idea.candidateSubcategories.map(Self.slug))
  }

  func name(_ dataset: MetadataCatalogue.Dataset) -> Bool {
    datasets.contains(Self.slug(dataset.id)) || datasets.contains(Self.slug(dataset.name))
  }

  func name(_ subcategory: MetadataCatalogue.Subcategory) -> Bool {
    [
      subcategory.id, subcategory.name, subcategory.categoryID, subcategory.categoryName,
    ].contains { subcategories.contains(Self.slug($0)) }
  }

  func unknown(in catalogue: MetadataCatalogue) -> [String] {
    let knownDatasets = Set(catalogue.datasets.flatMap { [$0.id, $0.name] }.map(Self.slug))
    let knownSubcategories = Set(
      catalogue.subcategories.flatMap { [$0.id, $0.name, $0.categoryID, $0.categoryName] }
        .map(Self.slug))
    return idea.candidateDatasets.filter { !knownDatasets.contains(Self.slug($0)) }
      + idea.candidateSubcategories.filter { !knownSubcategories.contains(Self.slug($0)) }
  }

  private static func slug(_ name: String) -> String {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }
}
