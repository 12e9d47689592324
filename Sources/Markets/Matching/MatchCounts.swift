/// What a matcher took in and what it refused; what is refused changes nothing but these counts.
package struct MatchCounts: Hashable, Sendable {
  package var accepted = 0
  /// Refused for a price, range or quantity that cannot be, or a crossed book.
  package var impossible = 0
  /// Refused as the same as the one before.
  package var duplicate = 0
  /// Refused because later events came before.
  package var late = 0
  /// Bars that did not begin where the one before ended.
  package var gaps = 0
  /// Bars within which trades or books were seen, so that they are told and not matched.
  package var covered = 0
  /// Bars in which nobody traded, as in an outage, which fill nobody.
  package var silent = 0
  /// Bars that are still forming, which are not matched.
  package var forming = 0
  /// Orders sent again, which changed nothing.
  package var repeatedOrders = 0
  /// Cancellations that found no order to cancel.
  package var idleCancels = 0
  /// Changes of the leverage of a position that its margin or its tier did not allow.
  package var refusedLeverages = 0
  /// Payments of funding that could not be reckoned for want of a mark.
  package var unmarkedFunding = 0
  /// Events that the account's books refused.
  package var refusedEntries = 0
  /// Positions that were liquidated; of cross positions that go together, the one whose event it was.
  package var liquidations = 0
  /// Steps by which positions were reduced to a lower tier of maintenance margin.
  package var tierReductions = 0

  package init() {}
}
