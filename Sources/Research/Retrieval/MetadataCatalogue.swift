package import AlphaLanguage
package import Essentials
package import Markets

/// What may be searched for an idea: datasets in their subcategories, the fields of each, and the
/// operators that a formula may use.
///
/// Datasets, fields and operators are sorted by their names, each name standing once, so that two
/// catalogues of the same content are equal and have one fingerprint.
package struct MetadataCatalogue: Hashable, Sendable {
  /// A collection of fields that are delivered together.
  package struct Dataset: Hashable, Sendable {
    package var id: String
    package var name: String
    package var meaning: String
    package var subcategoryID: String
    package var subcategoryName: String
    package var categoryID: String
    package var categoryName: String
    package var themes: [String]
    /// The share of the cells of its universe that hold a value, in [0, 1].
    package var coverage: Double
    /// A score of the provider, higher is better; 0 where there is none.
    package var valueScore: Double
    package var fieldCount: Int
    /// How many alphas use the dataset already; 0 where nobody counts.
    package var alphaCount: Int
    package var userCount: Int

    package init(
      id: String, name: String, meaning: String = "", subcategory: (id: String, name: String),
      category: (id: String, name: String), themes: [String] = [], coverage: Double = 0,
      valueScore: Double = 0, fieldCount: Int = 0, alphaCount: Int = 0, userCount: Int = 0
    ) {
      (self.id, self.name, self.meaning) = (id, name, meaning)
      (subcategoryID, subcategoryName) = subcategory
      (categoryID, categoryName) = category
      (self.themes, self.coverage, self.valueScore) = (themes, coverage, valueScore)
      (self.fieldCount, self.alphaCount, self.userCount) = (fieldCount, alphaCount, userCount)
    }
  }

  /// A column that a formula may read.
  package struct Field: Hashable, Sendable {
    package var id: String
    package var datasetID: String
    package var kind: FieldDescription.Kind
    package var meaning: String
    /// Nil where the source says nothing of units.
    package var unit: MeasureUnit?
    /// The share of cells that hold a value, in [0, 1].
    package var coverage: Double
    /// How many alphas use the field already; 0 where nobody counts.
    package var alphaCount: Int
    package var userCount: Int

    package init(
      id: String, datasetID: String, kind: FieldDescription.Kind, meaning: String = "",
      unit: MeasureUnit? = nil, coverage: Double = 0, alphaCount: Int = 0, userCount: Int = 0
    ) {
      (self.id, self.datasetID, self.kind, self.meaning) = (id, datasetID, kind, meaning)
      (self.unit, self.coverage) = (unit, coverage)
      (self.alphaCount, self.userCount) = (alphaCount, userCount)
    }
  }

  /// A function that a formula may call.
  package struct Operator: Hashable, Sendable {
    package var name: String
    /// The call as documentation writes it, such as `ts_mean(x, d)`.
    package var signature: String
    package var meaning: String
    package var category: String
    package var tier: OperatorEntry.Tier
    package var scope: [String]

    /// Describes an entry of the operator table.
    package init(_ entry: OperatorEntry) {
      name = entry.name
      signature = entry.signature
      meaning = entry.meaning
      category = entry.category.rawValue
      tier = entry.tier
      scope = entry.scopes.map(\.rawValue).sorted()
    }
  }

  /// A group of datasets of one subject.
  package struct Subcategory: Hashable, Sendable {
    package let id: String
    package let name: String
    package let categoryID: String
    package let categoryName: String
    /// Positions in ``MetadataCatalogue/datasets``, ascending.
    package let datasets: [Int]
  }

  /// Where the rows come from, such as `panel us-equities`.
  package let origin: String
  /// The market whose rows these are; nil for a panel, which serves every target.
  package let target: SimulationTarget?
  package let datasets: [Dataset]
  package let fields: [Field]
  package let operators: [Operator]
  /// Sorted by id.
  package let subcategories: [Subcategory]
  /// Equal for equal content, whatever the origin is called.
  package let fingerprint: Fingerprint
  /// The position in ``datasets`` of each field's dataset.
  let fieldHomes: [Int]
  private let fieldPositions: [String: Int]

  /// Sorts the rows and keeps the first of each name; fields whose dataset is not among `datasets`
  /// are left out.
  package init(
    origin: String, target: SimulationTarget?, datasets: [Dataset], fields: [Field],
    operators: [Operator]
  ) {
    func unique<Row>(_ rows: [Row], _ name: (Row) -> String) -> [Row] {
      var seen: Set<String> = []
      return rows.filter { seen.insert(name($0)).inserted }.sorted { name($0) < name($1) }
    }
    self.origin = origin
    self.target = target
    let datasets = unique(datasets, \.id)
    let known = Set(datasets.map(\.id))
    let fields = unique(fields.filter { known.contains($0.datasetID) }, \.id)
    let operators = unique(operators, \.name)
    self.datasets = datasets
    self.fields = fields
    self.operators = operators
    let members = Dictionary(grouping: datasets.indices) { datasets[$0].subcategoryID }
    subcategories = members.keys.sorted().compactMap { id in
      guard let positions = members[id], let first = positions.first else { return nil }
      return Subcategory(
        id: id, name: datasets[first].subcategoryName, categoryID: datasets[first].categoryID,
        categoryName: datasets[first].categoryName, datasets: positions)
    }
    let homes = Dictionary(uniqueKeysWithValues: datasets.enumerated().map { ($1.id, $0) })
    fieldHomes = fields.compactMap { homes[$0.datasetID] }
    fieldPositions = Dictionary(
      uniqueKeysWithValues: fields.enumerated().map { ($1.id, $0) })
    fingerprint = Self.fingerprint(target, datasets, fields, operators)
  }

  /// Returns the field of that name.
  package func field(named id: String) -> Field? { fieldPositions[id].map { fields[$0] } }

  /// What a formula may know of the fields; a unit that is not known counts as none.
  package var schema: PanelSchema {
    PanelSchema(
      fields: fields.map {
        FieldDescription(
          name: $0.id, kind: $0.kind, unit: $0.unit ?? .dimensionless, summary: $0.meaning)
      })
  }

  private static func fingerprint(
    _ target: SimulationTarget?, _ datasets: [Dataset], _ fields: [Field], _ operators: [Operator]
  ) -> Fingerprint {
    var digest = FingerprintDigest()
    // One line of JSON each, which no text can imitate.
    func absorb(_ values: JSONValue...) {
      digest.absorb(JSONValue.array(values).compactText + "\n")
    }
    absorb("catalogue 1", target?.json ?? .null)
    for row in datasets {
      absorb(
        .string(row.id), .string(row.name), .string(row.meaning), .string(row.subcategoryID),
        .string(row.subcategoryName), .string(row.categoryID), .string(row.categoryName),
        .strings(row.themes), .number(row.coverage), .number(row.valueScore),
        .integer(row.fieldCount), .integer(row.alphaCount), .integer(row.userCount))
    }
    for row in fields {
      absorb(
        .string(row.id), .string(row.datasetID), .string(row.kind.rawValue), .string(row.meaning),
        row.unit.map { .string($0.description) } ?? .null, .number(row.coverage),
        .integer(row.alphaCount), .integer(row.userCount))
    }
    for row in operators {
      absorb(
        .string(row.name), .string(row.signature), .string(row.meaning), .string(row.category),
        .string(row.tier.rawValue), .strings(row.scope))
    }
    return digest.finish()
  }
}

extension OperatorCatalog {
  /// The operators that may stand in a regular alpha, as a catalogue lists them.
  ///
  /// Some read fields that are not written, such as returns; a catalogue whose fields are known
  /// leaves out those that could never be evaluated over it.
  package func usable(over fields: Set<String>? = nil) -> [MetadataCatalogue.Operator] {
    entries.filter { entry in
      entry.code != nil && entry.scopes.contains(.regular)
        && (fields.map { entry.impliedFields.allSatisfy($0.contains) } ?? true)
    }.map(MetadataCatalogue.Operator.init)
  }
}
