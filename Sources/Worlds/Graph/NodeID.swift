package import Essentials

/// The identity of a node of a strategy graph: a digest of everything that decides its values, and
/// of nothing that names who asks for them.
///
/// The identities of the dependencies are digested too, as in a Merkle tree (Merkle, "A Digital
/// Signature Based on a Conventional Encryption Function", CRYPTO 1987), so one identity stands for
/// the whole computation below it, and a graph of identities cannot contain a cycle.
package struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let fingerprint: Fingerprint

  package init(_ fingerprint: Fingerprint) {
    self.fingerprint = fingerprint
  }

  /// The first 12 digits, for tables.
  package var short: String { fingerprint.short }

  package var description: String { fingerprint.hexadecimal }

  package static func < (left: Self, right: Self) -> Bool { left.fingerprint < right.fingerprint }
}
