package import Essentials

/// Something that is told what happens in a market and answers with what it wants.
///
/// A trader is a value whose answers follow from what it was told and from nothing else, so the same
/// events give the same orders in a replay, on paper and at a venue. It knows no time but that of the
/// events. Answers are appended to a buffer that is used again, so telling allocates nothing.
package protocol Trader {
  /// Learns of an event that the venue's matcher has seen, with the account as it is then.
  mutating func observe(
    _ event: MarketEvent, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>)

  /// Learns of a new state of the book.
  mutating func observe(
    _ book: OrderBook, at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>)

  /// Learns what became of one of its orders, before the event that made it so.
  mutating func hear(_ report: OrderReport)
}

extension Trader {
  /// Does nothing, as traders that read no books do.
  package mutating func observe(
    _ book: OrderBook, at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>
  ) {}

  /// Does nothing, as traders that look at their account alone do.
  package mutating func hear(_ report: OrderReport) {}
}
