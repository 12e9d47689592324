package import Essentials

/// How a switch to or from live money is made: `cutover`.
package struct CutoverRules: Hashable, Sendable {
  package var freezeTimeout = TimeSpan.seconds(30)
  /// How long a gate holder may trust what it last heard.
  package var gateLease = TimeSpan.seconds(15)
  package var drainTimeout = TimeSpan.seconds(60)
  package var cancelsOpenOrders = true
  package var verify: [Verification] = Verification.allCases
  /// Ticks that are watched without ordering after a switch.
  package var monitorTicks = 3
  package var onPromote = PromoteTransition.none
  package var onDemote = DemoteTransition.none
  package var twapOver = TimeSpan.minutes(30)
  package var twapSlices = 6

  /// What is asked of the broker before a switch.
  package enum Verification: String, Hashable, Sendable, CaseIterable {
    case account, permissions, balance
    case positions = "position_reconcile"
  }
  /// What becomes of positions on paper where an instance is promoted.
  package enum PromoteTransition: String, Hashable, Sendable, CaseIterable {
    case none, mirror
    case closeAndReopen = "close_and_reopen"
  }
  /// What becomes of positions of money where an instance is demoted.
  package enum DemoteTransition: String, Hashable, Sendable, CaseIterable {
    case none, market, twap
  }

  package init() {}
}

/// What worlds share: `sharing`.
package struct SharingRules: Hashable, Sendable {
  package var isolation = Isolation.silo
  /// Scope of what a kind of node computes, where the world shares.
  package var raw = Scope.global
  package var indicator = Scope.global
  package var signal = Scope.world
  package var order = Scope.world
  package var topicPrefix: String?
  /// Nil for the longest period times interval of what goes.
  package var drain: TimeSpan?
  package var keepVersions = 5
  package var pinRollback = TimeSpan.days(30)

  /// Whether a world shares computations with others at all.
  package enum Isolation: String, Hashable, Sendable, CaseIterable {
    case silo, shared
  }
  /// Who may use what a node computes.
  package enum Scope: String, Hashable, Sendable, CaseIterable {
    case global = "GLOBAL"
    case world = "WORLD"
  }

  package init() {}
}

/// What a world promises of its own working: `slo`.
package struct ServiceObjectives: Hashable, Sendable {
  package var transitionDelayCycles = 1
  package var cutoverFailureRate = 0.005
  package var metricDelay = TimeSpan.minutes(1)

  package init() {}
}

/// What is told, how loudly, and what happens: one of `alerts`.
package struct AlertRule: Hashable, Sendable {
  package var on: [Occasion]
  package var level: Level
  package var action: Action?
  /// Only where the occasion has lasted so long.
  package var after: TimeSpan?

  /// What may be told.
  package enum Occasion: String, Hashable, Sendable, CaseIterable {
    case promoted, demoted
    case cutoverFailed = "cutover_failed"
    case rolledBack = "rolled_back"
    /// The breaker tripped.
    case circuit
    case stale
    /// Data from the future.
    case future
    /// Measures came later than promised.
    case delayed
  }
  /// How loudly it is told.
  package enum Level: String, Hashable, Sendable, CaseIterable {
    case info, warn, critical
  }
  /// What happens besides telling.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case page
    case freezeWorld = "freeze_world"
    case evalOnly = "eval_only"
    case pause
  }

  package init(on: [Occasion], level: Level, action: Action? = nil, after: TimeSpan? = nil) {
    self.on = on
    self.level = level
    self.action = action
    self.after = after
  }
}

/// Who may do what in a world, by the names of their tokens: `rbac`. `*` is everybody.
package struct RoleRules: Hashable, Sendable {
  package var owners: [String] = []
  package var operators: [String] = []
  package var readers: [String] = ["*"]

  package init() {}
}

/// What is kept of decisions: `audit`.
package struct AuditRules: Hashable, Sendable {
  package var snapshot = SnapshotRecord.full
  package var retain = TimeSpan.days(7 * 365)

  /// How much of what a decision saw is kept.
  package enum SnapshotRecord: String, Hashable, Sendable, CaseIterable {
    /// The snapshot itself, stored once for each digest.
    case full
  }

  package init() {}
}
