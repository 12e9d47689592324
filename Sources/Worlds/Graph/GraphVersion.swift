package import Essentials

/// What one world computed for, from one change of its roots to the next.
package struct GraphVersion: Hashable, Sendable {
  /// Counted from 1; never used twice.
  package let number: Int
  /// The node of each instance that counts, by the instance's name.
  package let roots: [String: NodeID]
  package let since: Timestamp
  /// The version that was brought back, nil where this is no rollback.
  package let rollbackOf: Int?
  /// When the next version came; nil for the version in force.
  package internal(set) var supersededAt: Timestamp?

  /// The digest of the roots. Identities of nodes stand for everything below them, so versions with
  /// one digest compute the same, whatever their numbers.
  package var content: Fingerprint { Fingerprint(of: rootsJSON.compactText) }

  /// The roots as an object, sorted by the names of instances.
  var rootsJSON: JSONValue { Self.json(roots) }

  static func json(_ roots: [String: NodeID]) -> JSONValue {
    .object(
      roots.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
        .init($0.key, .string($0.value.description))
      })
  }
}
