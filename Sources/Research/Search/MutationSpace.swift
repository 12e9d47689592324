package import AlphaLanguage
package import Markets

/// What a mutation may draw on: the fields of a panel and the operators of the language, or the part
/// of them that a retrieval pack allows.
package struct MutationSpace: Sendable {
  /// Judges every child.
  package let checker: FormulaChecker
  /// Fields of numbers by unit, each list by name.
  package let matrixFields: [MeasureUnit: [String]]
  package let groupFields: [String]
  package let vectorFields: [String]
  package let operators: Set<OperatorCode>
  /// Fields that the pack lists for what has not been tried.
  package let exploredFields: Set<String>

  /// What formulas write with symbols; it is part of the language, whatever a pack lists.
  package static let symbols: Set<OperatorCode> = [
    .add, .subtract, .multiply, .divide, .power, .reverse, .less, .lessEqual, .equal, .greater,
    .greaterEqual, .notEqual, .and, .or, .not, .ifElse,
  ]

  /// Allows every field of the checker's schema that does not look ahead, and every operator.
  package init(checker: FormulaChecker) {
    self.init(checker: checker, fields: nil, operators: nil, explored: [])
  }

  /// Allows the fields and operators of a pack. Names that the panel or the language does not have
  /// are passed over; a pack without operators allows all.
  package init(checker: FormulaChecker, pack: RetrievalPack) {
    let codes = pack.operators.compactMap { checker.catalog.entry(named: $0.name)?.code }
    self.init(
      checker: checker, fields: Set(pack.fields.map(\.id)),
      operators: codes.isEmpty ? nil : Set(codes),
      explored: Set(pack.fields.filter { $0.lane == .explore }.map(\.id)))
  }

  private init(
    checker: FormulaChecker, fields: Set<String>?, operators: Set<OperatorCode>?,
    explored: Set<String>
  ) {
    self.checker = checker
    let described = checker.schema.fields.values
      .filter { $0.leadRows <= 0 && (fields?.contains($0.name) ?? true) }
      .sorted { $0.name < $1.name }
    matrixFields = Dictionary(grouping: described.filter { $0.kind == .matrix }, by: \.unit)
      .mapValues { $0.map(\.name) }
    groupFields = described.filter { $0.kind == .group }.map(\.name)
    vectorFields = described.filter { $0.kind == .vector }.map(\.name)
    self.operators =
      operators.map { $0.union(Self.symbols) } ?? Set(checker.catalog.entries.compactMap(\.code))
    exploredFields = explored
  }

  /// Every field of numbers, by name.
  package var allMatrixFields: [String] { matrixFields.values.flatMap { $0 }.sorted() }

  /// Returns the fields that could stand in a field's place: of its kind and, for numbers, its unit.
  package func substitutes(for field: String) -> [String] {
    guard let description = checker.schema.fields[field] else { return [] }
    let family =
      switch description.kind {
      case .matrix: matrixFields[description.unit] ?? []
      case .group: groupFields
      case .vector: vectorFields
      }
    return family.filter { $0 != field }
  }
}
