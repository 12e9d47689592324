/// What stands behind a position.
package enum MarginMode: CaseIterable, Hashable, Sendable {
  /// Margin that was set aside for it, at a leverage chosen before; no more can be lost.
  case isolated
  /// The whole account, together with all other such positions.
  case cross
}
