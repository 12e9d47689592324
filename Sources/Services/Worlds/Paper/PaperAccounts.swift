import Essentials
import Execution
import Markets
import Storage
import Synchronization
import Worlds

/// The accounts of a world to which no venue is connected: one for what is traded on paper, and one
/// that stands for money and moves none.
///
/// 1. They are what the journal says: orders that wait, fills and closes of days are recorded, and the
///    accounts are made from them again at any time. There is no other copy that could differ.
/// 2. A row of prices is traded in memory and recorded with all of its fills and marks in one commit.
///    Before that commit nothing of the row has happened, after it all has.
/// 3. Orders that follow from what instances want live within one row and are not recorded: they
///    follow again from the same prices. Orders of cutovers are recorded before they are answered.
final class PaperAccounts: CutoverVenues {
  let world: String
  private unowned let desk: WorldDesk
  private let terms: PaperTerms
  private let memory: Mutex<Memory>

  /// What the journal was read to.
  struct Memory: Sendable {
    var paper: PaperBroker
    var stage: PaperBroker
    var lot: LotSize
    var capital: Money
    /// The number of the last event about accounts.
    var seq: Int64 = 0
    var session = PaperSession()
    /// Instances that have capital on paper.
    var funded: Set<String> = []
    /// Whether anything happened in memory that is not on record.
    var isAhead = false
  }

  /// - Parameter terms: what accounts are opened with that are not open yet.
  init(of world: String, at desk: WorldDesk, terms: PaperTerms) throws(WorldDeskFailure) {
    self.world = world
    self.desk = desk
    self.terms = terms
    memory = Mutex(Self.opened(terms))
    try takeUp(nil)
  }

  private static func opened(_ terms: PaperTerms) -> Memory {
    let capital = Money(terms.capital) ?? .zero
    let lot = LotSize(terms.lot) ?? .one
    let fee = Rate(basisPoints: terms.feeBasisPoints) ?? .none
    func broker(_ venue: String, _ balance: Money) -> PaperBroker {
      PaperBroker(
        PaperConfiguration(
          venue: venue, account: venue, balance: balance, otherLots: lot, reduceOnly: .cut,
          fee: fee))
    }
    var memory = Memory(
      // Each instance has capital of its own, however many there are.
      paper: broker("paper", .largest), stage: broker("rehearsal", capital), lot: lot,
      capital: capital)
    memory.session = PaperSession(equity: capital.value)
    return memory
  }

  // MARK: - The record

  /// Makes the accounts anew where somebody else recorded something of them, or where something was
  /// not recorded.
  ///
  /// - Parameter tape: the prices at which what is held is worth something; without one it is worth
  ///   what was paid last.
  func takeUp(_ tape: PaperTape?) throws(WorldDeskFailure) {
    let (seq, isAhead) = memory.withLock { ($0.seq, $0.isAhead) }
    let state = try desk.state(of: world)
    var events = try Self.events(of: world, after: isAhead ? 0 : seq, at: desk)
    if isAhead || !events.isEmpty {
      if !isAhead, seq > 0 { events = try Self.events(of: world, after: 0, at: desk) }
      var fresh = Self.opened(state.paperTerms ?? terms)
      for event in events { try fresh.take(event) }
      memory.withLock { $0 = fresh }
    }
    if let last = state.paperStart {
      let prices = tape?.prices(asOf: last) ?? [:]
      memory.withLock { memory in
        guard memory.paper.lastRow.map({ $0 < last }) ?? true || !prices.isEmpty else { return }
        memory.paper.resume(after: last, marks: prices)
        memory.stage.resume(after: last, marks: prices)
      }
    }
  }

  private static let kinds = [
    "paper.opened", "paper.ordered", "paper.cancelled", "paper.filled", "paper.marked",
  ]

  private static func events(
    of world: String, after seq: Int64, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> [WorldEntry] {
    var entries: [WorldEntry] = []
    for kind in kinds {
      var after = seq
      while true {
        let part = try inJournal { () throws(JournalFailure) in
          try desk.journal.events(
            after: after, limit: 512,
            filter: JournalFilter(run: WorldBook.run(of: world), kind: kind))
        }
        for event in part { entries.append(try WorldDesk.entry(event)) }
        guard part.count == 512, let last = part.last else { break }
        after = last.seq
      }
    }
    return entries.sorted { $0.seq < $1.seq }
  }

  /// Whether anything happened in memory that is not on record.
  var isAhead: Bool { memory.withLock { $0.isAhead } }

  /// Everything up to an event is on record, and in memory.
  func note(recorded seq: Int64) {
    memory.withLock { memory in
      memory.seq = max(memory.seq, seq)
      memory.isAhead = false
    }
  }

  private func keep(
    _ account: String, _ order: BrokerOrder, _ document: JSONValue
  ) throws {
    let event = PaperOrder(
      instance: order.instance, account: account, order: order.clientID.text, document: document)
    let receipt = try desk.record(order: event, in: world)
    memory.withLock { $0.seq = max($0.seq, receipt.state.lastSeq) }
  }

  // MARK: - Venues

  /// The account on paper, through which signals trade within a row.
  var paper: PaperBroker { memory.withLock { $0.paper } }
  /// What plays the venue that stands for money.
  var stage: PaperBroker { memory.withLock { $0.stage } }
  /// That venue as signals see it within a row.
  var signalVenue: RehearsalVenue { RehearsalVenue(playedBy: stage) }
  var capital: Money { memory.withLock { $0.capital } }

  func live(of instance: String, in world: String) -> (any Broker<LiveAuthority>)? {
    RecordedVenue<LiveAuthority>(base: stage) { [self] in try keep("live", $0, $1) }
  }

  func paper(of instance: String, in world: String) -> (any Broker<PaperAuthority>)? {
    RecordedVenue<PaperAuthority>(base: paper) { [self] in try keep("paper", $0, $1) }
  }

  /// The same share of the account that the instance has of its paper account.
  func mirrored(
    _ quantity: Quantity, of symbol: String, instance: String, weight: Double, in world: String
  ) -> Quantity {
    let (paper, stage) = memory.withLock { ($0.paper, $0.stage) }
    guard let own = try? paper.equity(of: instance).equity.value, own > 0,
      let whole = try? stage.equity(of: nil).equity.value
    else { return .zero }
    return quantity.scaled(by: weight * whole / own) ?? .zero
  }

  // MARK: - The account

  /// What the account that stands for money shows.
  ///
  /// - Parameter leverage: what a unit of equity may carry.
  func portfolio(leverage: Double) -> WorldSnapshot.Portfolio {
    let (stage, session, lot) = memory.withLock { ($0.stage, $0.session, $0.lot) }
    let equity = (try? stage.equity(of: nil))?.equity.value ?? .nan
    let gross = Self.gross(stage, lot) { _ in true }
    return WorldSnapshot.Portfolio(
      equity: equity, sessionOpen: session.open, sessionPeak: max(session.peak, equity),
      marginUsed: gross / (equity * max(1, leverage)))
  }

  private static func gross(
    _ broker: PaperBroker, _ lot: LotSize, where isCounted: (InstancePosition) -> Bool
  ) -> Double {
    guard let positions = try? broker.positions() else { return .nan }
    let marks = broker.marks
    return positions.parts.filter(isCounted).reduce(0) { sum, part in
      sum
        + (marks[part.symbol].map { $0.value * part.quantity.units(of: lot) } ?? .nan).magnitude
    }
  }

  /// What an instance holds with money at the last prices, whatever its sign.
  func gross(of instance: String) -> Double {
    let (stage, lot) = memory.withLock { ($0.stage, $0.lot) }
    return Self.gross(stage, lot) { $0.instance == instance }
  }

  /// Lots that are worth a share of an equity at the latest close; nil without a price.
  func lots(worth share: Double, of equity: Double, symbol: String) -> Int? {
    let (paper, stage, lot) = memory.withLock { ($0.paper, $0.stage, $0.lot) }
    guard let price = paper.marks[symbol] ?? stage.marks[symbol], share.isFinite,
      equity.isFinite
    else { return nil }
    let lots = (share * equity / (price.value * lot.value)).rounded(.towardZero)
    return lots.magnitude < Double(Quantity.largest.lots) ? Int(lots) : nil
  }

  /// Gives an instance its capital on paper, once.
  func fund(_ instance: String) throws(PaperFailure) {
    let (paper, capital, isFunded) = memory.withLock {
      ($0.paper, $0.capital, $0.funded.contains(instance))
    }
    guard !isFunded else { return }
    try paper.fund(instance, with: capital)
    memory.withLock { _ = $0.funded.insert(instance) }
  }

  func isFunded(_ instance: String) -> Bool { memory.withLock { $0.funded.contains(instance) } }

  // MARK: - Rows

  /// From now on memory is ahead of the record, until ``note(recorded:)``.
  func begin() { memory.withLock { $0.isAhead = true } }

  /// Feeds the next row: orders that wait are filled, and everything is worth its close. What an
  /// instance wanted and did not get in this row it wants anew in the next.
  ///
  /// - Returns: the fills, and what the account shows, beginning a session where a new day began.
  func feed(
    _ instant: Timestamp, _ bars: [MarketBar]
  ) throws -> (fills: [PaperFill], observations: [RiskCuts.Observation]) {
    let (paper, stage, lot) = memory.withLock { ($0.paper, $0.stage, $0.lot) }
    let fills =
      try paper.advance(to: instant, bars: bars).map { Self.recorded($0, "paper", lot) }
      + stage.advance(to: instant, bars: bars).map { Self.recorded($0, "live", lot) }
    for broker in [paper, stage] {
      broker.forgetFills(through: FillCursor(sequence: .max))
      for open in try broker.openOrders(of: nil) where PaperTrader.isSignal(open.order.clientID) {
        _ = try broker.cancel(open.order.clientID)
      }
    }
    let equity = try stage.equity(of: nil).equity.value
    let open = try stage.openOrders(of: nil).count
    return memory.withLock { memory in
      let begun = memory.session.take(equity: equity, at: instant)
      let observations = begun.map { [RiskCuts.Observation.session(equity: $0)] } ?? []
      return (fills, observations + [.equity(equity), .fillStream, .openOrders(open)])
    }
  }

  private static func recorded(_ fill: Fill, _ account: String, _ lot: LotSize) -> PaperFill {
    PaperFill(
      instance: fill.instance, account: account, order: fill.clientID.text,
      number: Int(fill.sequence), symbol: fill.symbol,
      lots: Double(fill.change.lots) * lot.value, price: fill.price.value, fee: fill.fee.value)
  }
}

extension PaperAccounts.Memory {
  /// Takes in what is recorded of the accounts; what no account wrote is refused.
  fileprivate mutating func take(_ entry: WorldEntry) throws(WorldDeskFailure) {
    seq = max(seq, entry.seq)
    do {
      switch entry.event {
      case .paperOrdered(let order):
        _ = try broker(order.account).submit(BrokerOrder(json: order.document))
      case .paperCancelled(let order):
        _ = try broker(order.account).cancel(ClientOrderID(recorded: order.order))
      case .paperFilled(let fill):
        if fill.account == "paper" { try fund(fill.instance) }
        try broker(fill.account).take(recorded: try self.fill(fill, at: entry.at))
      case .paperMarked(let mark):
        if mark.account == "paper" { try fund(mark.instance) }
        if mark.isOfWorld { _ = session.take(equity: mark.equity, at: mark.day) }
      default: break
      }
    } catch let failure as any ExplainedFailure {
      throw .evidence(failure)
    } catch {
      throw .evidence(PaperMistake(seq: entry.seq))
    }
  }

  private func broker(_ account: String) -> PaperBroker { account == "paper" ? paper : stage }

  private mutating func fund(_ instance: String) throws(PaperFailure) {
    if funded.insert(instance).inserted { try paper.fund(instance, with: capital) }
  }

  /// The fill as the broker had it: whole lots and exact amounts, which the record keeps as the
  /// nearest numbers.
  private func fill(_ fill: PaperFill, at instant: Timestamp) throws -> Fill {
    let lots = (fill.lots / lot.value).rounded()
    guard lots.magnitude <= Double(Quantity.largest.lots), lots != 0, let price = Price(fill.price),
      let fee = Money(fill.fee)
    else { throw PaperFailure.unusableFill(number: Int64(fill.number), last: 0) }
    return Fill(
      venue: broker(fill.account).venue, venueOrderID: fill.order, sequence: Int64(fill.number),
      clientID: ClientOrderID(recorded: fill.order), instance: fill.instance, symbol: fill.symbol,
      side: lots > 0 ? .buy : .sell, quantity: Quantity(lots: Int64(lots.magnitude)), price: price,
      fee: fee, instant: instant)
  }
}

/// A record of accounts that cannot be understood.
struct PaperMistake: ExplainedFailure, Hashable {
  let seq: Int64
  var key: String { "unusable_account_record" }
  var explanation: String { "Event \(seq) is none that the accounts of a world wrote." }
  var remedy: String { "Verify the journal, or use the program that wrote it." }
  var outcome: FailureOutcome { .integrityViolated }
}
