package import Essentials

/// The breaker of a world: what it is, since when and by what.
///
/// ```
///            cut                     clear, when reset is automatic and the wait is over
///  armed ───────────▶ tripped ───────────────────────────▶ cooling(0)
///    ▲                 ▲   │ cut of another kind: noted      │    │ clear: cooling(n+1)
///    │                 └───┼──────────── cut ────────────────┘    │
///    └──── reset ──────────┴──────── reset, or n+1 = clear_windows ┘
/// ```
///
/// 1. It is latched: no value that becomes fine again arms it, only a reset or enough clear cycles.
/// 2. While it is not armed nothing opens a gate and nobody is promoted.
/// 3. A cut is noted once for each cause until it is armed again.
package struct WorldBreaker: Hashable, Sendable {
  /// The three standings of the diagram.
  package enum Standing: Hashable, Sendable {
    case armed
    case tripped
    /// The cause was gone for so many successive cycles.
    case cooling(clear: Int)
  }

  package var standing = Standing.armed
  /// What tripped it, the first one first; empty while it is armed.
  package var trips: [RiskTrip] = []
  /// Since when it is not armed.
  package var since: Timestamp?

  package init() {}

  package var isArmed: Bool { standing == .armed }

  /// `armed`, `tripped` or `cooling`.
  package var word: String {
    switch standing {
    case .armed: "armed"
    case .tripped: "tripped"
    case .cooling: "cooling"
    }
  }

  /// The causes, joined by commas; empty while it is armed.
  package var reason: String { trips.map(\.cause.rawValue).joined(separator: ",") }

  /// What gates may do at most: everything while it is armed, otherwise what the strictest trip says.
  package var gateBound: GateBound {
    trips.map(\.directive.gates).min() ?? .open
  }

  /// Returns what follows from cuts that a moment shows; empty where they are all noted already.
  package func events(onCuts cuts: [RiskTrip]) -> [BreakerEvent] {
    var seen = Set(standing == .tripped ? trips.map(\.cause) : [])
    return cuts.filter { seen.insert($0.cause).inserted }.map(BreakerEvent.tripped)
  }

  /// Returns what follows from a cycle at `at` in which no cut stands.
  package func events(
    onClearCycleAt at: Timestamp, rule: RiskRules.ResetRule
  ) -> [BreakerEvent] {
    switch standing {
    case .armed: return []
    case .tripped:
      guard rule.mode == .auto, let since, at - since >= rule.autoResetAfter else { return [] }
      return [.cooling(clear: 0)]
    case .cooling(let clear):
      guard clear + 1 >= rule.clearWindows else { return [.cooling(clear: clear + 1)] }
      return [.armed(reason: "clear")]
    }
  }

  /// Returns what follows from a person's reset; nothing while it is armed.
  package func events(onReset reason: String) -> [BreakerEvent] {
    isArmed ? [] : [.armed(reason: reason)]
  }

  /// Takes in what was recorded.
  package mutating func take(_ event: BreakerEvent, at: Timestamp) {
    switch event {
    case .tripped(let trip):
      if standing != .tripped { trips = [] }
      trips.append(trip)
      standing = .tripped
      // A trip while cooling begins the wait anew; a further cause does not.
      if trips.count == 1 { since = at }
    case .cooling(let clear):
      guard !isArmed else { return }
      standing = .cooling(clear: clear)
    case .armed: self = WorldBreaker()
    }
  }
}

/// A step of the breaker, as it is recorded.
package enum BreakerEvent: Hashable, Sendable {
  case tripped(RiskTrip)
  /// The cause was gone for so many successive cycles.
  case cooling(clear: Int)
  case armed(reason: String)
}
