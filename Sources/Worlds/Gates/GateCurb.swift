/// What the mode of a world takes away from all of its gates, whatever their own states.
package enum GateCurb: Hashable, Sendable {
  case none
  /// Positions may only be made smaller.
  case reduceOnly(WorldMode)
  /// Nothing gets through.
  case closed(WorldMode)

  /// The curb of a mode. A halted world may still get out of what it holds; one that only evaluates
  /// keeps its gates until its data has been stale for too long.
  package init(mode: WorldMode, isStaleTooLong: Bool = false) {
    self =
      switch mode {
      case .paused: .closed(.paused)
      case .halted: .reduceOnly(.halted)
      case .evalOnly, .active: isStaleTooLong ? .closed(.evalOnly) : .none
      }
  }
}
