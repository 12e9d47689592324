package import Essentials
package import Markets
import Synchronization

/// A paper venue in this process: it fills orders from the rows of prices that it is fed.
///
/// Orders wait for the next row; ``advance(to:bars:)`` fills them as ``PaperConfiguration`` says. Each
/// instance has its own cash, lots and profit, exactly; what the venue holds is their sum. All calls
/// may come from any thread and each happens whole; none blocks longer than it works.
///
/// ``state`` is the whole account. A broker made from it goes on as this one does, so an account
/// survives a restart as a recorded state and the orders and rows that came after it.
package final class PaperBroker: PaperVenue {
  package let venue: String
  private let book: Mutex<PaperBook>

  /// Opens an account.
  package init(_ configuration: PaperConfiguration) {
    venue = configuration.venue
    book = Mutex(PaperBook(configuration))
  }

  /// Goes on with an account as it was recorded.
  package init(state: JSONValue) throws(UnreadableRecord) {
    let recorded = try PaperBook(state: state)
    venue = recorded.configuration.venue
    book = Mutex(recorded)
  }

  /// The account as a document that depends on nothing but what happened to it.
  package var state: JSONValue { book.withLock { $0.state } }

  /// The last row that it was fed with, nil before the first.
  package var lastRow: Timestamp? { book.withLock { $0.now } }

  /// The last known price of each symbol.
  package var marks: [String: Price] { book.withLock { $0.marks } }

  /// Feeds the next row of prices and returns the fills that it makes.
  ///
  /// Rows come in the order of time. A symbol without a bar trades nothing in the row.
  package func advance(
    to instant: Timestamp, bars: [MarketBar]
  ) throws(PaperFailure) -> [Fill] {
    try book.withLock { book throws(PaperFailure) in try book.advance(to: instant, bars: bars) }
  }

  /// Makes the capital of an instance so much, from what no instance has or back to it.
  ///
  /// Asking for the same again changes nothing. An instance may trade without capital of its own; its
  /// cash is then below zero while it holds something.
  package func fund(_ instance: String, with capital: Money) throws(PaperFailure) {
    try book.withLock { book throws(PaperFailure) in try book.fund(instance, with: capital) }
  }

  /// Lets the fills up to a place go, once whoever reads them has recorded them. Reading from
  /// before it fails from then on.
  package func forgetFills(through cursor: FillCursor) {
    book.withLock { $0.forgetFills(through: cursor) }
  }

  /// The account as it was configured, with the cash of all instances and of the pool.
  package func account() throws(BrokerFailure) -> BrokerAccount { book.withLock { $0.account } }

  /// The lot size that the configuration gives the symbol.
  package func rules(of symbol: String) throws(BrokerFailure) -> InstrumentRules {
    guard let lot = book.withLock({ $0.configuration.lot(of: symbol) }) else {
      throw .unknownSymbol(symbol, venue: venue)
    }
    return InstrumentRules(symbol: symbol, lot: lot)
  }

  /// Takes an order, which waits for the next row. Nothing is filled before ``advance(to:bars:)``.
  package func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    try book.withLock { book throws(BrokerFailure) in try book.submit(order) }
  }

  /// Takes an order back at once.
  package func cancel(_ id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    book.withLock { $0.cancel(id) }
  }

  /// The state of an order after the last row; unknown only where it never came.
  package func status(of id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    book.withLock { $0.status(of: id) }
  }

  /// Orders that wait for a row.
  package func openOrders(of instance: String?) throws(BrokerFailure) -> [OrderRecord] {
    book.withLock { $0.openOrders(of: instance) }
  }

  /// The fills after a place that are still kept; they are numbered from 1 without gaps.
  package func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill] {
    try book.withLock { book throws(BrokerFailure) in try book.fills(after: cursor) }
  }

  /// All positions after the last row. They never disagree.
  package func positions() throws(BrokerFailure) -> PositionBook {
    book.withLock { $0.ledger.positions }
  }

  /// The worth at each symbol's last close.
  package func equity(of instance: String?) throws(BrokerFailure) -> EquityStatement {
    book.withLock { $0.equity(of: instance) }
  }
}
