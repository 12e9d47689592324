package import Essentials
package import Markets

/// Follows a venue's streams: told messages, it keeps books, and says what a session should be told.
///
/// 1. A bar is told once, when it is closed, however often it was seen (``BarIntake``).
/// 2. A trade is told once: one whose number is among the last ``rememberedTrades`` of its contract is a
///    repeat, as venues send after a connection was lost, and is left out.
/// 3. A payment of funding is told when the venue's time has reached it (``FundingWatch``), by a message
///    of whatever contract, and before what the message says.
/// 4. A book is one of the venue's depths: of the first message that came of its contract.
///
/// Nothing is allocated for a message once the spans of its bars are known.
package struct MarketFeed: Sendable {
  package private(set) var reader: FeedReader
  /// How the local clock stands to the venue's.
  package private(set) var clock = FeedClock()
  /// The books of the reader's markets, in their order.
  package private(set) var books: [SynchronizedBook]
  /// What a session should be told of the last message, in this order.
  package private(set) var events: ContiguousArray<(contract: ContractID, event: MarketEvent)> = []
  /// Trades that were left out as told before.
  package private(set) var repeatedTrades = 0
  /// Messages of books of a depth that is not followed.
  package private(set) var otherDepths = 0

  /// The trades of a contract among which repeats are looked for.
  package static let rememberedTrades = 64

  private var streams: [Stream]
  /// When the next payment of any contract is due.
  private var nextDue = Int64.max

  /// What is known of one market beside its book.
  private struct Stream: Sendable {
    var depth: Int?
    var intakes: [BarIntake] = []
    var watch = FundingWatch()
    var trades = InlineArray<64, UInt64>(repeating: 0)
    var nextTrade = 0
  }

  /// A feed of some markets; `width` is that of their books (``OrderBook/init(width:)``).
  package init(_ protocol: BookProtocol, markets: [FeedMarket], width: Int = 1 << 15) {
    reader = FeedReader(`protocol`, markets: markets)
    books = markets.map { _ in SynchronizedBook(`protocol`, width: width) }
    streams = markets.map { _ in Stream() }
    events.reserveCapacity(1 << 10)
  }

  /// Takes in a message as ``FeedReader/read(_:arrived:of:)`` does, and says what came of it.
  ///
  /// Where nobody knows when it arrived, it is taken to have arrived when it was sent.
  package mutating func receive(
    _ message: Span<UInt8>, arrived: Timestamp?, of contract: ContractID? = nil
  ) -> FeedOutcome {
    events.removeAll(keepingCapacity: true)
    let news = reader.read(
      message, arrived: arrived ?? clock.latest ?? Timestamp(millisecondsSinceEpoch: 0),
      of: contract)
    if let sent = reader.sent {
      clock.observe(made: sent, arrived: arrived ?? sent)
      if sent.millisecondsSinceEpoch >= nextDue { passFunding(sent) }
    }
    switch news {
    case .book(let header, let contract, let depth):
      let place = contract.place
      if books[place].state == .awaitingSnapshot, books[place].counts.applied == 0 {
        streams[place].depth = depth
      }
      guard depth == streams[place].depth else {
        otherDepths += 1
        return .skipped
      }
      // Holding the buffers by themselves copies nothing, and leaves the rest of the feed open.
      let (bids, asks) = (reader.bids, reader.asks)
      let directive = books[place].receive(header, bids: bids.span, asks: asks.span)
      return .book(header, of: contract, directive)
    case .events:
      for event in reader.events { take(event) }
      return .events
    case .notice(let notice): return .notice(notice)
    case .defect(let defect): return .refused(defect)
    }
  }

  /// Forgets the streams, as after a lost connection: books await snapshots. What was told stays told.
  package mutating func disconnect() {
    for place in books.indices { books[place].disconnect() }
  }

  /// What was wrong with a contract's bars of one span; nil where none came.
  package func barCounts(of contract: ContractID, span: BarSpan) -> BarCounts? {
    streams[contract.place].intakes.first { $0.span == span }?.counts
  }

  /// When the next payment of funding that was announced is due; nil where none is.
  package var nextFundingDue: Timestamp? {
    nextDue == .max ? nil : Timestamp(millisecondsSinceEpoch: nextDue)
  }

  // MARK: - Steps

  private mutating func passFunding(_ instant: Timestamp) {
    for place in streams.indices {
      if let payment = streams[place].watch.pass(instant) {
        events.append((ContractID(place: place), .funding(payment)))
      }
    }
    findNextDue()
  }

  private mutating func findNextDue() {
    nextDue = .max
    for stream in streams {
      guard let due = stream.watch.awaited?.due else { continue }
      nextDue = min(nextDue, due.millisecondsSinceEpoch)
    }
  }

  private mutating func take(_ event: FeedEvent) {
    let contract = event.contract
    switch event.content {
    case .trade(let trade):
      if isRepeated(trade, of: contract) {
        repeatedTrades += 1
      } else {
        events.append((contract, .trade(trade)))
      }
    case .bar(let bar, let span):
      let place = intake(of: contract, span)
      if let closed = streams[contract.place].intakes[place].observe(bar) {
        events.append((contract, .bar(closed, span: span)))
      }
    case .reference(let reference): events.append((contract, .mark(reference)))
    case .announcement(let announcement):
      if let payment = streams[contract.place].watch.observe(announcement) {
        events.append((contract, .funding(payment)))
      }
      findNextDue()
    // The best prices of a book that is followed are in it.
    case .quote: break
    }
  }

  private mutating func intake(of contract: ContractID, _ span: BarSpan) -> Int {
    if let place = streams[contract.place].intakes.firstIndex(where: { $0.span == span }) {
      return place
    }
    streams[contract.place].intakes.append(BarIntake(span))
    return streams[contract.place].intakes.count - 1
  }

  /// Whether a trade was told before; remembers it where it was not. One without a number never was.
  private mutating func isRepeated(_ trade: Trade, of contract: ContractID) -> Bool {
    guard trade.id != 0 else { return false }
    let place = contract.place
    for index in 0..<Self.rememberedTrades where streams[place].trades[index] == trade.id {
      return true
    }
    streams[place].trades[streams[place].nextTrade] = trade.id
    streams[place].nextTrade = (streams[place].nextTrade + 1) % Self.rememberedTrades
    return false
  }
}

/// What came of a message that a ``MarketFeed`` was told.
package enum FeedOutcome: Hashable, Sendable {
  /// It was of a book, whose levels are in the reader's buffers; the book says what to do.
  case book(BookHeader, of: ContractID, BookDirective)
  /// What a session should be told is in ``MarketFeed/events``.
  case events
  /// It was about the connection.
  case notice(FeedNotice)
  /// It was of a book of a depth that is not followed.
  case skipped
  /// It was refused.
  case refused(FeedDefect)
}
