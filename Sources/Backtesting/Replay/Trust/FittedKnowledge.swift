package import Essentials

/// What parameters that a replay used know of the time that was replayed.
package struct FittedKnowledge: Hashable, Sendable {
  /// The model, such as `garch`.
  package let model: String
  /// The end of the latest bar that they were fitted on; nil where nothing says.
  package let through: Timestamp?
  /// When they were used first, and trading had begun.
  package let from: Timestamp

  package init(_ model: String, through: Timestamp?, from: Timestamp) {
    self.model = model
    self.through = through
    self.from = from
  }

  /// Whether they knew what came; nil where nothing says.
  package var seesAhead: Bool? { through.map { $0 > from } }
}
