package import Essentials
package import Markets
package import Storage
package import Worlds

/// A world at work where no venue is connected: measured on the panels of the desk, with accounts that
/// are kept in a file, and cutovers that really are carried out.
///
/// The monitor of a cutover, which watches before gates open, is told one tick with each evaluation.
package final class RehearsedWorld: Sendable {
  package let desk: WorldDesk
  private let world: String
  private let accounts: RehearsalAccounts
  private let runner: CutoverRunner

  /// - Parameters:
  ///   - journal: opened for writing, with ``WorldBook``.
  ///   - accounts: the folder of accounts; it need not exist yet.
  ///   - holder: names this process among those that hold gates of the world.
  ///   - pause: waits about so long for others.
  ///   - open: opens a panel by its name.
  package init(
    _ world: String, in journal: Journal, accounts folder: String, holder: String,
    patienceMilliseconds: Int, now: @escaping @Sendable () -> Timestamp,
    pause: @escaping @Sendable (TimeSpan) -> Void,
    opening open: @escaping @Sendable (String) throws -> Panel
  ) throws {
    self.world = world
    let accounts = try RehearsalAccounts(of: world, in: folder)
    self.accounts = accounts
    let questions = WorldDesk(
      WorldDeskSetup(journal: journal, now: now, evidence: NoEvidence()))
    let orders = OrderDesk(
      name: holder, world: world,
      leaseLength: try questions.existing(world).rules.cutover.gateLease, excess: .cut, now: now)
    let board = GateBoard()
    board.add(orders)
    runner = CutoverRunner(
      CutoverSetup(
        board: board, venues: accounts, desk: { _ in orders }, now: now, pause: pause))
    desk = WorldDesk(
      WorldDeskSetup(
        journal: journal, now: now, evidence: PanelEvidence(opening: open), account: accounts,
        cutover: runner, patienceMilliseconds: patienceMilliseconds))
  }

  /// Evaluates the world, after a cutover that was under way has gone on, and keeps the accounts.
  package func evaluate(
    at instant: Timestamp, by actor: WorldActor
  ) throws -> WorldDesk.EvaluationReceipt {
    try takeUp()
    if runner.stage(in: world) == .opening {
      try runner.goOn([.ticked(anomaly: nil)], in: world, of: desk)
      try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
    }
    let receipt = try desk.evaluate(world, at: instant, by: actor)
    try accounts.save()
    return receipt
  }

  /// Has what somebody wishes carried out, as far as it goes, and keeps the accounts. Nil where
  /// nothing is to be done.
  package func cutOver(
    _ wish: CutoverWish, run: String?, by actor: WorldActor
  ) throws -> (run: String, outcome: CutoverOutcome?)? {
    try takeUp()
    let done = try desk.cutOver(wish, in: world, run: run, by: actor)
    try accounts.save()
    return done
  }

  /// Takes up what another process has left in the middle.
  private func takeUp() throws {
    guard try desk.state(of: world).runs.active != nil else { return }
    try runner.takeUp(world, in: desk)
    try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
  }
}
