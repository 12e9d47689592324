package import Essentials

/// Something that must be well before a server is called ready.
package struct ReadinessCheck: Hashable, Sendable {
  package var name: String
  package var isWell: Bool
  /// What was found, in a few words.
  package var detail: String

  package init(_ name: String, isWell: Bool, detail: String) {
    self.name = name
    self.isWell = isWell
    self.detail = detail
  }

  package var json: JSONValue {
    ["name": .string(name), "ok": .bool(isWell), "detail": .string(detail)]
  }
}
