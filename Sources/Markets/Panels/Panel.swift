package import Essentials

/// A rectangular piece of market history: named fields over the same rows and instruments.
///
/// A panel is immutable. Its fingerprint is that of the stored bytes behind it, so a result can name
/// exactly what it was computed from.
package struct Panel: Sendable {
  package let name: String
  package let fingerprint: Fingerprint
  package let axis: TimeAxis
  package let instruments: [Instrument]
  package let fields: [String: PanelField]
  /// Named universes that the data brings along, such as index membership.
  package let universes: [String: MembershipColumn]

  /// - Precondition: every field and universe has one value for each row and instrument.
  package init(
    name: String, fingerprint: Fingerprint, axis: TimeAxis, instruments: [Instrument],
    fields: [PanelField], universes: [String: MembershipColumn] = [:]
  ) {
    for field in fields {
      precondition(
        field.values.fits(rows: axis.count, columns: instruments.count),
        "field \(field.name) does not fit \(axis.count) x \(instruments.count)")
    }
    self.name = name
    self.fingerprint = fingerprint
    self.axis = axis
    self.instruments = instruments
    self.fields = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })
    self.universes = universes
  }

  package var rows: Int { axis.count }
  package var columns: Int { instruments.count }

  /// What a formula may know about the panel without its numbers.
  package var schema: PanelSchema {
    PanelSchema(fields: fields.values.map(\.description))
  }

  /// Returns the named field where it is a matrix.
  package func matrix(_ name: String) -> MatrixColumn? {
    if case .matrix(let column) = fields[name]?.values { column } else { nil }
  }

  /// Returns the named field where it is a grouping.
  package func group(_ name: String) -> GroupColumn? {
    if case .group(let column) = fields[name]?.values { column } else { nil }
  }
}

/// A named field of a panel with its values.
package struct PanelField: Sendable {
  /// The values by kind of field.
  package enum Values: Sendable {
    case matrix(MatrixColumn)
    case vector(VectorColumn)
    case group(GroupColumn)

    fileprivate func fits(rows: Int, columns: Int) -> Bool {
      switch self {
      case .matrix(let column): column.rows == rows && column.columns == columns
      case .vector(let column): column.rows == rows && column.columns == columns
      case .group(let column):
        column.columns == columns && (column.isFixed || column.codes.count == rows * columns)
      }
    }
  }

  package let description: FieldDescription
  package let values: Values

  package init(description: FieldDescription, values: Values) {
    self.description = description
    self.values = values
  }

  package var name: String { description.name }
}

/// What is known about a field besides its values.
package struct FieldDescription: Hashable, Sendable {
  /// What a field has for each row and instrument.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// One number for each row and instrument.
    case matrix = "MATRIX"
    /// Any number of event values for each row and instrument.
    case vector = "VECTOR"
    /// One class for each instrument.
    case group = "GROUP"
  }

  package var name: String
  package var kind: Kind
  package var unit: MeasureUnit
  /// One sentence: meaning, derivation and lag.
  package var summary: String
  /// Rows by which the value of a row looks into the future: 0 for everything that is known at the
  /// end of its row; 1 for a next-day return. A formula with a positive reach is refused.
  package var leadRows: Int

  package init(
    name: String, kind: Kind, unit: MeasureUnit = .dimensionless, summary: String = "",
    leadRows: Int = 0
  ) {
    self.name = name
    self.kind = kind
    self.unit = unit
    self.summary = summary
    self.leadRows = leadRows
  }
}

/// The fields that formulas may use, by name.
package struct PanelSchema: Sendable {
  package let fields: [String: FieldDescription]

  package init(fields: [FieldDescription]) {
    self.fields = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
