package import Essentials

/// A trader of many contracts on one account.
///
/// It is told every event as it comes and asked to decide once all events of an instant were told, so
/// what it decides does not depend on the order in which contracts report the same minute. As with a
/// ``Trader``, its answers follow from what it was told and from nothing else.
package protocol PortfolioTrader {
  /// Learns of an event of a contract that its matcher has accepted.
  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount)

  /// Learns of a new state of a contract's book.
  mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount)

  /// Learns that a contract's book cannot be believed until the next one is told.
  mutating func loseBook(of contract: ContractID)

  /// Learns what became of one of its orders, before the event that made it so.
  mutating func hear(_ report: OrderReport, of contract: ContractID)

  /// Says what it wants once everything that happened until an instant is told. Instants rise.
  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>)
}

extension PortfolioTrader {
  /// Does nothing, as traders that read no books do.
  package mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {}

  /// Does nothing, as traders that read no books do.
  package mutating func loseBook(of contract: ContractID) {}
}
