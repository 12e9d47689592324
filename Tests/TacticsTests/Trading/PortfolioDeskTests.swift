import Essentials
import Markets
import Mathematics
import Models
import Tactics
import TestKit
import Testing

@Suite("A desk that trades a portfolio")
struct PortfolioDeskTests {
  /// A session in which contracts are believed to drift.
  private func session(
    _ symbols: [String] = ["X"], text: String = "{}", settings: MatchSettings = MatchSettings(),
    scale: Double = 1, volatility: Double = 0.8,
    reading: @escaping @Sendable (inout MarketReading, Timestamp) -> Void = { _, _ in },
    drift: @escaping @Sendable (ContractID, Timestamp) -> Double
  ) throws -> PortfolioSession<ReadingTrader> {
    let contracts = symbols.map { HandMade.contract($0, scale: scale) }
    let trader = ReadingTrader(contracts, try HandMade.configuration(text)) { id, now, price in
      var read = HandMade.reading(
        symbols[id.place], at: now, price: price, drift: drift(id, now), volatility: volatility)
      if var found = read {
        reading(&found, now)
        read = found
      }
      return read
    }
    return PortfolioSession(
      trader, account: try HandMade.account(contracts), settings: settings)
  }

  /// A drift that changes every half hour, by chance.
  private static func wandering(_ id: ContractID, _ now: Timestamp) -> Double {
    let hour = UInt64(now.millisecondsSinceEpoch / 1_800_000)
    var generator = SplitMix64(seed: 1000 * UInt64(id.place) + hour)
    return [0, 60, -60, 90, -90, 0][Int.random(in: 0..<6, using: &generator)]
  }

  @Test("a strong drift is entered with a stop from the first fill, held, and left when it ends")
  func wholeTrade() throws {
    var session = try session { $1 < .seconds(2400) ? 60 : 0 }
    let bars = HandMade.bars(seed: 3, count: 90, drift: 60)
    var wasProtected = true
    session.play([bars]) { session, _ in
      guard session.account.position(of: ContractID(place: 0)) != nil else { return }
      let stop = session.trader.desk.desks[0].orders.first { $0.role == .stop }
      let state = stop.flatMap { session.matchers[0].state(of: $0.number) }
      wasProtected = wasProtected && state == .asleep
    }
    let records = session.trader.deeds
    #expect(records.map(\.kind) == [.entered, .leaving, .closed])
    #expect(records[0].side == .long)
    #expect(wasProtected)
    #expect(session.account.position(of: ContractID(place: 0)) == nil)
    let result = try #require(records[2].result)
    // The account holds what it had and what the trade brought.
    let wallet = try #require(CoinAmount(10_000.0))
    #expect(session.account.wallet == wallet + result.net)
    #expect(result.gross - result.fees + result.funding == result.net)
  }

  @Test("a market without drift is not traded, whatever its prices do")
  func noDrift() throws {
    var session = try session { _, _ in 0 }
    session.play([HandMade.bars(seed: 5, count: 200, drift: 400)])
    #expect(session.trader.deeds.isEmpty)
    #expect(session.trader.desk.counts.refusals(for: "drift_cannot_pay") == 200)
  }

  @Test("while the book is lost nothing is entered, whatever the drift")
  func lostBook() throws {
    let contract = HandMade.contract("X")
    let trader = ReadingTrader([contract], try HandMade.configuration("{}")) { _, now, price in
      var reading = HandMade.reading("X", at: now, price: price, drift: 90, volatility: 0.8)
      reading?.lacksBook = true
      return reading
    }
    var session = PortfolioSession(
      trader, account: try HandMade.account([contract]), settings: MatchSettings())
    session.play([HandMade.bars(seed: 3, count: 30, drift: 60)])
    #expect(session.trader.records.isEmpty)
    #expect(session.trader.desk.counts.refusals(for: "book_lost") == 30)
  }

  @Test("the drift that is entered pays its costs and the demanded score at some horizon")
  func bound() throws {
    for drift in [5.0, 15, 25, 30, 40, 60, 120] {
      var session = try session { _, _ in drift }
      session.play([HandMade.bars(seed: 5, count: 3, drift: 0)])
      for record in session.trader.records where record.kind == .entered {
        let belief = try #require(record.prospect?[.long])
        #expect(belief.netReturn > 0.0001)
        #expect(belief.grossReturn < Elementary.expMinusOne(drift * 3600 / 31_536_000))
      }
      if drift < 20 { #expect(session.trader.deeds.isEmpty) }
      if drift > 50 { #expect(!session.trader.deeds.isEmpty) }
    }
  }

  @Test("the market in a mirror is decided the other way round")
  func mirror() throws {
    var generator = SplitMix64(seed: 17)
    var decided = 0
    for _ in 0..<30 {
      let drift = Double(Int.random(in: 0...12, using: &generator)) * 10 + 3
      let volatility = [0.3, 0.6, 0.9, 1.4][Int.random(in: 0..<4, using: &generator)]
      func records(_ sign: Double) throws -> [DecisionRecord] {
        var session = try session(volatility: volatility) { _, _ in sign * drift }
        session.play([HandMade.bars(seed: 5, count: 1, drift: 0)])
        return session.trader.records
      }
      let rising = try records(1)
      let falling = try records(-1)
      #expect(rising.map(\.kind) == falling.map(\.kind))
      #expect(rising.map(\.reason) == falling.map(\.reason))
      #expect(rising.map(\.side) == falling.map { $0.side?.opposite })
      for (up, down) in zip(rising, falling) {
        decided += 1
        let sizes = (up.size?.notional ?? .nan, down.size?.notional ?? .nan)
        #expect(agree(sizes.0, sizes.1, relative: 0.02))
        #expect(up.leverage?.leverage == down.leverage?.leverage)
      }
    }
    #expect(decided > 10)
  }

  @Test("prices a thousand times as high change no decision")
  func scale() throws {
    func records(_ scale: Double) throws -> [DecisionRecord] {
      var session = try session(["X", "Y"], scale: scale, drift: Self.wandering)
      session.play([
        HandMade.bars(seed: 1, count: 120, drift: 0, scale: scale),
        HandMade.bars(seed: 2, count: 120, drift: 0, scale: scale),
      ])
      return session.trader.records
    }
    let plain = try records(1)
    let scaled = try records(1000)
    #expect(plain.count > 5)
    #expect(plain.map(\.kind) == scaled.map(\.kind))
    #expect(plain.map(\.reason) == scaled.map(\.reason))
    #expect(plain.map(\.side) == scaled.map(\.side))
    #expect(plain.map(\.quantity) == scaled.map(\.quantity))
  }

  @Test("twice the volatility allows half the notional")
  func volatility() throws {
    func allowed(_ volatility: Double) throws -> Double {
      var session = try session(volatility: volatility) { _, _ in 100 * volatility }
      session.play([HandMade.bars(seed: 5, count: 1, drift: 0)])
      let leverage = try #require(session.trader.records.first?.leverage)
      return leverage.notionalMax
    }
    #expect(agree(try allowed(1.2), try allowed(0.6) / 2))
  }

  @Test("the same seed gives the same bytes under a simulated law, and another seed other paths")
  func determinism() throws {
    let text = """
      {outlook.law.kind: student, outlook.paths.first: 1024, outlook.paths.most: 1024}
      """
    func bytes(_ seed: UInt64) throws -> String {
      let contracts = [HandMade.contract("X")]
      let trader = ReadingTrader(contracts, try HandMade.configuration(text), seed: seed) {
        HandMade.reading("X", at: $1, price: $2, drift: $1 < .seconds(240) ? 60 : -20)
      }
      var session = PortfolioSession(
        trader, account: try HandMade.account(contracts), settings: MatchSettings())
      session.play([HandMade.bars(seed: 3, count: 12, drift: 0)])
      #expect(session.trader.desk.counts.simulations > 0)
      return session.trader.records.map(\.json.compactText).joined(separator: "\n")
    }
    let one = try bytes(1)
    #expect(try one == bytes(1))
    #expect(try one != bytes(2))
    #expect(one.contains(#""outlook_source":"simulation""#))
  }

  @Test(
    "the sum of all results is what the account gained, and no position exceeds what was ordered")
  func books() throws {
    let symbols = ["A", "B", "C"]
    var settings = MatchSettings()
    settings.participation = Rate(basisPoints: 10)
    settings.slippage = try #require(Rate(basisPoints: 2))
    settings.orderDelay = .constant(.seconds(3))
    var session = try session(symbols, settings: settings, drift: Self.wandering)
    let lines = symbols.indices.map {
      HandMade.bars(seed: UInt64($0 + 1), count: 150, drift: 0, volatility: 1.2)
    }
    session.play(lines) { session, _ in
      for place in symbols.indices {
        let desk = session.trader.desk.desks[place]
        let held = session.account.position(of: ContractID(place: place))?.quantity ?? .zero
        #expect(desk.orders.count { $0.role == .entry } <= 1)
        guard held != .zero, let trade = desk.state.trade else {
          #expect(held == .zero)
          continue
        }
        #expect(held.magnitude <= trade.quantity)
        #expect((held > .zero) == (trade.side == .long))
      }
    }
    let closed = session.trader.records.compactMap(\.result)
    #expect(closed.count > 2)
    #expect(session.trader.desk.counts.unknowns == 0)
    #expect(session.trader.desk.counts.unknownReports == 0)
    let isFlat = symbols.indices.allSatisfy {
      session.account.position(of: ContractID(place: $0)) == nil
    }
    if isFlat {
      let wallet = try #require(CoinAmount(10_000.0))
      #expect(session.account.wallet == closed.reduce(wallet) { $0 + $1.net })
    }
  }

  // MARK: - Sizes

  @Test("two markets that move together are given less than strangers, beside what is held too")
  func jointSizes() throws {
    // Half an hour in which both markets move alike, or each by itself; then both drift.
    func kelly(_ seeds: [UInt64], _ text: String) throws -> [Double] {
      var session = try session(["A", "B"], text: text) { $1 < .seconds(3000) ? 0 : 40 }
      session.play(seeds.map { HandMade.bars(seed: $0, count: 52, drift: 0) })
      return session.trader.records.filter { $0.kind == .entered || $0.kind == .refused }
        .prefix(2).map(\.kelly)
    }
    let rules = """
      {sizing.weights.total_exposure: 100, trading.joint.correlation_prior: 0,
      entry.portfolio.blocks: false}
      """
    let alike = try kelly([3, 3], rules)
    let strangers = try kelly([3, 4], rules)
    let single = try kelly([3, 3], "{sizing.weights.kelly: single}")
    #expect(alike.count == 2 && strangers.count == 2)
    #expect(alike[0] > 0)
    // A correlation of 50 / (50 + 60) leaves each 1 / 1.45 of what it deserves alone.
    #expect(alike[0] < 0.8 * strangers[0])
    #expect(agree(alike[0], alike[1], relative: 0.05))
    #expect(single.allSatisfy { $0 > 0 && $0 <= 1 })
  }

  @Test("what a market deserves by all together bounds its order, and is recorded with it")
  func jointBound() throws {
    let rules = """
      {sizing.weights.kelly_max: 1, sizing.weights.kelly_share: 0.001,
      sizing.weights.total_exposure: 100}
      """
    var session = try session(["A"], text: rules) { _, _ in 60 }
    session.play([HandMade.bars(seed: 3, count: 2, drift: 0)])
    let record = try #require(session.trader.records.first { $0.kind == .entered })
    let size = try #require(record.size)
    #expect(size.active == .allocation)
    let exposure = ExposureScale.share(
      toxicity: 0.3, confidence: record.prospect?.long.profitProbability ?? .nan,
      under: session.trader.desk.configuration.settings.sizing.exposure)
    #expect(agree(size.notional, record.kelly * 0.001 * 10_000 * exposure, relative: 1e-6))
    #expect(record.json["entry_kelly"] == .number(record.kelly))
  }

  /// Poison that ends after 20 minutes, and an hour in which the drift holds.
  private func cautious(
    _ text: String = "{}", direction: Double? = nil
  ) throws -> PortfolioSession<ReadingTrader> {
    try session(
      text: text,
      reading: { reading, now in
        reading.toxicity = now < .seconds(1200) ? 0.95 : 0.3
        if let direction, now >= .seconds(1200) {
          reading.direction = DirectionForecast(chanceLong: direction, speaker: .global)
        }
      }, drift: { $1 < .seconds(4000) ? 90 : -90 })
  }

  @Test("a position is added to once caution ends, once, and within the budget of one trade")
  func increase() throws {
    var session = try cautious()
    var held: [Int64] = []
    var stops: [Int64] = []
    session.play([HandMade.bars(seed: 3, count: 90, drift: 0, volatility: 0.1)]) { session, _ in
      let lots = session.account.position(of: ContractID(place: 0))?.quantity.lots ?? 0
      if lots > 0 {
        held.append(lots)
        let standing = session.trader.desk.desks[0].orders.filter { $0.role == .stop }
        stops.append(standing.reduce(0) { $0 + $1.quantity.lots })
      }
    }
    let records = session.trader.deeds
    let added = records.filter { $0.kind == .increased }
    #expect(records.first?.kind == .entered)
    #expect(added.count == 1)
    let record = try #require(added.first)
    #expect(record.gates?.denial == nil && record.reason == "rebal")
    let most = try #require(held.max())
    #expect(most > (held.first ?? .max))
    #expect(most == (records.first?.quantity?.lots ?? 0) + (record.quantity?.lots ?? 0))
    // Whatever is held is stopped.
    #expect(zip(held, stops).allSatisfy { $0 <= $1 })
    // At the stop that rests, with the slippage that is expected, no more is lost than the budget.
    let trade = try #require(record.trade)
    let lost =
      Double(most) / 1000 * (record.price - trade.stopPrice.value)
      * session.trader.desk.configuration.settings.leverage.budget.slippageMultiple
    #expect(lost <= 0.005 * 10_000 * 1.005)
    // The result is that of the whole, and the wallet agrees.
    let result = try #require(records.first { $0.kind == .closed }?.result)
    #expect(result.quantity.lots == most)
    let wallet = try #require(CoinAmount(10_000.0))
    let later = records.compactMap(\.result).dropFirst().reduce(CoinAmount.zero) { $0 + $1.net }
    let open = session.account.position(of: ContractID(place: 0)) != nil
    #expect(open || session.account.wallet == wallet + result.net + later)
  }

  @Test(
    "nothing is added where a gate of an entry fails, where it is switched off, or where all is as it was"
  )
  func noIncrease() throws {
    let bars = HandMade.bars(seed: 3, count: 90, drift: 0, volatility: 0.1)
    // A direction that speaks against the side, which the gate of direction asks for everywhere.
    var against = try cautious("{entry.direction.small_gap: 0.1}", direction: 0.4)
    against.play([bars])
    var off = try cautious("{exit.rebalance.increases: false}")
    off.play([bars])
    var same = try session { _, _ in 90 }
    same.play([bars])
    for session in [against, off, same] {
      #expect(session.trader.records.contains { $0.kind == .entered })
      #expect(session.trader.desk.counts.additions == 0)
      #expect(!session.trader.records.contains { $0.kind == .increased })
    }
    #expect(against.trader.desk.counts.refusals(for: "rebal_direction_conf") > 0)
  }

  @Test("leverage that is no longer wanted is brought down step by step where that is asked for")
  func deleverage() throws {
    func leverages(_ text: String) throws -> (kinds: [DecisionRecord.Kind], held: [Double]) {
      var session = try session(
        text: text,
        reading: { reading, now in reading.toxicity = now < .seconds(600) ? 0.3 : 0.85 },
        drift: { _, _ in 90 })
      var held: [Double] = []
      session.play([HandMade.bars(seed: 3, count: 30, drift: 0, volatility: 0.1)]) { session, _ in
        if let position = session.account.position(of: ContractID(place: 0)) {
          held.append(position.leverage.value)
        }
      }
      return (session.trader.records.map(\.kind), held)
    }
    let plain = try leverages("{}")
    #expect(!plain.kinds.contains(.deleveraged))
    #expect(Set(plain.held).count == 1)
    let reduced = try leverages("{leverage.legacy.enabled: true}")
    #expect(reduced.kinds.contains(.deleveraged))
    let steps = zip(reduced.held, reduced.held.dropFirst()).filter { $0.0 != $0.1 }
    #expect(steps.count > 1)
    #expect(steps.allSatisfy { $0.0 - $0.1 <= 1 && $0.0 > $0.1 })
    #expect((reduced.held.last ?? 0) >= 2)
  }

  // MARK: - Waiting

  @Test("why a market is not traded is recorded when the reason changes, with its nearest look")
  func waiting() throws {
    // Twenty looks that cannot pay, the twelfth nearest; then a drift that is entered.
    var session = try session {
      switch $1.millisecondsSinceEpoch / 60_000 {
      case 12: 12
      case ...20: 5
      default: 90
      }
    }
    session.play([HandMade.bars(seed: 3, count: 24, drift: 0)])
    let records = session.trader.records
    #expect(records.map(\.kind).prefix(2) == [.waiting, .entered])
    let first = try #require(records.first)
    #expect(first.reason == "drift_cannot_pay" && first.waited == nil)
    #expect(first.choice?["net_most"].isFinite == true)
    let spell = try #require(records[1].waited)
    #expect(spell.reason == "drift_cannot_pay" && spell.looks == 20)
    #expect(spell.since == .seconds(60) && spell.until == .seconds(1200))
    #expect(spell.nearest.at == .seconds(720) && spell.nearest.annualDrift == 12)
    #expect(spell.nearest.miss > 0)
    let json = records[1].json
    #expect(json["waited"]?.compactText == spell.json.compactText)
    let again = WaitingSpell(json: try JSONValue(parsing: spell.json.compactText))
    #expect(again?.json.compactText == spell.json.compactText)
    #expect(session.trader.desk.counts.refusals(for: "drift_cannot_pay") == 20)
  }

  @Test("a spell that nothing ended is told when a trader is asked no further")
  func lastSpell() throws {
    var session = try session { _, _ in 1 }
    session.play([HandMade.bars(seed: 3, count: 7, drift: 0)])
    session.trader.desk.closeWaiting()
    let last = session.trader.desk.takeRecords()
    #expect(last.map(\.kind) == [.waited])
    #expect(last.first?.waited?.looks == 7)
    #expect(session.trader.desk.desks[0].waiting == nil)
  }

  @Test("the kill switch closes everything and lets nothing be entered again")
  func killSwitch() throws {
    let text = "{exit.account.drawdown_max: 0.001, entry.size.rank_max: 4}"
    var session = try session(["A", "B"], text: text) { _, _ in 90 }
    let bars = (0..<2).map { HandMade.bars(seed: UInt64($0 + 1), count: 120, drift: -4000) }
    var killedAt: Timestamp?
    session.play(bars) { session, now in
      guard case .safety = session.trader.desk.mode else { return }
      killedAt = killedAt ?? now
      for place in 0..<2 {
        if case .entering(let entering) = session.trader.desk.desks[place].state {
          #expect(entering.trade.decidedAt < killedAt ?? now)
        }
      }
    }
    let start = try #require(killedAt)
    let records = session.trader.records
    #expect(records.contains { $0.kind == .safety })
    #expect(!records.contains { $0.kind == .entered && $0.instant >= start })
    #expect((0..<2).allSatisfy { session.account.position(of: ContractID(place: $0)) == nil })
    #expect(session.trader.desk.desks.allSatisfy { $0.state == .flat && $0.orders.isEmpty })
    #expect(session.trader.desk.counts.refusals(for: "safety_mode") > 0)
  }

  @Test("a belief that turns closes the position and enters the other side")
  func flip() throws {
    var session = try session { $1 < .seconds(3000) ? 90 : -200 }
    session.play([HandMade.bars(seed: 8, count: 120, drift: 0, volatility: 0.3)])
    let sides = session.trader.records.filter { $0.kind == .entered }.compactMap(\.side)
    #expect(sides.first == .long)
    #expect(sides.contains(.short))
  }

  @Test("a desk that was saved goes on to the bit, at whatever moment, and refuses another's state")
  func resume() throws {
    let lines = [
      HandMade.bars(seed: 1, count: 100, drift: 0), HandMade.bars(seed: 2, count: 100, drift: 0),
    ]
    let contracts = [HandMade.contract("X"), HandMade.contract("Y")]
    var whole = try session(["X", "Y"], drift: Self.wandering)
    var parted = try session(["X", "Y"], drift: Self.wandering)
    var names: Set<String> = []
    for minute in 0..<100 {
      let line = lines.map { [$0[minute]] }
      whole.play(line)
      if minute % 7 == 3 {
        let text = parted.trader.desk.savedState.compactText
        var desk = PortfolioDesk(contracts, configuration: try HandMade.configuration(), seed: 7)
        try desk.resume(from: try JSONValue(parsing: text))
        #expect(desk.savedState.compactText == text)
        names.formUnion(desk.desks.map(\.state.name))
        parted.trader.desk = desk
      }
      parted.play(line)
    }
    #expect(names.count > 1)
    #expect(
      whole.trader.records.map(\.json.compactText) == parted.trader.records.map(\.json.compactText))
    #expect(whole.account.equity == parted.account.equity)

    var other = PortfolioDesk(
      [HandMade.contract("X")], configuration: try HandMade.configuration(), seed: 7)
    #expect(throws: ResumeFailure.otherDesk(expected: ["X"], found: ["X", "Y"])) {
      try other.resume(from: whole.trader.desk.savedState)
    }
    #expect(throws: ResumeFailure.unreadable(member: "decisions")) {
      try other.resume(from: ["kind": "portfolio_desk", "symbols": .strings(["X"])])
    }
  }
}
