package import Essentials
package import Markets

/// Runs a trader of many contracts through what was recorded of them, in one timeline.
///
/// The session is the one that a paper account and a live one feed, so the trader cannot tell.
///
/// 1. Events are told in the order of ``ReplayTimeline``: by instant, then by kind, then by contract.
/// 2. Bars are known at their end. A payment of funding takes its turn at the beginning of the bar in
///    which it was stamped, or at its end (``FundingPayment/turn(among:)``).
/// 3. Behind all events of an instant the trader decides, once, if one of them was accepted.
/// 4. Before ``ReplaySettings/from`` the trader is told everything and asked nothing: it learns, and
///    no order exists. Behind ``ReplaySettings/to`` nothing is read.
/// 5. An event that is earlier than one before it in its recording is told at the instant of that one,
///    so instants never fall; the session counts and refuses it. Nothing that is missing is made up.
/// 6. A book that cannot be believed any more is told to nobody until a snapshot came; matcher and trader
///    are told that it is lost (``PortfolioSession/loseBook(of:)``).
/// 7. How often ``advance(events:)`` is called, and how far at once, changes nothing.
///
/// An event without orders allocates nothing, but for the points of the equity. An instant costs a look
/// at each kind of events of each contract, and each event what its matcher and the trader take.
package struct Replay<Player: PortfolioTrader> {
  package var session: PortfolioSession<Player>
  package let settings: ReplaySettings
  /// What was written down so far.
  package private(set) var ledger: ReplayLedger
  /// Events that were told.
  package private(set) var events = 0
  /// Events among them that came before the first decision.
  package private(set) var warmUpEvents = 0
  /// The instant whose events were told last; nil before the first.
  package private(set) var now: Timestamp?
  /// The first instant at which the trader could decide; nil before it.
  package private(set) var start: Timestamp?
  private var timeline: ReplayTimeline
  private let first: Int64
  private let last: Int64

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
    timeline = ReplayTimeline(recordings)
    ledger = ReplayLedger(session.account, settings)
    first = settings.from?.millisecondsSinceEpoch ?? .min
    last = min(settings.to?.millisecondsSinceEpoch ?? .max, .max - 1)
  }

  /// The number of events that are recorded, those beyond ``ReplaySettings/to`` included.
  package var total: Int { timeline.total }
}

// MARK: - Running

extension Replay {
  /// Tells at least so many further events, whole instants of them, and says whether any are left.
  @discardableResult
  package mutating func advance(events most: Int = .max) -> Bool {
    let goal = most < Int.max - events ? events + most : Int.max
    while events < goal { guard step(upTo: last) else { return false } }
    return timeline.next <= last
  }

  /// Tells all events up to an instant, itself included, and says whether any are left.
  @discardableResult
  package mutating func advance(through instant: Timestamp) -> Bool {
    while step(upTo: min(last, instant.millisecondsSinceEpoch)) {}
    return timeline.next <= last
  }

  /// Tells the events of the next instant if it is not behind a bound, and says whether it was not.
  private mutating func step(upTo bound: Int64) -> Bool {
    let next = timeline.next
    guard next <= bound else { return false }
    let instant = Timestamp(millisecondsSinceEpoch: next)
    now = instant
    var isNews = false
    for cursor in timeline.cursors.indices {
      while timeline.cursors[cursor].key == next {
        if tell(cursor, instant) { isNews = true }
        timeline.advance(cursor)
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
    if !session.sent.isEmpty { ledger.send(session.sent, at: instant) }
    ledger.sample(session.account, at: instant)
    return true
  }

  /// Tells one event and says whether it was accepted.
  private mutating func tell(_ cursor: Int, _ instant: Timestamp) -> Bool {
    let contract = timeline.cursors[cursor].contract
    guard let event = timeline.event(at: cursor) else {
      return tellBook(cursor, of: contract, instant)
    }
    let isAccepted = session.receive(event, of: contract)
    if !session.heard.isEmpty { ledger.hear(session.heard, session.matchers) }
    if isAccepted { ledger.observe(event, of: contract, account: session.account) }
    if session.liquidates { ledger.settleAll(session.account, at: instant) }
    return isAccepted
  }

  private mutating func tellBook(
    _ cursor: Int, of contract: ContractID, _ instant: Timestamp
  ) -> Bool {
    switch timeline.applyMessage(at: cursor) {
    case .skipped, .requestSnapshot(nil): return false
    case .requestSnapshot:
      session.loseBook(of: contract)
      return false
    case .applied: break
    }
    guard let book = timeline.books[contract.place]?.book else { return false }
    let isAccepted = session.receive(book, of: contract, at: instant)
    if !session.heard.isEmpty { ledger.hear(session.heard, session.matchers) }
    if isAccepted { ledger.observe(bookOf: contract, account: session.account, at: instant) }
    if session.liquidates { ledger.settleAll(session.account, at: instant) }
    return isAccepted
  }
}

// MARK: - What it came to

extension Replay {
  /// What the replay has come to so far; what is held counts at its mark.
  package var record: ReplayRecord {
    let end = now ?? settings.to ?? settings.from ?? Timestamp(millisecondsSinceEpoch: 0)
    return ReplayRecord(
      roundTrips: ledger.roundTrips.closed
        + ledger.roundTrips.standing(session.account, at: end),
      equity: ledger.points(session.account, through: start == nil ? nil : now),
      counts: session.matchers.map(\.counts), bars: timeline.barCounts,
      books: timeline.books.map { $0?.counts ?? BookCounts() },
      orderHash: ledger.orders.fingerprint, events: events, warmUpEvents: warmUpEvents,
      start: start ?? settings.from ?? end, end: end)
  }
}

extension Replay: Sendable where Player: Sendable {}
