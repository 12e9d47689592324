package import Essentials

/// The best levels of a book as the venue itself tells them.
package struct BookQuote: Hashable, Sendable {
  /// When it was made, by the venue's clock.
  package let instant: Timestamp
  /// The last change of the book that it knows, in the sequence of the book's own messages.
  package let change: Int64
  package let bid: BookLevel
  package let ask: BookLevel

  package init(instant: Timestamp, change: Int64, bid: BookLevel, ask: BookLevel) {
    self.instant = instant
    self.change = change
    self.bid = bid
    self.ask = ask
  }
}
