import Backtesting
package import Essentials
import Markets
import Storage

/// What was told of a contract's feed, and what was wrong with it.
package struct ReplayedFeed: Hashable, Sendable {
  /// The digest of the converted files.
  package let fingerprint: Fingerprint
  package let first: Timestamp
  package let last: Timestamp
  /// Messages of the book, whether they were applied or not.
  package let books: Int
  package let trades: Int
  /// Times that a message of the book was missing or could not be, so that the book was lost until a
  /// snapshot came.
  package let breaks: Int
  /// Times that bids and asks crossed, so that the book was lost.
  package let crossings: Int
  /// Messages of the book that told what it had already, and trades and marks that came twice.
  package let repeats: Int
  /// What was told behind its time and left out.
  package let late: Int
  /// Changes that came while no book could take them, and were left out.
  package let unused: Int

  /// Counts what was told until an instant.
  init(
    _ feed: RecordedFeed, through end: Timestamp, books: BookCounts, matched: MatchCounts
  ) {
    fingerprint = feed.fingerprint
    first = feed.first
    last = feed.last
    let messages = feed.recording.books
    self.books = (0..<(messages?.count ?? 0)).count { place in
      messages.map { $0.instant(at: place) <= end } ?? false
    }
    trades = feed.recording.trades.count { $0.instant <= end }
    breaks = books.gaps + books.impossible + books.staleSnapshots
    crossings = books.crossings
    repeats = books.repeated + matched.duplicate
    late = matched.late
    unused = books.early
  }

  package var json: JSONValue {
    [
      "fingerprint": .string(fingerprint.hexadecimal), "first": .string("\(first)"),
      "last": .string("\(last)"), "book_messages": .integer(books), "trades": .integer(trades),
      "book_breaks": .integer(breaks), "crossed_books": .integer(crossings),
      "repeated": .integer(repeats), "late": .integer(late), "unused_changes": .integer(unused),
    ]
  }
}
