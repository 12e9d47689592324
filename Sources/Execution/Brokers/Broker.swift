package import Markets

/// Which money an order path may move. Two types, no values: they only tell brokers apart.
package protocol TradingAuthority: Sendable {}

/// The authority to trade on paper.
package enum PaperAuthority: TradingAuthority {}

/// The authority to trade with money.
package enum LiveAuthority: TradingAuthority {}

/// Somebody who takes orders and tells what became of them.
///
/// Calls block the thread they are made on until the venue has answered or a ``BrokerFailure`` says
/// why it did not. What an implementation promises:
///
/// 1. An order is known by its client id for ever. The same order sent again gets the first
///    answer and nothing is sent; another order under the id is refused as `client_id_reused`.
/// 2. After a failure of ``submit(_:)`` that says no answer came, the order may be at the venue;
///    sending it again is safe.
/// 3. A status is never guessed: where the venue cannot say, it is ``OrderStatus/unknown``.
/// 4. Each fill has a name, unique for ever, and reading on from a cursor misses none.
/// 5. An expected no, such as a reduce-only order that reduces nothing, is an answer and not a
///    failure.
///
/// A broker has one authority. `PaperVenue` and `LiveVenue` fix different ones, so no type can be
/// both, and an ``OrderPath`` of a dry run cannot hold a live broker.
package protocol Broker<Authority>: Sendable {
  associatedtype Authority: TradingAuthority

  /// The name of the venue, part of each fill's name.
  var venue: String { get }

  /// Who the account is, what it may do, and its cash.
  func account() throws(BrokerFailure) -> BrokerAccount

  /// How a symbol is traded; fails with `unknown_symbol` where the venue does not trade it.
  func rules(of symbol: String) throws(BrokerFailure) -> InstrumentRules

  /// Sends an order, or returns the first answer to it.
  func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement

  /// Takes an order back and returns its state after that: cancelled where it was open, its end
  /// where it had one, unknown where the venue cannot say.
  func cancel(_ id: ClientOrderID) throws(BrokerFailure) -> OrderStatus

  /// The state of an order.
  func status(of id: ClientOrderID) throws(BrokerFailure) -> OrderStatus

  /// Orders that are neither filled nor ended, in the order in which they came: those of an
  /// instance, or of the whole account where it is nil.
  func openOrders(of instance: String?) throws(BrokerFailure) -> [OrderRecord]

  /// The fills after a place in the stream, in the order of their numbers.
  func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill]

  /// All positions at one moment.
  func positions() throws(BrokerFailure) -> PositionBook

  /// The worth of what an instance holds, or of the whole account where it is nil.
  func equity(of instance: String?) throws(BrokerFailure) -> EquityStatement
}

/// A broker that moves no money.
package protocol PaperVenue: Broker where Authority == PaperAuthority {}

/// A broker that moves money.
package protocol LiveVenue: Broker where Authority == LiveAuthority {}
