import Essentials
import Execution
import Markets
import Storage
import Worlds

/// Trades rows of prices for one world, each once and in order.
///
/// A row is traded so: the instances order what their formulas want as of the row before, those on
/// paper at the paper account and those that are live through their gates; the row fills what waits,
/// at its open; the accounts are worth its close. All of it is one commit. Then the risk is judged
/// and a cutover that waits goes on.
///
/// Weights, phases and gates are those that stand when the row is traded. An instance that came to
/// its phase only after the row was complete has no part in it.
struct PaperTrader {
  let world: String
  let desk: WorldDesk
  let accounts: PaperAccounts
  let evidence: PanelEvidence
  let tape: PaperTape
  let orders: OrderDesk
  let runner: CutoverRunner
  let terms: PaperTerms

  private static let purpose = "signal:"

  /// Whether an order follows from what an instance wants, and not from a cutover.
  static func isSignal(_ id: ClientOrderID) -> Bool { id.text.hasPrefix(purpose) }

  /// Trades every row that is complete after the last one traded and not after an instant.
  func advance(through instant: Timestamp) throws -> PaperProgress {
    var progress = PaperProgress()
    let state = try desk.existing(world)
    guard let start = state.paperStart, start < instant, !state.isDeleted else { return progress }
    for row in tape.instants(after: start, through: instant) { progress.add(try play(row)) }
    return progress
  }

  // MARK: - One row

  private func play(_ row: Timestamp) throws -> PaperProgress {
    var progress = PaperProgress()
    try runner.renewLeases(of: world, in: desk)
    let state = try desk.existing(world)
    accounts.begin()
    var answers: [RiskCuts.Observation] = []
    let holders = try order(state, row, &answers, &progress)
    let before = try Valuation(accounts, holders)
    let (fills, observations) = try accounts.feed(row, tape.bars(at: row))
    let marks = try marks(state, row, holders, fills, since: before)
    let receipt = try desk.record(
      fills: fills, marks: marks, terms: terms, in: world, at: row)
    guard !receipt.entries.isEmpty else {
      // Somebody was faster; what they recorded is what happened.
      try accounts.takeUp(tape)
      return PaperProgress()
    }
    accounts.note(recorded: receipt.state.lastSeq)
    progress.rows = 1
    progress.from = row
    progress.through = row
    progress.paperFills = fills.count { $0.account == "paper" }
    progress.liveFills = fills.count - progress.paperFills
    progress.trips = try desk.observe(answers + observations, in: world, at: row).count
    try runner.renewLeases(of: world, in: desk)
    progress.failedRuns = try goOn()
    return progress
  }

  /// Lets a cutover that waits go on, and tells it that time passed in the market.
  ///
  /// - Returns: how many ended without completing.
  private func goOn() throws -> Int {
    guard let run = try desk.existing(world).runs.active else { return 0 }
    // The record knows the stage also in a process that has not seen the run yet.
    let isOpening = (try? CutoverHistory(replaying: run.events))?.stage == .opening
    var outcome: CutoverOutcome?
    if runner.stage(in: world) == nil { outcome = try runner.takeUp(world, in: desk) }
    if outcome == nil {
      outcome = try runner.goOn(
        isOpening ? [.ticked(anomaly: nil)] : [], in: world, of: desk)
    }
    guard let outcome else { return 0 }
    try desk.carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
    return outcome.stage == .completed ? 0 : 1
  }

  // MARK: - Worth

  /// Who trades in a row with what, by instance.
  private struct Holders {
    /// Instances on paper that have capital.
    var paper: Set<String> = []
    /// The weights of those whose gates let them trade money.
    var weights: [String: Double] = [:]
  }

  /// What everybody has before a row.
  private struct Valuation {
    var paper: [String: Double] = [:]
    /// What instances made with money so far, and what they hold of it.
    var profits: [String: Double] = [:]
    var gross: [String: Double] = [:]
    var whole: Double

    init(_ accounts: PaperAccounts, _ holders: Holders) throws {
      for id in holders.paper.sorted() {
        paper[id] = try accounts.paper.equity(of: id).equity.value
      }
      let stage = accounts.stage
      whole = try stage.equity(of: nil).equity.value
      for id in Set(try stage.positions().parts.map(\.instance)) {
        profits[id] = try stage.equity(of: id).equity.value
        gross[id] = accounts.gross(of: id)
      }
    }
  }

  private func marks(
    _ state: WorldState, _ row: Timestamp, _ holders: Holders, _ fills: [PaperFill],
    since before: Valuation
  ) throws -> [PaperMark] {
    var trades: [String: Int] = [:]
    for fill in fills { trades["\(fill.account)\n\(fill.instance)", default: 0] += 1 }
    var marks: [PaperMark] = []
    let stage = accounts.stage
    for record in state.records {
      if let equity = before.paper[record.id] {
        let now = try accounts.paper.equity(of: record.id).equity.value
        marks.append(
          PaperMark(
            instance: record.id, account: "paper", day: row, equity: now,
            dayReturn: Self.ratio(now - equity, to: equity),
            trades: trades["paper\n\(record.id)"] ?? 0))
      }
      let count = trades["live\n\(record.id)"] ?? 0
      let weight = holders.weights[record.id]
      // One that held nothing and might not order earned nothing that is known of it.
      guard weight != nil || count > 0 || before.gross[record.id] != nil else { continue }
      let earned =
        try stage.equity(of: record.id).equity.value - (before.profits[record.id] ?? 0)
      // What is set aside for it, or what it still holds where nothing is.
      let share =
        weight ?? (record.phase == .live && record.gate.weight > 0 ? record.gate.weight : nil)
      let base = share.map { $0 * before.whole } ?? before.gross[record.id] ?? 0
      marks.append(
        PaperMark(
          instance: record.id, account: "live", day: row, equity: base + earned,
          dayReturn: Self.ratio(earned, to: base), trades: count))
    }
    let whole = try stage.equity(of: nil).equity.value
    marks.append(
      PaperMark(
        instance: "", account: "live", day: row, equity: whole,
        dayReturn: Self.ratio(whole - before.whole, to: before.whole),
        trades: fills.count { $0.account == "live" }))
    return marks
  }

  private static func ratio(_ part: Double, to whole: Double) -> Double {
    guard whole > 0, (part / whole).isFinite else { return .nan }
    return part / whole
  }

  // MARK: - Orders

  /// Orders what everybody wants as of the last row.
  private func order(
    _ state: WorldState, _ row: Timestamp, _ answers: inout [RiskCuts.Observation],
    _ progress: inout PaperProgress
  ) throws -> Holders {
    var holders = Holders()
    guard let last = accounts.paper.lastRow else { return holders }
    func isTrading(_ record: InstanceRecord) -> Bool {
      (record.phase == .dryrun || record.phase == .live) && record.phaseSince < row
    }
    let targets = evidence.targets(
      of: state.records.filter(isTrading), under: state.rules, asOf: last)
    let flattening = state.breaker.flattening(at: last)
    for record in state.records {
      let wanted = isTrading(record) ? targets[record.id] : nil
      if record.phase == .dryrun, isTrading(record) {
        if let wanted { try orderOnPaper(record, wanted, last) }
        if accounts.isFunded(record.id) { holders.paper.insert(record.id) }
      } else if accounts.isFunded(record.id) {
        // What is not on paper any more is closed there.
        try orderOnPaper(record, [:], last)
      }
      if let flattening {
        try flatten(flattening, record, last, &answers, &progress)
      } else if record.phase == .live {
        if record.gate.state.isOpen { holders.weights[record.id] = record.gate.weight }
        guard let wanted, state.runs.active == nil || !state.runs.isTouched(record.id) else {
          continue
        }
        try orderWithMoney(record, wanted, last, &answers, &progress)
      }
    }
    return holders
  }

  /// Symbols that are wanted or held, in order.
  private func symbols(_ wanted: [String: Double], _ held: [InstancePosition]) -> [String] {
    Set(wanted.keys).union(held.map(\.symbol)).sorted()
  }

  private func orderOnPaper(
    _ record: InstanceRecord, _ wanted: [String: Double], _ last: Timestamp
  ) throws {
    let broker = accounts.paper
    try accounts.fund(record.id)
    let orders = DryRunOrders(of: record.id, to: broker)
    let book = try broker.positions()
    let equity = try broker.equity(of: record.id).equity.value
    // What a cutover has closed already is not closed twice.
    let waiting = Set(try broker.openOrders(of: record.id).map(\.order.symbol))
    for (place, symbol) in symbols(wanted, book.parts(of: record.id)).enumerated() {
      let has = Int(book.quantity(of: symbol, heldBy: record.id).lots)
      guard !waiting.contains(symbol),
        let wants = accounts.lots(worth: wanted[symbol] ?? 0, of: equity, symbol: symbol),
        wants != has
      else { continue }
      _ = try orders.give(
        ticket(record, place, symbol, lots: wants - has, last, isReducing: false))
    }
  }

  private func orderWithMoney(
    _ record: InstanceRecord, _ wanted: [String: Double], _ last: Timestamp,
    _ answers: inout [RiskCuts.Observation], _ progress: inout PaperProgress
  ) throws {
    let weight = record.gate.weight
    guard weight > 0 else { return }
    let stage = accounts.stage
    let book = try stage.positions()
    let equity = try stage.equity(of: nil).equity.value
    for (place, symbol) in symbols(wanted, book.parts(of: record.id)).enumerated() {
      let has = Int(book.quantity(of: symbol, heldBy: record.id).lots)
      let share = (wanted[symbol] ?? 0) * weight
      guard let wants = accounts.lots(worth: share, of: equity, symbol: symbol), wants != has
      else { continue }
      let isReducing =
        has != 0 && wants.magnitude < has.magnitude && wants.signum() != -has.signum()
      // The gate lets its weight's share of an order through, and all of one that reduces.
      let lots =
        isReducing ? wants - has : Int((Double(wants - has) / weight).rounded(.towardZero))
      try give(
        record, ticket(record, place, symbol, lots: lots, last, isReducing: isReducing), &answers,
        &progress)
    }
  }

  private func flatten(
    _ share: Double, _ record: InstanceRecord, _ last: Timestamp,
    _ answers: inout [RiskCuts.Observation], _ progress: inout PaperProgress
  ) throws {
    let book = try accounts.stage.positions()
    for (place, part) in book.parts(of: record.id).enumerated() {
      let lots = -Int((Double(part.quantity.lots) * share).rounded(.awayFromZero))
      try give(
        record, ticket(record, place, part.symbol, lots: lots, last, isReducing: true), &answers,
        &progress)
    }
  }

  private func ticket(
    _ record: InstanceRecord, _ place: Int, _ symbol: String, lots: Int, _ last: Timestamp,
    isReducing: Bool
  ) -> OrderTicket {
    OrderTicket(
      signal: "\(Self.purpose)\(last.millisecondsSinceEpoch)", instance: record.id,
      side: record.side, sequence: place, symbol: symbol, lots: lots, isReducing: isReducing)
  }

  private func give(
    _ record: InstanceRecord, _ ticket: OrderTicket, _ answers: inout [RiskCuts.Observation],
    _ progress: inout PaperProgress
  ) throws {
    guard ticket.lots != 0 else { return }
    let venue = accounts.signalVenue
    let id = record.id
    let way = orders.orders(of: id, side: record.side, to: venue) { symbol in
      Int(try venue.positions().quantity(of: symbol, heldBy: id).lots)
    }
    switch try way.give(ticket) {
    case .sent(let acknowledgement):
      let isRejected = if case .rejected = acknowledgement.status { true } else { false }
      answers += [.order(isRejected: isRejected), .connection(isFailed: false)]
    case .refused: progress.refusedOrders += 1
    case .known, .noted: break
    }
  }
}

extension WorldBreaker {
  /// The time that a slice of flattening takes; rows are at least so long.
  private static let slice = TimeSpan.hours(1)

  /// The share of what is held that is to be closed at an instant, nil for nothing: all of it, or what
  /// one of the slices that are left of the time for it closes.
  fileprivate func flattening(at instant: Timestamp) -> Double? {
    let wanted = trips.compactMap(\.directive.flattening)
    guard !isArmed, let since, !wanted.isEmpty else { return nil }
    let spans = wanted.map { flattening -> TimeSpan in
      if case .twap(let over) = flattening { over } else { .zero }
    }
    let left = (spans.min() ?? .zero) - (instant - since)
    return 1 / Double(max(1, left.milliseconds / Self.slice.milliseconds))
  }
}
