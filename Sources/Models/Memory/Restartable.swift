package import Essentials

/// A model that learns one observation at a time, can be saved between any two of them, and goes on
/// from there to the bit.
package protocol Restartable: Sendable {
  associatedtype Settings: Sendable
  /// What the saved state calls the model, such as `garch`.
  static var kind: String { get }
  /// Begins without observations.
  init(_ settings: Settings)
  /// Everything that observations have changed, without the settings and without `kind`.
  var memory: [JSONValue.Member] { get }
  /// Reads what ``memory`` wrote; every defect is noted.
  mutating func recall(_ reader: inout DocumentReader)
}

extension Restartable {
  /// The state as a document. Numbers are written with the fewest digits that read back to the same
  /// double, so nothing is lost.
  package var savedState: JSONValue {
    .object([JSONValue.Member("model", .string(Self.kind))] + memory)
  }

  /// Goes on where a model with the same settings was saved, or throws everything that is wrong
  /// with the document.
  package init(
    _ settings: Settings, resuming state: JSONValue, document: String = "state"
  ) throws(DocumentFailure) {
    self = try DocumentReader.read(state, document: document, unknown: .refused) { reader in
      let kind = reader.requiredText("model")
      if !kind.isEmpty, kind != Self.kind {
        reader.noteContradiction(
          "model", "is \"\(kind)\"", remedy: "Give the state of a \(Self.kind).")
      }
      var model = Self(settings)
      model.recall(&reader)
      return model
    }
  }
}
