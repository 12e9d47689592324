import Essentials
import Markets
import Mathematics
import Testing

@testable import Models

@Suite("Documents of running models")
struct SymbolModelsAdoptionTests {
  static let garch = """
    {"version": 1, "fitted_at": "2026-01-01", "fit_mode": "arch_garch_11", "bar_seconds": 60,
     "garch": {"omega": 1e-7, "alpha": 0.1, "beta": 0.8, "var0": 1e-6, "n_obs": 400}}
    """

  static func hmm(states: Int = 2, seconds: Int = 60) -> String {
    let chain = states == 2 ? HiddenMarkovParameters.twoStates : .threeStates
    return FittedModels(
      fittedAt: "2026-01-01", source: "bars", lookback: 400, barSeconds: seconds,
      symbols: [.init(symbol: "BTC/USDT:USDT", count: 400, record: chain)]
    ).json.compactText
  }

  static func hawkes() throws -> String {
    let parameters = try #require(
      HawkesParameters(
        baseline: .init(up: 0.02, down: 0.03), selfExcitation: 0.1, crossExcitation: 0.05,
        decay: 0.4))
    return FittedModels(
      fittedAt: "2026-01-01", source: "trades", lookback: 400, barSeconds: nil,
      symbols: [.init(symbol: "BTC/USDT:USDT", count: 400, record: parameters)]
    ).json.compactText
  }

  static let direction = """
    {"model_type": "logistic_v1", "feature_names": ["mu_kf", "vpin", "mu_ml"],
     "weights": [1, 0, 0], "bias": 0.1, "mean": [0, 0, 0], "std": [10, 1, 1], "train_samples": 9}
    """

  /// One document of each kind.
  static func documents() throws -> ModelDocuments {
    var documents = ModelDocuments()
    try documents.read(garch, as: .garch, document: "g")
    try documents.read(hmm(), as: .hmm, document: "h")
    try documents.read(hawkes(), as: .hawkes, document: "k")
    try documents.read(direction, as: .direction, document: "d")
    try documents.read(#"{"mu_kf": 1e-9, "hurst": 1e-5}"#, as: .causal, document: "c")
    try documents.read(#"{"weights": [1, 0, 0, 0, 0]}"#, as: .mlofi, document: "m")
    return documents
  }

  private static func models(_ market: inout SimulatedSymbol, bars: Int) -> SymbolModels {
    var settings = SymbolModelSettings()
    settings.particle.particles = 16
    settings.tick = TickSize(0.01)
    var models = SymbolModels(symbol: "BTCUSDT", settings: settings)
    for _ in 0..<bars {
      models.observe(market.trade(second: 3))
      models.observe(market.bar(), span: .minute)
    }
    return models
  }

  @Test("every document says through when it was fitted, if it knows, and is read back with it")
  func fittedThrough() throws {
    let instant = Timestamp(millisecondsSinceEpoch: 1_746_800_000_123)
    let documents = try Self.documents()
    var dated = ModelDocuments()
    func add(_ document: (some FittedDocument)?, _ kind: ModelDocuments.Kind) throws {
      let document = try #require(document)
      #expect(documents.fittedThrough(of: kind) == nil)
      try dated.read(
        document.fitted(through: instant).json.compactText, as: kind, document: kind.rawValue)
      #expect(dated.fittedThrough(of: kind) == instant, "\(kind)")
    }
    try add(documents.garch, .garch)
    try add(documents.hmm, .hmm)
    try add(documents.hawkes, .hawkes)
    try add(documents.direction, .direction)
    try add(documents.causal, .causal)
    try add(documents.mlofi, .mlofi)
    #expect(dated.causal?.weights == documents.causal?.weights)
    #expect(throws: DocumentFailure.self) {
      try dated.read(
        #"{"weights": [1], "fitted_through_ms": "yesterday"}"#, as: .mlofi, document: "m")
    }
  }

  @Test("a schedule tells each content once, in the order of time")
  func schedule() throws {
    func instant(_ hours: Int64) -> Timestamp {
      Timestamp(millisecondsSinceEpoch: 0) + .hours(hours)
    }
    var first = ModelDocuments()
    try first.read(Self.garch, as: .garch, document: "g")
    var later = first
    try later.read(Self.hmm(), as: .hmm, document: "h")
    var last = later
    try last.read(Self.garch.replacing("0.8", with: "0.7"), as: .garch, document: "g")
    var schedule = ModelSchedule(first)
    schedule.add(last, from: instant(9))
    schedule.add(first, from: instant(2))
    schedule.add(later, from: instant(2))
    #expect(schedule.later.map(\.from) == [instant(2), instant(9)])
    #expect(schedule.entries.map(\.kind) == [.garch, .hmm, .garch])
    #expect(schedule.entries.map(\.from) == [nil, instant(2), instant(9)])
    #expect(ModelSchedule().entries.isEmpty)
  }

  @Test("the same content is not new, and a broken document leaves the one before in place")
  func contents() throws {
    var documents = ModelDocuments()
    #expect(try documents.read(Self.garch, as: .garch, document: "g") == true)
    #expect(try documents.read(Self.garch, as: .garch, document: "elsewhere") == false)
    let before = documents
    let failure = #expect(throws: DocumentFailure.self) {
      try documents.read(
        Self.garch.replacing("0.8", with: "0.95").replacing("\"bar_seconds\": 60,", with: ""),
        as: .garch, document: "g")
    }
    #expect(failure?.defects.count == 2)
    #expect(documents == before)
    #expect(throws: DocumentFailure.self) {
      try documents.read("{", as: .causal, document: "c")
    }
    #expect(documents == before && documents.fingerprint(of: .causal) == nil)
    #expect(documents.fingerprint(of: .garch) == Fingerprint(of: Self.garch))
  }

  @Test("new content changes parameters and resets no state that models have come to")
  func adoption() throws {
    var market = SimulatedSymbol(seed: 21)
    var models = Self.models(&market, bars: 400)
    let variance = try #require(models.garch?.nextVariance)
    let volatility = models.variance
    #expect(models.adopt(try Self.documents()).isEmpty)
    #expect(models.garch?.parameters.alpha == 0.1)
    #expect(models.garch?.nextVariance == variance && models.variance == volatility)
    #expect(models.states.probabilities.count == 2)
    models.observe(market.bar(), span: .minute)
    models.observe(market.trade(second: 1))
    models.observe(market.trade(second: 2))
    let rates = try #require(models.hawkes).rates
    #expect(rates.up + rates.down > 0.05)
    let state = models.savedState
    #expect(models.adopt(try Self.documents()).isEmpty)
    #expect(models.savedState == state)
    // Only the number changes; what was excited stays.
    var documents = try Self.documents()
    try documents.read(
      Self.hawkes().replacing("0.03", with: "0.04"), as: .hawkes, document: "k")
    try documents.read(
      Self.hmm().replacing("0.97,0.03", with: "0.96,0.04"), as: .hmm, document: "h")
    #expect(models.adopt(documents).isEmpty)
    #expect(models.savedState == state)
    #expect(models.hawkes?.parameters.baseline.down == 0.04)
    let reading = try #require(models.wouldRead(at: market.now, horizonSeconds: 600))
    let forecast = try #require(reading.direction)
    #expect(forecast.chanceLong != 0.5)
    #expect(
      abs((reading.signals.probabilityUp ?? 0) - 0.5) < abs(forecast.chanceLong - 0.5))
    #expect(reading.signals.causal != nil && reading.signals.hawkes != nil)
  }

  @Test("causal weights say the move of the next bar, spread over the horizon")
  func causal() throws {
    var market = SimulatedSymbol(seed: 22)
    var models = Self.models(&market, bars: 400)
    models.adopt(try Self.documents())
    let near = try #require(models.wouldRead(at: market.now, horizonSeconds: 60)?.signals.causal)
    let far = try #require(models.wouldRead(at: market.now, horizonSeconds: 600)?.signals.causal)
    #expect(abs(near / far - 10) < 1e-9)
    let exponent = try #require(models.hurst.estimate).exponent
    let drift = try #require(models.kalman.estimate).annualDrift
    let expected = (1e-9 * drift + 1e-5 * exponent) * 525_600
    #expect(abs(near / expected - 1) < 1e-9)
  }

  @Test("a document for other bars or levels is refused alone, and what was there stays")
  func mismatches() throws {
    var market = SimulatedSymbol(seed: 23)
    var models = Self.models(&market, bars: 10)
    models.adopt(try Self.documents())
    var documents = try Self.documents()
    try documents.read(Self.hmm(seconds: 300), as: .hmm, document: "h")
    try documents.read(#"{"weights": [1, 2]}"#, as: .mlofi, document: "m")
    try documents.read(#"{"vpin": 2e-5}"#, as: .causal, document: "c")
    let mismatches = models.adopt(documents)
    #expect(
      mismatches == [
        .otherBars(.hmm, symbol: "BTCUSDT", seconds: 300, expected: 60),
        .otherLevels(symbol: "BTCUSDT", count: 2, expected: 5),
      ])
    #expect(mismatches.allSatisfy { $0.explanation.contains("BTCUSDT") })
    #expect(models.fingerprint(of: .hmm) == Fingerprint(of: Self.hmm()))
    #expect(models.fingerprint(of: .causal) == documents.fingerprint(of: .causal))
    #expect(models.flowWeights.values == [1, 0, 0, 0, 0])
  }

  @Test("a symbol that a document says nothing of goes on as before")
  func unknownSymbol() throws {
    var market = SimulatedSymbol(seed: 24)
    var models = SymbolModels(symbol: "ETHUSDT")
    for _ in 0..<3 { models.observe(market.bar(), span: .minute) }
    #expect(models.adopt(try Self.documents()).isEmpty)
    #expect(models.hawkes == nil && !models.areStatesFitted)
    // The global record is for everyone.
    #expect(models.garch?.parameters.alpha == 0.1 && models.garch?.nextVariance == 1e-6)
  }

  @Test("trees take the place of the logistic parts where the document asks and they are given")
  func trees() throws {
    let text = """
      {"model_type": "logistic_v1", "feature_names": ["ofi", "mlofi", "vpin", "session"],
       "weights": [1, 0, 0, 0], "bias": 0, "mean": [0, 0, 0, 0], "std": [1, 1, 1, 1],
       "lgbm_benchmark": {"enabled": true, "model_path": "trees.txt"}}
      """
    let trees = RecordedTrees.all[0].text
    var documents = ModelDocuments()
    #expect(try documents.read(text, as: .direction, document: "d") == true)
    #expect(documents.direction?.model.usesTrees == false)
    #expect(try documents.read(text, as: .direction, document: "d", trees: trees) == true)
    #expect(documents.direction?.model.usesTrees == true)
    let before = documents
    let failure = #expect(throws: DocumentFailure.self) {
      try documents.read(text, as: .direction, document: "d", trees: "no tree")
    }
    #expect(failure?.document == "trees.txt" && documents == before)
  }
}
