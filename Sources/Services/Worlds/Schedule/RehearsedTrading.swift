package import Essentials
import Execution
import Storage
import Synchronization
package import Worlds

/// Trading for worlds to which no venue is connected: accounts that the journal keeps, which all
/// processes share, fed with the prices of the panels, and cutovers that really are carried out.
///
/// 1. Whoever trades for a world has its claim in the journal: of two processes at once one waits, and
///    finds traded what the other traded.
/// 2. A row of prices is traded once, whoever ends when.
package final class RehearsedTrading: WorldTrading {
  /// What trades for one world as long as the process lives.
  private final class Seat: Sendable {
    /// Held by whoever works for the world.
    let turn = Mutex<Void>(())
    let accounts: PaperAccounts
    let orders: OrderDesk
    let runner: CutoverRunner
    let leaseLength: TimeSpan
    let leverage: Double
    let renewedAt = Mutex<Timestamp?>(nil)

    init(
      accounts: PaperAccounts, orders: OrderDesk, runner: CutoverRunner, leaseLength: TimeSpan,
      leverage: Double
    ) {
      self.accounts = accounts
      self.orders = orders
      self.runner = runner
      self.leaseLength = leaseLength
      self.leverage = leverage
    }
  }

  /// How rows of prices come to accounts.
  package struct Feed: Sendable {
    package var evidence: PanelEvidence
    /// Whether panels are looked at anew each time, since they may have grown.
    package var isGrowing: Bool

    package init(_ evidence: PanelEvidence, isGrowing: Bool = true) {
      self.evidence = evidence
      self.isGrowing = isGrowing
    }
  }

  private let feed: Feed?
  private let terms: PaperTerms
  private let holder: String
  private let now: @Sendable () -> Timestamp
  private let pause: (@Sendable (TimeSpan) -> Void)?
  private let seats = Mutex<[String: Seat]>([:])

  /// - Parameters:
  ///   - feed: where prices come from; without it nothing is ever filled.
  ///   - terms: what accounts are opened with that are not open yet.
  ///   - holder: names this process among those that hold gates.
  ///   - pause: waits about so long for others; nil to wait for nobody.
  package init(
    feed: Feed? = nil, terms: PaperTerms = .usual, holder: String,
    now: @escaping @Sendable () -> Timestamp, pause: (@Sendable (TimeSpan) -> Void)? = nil
  ) {
    self.feed = feed
    self.terms = terms
    self.holder = holder
    self.now = now
    self.pause = pause
  }

  // MARK: - Seats

  private func seat(of world: String, at desk: WorldDesk) throws(WorldDeskFailure) -> Seat {
    let rules = try desk.existing(world).rules
    let lease = rules.cutover.gateLease
    let leverage = rules.risk.limits.leverage ?? 1
    // What is in memory and not on record has not happened. Other lengths of leases take another
    // holder; the one before closes its gates by itself.
    if let seat = known(world), !seat.accounts.isAhead,
      (seat.leaseLength == lease && seat.leverage == leverage)
        || seat.runner.stage(in: world) != nil
    {
      return seat
    }
    let accounts = try PaperAccounts(of: world, at: desk, terms: terms)
    let orders = OrderDesk(
      name: holder, world: world, leaseLength: lease, excess: .cut, now: now)
    let board = GateBoard()
    board.add(orders)
    let runner = CutoverRunner(
      CutoverSetup(
        board: board, venues: accounts, desk: { _ in orders }, now: now, pause: pause))
    let seat = Seat(
      accounts: accounts, orders: orders, runner: runner, leaseLength: lease, leverage: leverage)
    seats.withLock { $0[world] = seat }
    return seat
  }

  private func known(_ world: String) -> Seat? { seats.withLock { $0[world] } }

  private func claim(
    _ world: String, at desk: WorldDesk, patience: Int
  ) throws(WorldDeskFailure) -> JournalClaim {
    try inJournal { () throws(JournalFailure) in
      try desk.journal.claim(
        WorldBook.run(of: world) + ":trading", for: "trading for the world \(world)",
        patienceMilliseconds: patience)
    }
  }

  // MARK: - Trading

  /// Trades the rows that have come, lets the run that is under way go on, and does the work.
  package func trade<Result: Sendable>(
    in world: String, at desk: WorldDesk, for occasion: () -> TradingOccasion,
    _ body: (PaperProgress) throws -> Result
  ) throws -> Result {
    let claim = try claim(world, at: desk, patience: desk.setup.patienceMilliseconds)
    defer { withExtendedLifetime(claim) {} }
    let seat = try seat(of: world, at: desk)
    return try seat.turn.withLock { _ in
      let occasion = occasion()
      if let feed, feed.isGrowing { feed.evidence.refresh() }
      let tape = try tape(of: world, at: desk)
      try seat.accounts.takeUp(tape)
      var traded = PaperProgress()
      if let feed, let tape, let end = try end(of: occasion, world, desk) {
        traded = try PaperTrader(
          world: world, desk: desk, accounts: seat.accounts, evidence: feed.evidence, tape: tape,
          orders: seat.orders, runner: seat.runner, terms: terms
        ).advance(through: end)
      }
      if try desk.existing(world).runs.active != nil {
        try goOn(seat, world, desk, occasion, traded)
      }
      return try body(traded)
    }
  }

  private func tape(
    of world: String, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> PaperTape? {
    guard let feed else { return nil }
    return PaperTape(of: try desk.existing(world).records, from: feed.evidence)
  }

  /// Up to when rows are traded, nil for none.
  private func end(
    of occasion: TradingOccasion, _ world: String, _ desk: WorldDesk
  ) throws -> Timestamp? {
    switch occasion {
    case .evaluation(let instant), .advance(let instant): return instant
    case .command:
      // Whoever leads a world through history says how far it goes.
      let last = try desk.existing(world).evaluation?.at
      return last.map { $0 >= desk.journal.birth.at } ?? false ? now() : nil
    }
  }

  /// Where no row told a run that time passed, an evaluation does.
  private func goOn(
    _ seat: Seat, _ world: String, _ desk: WorldDesk, _ occasion: TradingOccasion,
    _ traded: PaperProgress
  ) throws {
    if seat.runner.stage(in: world) == nil { try seat.runner.takeUp(world, in: desk) }
    if case .evaluation = occasion, traded.rows == 0, seat.runner.stage(in: world) == .opening {
      try seat.runner.goOn([.ticked(anomaly: nil)], in: world, of: desk)
    }
    try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
  }

  /// Does nothing for a world in which nobody is live and no run is under way, nor for one at which
  /// somebody is at work.
  package func keepUp(_ world: String, at desk: WorldDesk) throws {
    let state = try desk.existing(world)
    guard !state.isDeleted, state.runs.active != nil || state.counts[.live] != nil else { return }
    let seat = try seat(of: world, at: desk)
    _ = try seat.turn.withLockIfAvailable { _ in
      do {
        if state.runs.active != nil { try resume(seat, world, desk) }
      } catch CutoverFailure.records(WorldDeskFailure.journal(.claimed)),
        WorldDeskFailure.journal(.claimed)
      {
        // Another process carries the run out, or trades. The gates of this one stay its own.
      }
      try renew(seat, world, desk)
    }
  }

  /// Takes up the run of a world. It may order, and the accounts are for one at a time.
  private func resume(_ seat: Seat, _ world: String, _ desk: WorldDesk) throws {
    let claim = try claim(world, at: desk, patience: 0)
    defer { withExtendedLifetime(claim) {} }
    try seat.accounts.takeUp(try tape(of: world, at: desk))
    try seat.runner.takeUp(world, in: desk)
    guard try desk.existing(world).runs.active == nil else { return }
    try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
  }

  /// Leases are renewed three times in their length.
  private func renew(_ seat: Seat, _ world: String, _ desk: WorldDesk) throws {
    let now = now()
    let isDue = seat.renewedAt.withLock { renewed in
      let length = TimeSpan(milliseconds: seat.leaseLength.milliseconds / 3)
      guard renewed.map({ now - $0 >= length }) ?? true else { return false }
      renewed = now
      return true
    }
    if isDue { try seat.runner.renewLeases(of: world, in: desk) }
  }

  /// Of the desk through which orders of the world leave in this process; nil where its lease has ended.
  package func leaseEnd(of world: String) -> Timestamp? {
    guard let end = known(world)?.orders.report()?.leaseUntil, end > now() else { return nil }
    return end
  }

  /// Lets go of accounts, gates and runs; nobody may be trading.
  package func rest() { seats.withLock { $0 = [:] } }

  /// Carries a plan out as far as it goes, with the accounts of its world.
  package func carryOut(
    _ plan: CutoverPlan, of world: String, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> CutoverOutcome? {
    try seat(of: world, at: desk).runner.carryOut(plan, of: world, at: desk)
  }

  // MARK: - Accounts

  /// The account of a world that trades here; unknown figures for another.
  package func portfolio(of world: String, asOf instant: Timestamp) -> WorldSnapshot.Portfolio {
    known(world).map { $0.accounts.portfolio(leverage: $0.leverage) }
      ?? UnfundedAccount().portfolio(of: world, asOf: instant)
  }

  /// The breaker's record says what is to be closed, and the next row closes it.
  package func flatten(
    _ flattening: RiskDirective.Flattening, in world: String, at instant: Timestamp
  ) {}
}
