/// The balances of one scope, in double entry: whatever leaves one of them enters another.
///
/// Invariant: the treasury and the balances of the three lanes add up to zero, in tokens and in
/// money, after every entry. The treasury is what the scope has given out, as a debt.
///
/// ```
///            hold                 post (the actual use)
/// treasury --------> reserved ---------------------------> spent
///     ^  \              |  \
///     |   \  overrun    |   \ presume (the outcome is not known)
///     |    `--------+   |    `--------> unreconciled --post--> spent
///     |             v   |                    |
///     |          overrun|  release           | release
///     +-----------------+--------------------+
/// ```
package struct LedgerAccount: Hashable, Sendable {
  /// The balances of one lane.
  package struct LaneBalances: Hashable, Sendable {
    /// Granted to calls that are under way.
    package var reserved = Spend.zero
    /// Used, within what was granted.
    package var spent = Spend.zero
    /// Used beyond what was granted, by a provider that ignored its ceiling or an estimate that was
    /// too low.
    package var overrun = Spend.zero
    /// Granted to calls of which nobody knows whether they were billed. Counts as used in full until
    /// it is reconciled, because the provider may have charged it.
    package var unreconciled = Spend.zero

    /// What is used for good or may have been: all but reservations.
    package var consumed: Spend { spent + overrun + unreconciled }
    package var total: Spend { reserved + consumed }
  }

  /// Where a settled or released amount is taken from.
  package enum Source: Hashable, Sendable {
    case reserved, unreconciled
  }

  package let scope: BudgetScope
  package private(set) var treasury = Spend.zero
  package private(set) var exploit = LaneBalances()
  package private(set) var explore = LaneBalances()
  package private(set) var both = LaneBalances()

  /// Calls granted, settled, voided and given up, and requests refused.
  package var counts = CallCounts()
  /// Which warnings stand and which were given.
  package var warnings = WarningMarks()
  /// Whether the latest request was refused.
  package var isBlocked = false

  package init(scope: BudgetScope) {
    self.scope = scope
  }

  /// Puts an account together from the balances that were kept of it.
  init(
    scope: BudgetScope, exploit: LaneBalances, explore: LaneBalances, both: LaneBalances
  ) {
    self.scope = scope
    self.exploit = exploit
    self.explore = explore
    self.both = both
    treasury = Spend.zero - exploit.total - explore.total - both.total
  }

  /// Everything given out and not returned: reserved, spent, overrun and unreconciled.
  package var used: Spend { Spend.zero - treasury }

  /// What is used for good or may have been.
  package var consumed: Spend { exploit.consumed + explore.consumed + both.consumed }

  package var reserved: Spend { exploit.reserved + explore.reserved + both.reserved }

  package var overrun: Spend { exploit.overrun + explore.overrun + both.overrun }

  /// Used as far as anybody knows, in all lanes.
  package var unreconciled: Spend {
    exploit.unreconciled + explore.unreconciled + both.unreconciled
  }

  /// Whether all balances add up to zero.
  package var isBalanced: Bool {
    treasury + exploit.total + explore.total + both.total == .zero
  }

  /// The balances of a lane.
  package subscript(lane: Lane) -> LaneBalances {
    switch lane {
    case .exploit: exploit
    case .explore: explore
    case .both: both
    }
  }

  // MARK: - Entries

  /// Grants an amount to a call.
  package mutating func hold(_ amount: Spend, _ lane: Lane) {
    treasury -= amount
    change(lane) { $0.reserved += amount }
    proveBalance()
  }

  /// Gives an amount back in full.
  package mutating func release(_ amount: Spend, _ lane: Lane, from source: Source) {
    take(amount, lane, from: source)
    treasury += amount
    proveBalance()
  }

  /// Replaces what was granted by what was used; the rest goes back, an excess is an overrun.
  package mutating func post(
    _ amount: Spend, within: Spend, beyond: Spend, _ lane: Lane, from source: Source
  ) {
    take(amount, lane, from: source)
    treasury += amount - within - beyond
    change(lane) {
      $0.spent += within
      $0.overrun += beyond
    }
    proveBalance()
  }

  /// Takes a granted amount as used until somebody knows better.
  package mutating func presume(_ amount: Spend, _ lane: Lane) {
    take(amount, lane, from: .reserved)
    change(lane) { $0.unreconciled += amount }
    proveBalance()
  }

  private mutating func take(_ amount: Spend, _ lane: Lane, from source: Source) {
    change(lane) {
      switch source {
      case .reserved: $0.reserved -= amount
      case .unreconciled: $0.unreconciled -= amount
      }
    }
  }

  private mutating func change(_ lane: Lane, _ change: (inout LaneBalances) -> Void) {
    switch lane {
    case .exploit: change(&exploit)
    case .explore: change(&explore)
    case .both: change(&both)
    }
  }

  private func proveBalance() {
    precondition(isBalanced, "the account of \(scope.name) does not add up to zero: \(self)")
  }
}

/// How many calls an account has seen, by what became of them.
package struct CallCounts: Hashable, Sendable {
  package var granted = 0
  package var settled = 0
  package var voided = 0
  /// Calls whose outcome was not known when they expired, whatever became of them later.
  package var presumed = 0
  package var refused = 0
  /// Settled calls without a known price, and their tokens; the cost of the account lacks them.
  package var unpriced = 0
  package var unpricedTokens = 0

  package init() {}

  static func += (left: inout Self, right: Self) {
    left.granted += right.granted
    left.settled += right.settled
    left.voided += right.voided
    left.presumed += right.presumed
    left.refused += right.refused
    left.unpriced += right.unpriced
    left.unpricedTokens += right.unpricedTokens
  }
}
