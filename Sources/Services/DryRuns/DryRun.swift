package import Backtesting
package import Essentials
package import Execution
package import Markets

/// A trader on a paper account that a venue's streams feed: told messages, it trades.
///
/// It drives the session that a replay drives, so the same markets give the same orders, however
/// their messages came. What a stream does besides telling each thing once and in order is undone here:
///
/// 1. What is told has its instant: a bar that of its end, a payment of funding its turn among bars. An
///    event that is earlier than one of its kind and contract before it gets the instant of that one.
/// 2. An instant is told as a whole, in the order of a ``ReplayTimeline``, and then the trader decides.
///    It is over when the venue's time is ``patience`` beyond it. Where the streams tell the bars it is
///    over before, at the end of a bar that all contracts have told of if no payment is due by then.
/// 3. Instants rise. What comes behind its own instant is told with the next one, and counted.
/// 4. Before ``ReplaySettings/from`` the trader learns and is asked nothing; what comes behind
///    ``ReplaySettings/to`` is not told.
/// 5. A book is told as it was at the instant that is told, and one that cannot be believed is lost, as
///    in a ``Replay``.
///
/// A process that starts anew rebuilds a dry-run by telling it the messages that it had recorded.
/// A message allocates nothing once as many wait as ever do.
package struct DryRun<Player: PortfolioTrader> {
  package private(set) var feed: MarketFeed
  package var session: PortfolioSession<Player>
  /// What was sent, heard and held.
  package private(set) var ledger: ReplayLedger
  /// The books as the session was told them.
  package private(set) var books: ContiguousArray<SynchronizedBook>
  /// Events that were told to the session.
  package private(set) var events = 0
  /// Events that came behind their own instant.
  package private(set) var late = 0
  /// Instants that were over for want of patience, and not because all was told.
  package private(set) var impatient = 0
  /// The last instant that was told; nil before the first.
  package private(set) var now: Timestamp?

  /// How long an instant waits for what a stream has not told yet.
  package static var patience: TimeSpan { .seconds(5) }

  /// Where a dry-run has its bars from.
  package enum BarSource: Hashable, Sendable {
    /// The streams tell them.
    case streams
    /// They are made of trades (``ListenedBars``) from the first that begins while the streams are heard;
    /// bars that the streams tell count before it.
    case trades
  }

  private enum Content: Sendable {
    case event(MarketEvent)
    /// A message of a book, whose levels begin at a place among all that ever came.
    case book(BookHeader, levels: Int, bids: Int, asks: Int)
  }

  private struct Pending: Sendable {
    let instant: Int64
    let kind: Int
    let contract: Int
    let content: Content
  }

  private let span: BarSpan
  private let source: BarSource
  private let first: Int64
  private let last: Int64
  /// In the order in which it is to be told; what was told stands before ``head``.
  private var pending: ContiguousArray<Pending> = []
  private var head = 0
  /// The levels of pending books, the first of which is the so many-th that came.
  private var levels: ContiguousArray<BookLevel> = []
  private var firstLevel = 0
  /// The latest instant of each kind of events of each contract.
  private var keys: ContiguousArray<Int64>
  /// One for each contract where bars are made of trades.
  private var makers: ContiguousArray<ListenedBars> = []
  private var made: ContiguousArray<(contract: ContractID, bar: Bar)> = []

  private static var kinds: Int { 5 }

  /// A dry-run of a session whose contracts are the feed's markets, in their order, on bars of a length.
  package init(
    _ session: PortfolioSession<Player>, feed: MarketFeed, span: BarSpan,
    bars source: BarSource = .streams, settings: ReplaySettings = ReplaySettings()
  ) {
    let markets = feed.reader.markets
    precondition(
      session.account.contracts.count == markets.count,
      "\(markets.count) markets for \(session.account.contracts.count) contracts")
    self.session = session
    self.feed = feed
    self.span = span
    self.source = source
    ledger = ReplayLedger(session.account, settings)
    books = ContiguousArray(
      markets.map { _ in
        SynchronizedBook(feed.reader.protocol, width: source == .trades ? 1 << 15 : 64)
      })
    keys = ContiguousArray(repeating: .min, count: Self.kinds * markets.count)
    if source == .trades {
      makers = ContiguousArray(markets.map { _ in ListenedBars(span) })
    }
    first = settings.from?.millisecondsSinceEpoch ?? .min
    last = settings.to?.millisecondsSinceEpoch ?? .max
  }

  /// Takes in a message, and trades what is over by then.
  @discardableResult
  package mutating func receive(_ message: Span<UInt8>, arrived: Timestamp) -> FeedOutcome {
    let outcome = feed.receive(message, arrived: arrived)
    for (contract, event) in feed.events { take(event, of: contract) }
    if case .book(let header, let contract, _) = outcome { take(header, of: contract) }
    tellWhatIsOver()
    return outcome
  }

  /// Tells all that still waits, as at the end of a recording.
  package mutating func finish() {
    while head < pending.count { tell(upTo: pending[head].instant) }
  }

  // MARK: - What waits

  private mutating func take(_ event: MarketEvent, of contract: ContractID) {
    let (instant, kind) = turn(of: event)
    wait(.event(event), of: contract, at: instant, kind)
  }

  private mutating func take(_ header: BookHeader, of contract: ContractID) {
    let start = firstLevel + levels.count
    levels.append(contentsOf: feed.reader.bids)
    levels.append(contentsOf: feed.reader.asks)
    wait(
      .book(
        header, levels: start, bids: feed.reader.bids.count, asks: feed.reader.asks.count),
      of: contract, at: header.instant.millisecondsSinceEpoch, 4)
  }

  private mutating func wait(
    _ content: Content, of contract: ContractID, at instant: Int64, _ kind: Int
  ) {
    let slot = Self.kinds * contract.place + kind
    keys[slot] = max(keys[slot], instant)
    if keys[slot] <= told { late += 1 }
    let new = Pending(
      instant: keys[slot], kind: kind, contract: contract.place, content: content)
    // Nearly everything belongs at the end.
    var place = pending.count
    while place > head, Self.precedes(new, pending[place - 1]) { place -= 1 }
    pending.insert(new, at: place)
  }

  private static func precedes(_ left: Pending, _ right: Pending) -> Bool {
    (left.instant, left.kind, left.contract) < (right.instant, right.kind, right.contract)
  }

  /// When an event is told, and its place among the kinds of one instant.
  private func turn(of event: MarketEvent) -> (Int64, kind: Int) {
    switch event {
    case .bar: (event.instant.millisecondsSinceEpoch, 0)
    case .mark: (event.instant.millisecondsSinceEpoch, 1)
    case .funding(let payment): (payment.turn(among: span).millisecondsSinceEpoch, 2)
    case .trade: (event.instant.millisecondsSinceEpoch, 3)
    }
  }

  /// Gives back the memory of what was told, once it is the larger part.
  private mutating func forget() {
    guard head == pending.count || (head >= 1024 && 2 * head >= pending.count) else { return }
    pending.removeSubrange(..<head)
    head = 0
    var needed = firstLevel + levels.count
    for waiting in pending {
      if case .book(_, let start, _, _) = waiting.content { needed = min(needed, start) }
    }
    levels.removeSubrange(..<(needed - firstLevel))
    firstLevel = needed
  }

  // MARK: - Instants

  private mutating func tellWhatIsOver() {
    guard let latest = feed.clock.latest?.millisecondsSinceEpoch else { return }
    while let next = nextInstant {
      if !isComplete(next) {
        guard next <= latest - Self.patience.milliseconds else { return }
        if source == .streams { impatient += 1 }
      }
      tell(upTo: next)
    }
  }

  /// The next instant that was not told; of what came late, it decides.
  private var nextInstant: Int64? {
    var place = head
    while place < pending.count, pending[place].instant <= told { place += 1 }
    return place < pending.count ? pending[place].instant : nil
  }

  private var told: Int64 { now?.millisecondsSinceEpoch ?? .min }

  /// Whether nothing more can be expected of an instant.
  private func isComplete(_ instant: Int64) -> Bool {
    guard source == .streams else { return false }
    let bars = pending[head...].count { $0.instant == instant && $0.kind == 0 }
    guard bars == session.account.contracts.count else { return false }
    guard let due = feed.nextFundingDue else { return true }
    let payment = FundingPayment(instant: due, rate: .zero)
    return payment.turn(among: span).millisecondsSinceEpoch > instant
  }

  /// Tells everything up to an instant and has the trader decide.
  private mutating func tell(upTo next: Int64) {
    let instant = Timestamp(millisecondsSinceEpoch: max(next, told))
    var isNews = makeBars(upTo: min(instant, Timestamp(millisecondsSinceEpoch: last)))
    let isTold = next <= last
    if isTold { now = instant }
    while head < pending.count, pending[head].instant <= next {
      if isTold, tell(pending[head], at: instant) { isNews = true }
      head += 1
    }
    forget()
    if isNews { decide(at: instant) }
  }

  private mutating func decide(at instant: Timestamp) {
    guard instant.millisecondsSinceEpoch >= first else { return }
    session.decide(at: instant)
    if !session.sent.isEmpty { ledger.send(session.sent, at: instant) }
    ledger.sample(session.account, at: instant)
  }

  /// Tells the bars that ended by an instant, and says whether what ended at the instant itself, which is
  /// yet to be told and decided upon, was news.
  private mutating func makeBars(upTo instant: Timestamp) -> Bool {
    for place in makers.indices {
      if let bar = makers[place].pass(to: instant) { made.append((ContractID(place: place), bar)) }
    }
    guard let start = made.first?.bar.openTime else { return false }
    // Whoever hears of one contract lets the time of all pass, so these are of one span.
    let end = span.end(from: start)
    now = end
    var isNews = false
    for place in made.indices {
      let (contract, bar) = made[place]
      if tell(.bar(bar, span: span), of: contract, at: end) { isNews = true }
    }
    made.removeAll(keepingCapacity: true)
    guard end < instant else { return isNews }
    if isNews { decide(at: end) }
    return false
  }

  private mutating func tell(_ told: Pending, at instant: Timestamp) -> Bool {
    let contract = ContractID(place: told.contract)
    // Books and trades are signs that somebody listens.
    if !makers.isEmpty, told.kind >= 3 { makers[told.contract].hear(at: instant) }
    switch told.content {
    case .book(let header, let start, let bids, let asks):
      return tell(header, start, bids: bids, asks: asks, of: contract, at: instant)
    case .event(let event):
      if !makers.isEmpty {
        if case .trade(let trade) = event { makers[told.contract].observe(trade) }
        if case .bar(let bar, _) = event, makers[told.contract].isBegun(by: bar.openTime) {
          return false
        }
      }
      return tell(event, of: contract, at: instant)
    }
  }

  private mutating func tell(
    _ event: MarketEvent, of contract: ContractID, at instant: Timestamp
  ) -> Bool {
    events += 1
    let isAccepted = session.receive(event, of: contract)
    if !session.heard.isEmpty { ledger.hear(session.heard, session.matchers) }
    if isAccepted { ledger.observe(event, of: contract, account: session.account) }
    if session.liquidates { ledger.settleAll(session.account, at: instant) }
    return isAccepted
  }

  private mutating func tell(
    _ header: BookHeader, _ start: Int, bids: Int, asks: Int, of contract: ContractID,
    at instant: Timestamp
  ) -> Bool {
    events += 1
    let place = contract.place
    // Holding the buffer by itself copies nothing, and leaves the rest open.
    let levels = levels
    let begin = start - firstLevel
    switch books[place].receive(
      header, bids: levels.span.extracting(begin..<begin + bids),
      asks: levels.span.extracting(begin + bids..<begin + bids + asks))
    {
    case .skipped, .requestSnapshot(nil): return false
    case .requestSnapshot:
      session.loseBook(of: contract)
      return false
    case .applied: break
    }
    let isAccepted = session.receive(books[place].book, of: contract, at: instant)
    if !session.heard.isEmpty { ledger.hear(session.heard, session.matchers) }
    if isAccepted {
      ledger.observe(bookOf: contract, account: session.account, at: instant)
    }
    if session.liquidates { ledger.settleAll(session.account, at: instant) }
    return isAccepted
  }
}

extension DryRun: Sendable where Player: Sendable {}
