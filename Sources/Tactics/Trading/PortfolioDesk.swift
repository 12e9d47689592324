package import Essentials
package import Markets
package import Models

/// Trades many contracts on one account by what models read of their markets.
///
/// One cycle of ``decide(at:readings:account:directives:)`` goes
/// 1. through the orders and the books: each ``ContractDesk`` learns what it holds (``DeskState``);
/// 2. through the account: the kill switch closes everything and lets nothing be entered any more;
/// 3. through what is held: exits, what is larger than its risk allows, what may be larger, leverage;
/// 4. through what is not: bound, closed form, simulation, choice of a side;
/// 5. through the wanted sides by rank: weight, leverage, size, gates, joint simulation, lots, orders;
/// 6. through what found no room: whether a position makes way for it.
///
/// It knows no time but that of the events and no chance but that of its seed, the symbol and the
/// number of the decision, so the same readings, reports and books give the same orders to the bit.
/// Cost: a microsecond or two for a market whose drift cannot pay its costs, half a millisecond for a
/// closed form, milliseconds for a simulation.
package struct PortfolioDesk: Sendable {
  /// Whether anything is entered.
  package enum Mode: Hashable, Sendable {
    case trading
    /// Everything is closed since an instant, because equity had fallen so far.
    case safety(since: Timestamp, equity: Double)
  }

  package let contracts: [PerpetualContract]
  package let configuration: TacticsConfiguration
  package let seed: UInt64
  package internal(set) var mode = Mode.trading
  /// One for each contract.
  package internal(set) var desks: [ContractDesk]
  package internal(set) var counts = DecisionCounts()
  /// How well the check of entries agrees with how trades were left.
  package internal(set) var alignment = EventAlignment()
  /// The equity at the first decision, which losses are measured from; NaN before.
  package internal(set) var initialEquity = Double.nan
  /// Trades lost one after the other.
  package internal(set) var lossesInARow = 0

  let maker: ProspectMaker
  private var workspace: PathWorkspace
  var joint: JointReturns
  var consensus: [ConsensusScore]
  /// The number of the last decision, and of the last order.
  var decisions: UInt64 = 0
  var orders: UInt64 = 0
  var lastDecision: Timestamp?
  /// The account as the last decision found it.
  var lastBooks: AccountReading?
  private var records: [DecisionRecord] = []
  private var prices: [Double]

  /// A desk that has seen nothing. Making one takes some milliseconds.
  ///
  /// - Parameter crew: who walks the paths of a simulation; the decisions are the same for every one.
  package init(
    _ contracts: [PerpetualContract], configuration: TacticsConfiguration, seed: UInt64,
    crew: PathCrew = .caller
  ) {
    self.contracts = contracts
    self.configuration = configuration
    self.seed = seed
    let settings = configuration.settings
    maker = ProspectMaker(settings, crew: crew)
    workspace = maker.workspace()
    desks = contracts.map { ContractDesk($0, under: settings.outlook) }
    joint = JointReturns(count: contracts.count, under: settings.trading.joint)
    consensus = Array(repeating: ConsensusScore(), count: contracts.count)
    prices = Array(repeating: .nan, count: contracts.count)
  }

  var settings: TacticsSettings { configuration.settings }

  /// How far ahead models are asked, in seconds.
  package var horizonSeconds: Double { maker.longestSeconds }

  /// Returns the decisions since the last call, in order, and forgets them.
  package mutating func takeRecords() -> [DecisionRecord] {
    defer { records.removeAll(keepingCapacity: true) }
    return records
  }

  /// Lets entries be made again after safety mode; losses are measured from here on.
  package mutating func leaveSafety() {
    mode = .trading
    initialEquity = .nan
  }

  // MARK: - What is told

  /// Learns what became of an order.
  package mutating func hear(_ report: OrderReport, of contract: ContractID) {
    if !desks[contract.place].hear(report, keeping: settings.quality.windowRows) {
      counts.unknownReports += 1
    }
  }

  /// Learns of a payment of funding.
  package mutating func observe(_ payment: FundingPayment, of contract: ContractID) {
    desks[contract.place].funding.observe(payment)
  }

  /// Learns that something was told of a contract; its warm-up counts from the first time.
  package mutating func see(_ contract: ContractID, at instant: Timestamp) {
    if desks[contract.place].firstSeenAt == nil { desks[contract.place].firstSeenAt = instant }
  }

  // MARK: - The cycle

  /// Says what it wants, given a reading of each contract of which there is news; nil for the others.
  ///
  /// Orders and books are looked after at every call, decisions are made once an interval.
  package mutating func decide(
    at now: Timestamp, readings: [MarketReading?], account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    precondition(readings.count == desks.count, "\(readings.count) readings, \(desks.count) desks")
    for place in desks.indices { settle(place, at: now, account, &directives) }
    guard isDue(at: now) else { return }
    lastDecision = now
    counts.cycles += 1
    decisions += 1
    takeIn(readings, at: now)
    var books = AccountReading(account, desks)
    lastBooks = books
    watchLosses(books.equity, at: now)
    var candidates: [Candidate] = []
    var wantedLeverages: [Int: Double] = [:]
    for place in desks.indices {
      guard case .holding(let holding) = desks[place].state else { continue }
      if case .safety = mode {
        leave(place, holding, reason: Self.killReason, at: now, &directives)
      } else if let reading = readings[place] {
        let reviewed = review(place, holding, reading, at: now, account, books, &directives)
        wantedLeverages[place] = reviewed.wantedLeverage
        if let addition = reviewed.addition { candidates.append(addition) }
      }
    }
    deleverage(wantedLeverages, at: now, account, &directives)
    for place in desks.indices {
      guard let reading = readings[place], let candidate = look(place, reading, at: now, books)
      else { continue }
      candidates.append(candidate)
    }
    enter(candidates, at: now, account, &books, &directives)
  }

  /// Whether a call at an instant decides.
  package func isDue(at now: Timestamp) -> Bool {
    lastDecision.map { now - $0 >= settings.trading.decisionInterval } ?? true
  }

  static let killReason = "kill_switch"

  private mutating func takeIn(_ readings: [MarketReading?], at now: Timestamp) {
    for place in desks.indices {
      prices[place] = .nan
      guard let reading = readings[place] else { continue }
      prices[place] = reading.price
      desks[place].reading = reading
      desks[place].sight = ContractDesk.Sight(
        price: reading.price, annualDrift: reading.belief.annualDrift,
        annualVolatility: reading.belief.annualVolatility)
      see(ContractID(place: place), at: now)
      desks[place].past.observe(reading.price, at: now)
    }
    joint.observe(prices, at: now)
  }

  private mutating func watchLosses(_ equity: Double, at now: Timestamp) {
    if initialEquity.isNaN { initialEquity = equity }
    guard case .trading = mode else { return }
    let verdict = KillSwitch.judge(
      equity: equity, initialEquity: initialEquity, under: settings.exit.account)
    guard verdict.outcome == .fail else { return }
    mode = .safety(since: now, equity: equity)
    for place in desks.indices {
      desks[place].turn = nil
      guard desks[place].state != .flat else { continue }
      note(.safety, place, reason: Self.killReason, at: now) {
        $0.choice = verdict
        $0.trade = $1.state.trade
        $0.side = $1.state.trade?.side
      }
    }
  }

  // MARK: - What all parts use

  /// Keeps a decision; `fill` writes what belongs to it.
  mutating func note(
    _ kind: DecisionRecord.Kind, _ place: Int, reason: String, at now: Timestamp,
    _ fill: (inout DecisionRecord, ContractDesk) -> Void
  ) {
    var record = DecisionRecord(
      kind, decision: decisions, at: now, ContractID(place: place),
      symbol: contracts[place].symbol, reason: reason,
      configuration: configuration.fingerprint.short)
    record.price = desks[place].sight?.price ?? .nan
    fill(&record, desks[place])
    if kind == .entered || kind == .refused || kind == .waiting {
      record.waited = desks[place].waiting
      desks[place].waiting = nil
    }
    records.append(record)
  }

  /// Counts that nothing is wanted of a contract, and keeps a record where that has another reason than
  /// at the last look.
  mutating func wait(
    _ place: Int, _ verdict: TacticVerdict, _ reading: MarketReading, at now: Timestamp
  ) {
    counts.refuse(verdict.reason)
    let look = WaitingSpell.Look(
      at: now, price: reading.price, annualDrift: reading.belief.annualDrift,
      annualVolatility: reading.belief.annualVolatility, verdict: verdict)
    guard desks[place].waiting?.reason != verdict.reason else {
      desks[place].waiting?.observe(look)
      return
    }
    note(.waiting, place, reason: verdict.reason, at: now) { record, _ in
      record.choice = verdict
    }
    desks[place].waiting = WaitingSpell(look)
  }

  /// Ends what is told of waiting: a record for each contract of which nothing is wanted.
  package mutating func closeWaiting() {
    for place in desks.indices {
      guard let spell = desks[place].waiting else { continue }
      note(.waited, place, reason: spell.reason, at: spell.until) { record, _ in
        record.waited = spell
      }
      desks[place].waiting = nil
    }
  }

  /// The name of the chance of this decision for a contract.
  func key(_ place: Int) -> SimulationKey {
    SimulationKey(seed: seed, symbol: contracts[place].symbol, decision: decisions)
  }

  mutating func nextOrder() -> OrderNumber {
    orders += 1
    return OrderNumber(orders)
  }

  /// The memory for paths, which a copy of the desk does not share.
  mutating func room() -> PathWorkspace {
    if !isKnownUniquelyReferenced(&workspace) { workspace = maker.workspace() }
    return workspace
  }

  /// What prospects of a contract are made from.
  func circumstances(
    _ place: Int, _ reading: MarketReading, at now: Timestamp, worth: Double
  ) -> ProspectMaker.Circumstances {
    let bill = TradeBill(
      of: reading, fees: contracts[place].fees, worth: worth, under: settings.outlook.costs)
    return ProspectMaker.Circumstances(
      reading: reading, market: MarketState(reading, slippage: bill.slippage), bill: bill,
      funding: desks[place].funding.due(after: now, within: maker.longestSeconds),
      returns: settings.outlook.law.kind == .bootstrap ? desks[place].past.returns : [])
  }
}

/// What an account has at the beginning of a cycle, and what the cycle takes of it.
struct AccountReading {
  /// NaN where a held contract has no mark.
  let equity: Double
  private(set) var free: Double
  /// The worth of all positions and of entries on their way, without signs; NaN where not known.
  var openNotional = 0.0
  var openPositions = 0
  /// Margin of the entries of this cycle and of those on their way.
  var reservedMargin = 0.0

  init(_ account: PerpetualAccount, _ desks: [ContractDesk]) {
    equity = account.equity?.value ?? .nan
    free = account.available?.value ?? .nan
    for (place, desk) in desks.enumerated() {
      let id = ContractID(place: place)
      let contract = account.contracts[place]
      if let position = account.position(of: id) {
        openPositions += 1
        let worth = account.mark(of: id).flatMap { contract.worth(of: position.quantity, at: $0) }
        openNotional += worth?.magnitude.value ?? .nan
      }
      if case .entering(let entering) = desk.state {
        let rest = entering.trade.quantity - entering.filled
        let worth = rest.units(of: contract.rules.lot) * entering.trade.referencePrice
        openNotional += worth
        reservedMargin += worth / entering.trade.leverage
        if entering.filled == .zero { openPositions += 1 }
      }
      if let trade = desk.state.trade,
        let addition = desk.orders.first(where: { $0.role == .addition })
      {
        let worth = addition.quantity.units(of: contract.rules.lot) * trade.referencePrice
        openNotional += worth
        reservedMargin += worth / trade.leverage
      }
    }
  }

  /// The books as they would be without a part of a position.
  func without(worth: Double, leverage: Double) -> AccountReading {
    var books = self
    books.openNotional -= worth
    books.openPositions -= 1
    books.free = free + worth / leverage
    return books
  }
}
