package import Essentials

/// The numbers by which a venue says where a message stands in the sequence of a book.
package struct BookSequence: Hashable, Sendable {
  /// The first change in the message. Binance: `U`. Bybit: its only number, `u`.
  package let first: Int64
  /// The last change in the message, `u`; of a Binance snapshot `lastUpdateId`.
  package let last: Int64
  /// The last change of the message before; Binance futures only, `pu`.
  package let previous: Int64?
  /// The number in the sequence that all streams of the venue share; Bybit only, `seq`.
  package let cross: Int64?

  package init(first: Int64, last: Int64, previous: Int64? = nil, cross: Int64? = nil) {
    self.first = first
    self.last = last
    self.previous = previous
    self.cross = cross
  }

  /// The sequence of a message that has one number, such as any of Bybit's.
  package init(_ number: Int64, cross: Int64? = nil) {
    self.init(first: number, last: number, cross: cross)
  }
}

/// How the messages of a book follow each other.
package enum BookProtocol: String, Hashable, Sendable, CaseIterable {
  /// Bybit v5: the stream opens with a snapshot, `u` grows by one with every message, and a message
  /// with `u` = 1 is a snapshot after a restart of the service.
  case bybit
  /// Binance USD-M and COIN-M: changes in a stream, the snapshot from elsewhere, every message names
  /// the one before it (`pu`).
  case binanceFutures = "binance-futures"
  /// Binance spot: as the futures, but messages follow each other where `U` is one more than the
  /// last `u`.
  case binanceSpot = "binance-spot"

  /// Whether the snapshot comes from elsewhere, so that changes which arrive before it must be kept.
  var joinsSnapshot: Bool { self != .bybit }
}

/// Whether a message replaces the book or changes it.
package enum BookMessageKind: Hashable, Sendable {
  case snapshot
  case delta
}

/// What stands in a book's message besides its levels.
package struct BookHeader: Hashable, Sendable {
  package let kind: BookMessageKind
  package let sequence: BookSequence
  /// When the matching engine made the change, by the venue's clock (`T`, `cts`), or else when the
  /// message was sent (`E`, `ts`).
  package let instant: Timestamp

  package init(kind: BookMessageKind, sequence: BookSequence, instant: Timestamp) {
    self.kind = kind
    self.sequence = sequence
    self.instant = instant
  }
}
