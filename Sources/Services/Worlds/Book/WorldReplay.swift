package import Essentials
package import Markets
package import Storage
import Synchronization
package import Worlds

/// Leads a world through history, row by row, as though it were the present: the accounts trade each
/// row of the panels as they do on a desk whose data grows, and the world is evaluated where its
/// schedule says so.
///
/// 1. Nothing later than the instant is used, and the clock is the row's.
/// 2. Instances on paper trade at a paper venue, those that are live at one that stands for money,
///    through their gates. No price is invented.
/// 3. Equal data, policy and instances give the same events, byte for byte, but for the chain.
/// 4. Accounts go on where they were left; rows that were traded are not traded again.
///
/// The world must be there, with its policy and its instances, and must not have been evaluated
/// later than the beginning; ``seed(_:from:at:)`` makes a copy of one in a journal of its own.
package final class WorldReplay {
  private let world: String
  private let plan: ReplayPlan
  private let clock: ReplayClock
  private let evidence: PanelEvidence
  private let trading: RehearsedTrading
  /// The desk that the replay works at, with the clock of the row.
  package let desk: WorldDesk
  private var report = ReplayReport()
  private var peak = 0.0

  /// - Parameters:
  ///   - journal: opened with ``WorldBook``; the world's own, or a scratch one.
  ///   - open: opens a panel by its name.
  package init(
    _ world: String, through plan: ReplayPlan, in journal: Journal,
    opening open: @escaping @Sendable (String) throws -> Panel
  ) {
    self.world = world
    self.plan = plan
    let clock = ReplayClock(plan.from)
    self.clock = clock
    evidence = PanelEvidence(gaps: plan.gaps, opening: open)
    trading = RehearsedTrading(
      feed: RehearsedTrading.Feed(evidence, isGrowing: false), terms: plan.terms,
      holder: "replay", now: { clock.now })
    desk = WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { clock.now }, evidence: evidence, account: trading,
        cutover: trading, graph: SharedGraphLog(journal: journal)))
  }

  /// Copies the policy in force and the instances of a world into another journal, so that history
  /// can be played without touching its own record.
  package static func seed(
    _ journal: Journal, from state: WorldState, at instant: Timestamp
  ) throws(WorldDeskFailure) {
    let desk = WorldDesk(
      WorldDeskSetup(journal: journal, now: { instant }, evidence: NoEvidence()))
    guard let policy = state.policy?.publication.policy else {
      throw .refused(.noPolicy(state.world))
    }
    let actor = WorldActor.commandLine(user: "replay")
    _ = try desk.publish(policy, reason: "replay", by: actor)
    for record in state.records where record.phase != .retired {
      _ = try desk.submit(record.submission, in: state.world, by: actor)
    }
  }

  /// Plays history from the beginning to the end.
  ///
  /// - Parameter progress: called after each row; the replay ends where it returns false.
  package func run(
    progress: (ReplayProgress) -> Bool = { _ in true }
  ) throws -> ReplayReport {
    // Whoever trades next for the world takes its runs up.
    defer { trading.rest() }
    let state = try desk.existing(world)
    let rows = PaperTape(of: state.records, from: evidence)
      .instants(after: plan.from - TimeSpan(milliseconds: 1), through: plan.to)
    for (place, row) in rows.enumerated() {
      clock.set(row)
      try play(row)
      report.rows += 1
      let state = try desk.state(of: world)
      let goesOn = progress(
        ReplayProgress(
          at: row, rows: place + 1, total: rows.count, cycle: state.cycle,
          live: state.counts[.live] ?? 0, equity: equity))
      if !goesOn { break }
    }
    report.equity = equity
    return report
  }

  /// Of the account that stands for money.
  private var equity: Double { trading.portfolio(of: world, asOf: clock.now).equity }

  private func play(_ row: Timestamp) throws {
    let state = try desk.state(of: world)
    let before = state.lastSeq
    let isDue =
      state.declared != .paused
      && (state.evaluation == nil || state.cycle(at: row) > state.cycle)
    let traded: PaperProgress
    if isDue {
      let receipt = try desk.evaluate(world, at: row, by: .desk, trading: trading)
      report.evaluations += 1
      if receipt.plan.currency.standing == .stale { report.stale += 1 }
      if let outcome = receipt.outcome, outcome.stage != .completed { report.failedRuns += 1 }
      traded = receipt.traded
    } else {
      traded = try trading.trade(in: world, at: desk, for: { .advance(through: row) }, { $0 })
    }
    try count(after: before)
    report.add(traded)
    peak = max(peak, equity)
    if peak > 0 { report.drawdown = max(report.drawdown, 1 - equity / peak) }
    report.curve.append((row, equity))
  }

  private func count(after seq: Int64) throws(WorldDeskFailure) {
    var after: Int64? = seq
    while let cursor = after {
      let page = try desk.audit(world, after: cursor, limit: 256)
      for entry in page.entries {
        switch entry.kind {
        case "world.alerted": report.alerts += 1
        case "cutover.switched":
          guard case .array(let phases)? = entry.payload["phases"] else { continue }
          for phase in phases {
            if phase["phase"] == .string("live") {
              report.promotions += 1
            } else {
              report.demotions += 1
            }
          }
        default: break
        }
      }
      after = page.next
    }
  }
}

/// The clock of a replay: it stands at the row that is played.
final class ReplayClock: Sendable {
  private let instant: Mutex<Timestamp>

  init(_ instant: Timestamp) {
    self.instant = Mutex(instant)
  }

  var now: Timestamp { instant.withLock { $0 } }

  func set(_ next: Timestamp) {
    instant.withLock { $0 = next }
  }
}
