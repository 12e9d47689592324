package import Essentials
package import Markets

/// Runs a trader of many contracts through what was recorded of them, in one timeline.
///
/// The session is the one that a paper account and a live one feed, so the trader cannot tell.
///
/// 1. Events are told in the order of their instants. Of one instant bars that end there come first,
///    as what they tell happened before; then marks, funding, trades and books; of each kind the
///    contracts in the order of the account, and of each contract the recording's own order.
/// 2. Bars are known at their end. A payment of funding counts for the beginning of the bar in which it
///    was stamped, or for its end (``FundingPayment/turn(among:)``).
/// 3. Behind all events of an instant the trader decides, once, if one of them was accepted.
/// 4. Before ``ReplaySettings/from`` the trader is told everything and asked nothing: it learns, and
///    no order exists. Behind ``ReplaySettings/to`` nothing is read.
/// 5. An event that is earlier than one before it in its recording is told at the instant of that one,
///    so instants never fall; the session counts and refuses it. Nothing that is missing is made up.
/// 6. How often ``advance(events:)`` is called, and how far at once, changes nothing.
///
/// A bar without orders costs some tens of nanoseconds beside the trader's own work, and allocates
/// nothing.
package struct Replay<Player: PortfolioTrader> {
  package var session: PortfolioSession<Player>
  package let settings: ReplaySettings
  /// Events that were told.
  package private(set) var events = 0
  /// Events among them that came before the first decision.
  package private(set) var warmUpEvents = 0
  /// Events that are recorded.
  package let total: Int
  /// The instant whose events were told last; nil before the first.
  package private(set) var now: Timestamp?
  /// What was sent and heard.
  package private(set) var orders: OrderLog
  /// What was held, from first fill to last.
  package private(set) var roundTrips: RoundTripBook
  /// What the account was worth, at instants at least an interval apart.
  package private(set) var equity: [EquityPoint] = []

  private let recordings: ContiguousArray<ContractRecording>
  private var cursors: ContiguousArray<ReplayCursor>
  private var books: ContiguousArray<SynchronizedBook?>
  private let first: Int64
  private let last: Int64
  private var start: Timestamp?
  private var nextPoint = Int64.min

  /// A replay of what was recorded of each contract of the session's account, in its order. The account
  /// must hold nothing.
  package init(
    _ session: PortfolioSession<Player>, recordings: [ContractRecording],
    settings: ReplaySettings = ReplaySettings()
  ) {
    precondition(
      recordings.count == session.account.contracts.count,
      "\(recordings.count) recordings for \(session.account.contracts.count) contracts")
    self.session = session
    self.settings = settings
    self.recordings = ContiguousArray(recordings)
    total = recordings.reduce(0) { $0 + $1.count }
    orders = OrderLog(keepsText: settings.keepsOrders)
    roundTrips = RoundTripBook(session.account)
    books = ContiguousArray(
      recordings.map { $0.books.map { SynchronizedBook($0.sequencing) } })
    first = settings.from?.millisecondsSinceEpoch ?? .min
    last = min(settings.to?.millisecondsSinceEpoch ?? .max, .max - 1)
    cursors = []
    for kind in ReplayCursor.Kind.allCases {
      for place in recordings.indices {
        let cursor = ReplayCursor(kind, ContractID(place: place), of: recordings[place])
        if cursor.key != .max { cursors.append(cursor) }
      }
    }
  }
}

// MARK: - Running

extension Replay {
  /// Tells at least so many further events, whole instants of them, and says whether any are left.
  @discardableResult
  package mutating func advance(events most: Int = .max) -> Bool {
    let goal = most < Int.max - events ? events + most : Int.max
    while events < goal { guard step(upTo: last) else { return false } }
    return isUnfinished
  }

  /// Tells all events up to an instant, itself included, and says whether any are left.
  @discardableResult
  package mutating func advance(through instant: Timestamp) -> Bool {
    while step(upTo: min(last, instant.millisecondsSinceEpoch)) {}
    return isUnfinished
  }

  private var isUnfinished: Bool { cursors.contains { $0.key <= last } }

  /// Tells the events of the next instant if it is not behind a bound, and says whether it was not.
  private mutating func step(upTo bound: Int64) -> Bool {
    var next = Int64.max
    for place in cursors.indices { next = min(next, cursors[place].key) }
    guard next <= bound else { return false }
    let instant = Timestamp(millisecondsSinceEpoch: next)
    now = instant
    var isNews = false
    for place in cursors.indices {
      while cursors[place].key == next {
        if tell(cursors[place], instant) { isNews = true }
        let contract = cursors[place].contract.place
        cursors[place].advance(in: recordings[contract])
        events += 1
      }
    }
    guard next >= first else {
      warmUpEvents = events
      return true
    }
    if start == nil { start = instant }
    guard isNews else { return true }
    session.decide(at: instant)
    for wish in session.sent { orders.append(sent: wish, at: instant) }
    if next >= nextPoint { sample(instant) }
    return true
  }

  /// Tells one event and says whether it was accepted.
  private mutating func tell(_ cursor: ReplayCursor, _ instant: Timestamp) -> Bool {
    let contract = cursor.contract
    let event: MarketEvent
    switch cursor.kind {
    case .bars:
      guard let bar = recordings[contract.place].bars?[cursor.place],
        let span = recordings[contract.place].bars?.span
      else { return false }
      event = .bar(bar, span: span)
    case .marks: event = .mark(recordings[contract.place].marks[cursor.place])
    case .funding: event = .funding(recordings[contract.place].funding[cursor.place])
    case .trades: event = .trade(recordings[contract.place].trades[cursor.place])
    case .books: return tellBook(cursor, instant)
    }
    let isAccepted = session.receive(event, of: contract)
    if !session.heard.isEmpty { hear() }
    if isAccepted, roundTrips.openCount > 0 {
      roundTrips.observe(event, of: contract, account: session.account)
      if session.liquidates { settleAll(at: instant) }
    }
    return isAccepted
  }

  private mutating func tellBook(_ cursor: ReplayCursor, _ instant: Timestamp) -> Bool {
    let contract = cursor.contract
    guard let recording = recordings[contract.place].books else { return false }
    var directive = BookDirective.skipped
    recording.read(cursor.place) { header, bids, asks in
      directive =
        books[contract.place]?.receive(header, bids: bids, asks: asks) ?? .skipped
    }
    guard directive == .applied, let book = books[contract.place]?.book else { return false }
    let isAccepted = session.receive(book, of: contract, at: instant)
    if !session.heard.isEmpty { hear() }
    if isAccepted, roundTrips.openCount > 0 {
      roundTrips.observe(bookOf: contract, account: session.account, at: instant)
      if session.liquidates { settleAll(at: instant) }
    }
    return isAccepted
  }

  private mutating func hear() {
    for told in session.heard {
      orders.append(heard: told)
      roundTrips.observe(
        told.report, of: told.contract,
        leverage: session.matchers[told.contract.place].settings.leverage)
    }
  }

  private mutating func settleAll(at instant: Timestamp) {
    for place in session.account.contracts.indices {
      roundTrips.settle(ContractID(place: place), session.account, at: instant)
    }
  }

  private mutating func sample(_ instant: Timestamp) {
    guard let point = EquityPoint(session.account, at: instant) else { return }
    equity.append(point)
    let interval = max(1, settings.equityInterval.milliseconds)
    nextPoint = (instant.millisecondsSinceEpoch / interval + 1) * interval
  }
}

// MARK: - What it came to

extension Replay {
  /// What the replay has come to so far; what is held counts at its mark.
  package var record: ReplayRecord {
    let end = now ?? settings.to ?? settings.from ?? Timestamp(millisecondsSinceEpoch: 0)
    var points = equity
    if let now, start != nil, points.last?.instant != now,
      let point = EquityPoint(session.account, at: now)
    {
      points.append(point)
    }
    return ReplayRecord(
      roundTrips: roundTrips.closed + roundTrips.standing(session.account, at: end),
      equity: points, counts: session.matchers.map(\.counts),
      bars: recordings.map { $0.bars?.counts ?? BarCounts() },
      books: books.map { $0?.counts ?? BookCounts() }, orderHash: orders.fingerprint,
      events: events, warmUpEvents: warmUpEvents, start: start ?? settings.from ?? end, end: end)
  }
}
