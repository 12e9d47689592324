package import Backtesting
package import Essentials
package import Execution
package import Markets

/// A trader on a paper account that a venue's streams feed: told messages, it trades.
///
/// It drives the session that a replay drives, so the same markets give the same orders, however
/// their messages came. What a stream does besides telling each thing once and in order is undone here:
///
/// 1. What is told has its instant: a bar that of its end, a payment of funding its turn among bars.
/// 2. An instant is told as a whole, in the order of a ``ReplayTimeline``, and then the trader decides.
///    It is over when it is the end of a bar that all contracts have told of and no payment is due by
///    then, or else when the venue's time is ``patience`` beyond it.
/// 3. Instants rise. What comes behind its own instant is told with the next one, and counted.
/// 4. Before ``ReplaySettings/from`` the trader learns and is asked nothing; what comes behind
///    ``ReplaySettings/to`` is not told.
///
/// A process that starts anew rebuilds a dry-run by telling it the messages that it had recorded.
/// Books are followed by the feed and told to no trader: bars, trades, marks and funding are.
package struct DryRun<Player: PortfolioTrader> {
  package private(set) var feed: MarketFeed
  package var session: PortfolioSession<Player>
  /// What was sent, heard and held.
  package private(set) var ledger: ReplayLedger
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

  private struct Pending {
    let instant: Int64
    let kind: Int
    let contract: Int
    let event: MarketEvent
  }

  private let span: BarSpan
  private let first: Int64
  private let last: Int64
  /// In the order in which it is to be told.
  private var pending: ContiguousArray<Pending> = []

  /// A dry-run of a session whose contracts are the feed's markets, in their order, on bars of a length.
  package init(
    _ session: PortfolioSession<Player>, feed: MarketFeed, span: BarSpan,
    settings: ReplaySettings = ReplaySettings()
  ) {
    precondition(
      session.account.contracts.count == feed.reader.markets.count,
      "\(feed.reader.markets.count) markets for \(session.account.contracts.count) contracts")
    self.session = session
    self.feed = feed
    self.span = span
    ledger = ReplayLedger(session.account, settings)
    first = settings.from?.millisecondsSinceEpoch ?? .min
    last = settings.to?.millisecondsSinceEpoch ?? .max
  }

  /// Takes in a message, and trades what is over by then.
  @discardableResult
  package mutating func receive(_ message: Span<UInt8>, arrived: Timestamp) -> FeedOutcome {
    let outcome = feed.receive(message, arrived: arrived)
    for (contract, event) in feed.events { take(event, of: contract) }
    tellWhatIsOver()
    return outcome
  }

  /// Tells all that still waits, as at the end of a recording.
  package mutating func finish() {
    while let next = pending.first { tell(upTo: next.instant) }
  }

  // MARK: - Instants

  private mutating func take(_ event: MarketEvent, of contract: ContractID) {
    let (instant, kind) = turn(of: event)
    if let now, instant <= now.millisecondsSinceEpoch { late += 1 }
    let new = Pending(instant: instant, kind: kind, contract: contract.place, event: event)
    // Nearly everything belongs at the end.
    var place = pending.count
    while place > 0, Self.precedes(new, pending[place - 1]) { place -= 1 }
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

  private mutating func tellWhatIsOver() {
    guard let latest = feed.clock.latest?.millisecondsSinceEpoch else { return }
    // Of what came late, the next instant decides.
    while let next = pending.first(where: { $0.instant > told })?.instant {
      if !isComplete(next) {
        guard next <= latest - Self.patience.milliseconds else { return }
        impatient += 1
      }
      tell(upTo: next)
    }
  }

  private var told: Int64 { now?.millisecondsSinceEpoch ?? .min }

  /// Whether nothing more can be expected of an instant.
  private func isComplete(_ instant: Int64) -> Bool {
    let bars = pending.count { $0.instant == instant && $0.kind == 0 }
    guard bars == session.account.contracts.count else { return false }
    guard let due = feed.nextFundingDue else { return true }
    let payment = FundingPayment(instant: due, rate: .zero)
    return payment.turn(among: span).millisecondsSinceEpoch > instant
  }

  /// Tells everything up to an instant and has the trader decide.
  private mutating func tell(upTo next: Int64) {
    let count = pending.firstIndex { $0.instant > next } ?? pending.count
    let instant = Timestamp(millisecondsSinceEpoch: max(next, told))
    var isNews = false
    if next <= last {
      for place in 0..<count where tell(pending[place], at: instant) { isNews = true }
      now = instant
    }
    pending.removeSubrange(..<count)
    guard isNews, instant.millisecondsSinceEpoch >= first else { return }
    session.decide(at: instant)
    if !session.sent.isEmpty { ledger.send(session.sent, at: instant) }
    ledger.sample(session.account, at: instant)
  }

  private mutating func tell(_ told: Pending, at instant: Timestamp) -> Bool {
    let contract = ContractID(place: told.contract)
    events += 1
    let isAccepted = session.receive(told.event, of: contract)
    if !session.heard.isEmpty { ledger.hear(session.heard, session.matchers) }
    if isAccepted { ledger.observe(told.event, of: contract, account: session.account) }
    if session.liquidates { ledger.settleAll(session.account, at: instant) }
    return isAccepted
  }
}

extension DryRun: Sendable where Player: Sendable {}
