/// What a world does in a cycle. The one that stands first wins where several apply.
package enum WorldMode: String, Hashable, Sendable, CaseIterable {
  case paused
  /// The breaker is tripped.
  case halted
  case evalOnly = "eval_only"
  case active
}

extension WorldMode {
  /// The mode of a snapshot whose data is as current as that.
  init(of snapshot: WorldSnapshot, _ currency: DataCurrency) {
    if snapshot.declared == .paused {
      self = .paused
    } else if snapshot.breaker.isTripped {
      self = .halted
    } else if snapshot.declared == .evalOnly || currency.standing != .current {
      self = .evalOnly
    } else {
      self = .active
    }
  }
}
