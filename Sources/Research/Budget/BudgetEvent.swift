package import Essentials

/// Something that happened to a budget. The ledger is a fold of these.
package struct BudgetEvent: Hashable, Sendable {
  package let at: Timestamp
  package let fact: BudgetFact

  package init(at: Timestamp, _ fact: BudgetFact) {
    self.at = at
    self.fact = fact
  }
}

/// What happened.
package indirect enum BudgetFact: Hashable, Sendable {
  /// A call was granted: `budget.check_passed`.
  case granted(Reservation, BudgetCheck)
  /// A prompt was shortened, with the prompt of that step held against the ceilings:
  /// `budget.fallback_applied`, before the verdict on the prompt.
  case shortened(BudgetCheck, FallbackCut)
  /// The granted prompt keeps the explore minimum: `budget.explore_floor_preserved`.
  case exploreFloorPreserved(BudgetCheck)
  /// A request exceeds a ceiling: `budget.check_failed`.
  case refused(BudgetCheck)
  /// The run cannot go on: `budget.blocked`, always after `budget.check_failed`.
  case blocked(BudgetCheck)
  /// A call was billed: `llm.usage_point`, one for each call.
  case settled(Settlement)
  /// A call was not billed: `budget.voided`.
  case voided(Reservation, VoidReason, isLate: Bool)
  /// Nobody knows whether a call was billed, so it counts as used: `budget.presumed`.
  case presumed(Reservation, PresumptionReason)
  /// A ceiling is consumed to a level: `budget.warning`.
  case warned(BudgetWarning)
  /// Consumption fell back below it: `budget.warning_cleared`.
  case warningCleared(BudgetWarning)
}

/// A level that the consumption of a ceiling has reached.
package struct BudgetWarning: Hashable, Sendable {
  package let scope: BudgetScope
  package let kind: CeilingKind
  package let level: WarningLevel
  /// Tokens, or billionths of a dollar.
  package let consumed: Int
  package let limit: Int
  /// Whether this period sees the warning for the first time; a person is told only then.
  package let isFirst: Bool

  package init(
    scope: BudgetScope, kind: CeilingKind, level: WarningLevel, consumed: Int, limit: Int,
    isFirst: Bool
  ) {
    self.scope = scope
    self.kind = kind
    self.level = level
    self.consumed = consumed
    self.limit = limit
    self.isFirst = isFirst
  }
}
