package import Essentials
import Markets
package import Storage

extension PanelManifest {
  /// What the panel is, without its fields, as a JSON object.
  package var json: JSONValue {
    [
      "name": .string(name), "fingerprint": .string(fingerprint),
      "rows": .integer(rows), "instruments": .integer(columns),
      "first": .string(first), "last": .string(last),
      "barSeconds": spacing.barSeconds.map(JSONValue.integer) ?? .null,
      "fields": .integer(fields.count),
      "universes": .strings(universes.map(\.name)),
      "bytes": .integer(byteCount),
      "defects": .integer(provenance.defects.count),
      "origin": .string(provenance.origin), "licence": .string(provenance.licence),
    ]
  }

  /// The panel with some of its fields and all of its universes as a JSON object.
  package func document(_ fields: [Field]) -> JSONValue {
    [
      "panel": .string(name), "fingerprint": .string(fingerprint),
      "fields": .array(fields.map(\.json)),
      "universes": .array(
        universes.map { ["name": .string($0.name), "summary": .string($0.summary)] }),
    ]
  }

  /// The panel after its import: what it is, its defects, and its fingerprint as the result.
  package var document: JSONValue {
    [
      "panel": json,
      "defects": .array(
        provenance.defects.map {
          [
            "kind": .string($0.kind), "instrument": .string($0.instrument),
            "date": .string($0.date), "note": .string($0.note),
            "handling": .string($0.handling),
          ]
        }),
      "result": .string(fingerprint),
    ]
  }
}

extension PanelManifest.Field {
  /// What is known of the field as a JSON object; `classes` is `null` for one that has none.
  package var json: JSONValue {
    [
      "name": .string(name), "type": .string(kind),
      "unit": .string(unit), "summary": .string(summary),
      "leadRows": .integer(leadRows), "classes": labels.map(JSONValue.strings) ?? .null,
    ]
  }

  /// The unit as formulas report it.
  package var unit: String { MeasureUnit(price: price, share: share).description }
}
