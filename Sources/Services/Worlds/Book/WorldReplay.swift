package import Essentials
import Execution
package import Markets
package import Storage
import Synchronization
package import Worlds

/// Leads a world through history, bar by bar, as though it were the present: each row of the panels is
/// played to the venues, what was filled is recorded, the risk is judged, the world is evaluated where
/// its schedule says so, cutovers go on, and the instances order what their formulas want.
///
/// 1. Nothing later than the instant is used, and the clock is the row's.
/// 2. Instances on paper trade at a paper venue, those that are live at one that stands for money,
///    through their gates. No price is invented.
/// 3. Equal data, policy and instances give the same events, byte for byte, but for the chain.
///
/// The world must be there, with its policy and its instances, and must not have been evaluated
/// later than the beginning; ``seed(_:from:at:)`` makes a copy of one in a journal of its own.
package final class WorldReplay {
  private let world: String
  private let plan: ReplayPlan
  private let clock: ReplayClock
  private let evidence: PanelEvidence
  private let stage: ReplayStage
  private let orders: OrderDesk
  private let runner: CutoverRunner
  /// The desk that the replay works at, with the clock of the row.
  package let desk: WorldDesk
  private var report = ReplayReport()
  private var equities: [String: Double] = [:]
  private var trades: [String: Int] = [:]
  private var peak = 0.0
  private var funded: Set<String> = []

  /// - Parameters:
  ///   - journal: opened with ``WorldBook``; the world's own, or a scratch one.
  ///   - open: opens a panel by its name.
  package init(
    _ world: String, through plan: ReplayPlan, in journal: Journal,
    opening open: @escaping @Sendable (String) throws -> Panel
  ) throws(WorldDeskFailure) {
    self.world = world
    self.plan = plan
    let clock = ReplayClock(plan.from)
    self.clock = clock
    evidence = PanelEvidence(gaps: plan.gaps, opening: open)
    let known = try WorldDesk(
      WorldDeskSetup(journal: journal, now: { clock.now }, evidence: NoEvidence())
    ).existing(world)
    stage = ReplayStage(plan, instancesMax: known.ids.count)
    stage.set(leverage: known.rules.risk.limits.leverage ?? 1)
    let orders = OrderDesk(
      name: "replay", world: world, leaseLength: known.rules.cutover.gateLease, excess: .cut,
      now: { clock.now })
    self.orders = orders
    let board = GateBoard()
    board.add(orders)
    runner = CutoverRunner(
      CutoverSetup(board: board, venues: stage, desk: { _ in orders }, now: { clock.now }))
    desk = WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { clock.now }, evidence: evidence, account: stage,
        cutover: runner, graph: SharedGraphLog(journal: journal)))
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
  ) throws(WorldDeskFailure) -> ReplayReport {
    let tape = try tape()
    for (place, row) in tape.enumerated() {
      clock.set(row.at)
      try play(row)
      report.rows += 1
      let state = try desk.state(of: world)
      let goesOn = progress(
        ReplayProgress(
          at: row.at, rows: place + 1, total: tape.count, cycle: state.cycle,
          live: state.counts[.live] ?? 0, equity: stage.equity))
      if !goesOn { break }
    }
    report.equity = stage.equity
    return report
  }

  // MARK: - The tape

  /// The rows of all panels that end at one instant.
  private struct TapeRow {
    var at: Timestamp
    var rows: [(panel: Panel, row: Int)]
  }

  private func tape() throws(WorldDeskFailure) -> [TapeRow] {
    var panels: [Panel] = []
    for record in try desk.existing(world).records {
      let panel: Panel
      do throws(WorldDeskFailure) {
        panel = try evidence.panel(of: record.submission)
      } catch {
        // An instance without a panel fails where it is evaluated, and says why.
        continue
      }
      if !panels.contains(where: { $0.fingerprint == panel.fingerprint }) { panels.append(panel) }
    }
    var rows: [Timestamp: TapeRow] = [:]
    for panel in panels {
      for row in 0..<panel.rows {
        let end = panel.axis.end(ofRow: row)
        guard end >= plan.from, end <= plan.to else { continue }
        rows[end, default: TapeRow(at: end, rows: [])].rows.append((panel, row))
      }
    }
    return rows.values.sorted { $0.at < $1.at }
  }

  private func bars(_ row: TapeRow) -> [MarketBar] {
    var seen: Set<String> = []
    var bars: [MarketBar] = []
    for (panel, place) in row.rows {
      guard let close = panel.matrix("close") else { continue }
      let others = ["open", "high", "low"].map { panel.matrix($0) }
      let volume = panel.matrix("volume")
      for (column, instrument) in panel.instruments.enumerated() {
        let last = close[place, column]
        func price(_ matrix: MatrixColumn?) -> Double {
          matrix.map { $0[place, column] }.flatMap { $0.isFinite ? $0 : nil } ?? last
        }
        let open = price(others[0])
        // Rounded data may put a close a hair outside of its range.
        let high = max(price(others[1]), open, last)
        let low = min(price(others[2]), open, last)
        guard seen.insert(instrument.symbol).inserted,
          let bar = MarketBar(
            symbol: instrument.symbol, open: open, high: high, low: low, close: last,
            volume: volume.map { $0[place, column] })
        else { continue }
        bars.append(bar)
      }
    }
    return bars
  }

  // MARK: - One row

  private func play(_ row: TapeRow) throws(WorldDeskFailure) {
    let observations = try onStage { try stage.advance(to: row.at, bars: bars(row)) }
    try book(row)
    let trips = try desk.observe(observations, in: world, at: row.at)
    report.trips += trips.count
    try renewLeases()
    try goOn()
    try evaluate(row)
    try renewLeases()
    try order(row)
  }

  /// Records what was filled, and what each account is worth.
  private func book(_ row: TapeRow) throws(WorldDeskFailure) {
    let fills = try onStage { try stage.takeFills() }
    report.fills += fills.count
    for fill in fills { trades["\(fill.account)\n\(fill.instance)", default: 0] += 1 }
    var marks: [PaperMark] = []
    for record in try desk.state(of: world).records {
      switch record.phase {
      case .dryrun: if let mark = mark(record, row, "paper", stage.paper) { marks.append(mark) }
      case .submitted, .backtest, .live, .inactive, .failed, .retired: continue
      }
    }
    let whole = mark("", equity: stage.equity, row, "live")
    if let whole { marks.append(whole) }
    _ = try desk.record(fills: fills, marks: marks, in: world, at: row.at)
    trades = [:]
    peak = max(peak, stage.equity)
    if peak > 0 { report.drawdown = max(report.drawdown, 1 - stage.equity / peak) }
    report.curve.append((row.at, stage.equity))
  }

  private func mark(
    _ record: InstanceRecord, _ row: TapeRow, _ account: String, _ broker: PaperBroker
  ) -> PaperMark? {
    guard funded.contains(record.id), let statement = try? broker.equity(of: record.id) else {
      return nil
    }
    return mark(record.id, equity: statement.equity.value, row, account)
  }

  /// The close of an account, nil before it was ever worth something.
  private func mark(
    _ instance: String, equity: Double, _ row: TapeRow, _ account: String
  ) -> PaperMark? {
    let key = "\(account)\n\(instance)"
    defer { equities[key] = equity }
    guard let before = equities[key], before > 0 else { return nil }
    let earned = equity / before - 1
    return PaperMark(
      instance: instance, account: account, day: row.at, equity: equity,
      dayReturn: earned.isFinite ? earned : .nan, trades: trades[key] ?? 0)
  }

  private func goOn() throws(WorldDeskFailure) {
    guard try desk.state(of: world).runs.active != nil else { return }
    let news: [CutoverNews] =
      runner.stage(in: world) == .opening ? [.ticked(anomaly: nil)] : []
    let outcome = try inRun { () throws(CutoverFailure) in
      try runner.goOn(news, in: world, of: desk)
    }
    if let outcome { try note(outcome) }
  }

  private func note(_ outcome: CutoverOutcome) throws(WorldDeskFailure) {
    if outcome.stage != .completed { report.failedRuns += 1 }
    try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
  }

  private func evaluate(_ row: TapeRow) throws(WorldDeskFailure) {
    let state = try desk.state(of: world)
    guard state.declared != .paused,
      state.evaluation == nil || state.cycle(at: row.at) > state.cycle
    else { return }
    let before = state.lastSeq
    let receipt = try desk.evaluate(world, at: row.at, by: .desk)
    report.evaluations += 1
    if receipt.plan.currency.standing == .stale { report.stale += 1 }
    if let outcome = receipt.outcome, outcome.stage != .completed { report.failedRuns += 1 }
    try count(after: before)
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

  private func renewLeases() throws(WorldDeskFailure) {
    try inRun { () throws(CutoverFailure) in try runner.renewLeases(of: world, in: desk) }
  }

  // MARK: - Orders

  private func order(_ row: TapeRow) throws(WorldDeskFailure) {
    let state = try desk.state(of: world)
    if let share = stage.takeFlatteningShare() {
      try flatten(share, state, row)
      return
    }
    let traded = state.records.filter { $0.phase == .dryrun || $0.phase == .live }
    guard !traded.isEmpty else { return }
    let targets = evidence.targets(of: traded, under: state.rules, asOf: row.at)
    for record in traded {
      guard let wanted = targets[record.id] else { continue }
      if record.phase == .dryrun {
        try orderOnPaper(record, wanted, row)
      } else if state.runs.active == nil || !state.runs.isTouched(record.id) {
        try orderWithMoney(record, wanted, row)
      }
    }
  }

  /// Symbols that are wanted or held, in order.
  private func symbols(_ wanted: [String: Double], _ held: [InstancePosition]) -> [String] {
    Set(wanted.keys).union(held.map(\.symbol)).sorted()
  }

  private func orderOnPaper(
    _ record: InstanceRecord, _ wanted: [String: Double], _ row: TapeRow
  ) throws(WorldDeskFailure) {
    let broker = stage.paper
    if funded.insert(record.id).inserted {
      try onStage { try broker.fund(record.id, with: plan.capital) }
    }
    let orders = DryRunOrders(of: record.id, to: broker)
    let book = try onStage { try broker.positions() }
    let equity = try onStage { try broker.equity(of: record.id).equity.value }
    let held = book.parts(of: record.id)
    for (place, symbol) in symbols(wanted, held).enumerated() {
      let has = Int(book.quantity(of: symbol, heldBy: record.id).lots)
      guard let wants = stage.lots(worth: wanted[symbol] ?? 0, of: equity, symbol: symbol),
        wants != has
      else { continue }
      _ = try onStage {
        try orders.give(ticket(record, place, symbol, lots: wants - has, row, isReducing: false))
      }
    }
  }

  private func orderWithMoney(
    _ record: InstanceRecord, _ wanted: [String: Double], _ row: TapeRow
  ) throws(WorldDeskFailure) {
    let weight = record.gate.weight
    guard weight > 0 else { return }
    let book = try onStage { try stage.live.positions() }
    let held = book.parts(of: record.id)
    for (place, symbol) in symbols(wanted, held).enumerated() {
      let has = Int(book.quantity(of: symbol, heldBy: record.id).lots)
      let share = (wanted[symbol] ?? 0) * weight
      guard let wants = stage.lots(worth: share, of: stage.equity, symbol: symbol), wants != has
      else { continue }
      let isReducing =
        has != 0 && wants.magnitude < has.magnitude && wants.signum() != -has.signum()
      // The gate lets its weight's share of an order through, and all of one that reduces.
      let lots =
        isReducing ? wants - has : Int((Double(wants - has) / weight).rounded(.towardZero))
      try give(record, ticket(record, place, symbol, lots: lots, row, isReducing: isReducing), row)
    }
  }

  private func flatten(
    _ share: Double, _ state: WorldState, _ row: TapeRow
  ) throws(WorldDeskFailure) {
    let book = try onStage { try stage.live.positions() }
    for record in state.records {
      for (place, part) in book.parts(of: record.id).enumerated() {
        let lots = -Int((Double(part.quantity.lots) * share).rounded(.awayFromZero))
        try give(
          record, ticket(record, place, part.symbol, lots: lots, row, isReducing: true), row)
      }
    }
  }

  private func ticket(
    _ record: InstanceRecord, _ place: Int, _ symbol: String, lots: Int, _ row: TapeRow,
    isReducing: Bool
  ) -> OrderTicket {
    OrderTicket(
      signal: "replay:\(row.at.millisecondsSinceEpoch)", instance: record.id, side: record.side,
      sequence: place, symbol: symbol, lots: lots, isReducing: isReducing)
  }

  private func give(
    _ record: InstanceRecord, _ ticket: OrderTicket, _ row: TapeRow
  ) throws(WorldDeskFailure) {
    guard ticket.lots != 0 else { return }
    let live = stage.live
    let id = record.id
    let orders = orders.orders(of: id, side: record.side, to: live) { symbol in
      Int(try live.positions().quantity(of: symbol, heldBy: id).lots)
    }
    let answer = try onStage { try orders.give(ticket) }
    switch answer {
    case .sent(let acknowledgement):
      let isRejected = if case .rejected = acknowledgement.status { true } else { false }
      let trips = try desk.observe(
        [.order(isRejected: isRejected), .connection(isFailed: false)], in: world, at: row.at)
      report.trips += trips.count
    case .refused: report.refusedOrders += 1
    case .known, .noted: break
    }
  }

  // MARK: - Failures

  private func onStage<Result>(
    _ body: () throws -> Result
  ) throws(WorldDeskFailure) -> Result {
    do {
      return try body()
    } catch let failure as any ExplainedFailure {
      throw .evidence(failure)
    } catch {
      throw .evidence(ReplayFailure(cause: "\(error)"))
    }
  }

  private func inRun<Result>(
    _ body: () throws(CutoverFailure) -> Result
  ) throws(WorldDeskFailure) -> Result {
    do throws(CutoverFailure) { return try body() } catch { throw .evidence(error) }
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

/// A failure that explains nothing of itself.
struct ReplayFailure: ExplainedFailure, Hashable {
  var cause: String
  var key: String { "replay_failed" }
  var explanation: String { "The replay cannot go on: \(cause)." }
  var remedy: String { "Look at the panel and the instances of the world." }
  var outcome: FailureOutcome { .failed }
}
