package import Essentials
import Execution
import Storage
import Synchronization
package import Worlds

/// Trading for worlds to which no venue is connected: accounts that are kept in files, which the
/// command line uses as well, and cutovers that really are carried out.
///
/// Accounts are taken up from their file for each piece of work and kept when it is done, since
/// another program may have used them in between. Whoever has them taken up has the claim of the world's
/// accounts, so that of two programs none undoes what the other did.
package final class RehearsedTrading: WorldTrading {
  /// What trades for one world as long as the process lives.
  private final class Seat: Sendable {
    /// Held by whoever works for the world.
    let turn = Mutex<Void>(())
    let accounts: CurrentAccounts
    let orders: OrderDesk
    let runner: CutoverRunner
    let leaseLength: TimeSpan
    let renewedAt = Mutex<Timestamp?>(nil)

    init(
      accounts: CurrentAccounts, orders: OrderDesk, runner: CutoverRunner, leaseLength: TimeSpan
    ) {
      self.accounts = accounts
      self.orders = orders
      self.runner = runner
      self.leaseLength = leaseLength
    }
  }

  /// The accounts of a world as they were taken up last.
  private final class CurrentAccounts: CutoverVenues {
    let current: Mutex<RehearsalAccounts>

    init(_ accounts: RehearsalAccounts) {
      current = Mutex(accounts)
    }

    var accounts: RehearsalAccounts { current.withLock { $0 } }

    func live(of instance: String, in world: String) -> (any Broker<LiveAuthority>)? {
      accounts.live(of: instance, in: world)
    }

    func paper(of instance: String, in world: String) -> (any Broker<PaperAuthority>)? {
      accounts.paper(of: instance, in: world)
    }

    func keep(_ world: String) throws(CutoverFailure) {
      do throws(RehearsalFailure) {
        try accounts.save()
      } catch {
        throw .records(error)
      }
    }
  }

  private let folder: String
  private let holder: String
  private let now: @Sendable () -> Timestamp
  private let pause: @Sendable (TimeSpan) -> Void
  private let seats = Mutex<[String: Seat]>([:])

  /// - Parameters:
  ///   - folder: where accounts are kept; it need not exist yet.
  ///   - holder: names this process among those that hold gates.
  ///   - pause: waits about so long for others.
  package init(
    accounts folder: String, holder: String, now: @escaping @Sendable () -> Timestamp,
    pause: @escaping @Sendable (TimeSpan) -> Void
  ) {
    self.folder = folder
    self.holder = holder
    self.now = now
    self.pause = pause
  }

  // MARK: - Seats

  private func seat(of world: String, at desk: WorldDesk) throws -> Seat {
    let lease = try desk.existing(world).rules.cutover.gateLease
    // Another length of leases takes another holder; the one before closes its gates by itself.
    if let seat = known(world), seat.leaseLength == lease || seat.runner.stage(in: world) != nil {
      return seat
    }
    let accounts = CurrentAccounts(try RehearsalAccounts(of: world, in: folder))
    let orders = OrderDesk(
      name: holder, world: world, leaseLength: lease, excess: .cut, now: now)
    let board = GateBoard()
    board.add(orders)
    let runner = CutoverRunner(
      CutoverSetup(
        board: board, venues: accounts, desk: { _ in orders }, now: now, pause: pause))
    let seat = Seat(accounts: accounts, orders: orders, runner: runner, leaseLength: lease)
    return seats.withLock { seats in
      // Another thread may have been first.
      if let other = seats[world], other.leaseLength == lease { return other }
      seats[world] = seat
      return seat
    }
  }

  /// Keeps other programs from the accounts of a world.
  private func claim(
    _ world: String, at desk: WorldDesk, patienceMilliseconds: Int
  ) throws(WorldDeskFailure) -> JournalClaim {
    do throws(JournalFailure) {
      return try desk.journal.claim(
        WorldBook.run(of: world) + ":accounts", for: "trading for the world \(world)",
        patienceMilliseconds: patienceMilliseconds)
    } catch {
      throw .journal(error)
    }
  }

  private func takeUpAccounts(of world: String, at seat: Seat) throws(RehearsalFailure) {
    let accounts = try RehearsalAccounts(of: world, in: folder)
    seat.accounts.current.withLock { $0 = accounts }
  }

  private func known(_ world: String) -> Seat? { seats.withLock { $0[world] } }

  // MARK: - Trading

  /// Takes the accounts up from their file, takes up the run that is under way, does the work, and keeps
  /// the accounts.
  package func trade<Result: Sendable>(
    in world: String, at desk: WorldDesk, isCycle: Bool, _ body: () throws -> Result
  ) throws -> Result {
    let seat = try seat(of: world, at: desk)
    return try seat.turn.withLock { _ in
      let claim = try claim(
        world, at: desk, patienceMilliseconds: desk.setup.patienceMilliseconds)
      defer { withExtendedLifetime(claim) {} }
      try takeUpAccounts(of: world, at: seat)
      if try desk.existing(world).runs.active != nil {
        try seat.runner.takeUp(world, in: desk)
        if isCycle, seat.runner.stage(in: world) == .opening {
          try seat.runner.goOn([.ticked(anomaly: nil)], in: world, of: desk)
        }
        try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
      }
      let result = try body()
      try seat.accounts.accounts.save()
      return result
    }
  }

  /// Does nothing for a world in which nobody is live and no run is under way, nor for one at which
  /// somebody is at work.
  package func keepUp(_ world: String, at desk: WorldDesk) throws {
    let state = try desk.existing(world)
    guard !state.isDeleted, state.runs.active != nil || state.counts[.live] != nil else { return }
    let seat = try seat(of: world, at: desk)
    _ = try seat.turn.withLockIfAvailable { _ in
      do {
        if state.runs.active != nil { try goOn(seat, world, desk) }
      } catch CutoverFailure.records(WorldDeskFailure.journal(.claimed)),
        WorldDeskFailure.journal(.claimed)
      {
        // Another process carries the run out, or trades.
      }
      try renew(seat, world, desk)
    }
  }

  /// Lets the run of a world go on.
  private func goOn(_ seat: Seat, _ world: String, _ desk: WorldDesk) throws {
    let claim = try claim(world, at: desk, patienceMilliseconds: 0)
    defer { withExtendedLifetime(claim) {} }
    try takeUpAccounts(of: world, at: seat)
    try seat.runner.takeUp(world, in: desk)
    guard try desk.existing(world).runs.active == nil else { return }
    try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
    try seat.accounts.accounts.save()
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

  /// Carries a plan out as far as it goes, with the accounts of its world.
  package func carryOut(
    _ plan: CutoverPlan, of world: String, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> CutoverOutcome? {
    let seat: Seat
    do {
      seat = try self.seat(of: world, at: desk)
    } catch let failure as WorldDeskFailure {
      throw failure
    } catch let failure as any ExplainedFailure {
      throw .evidence(failure)
    } catch {
      preconditionFailure("a seat fails with what explains itself")
    }
    return try seat.runner.carryOut(plan, of: world, at: desk)
  }

  // MARK: - Accounts

  /// The account of a world that trades here; unknown figures for another.
  package func portfolio(of world: String, asOf instant: Timestamp) -> WorldSnapshot.Portfolio {
    known(world)?.accounts.accounts.portfolio(of: world, asOf: instant)
      ?? UnfundedAccount().portfolio(of: world, asOf: instant)
  }

  /// Closes what the world holds here; nothing for a world that does not trade here.
  package func flatten(
    _ flattening: RiskDirective.Flattening, in world: String, at instant: Timestamp
  ) {
    known(world)?.accounts.accounts.flatten(flattening, in: world, at: instant)
  }
}
