import Essentials
import Tactics

/// Settings with their values and origins.
struct SettingsPage: Sendable {
  let explanations: [SettingExplanation]
  let fingerprint: Fingerprint
  /// Whether values that are as shipped are left out.
  let onlyChanged: Bool

  private typealias Row = (key: SettingKey, value: SettingExplanation.Value)

  private var rows: [Row] {
    explanations.flatMap { explanation in
      explanation.values
        .filter { !onlyChanged || $0.value != $0.shipped }
        .map { (explanation.key, $0) }
    }
  }

  private static func name(_ row: Row) -> String {
    row.key.path + (row.value.regime.map { "." + $0.name } ?? "")
  }

  var json: JSONValue {
    [
      "fingerprint": .string(fingerprint.hexadecimal),
      "settings": .array(
        rows.map { row in
          [
            "key": .string(Self.name(row)), "value": row.value.value.json,
            "unit": .string(row.key.unit), "shipped": row.value.shipped?.json ?? .null,
            "layer": .string(row.value.origin.layer.rawValue),
            "document": .string(row.value.origin.document),
            "line": .integer(row.value.origin.line),
          ]
        }),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    let rows = rows
    var table = Table([
      .text("setting", narrowest: 24), .text("value", narrowest: 8),
      .text("shipped", rank: 2, narrowest: 8), .text("from", rank: 1, narrowest: 12),
    ])
    for row in rows {
      let isShipped = row.value.value == row.value.shipped
      table.add([
        Table.Cell(Self.name(row)), Table.Cell(row.value.value.description),
        isShipped ? "" : row.value.shipped.map { Table.Cell($0.description) } ?? .missing,
        Table.Cell(row.value.origin.description),
      ])
    }
    let listing =
      rows.isEmpty
      ? "Every setting is as shipped."
      : table.rendered(width: terminal.width, paint: terminal.paint)
    return "\(listing)\n\nfingerprint  \(fingerprint.hexadecimal)"
  }
}
