package import Essentials
package import Markets

/// Tells recorded markets as the streams of a venue would have told them: message by message, with all
/// that streams do besides telling each bar once.
///
/// Of each bar there are sights while it forms and one when it is closed; now and then the closed one is
/// sent again, or a forming one comes behind it. Funding is announced by tickers, at first at a rate that
/// is not yet the one that is paid, and contracts tell of the same minute one after the other. What
/// is told follows from the recordings alone.
///
/// Trades and messages of books are told one by one, as they were recorded.
///
/// Time passes in slots of one bar. Messages come in the order in which they are sent.
package struct RecordedBroadcast: Sendable {
  /// What was recorded of one contract. Each kind rises in time.
  package struct Recording: Sendable {
    package var symbol: String
    package var bars: BarSeries
    package var marks: [ReferencePrice]
    package var funding: [FundingPayment]
    package var trades: ContiguousArray<Trade>
    /// The messages of its book, with the steps in which they count; nil where none are recorded.
    package var books: (recording: any BookRecording, market: FeedMarket)?

    package init(
      symbol: String, bars: BarSeries, marks: [ReferencePrice] = [],
      funding: [FundingPayment] = [], trades: ContiguousArray<Trade> = [],
      books: (recording: any BookRecording, market: FeedMarket)? = nil
    ) {
      self.symbol = symbol
      self.trades = trades
      self.books = books
      self.bars = bars
      self.marks = marks
      self.funding = funding
    }
  }

  /// One message of a slot.
  private struct Message: Sendable {
    enum Content: Sendable {
      case bar(Bar)
      case reference(ReferencePrice)
      case announcement(FundingAnnouncement)
      /// By their places.
      case trade(Int)
      case book(Int)
    }

    let instant: Int64
    let contract: Int
    let content: Content
  }

  /// How far the recordings were told.
  private struct Cursor: Sendable {
    var bar = 0
    var mark = 0
    var payment = 0
    var trade = 0
    var book = 0
    /// The latest instants that were told of marks, trades and books, for what is sent never is sent
    /// before what came before it.
    var markKey = Int64.min
    var tradeKey = Int64.min
    var bookKey = Int64.min
  }

  private let recordings: [Recording]
  private let span: BarSpan
  private var cursors: [Cursor]
  /// The start of the next slot; nil where nothing is left.
  private var slot: Int64?
  /// Messages in order, those that are sent behind the slot at the end.
  private var queue: ContiguousArray<Message> = []
  private var next = 0
  /// How many of the queue may be told before the next slot is looked at.
  private var ready = 0
  private var text: FeedText
  /// Messages that were told.
  package private(set) var messages = 0

  /// How long a message takes to arrive.
  private static let latency = TimeSpan(milliseconds: 4)

  /// A broadcast, by the streams of a venue, of recordings whose bars have one length; nil where they
  /// have not, or where there are none.
  package init?(_ recordings: [Recording], by protocol: BookProtocol = .bybit) {
    guard let span = recordings.first?.bars.span,
      recordings.allSatisfy({ $0.bars.span == span })
    else { return nil }
    self.recordings = recordings
    self.span = span
    text = FeedText(`protocol`)
    cursors = recordings.map { _ in Cursor() }
    slot = nextSlot
  }

  /// Writes the next message and hands it over with the time at which it arrives; false where none is
  /// left.
  package mutating func advance(
    _ body: (_ message: Span<UInt8>, _ arrived: Timestamp) -> Void
  ) -> Bool {
    while next == ready {
      guard let slot else { return false }
      fill(slot)
    }
    let message = queue[next]
    next += 1
    messages += 1
    let symbol = recordings[message.contract].symbol
    let instant = Timestamp(millisecondsSinceEpoch: message.instant)
    switch message.content {
    case .bar(let bar): text.bar(bar, span: span, of: symbol, at: instant)
    case .reference(let reference): text.reference(reference, of: symbol)
    case .announcement(let announcement): text.announcement(announcement, of: symbol)
    case .trade(let place):
      text.trade(recordings[message.contract].trades[place], of: symbol, at: instant)
    case .book(let place):
      guard let books = recordings[message.contract].books else { break }
      books.recording.read(place) { header, bids, asks in
        text.book(header, bids: bids, asks: asks, of: books.market, at: instant)
      }
    }
    body(text.bytes.span, instant + Self.latency)
    return true
  }

  // MARK: - Slots

  /// The start of the slot in which the next thing of any recording lies; nil where nothing is left.
  private var nextSlot: Int64? {
    var first = Int64.max
    for (recording, cursor) in zip(recordings, cursors) {
      if cursor.bar < recording.bars.count {
        first = min(first, recording.bars.openTimes[cursor.bar])
      }
      if cursor.mark < recording.marks.count {
        let instant = recording.marks[cursor.mark].instant.millisecondsSinceEpoch
        first = min(first, start(of: max(cursor.markKey, instant)))
      }
      if cursor.payment < recording.funding.count {
        first = min(first, start(of: recording.funding[cursor.payment].instant))
      }
      if cursor.trade < recording.trades.count {
        let instant = recording.trades[cursor.trade].instant.millisecondsSinceEpoch
        first = min(first, start(of: max(cursor.tradeKey, instant)))
      }
      if let books = recording.books?.recording, cursor.book < books.count {
        let instant = books.instant(at: cursor.book).millisecondsSinceEpoch
        first = min(first, start(of: max(cursor.bookKey, instant)))
      }
    }
    return first == .max ? nil : first
  }

  private func start(of instant: Timestamp) -> Int64 {
    span.start(of: instant).millisecondsSinceEpoch
  }

  private func start(of milliseconds: Int64) -> Int64 {
    start(of: Timestamp(millisecondsSinceEpoch: milliseconds))
  }

  private mutating func fill(_ slot: Int64) {
    queue.removeSubrange(..<next)
    next = 0
    let end = slot + span.length.milliseconds
    for contract in recordings.indices {
      fund(contract, slot, end)
      mark(contract, end)
      bars(contract, slot, end)
      trades(contract, end)
      books(contract, end)
    }
    // Those of one instant stay in the order of contracts and kinds.
    queue.sort { ($0.instant, $0.contract) < ($1.instant, $1.contract) }
    self.slot = nextSlot
    ready = self.slot == nil ? queue.count : queue.firstIndex { $0.instant >= end } ?? queue.count
  }

  private mutating func add(_ instant: Int64, _ contract: Int, _ content: Message.Content) {
    queue.append(Message(instant: instant, contract: contract, content: content))
  }

  private mutating func mark(_ contract: Int, _ end: Int64) {
    let marks = recordings[contract].marks
    while cursors[contract].mark < marks.count {
      let mark = marks[cursors[contract].mark]
      let key = max(cursors[contract].markKey, mark.instant.millisecondsSinceEpoch)
      guard key < end else { return }
      add(key, contract, .reference(mark))
      cursors[contract].markKey = key
      cursors[contract].mark += 1
    }
  }

  private mutating func trades(_ contract: Int, _ end: Int64) {
    while cursors[contract].trade < recordings[contract].trades.count {
      let place = cursors[contract].trade
      let instant = recordings[contract].trades[place].instant.millisecondsSinceEpoch
      let key = max(cursors[contract].tradeKey, instant)
      guard key < end else { return }
      add(key, contract, .trade(place))
      cursors[contract].tradeKey = key
      cursors[contract].trade += 1
    }
  }

  private mutating func books(_ contract: Int, _ end: Int64) {
    guard let books = recordings[contract].books?.recording else { return }
    while cursors[contract].book < books.count {
      let place = cursors[contract].book
      let key = max(
        cursors[contract].bookKey, books.instant(at: place).millisecondsSinceEpoch)
      guard key < end else { return }
      add(key, contract, .book(place))
      cursors[contract].bookKey = key
      cursors[contract].book += 1
    }
  }

  /// Announces the next payment: at the beginning of a slot as it looks then, and before it is due as
  /// it is paid. Behind it the next one is announced, by which streams tell that it was paid.
  private mutating func fund(_ contract: Int, _ slot: Int64, _ end: Int64) {
    let payments = recordings[contract].funding
    func announce(_ place: Int, at instant: Int64, isFinal: Bool) {
      let payment = payments[place]
      // Until the last slot the rate is that of the payment before.
      let rate = isFinal || place == 0 ? payment.rate : payments[place - 1].rate
      add(
        instant, contract,
        .announcement(
          FundingAnnouncement(
            instant: Timestamp(millisecondsSinceEpoch: instant), rate: rate, due: payment.instant)))
    }
    while cursors[contract].payment < payments.count {
      let place = cursors[contract].payment
      let due = payments[place].instant.millisecondsSinceEpoch
      if due >= end {
        // The slot before the one in which it is due is the last in which streams tell of it for sure.
        announce(place, at: slot + 100, isFinal: due < end + span.length.milliseconds)
        return
      }
      // Nothing was told of it before, as at the beginning of a recording.
      if due - 1 >= slot { announce(place, at: due - 1, isFinal: true) }
      cursors[contract].payment += 1
      if place + 1 < payments.count { announce(place + 1, at: due + 50, isFinal: false) }
    }
  }

  /// Two sights of the bar that forms, and the closed one behind its end.
  private mutating func bars(_ contract: Int, _ slot: Int64, _ end: Int64) {
    let place = cursors[contract].bar
    guard place < recordings[contract].bars.count,
      recordings[contract].bars.openTimes[place] == slot
    else { return }
    cursors[contract].bar += 1
    let bar = recordings[contract].bars[place]
    let length = span.length.milliseconds
    let offset = Int64(contract) % 50
    add(slot + length / 3 + offset, contract, .bar(Self.sight(of: bar, share: 0.25)))
    add(slot + 2 * length / 3 + offset, contract, .bar(Self.sight(of: bar, share: 0.75)))
    add(end + 5 + offset, contract, .bar(bar))
    if place % 7 == 3 { add(end + 60 + offset, contract, .bar(bar)) }
    if place % 11 == 5 { add(end + 120 + offset, contract, .bar(Self.sight(of: bar, share: 0.9))) }
  }

  /// What could be seen of a bar while it formed.
  private static func sight(of bar: Bar, share: Double) -> Bar {
    var sight = bar
    sight.isClosed = false
    sight.close = share < 0.5 ? bar.open : bar.close
    sight.high = max(bar.open, sight.close)
    sight.low = min(bar.open, sight.close)
    sight.volume = bar.volume * share
    sight.quoteVolume = bar.quoteVolume * share
    return sight
  }
}
