package import Essentials

/// The time that a label tells of: from when its features were known until it is known itself.
package struct LabelInterval: Hashable, Sendable {
  package let start: Timestamp
  /// Later than ``start``, always.
  package let end: Timestamp

  /// Nil unless the end is later than the start.
  package init?(from start: Timestamp, to end: Timestamp) {
    guard start < end else { return nil }
    self.start = start
    self.end = end
  }

  /// Whether the two have some time in common; one that begins where the other ends has none.
  package func overlaps(_ other: LabelInterval) -> Bool {
    start < other.end && other.start < end
  }
}
