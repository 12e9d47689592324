import Essentials
import Markets
import Models
import Tactics
import Testing

@Suite("A trader with models")
struct TacticsTraderTests {
  private func session(
    _ symbols: [String], _ configuration: TacticsConfiguration
  ) throws -> PortfolioSession<TacticsTrader> {
    let contracts = symbols.map { HandMade.contract($0) }
    let models = contracts.map { contract in
      SymbolModels(
        symbol: contract.symbol,
        settings: SymbolModelSettings(
          for: contract, span: .minute, seed: 3, under: configuration.settings.signals))
    }
    return PortfolioSession(
      TacticsTrader(
        contracts: contracts, configuration: configuration, models: models, seed: 3),
      account: try HandMade.account(contracts), settings: MatchSettings())
  }

  /// Tells bars minute by minute and returns what was decided and sent.
  private func play(
    _ session: inout PortfolioSession<TacticsTrader>, _ lines: [[Bar]]
  ) -> (records: [DecisionRecord], sent: [ContractDirective]) {
    var records: [DecisionRecord] = []
    var sent: [ContractDirective] = []
    for place in lines[0].indices {
      for (contract, line) in lines.enumerated() {
        session.receive(.bar(line[place], span: .minute), of: ContractID(place: contract))
      }
      session.decide(at: BarSpan.minute.end(from: lines[0][place].openTime))
      records += session.trader.takeDecisions()
      sent += session.sent
    }
    return (records, sent)
  }

  @Test("a random walk is not traded under the shipped settings, though it is watched and judged")
  func randomWalk() throws {
    var session = try session(["X", "Y"], TacticsConfiguration())
    let lines = (1...2).map { HandMade.bars(seed: UInt64($0), count: 700, drift: 0) }
    let (records, sent) = play(&session, lines)
    #expect(records.allSatisfy { $0.kind == .waiting } && sent.isEmpty)
    let counts = session.trader.desk.counts
    #expect(counts.refusals(for: "warm_up") > 0)
    #expect(counts.refusals(for: "drift_cannot_pay") > 500)
    #expect(session.account.wallet.value == 10_000)
  }

  @Test("parameters for later are adopted by the first event of their time, by every model")
  func schedule() throws {
    let configuration = try HandMade.configuration("signals.rules: face_value")
    let lines = [HandMade.bars(seed: 1, count: 300, drift: 0)]
    var documents = ModelDocuments()
    try documents.read(
      """
      {"version": 1, "fit_mode": "arch_garch_11", "bar_seconds": 60,
       "garch": {"omega": 1e-7, "alpha": 0.1, "beta": 0.8, "var0": 1e-6, "n_obs": 400}}
      """, as: .garch, document: "g")
    let adopted = BarSpan.minute.end(from: lines[0][200].openTime)
    var schedule = ModelSchedule()
    schedule.add(documents, from: adopted)
    var plain = try session(["X"], configuration)
    var scheduled = try session(["X"], configuration)
    scheduled.trader.follow(schedule)
    _ = play(&plain, [Array(lines[0][..<200])])
    _ = play(&scheduled, [Array(lines[0][..<200])])
    func areAlike() -> Bool {
      scheduled.trader.savedState.compactText == plain.trader.savedState.compactText
    }
    #expect(areAlike())
    #expect(scheduled.trader.models[0].fingerprint(of: .garch) == nil)
    _ = play(&plain, [Array(lines[0][200...])])
    _ = play(&scheduled, [Array(lines[0][200...])])
    let fingerprint = documents.fingerprint(of: .garch)
    #expect(scheduled.trader.models[0].fingerprint(of: .garch) == fingerprint)
    #expect(!areAlike())
  }

  @Test("estimates at face value trade the same walk, in the same way each time, and pay for it")
  func faceValue() throws {
    let configuration = try HandMade.configuration("signals.rules: face_value")
    let lines = [HandMade.bars(seed: 1, count: 360, drift: 0)]
    var one = try session(["X"], configuration)
    var other = try session(["X"], configuration)
    let first = play(&one, lines)
    let second = play(&other, lines)
    #expect(first.records.contains { $0.kind == .entered })
    #expect(
      first.records.map(\.json.compactText) == second.records.map(\.json.compactText))
    #expect(first.sent == second.sent)
    for record in first.records where record.kind == .entered {
      let json = record.json
      for name in [
        "mu_adjusted", "sigma_sim", "mu_parts", "unified_score", "unified_t_star", "p_pos",
        "event_p_tp", "event_p_sl", "entry_quality_score", "leverage_signal_score", "leverage",
        "size", "gates", "precheck", "costs", "flip_probability", "rank", "trade",
      ] {
        #expect(json[name] != nil, "\(name) is missing")
      }
    }
  }

  @Test("a trader goes on from its saved state and those of its models")
  func resume() throws {
    let configuration = try HandMade.configuration("signals.rules: face_value")
    let line = HandMade.bars(seed: 1, count: 300, drift: 0)
    var whole = try session(["X"], configuration)
    var parted = try session(["X"], configuration)
    var expected = play(&whole, [Array(line[..<200])])
    var found = play(&parted, [Array(line[..<200])])
    let state = try JSONValue(parsing: parted.trader.savedState.compactText)
    guard case .array(let models)? = state["models"] else {
      Issue.record("no models were saved")
      return
    }
    let contracts = parted.account.contracts
    parted.trader = try TacticsTrader(
      contracts: contracts, configuration: configuration,
      models: [
        SymbolModels(
          symbol: "X",
          settings: SymbolModelSettings(
            for: contracts[0], span: .minute, seed: 3, under: configuration.settings.signals),
          resuming: models[0])
      ], seed: 3, resuming: state)
    expected = play(&whole, [Array(line[200...])])
    found = play(&parted, [Array(line[200...])])
    #expect(expected.sent == found.sent)
    #expect(expected.records.map(\.json.compactText) == found.records.map(\.json.compactText))
  }
}
