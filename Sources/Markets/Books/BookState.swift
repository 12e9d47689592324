/// Whether a book can be believed.
package enum BookState: Hashable, Sendable {
  /// No snapshot has come yet. Changes are dropped or kept for it, as the venue's protocol says.
  case awaitingSnapshot
  /// The book is what the venue has, up to its last message.
  case synchronized
  /// The book is not what the venue has; it stays as it was until a snapshot comes.
  case broken(BookBreak)
}

/// Why a book cannot be believed any more.
package enum BookBreak: Hashable, Sendable {
  /// A message is missing: the one that came does not follow the last one.
  case sequenceGap(expected: Int64, received: Int64)
  /// The snapshot ends before the first change that was kept begins, so changes between are missing.
  case snapshotTooOld(snapshot: Int64, firstChange: Int64)
  /// The best bid is not below the best ask, in ticks.
  case crossed(bid: Int64, ask: Int64)
  /// A message holds a level with a price not above zero or a quantity below it.
  case impossibleLevel(BookLevel)
  /// The venue's common sequence went backward between two messages that follow each other.
  case crossSequenceBackward(last: Int64, received: Int64)
  /// More changes came before the snapshot than are kept.
  case tooManyBeforeSnapshot(kept: Int)
}

extension BookBreak: CustomStringConvertible {
  package var description: String {
    switch self {
    case .sequenceGap(let expected, let received):
      "message \(received) came where \(expected) should follow"
    case .snapshotTooOld(let snapshot, let firstChange):
      "the snapshot ends with change \(snapshot), the changes at hand begin with \(firstChange)"
    case .crossed(let bid, let ask):
      "the best bid of \(bid) ticks is not below the best ask of \(ask)"
    case .impossibleLevel(let level):
      "no venue has a level of \(level.lots) lots at \(level.ticks) ticks"
    case .crossSequenceBackward(let last, let received):
      "the common sequence went from \(last) back to \(received)"
    case .tooManyBeforeSnapshot(let kept):
      "more than \(kept) changes came before the snapshot"
    }
  }
}

/// What the reader of a book's stream should do after a message.
package enum BookDirective: Hashable, Sendable {
  /// The message is in the book.
  case applied
  /// The message was no news, or is kept until the snapshot comes; nothing to do.
  case skipped
  /// A snapshot is needed: subscribe again (Bybit) or fetch one (Binance). Told once per break.
  case requestSnapshot(BookBreak?)
}

/// How often a book's stream did what it should not, and what was done about it.
package struct BookCounts: Hashable, Sendable {
  /// Messages that were applied, snapshots included.
  package var applied = 0
  /// Snapshots among them.
  package var snapshots = 0
  /// Messages whose changes the book had already; left out.
  package var repeated = 0
  /// Changes that came before a snapshot and were dropped.
  package var early = 0
  /// Messages that did not follow the last one; the book broke.
  package var gaps = 0
  /// Messages after which the sides crossed; the book broke.
  package var crossings = 0
  /// Messages with impossible levels; the book broke and the message was left out.
  package var impossible = 0
  /// Snapshots that the changes at hand do not follow; another was asked for.
  package var staleSnapshots = 0

  package init() {}
}
