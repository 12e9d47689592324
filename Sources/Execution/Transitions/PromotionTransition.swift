/// What happens to positions when an instance goes from paper to money.
///
/// What it held on paper is closed on paper in any case.
package enum PromotionTransition: String, Hashable, Sendable, CaseIterable {
  /// Nothing is carried over: the account keeps what it holds, and the next signal trades.
  case none
  /// One order makes the account hold what was held on paper, whatever it holds before.
  case mirror
  /// What the account holds is closed first, and when that is done the position is opened afresh.
  case closeAndReopen = "close_and_reopen"
}
