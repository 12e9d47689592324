import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Models of a symbol")
struct SymbolModelsTests {
  private static func settings() -> SymbolModelSettings {
    var settings = SymbolModelSettings()
    settings.particle.particles = 16
    settings.tick = TickSize(0.01)
    settings.lot = LotSize(0.001) ?? .one
    return settings
  }

  /// Models after so many bars.
  private static func models(
    _ market: inout SimulatedSymbol, bars: Int, _ settings: SymbolModelSettings = settings()
  ) -> SymbolModels {
    var models = SymbolModels(symbol: "BTCUSDT", settings: settings)
    for _ in 0..<bars { models.observe(market.bar(), span: .minute) }
    return models
  }

  @Test("bars alone are enough once 120 returns were seen, and what needs more stays unknown")
  func barsAlone() throws {
    var market = SimulatedSymbol(seed: 1)
    var models = Self.models(&market, bars: 120)
    #expect(models.wouldRead(at: market.now, horizonSeconds: 600) == nil)
    models.observe(market.bar(), span: .minute)
    let reading = try #require(models.wouldRead(at: market.now, horizonSeconds: 600))
    #expect(reading.price == market.price && reading.symbol == "BTCUSDT")
    // A deviation of 0.001 a minute.
    #expect(abs(reading.signals.annualVolatility / (1e-3 * (525_600.0).squareRoot()) - 1) < 0.2)
    #expect(reading.belief.annualVolatility > 0 && reading.garch != nil)
    #expect(reading.signals.kalman != nil && reading.signals.momentum != nil)
    #expect(reading.signals.orderFlow == nil && reading.signals.multiLevelFlow == nil)
    #expect(reading.signals.hawkes == nil && reading.tickTrend == nil && reading.bid == nil)
    #expect(reading.direction == nil && reading.signals.causal == nil && reading.depth == nil)
    for _ in 0..<400 { models.observe(market.bar(), span: .minute) }
    let later = try #require(models.wouldRead(at: market.now, horizonSeconds: 600))
    #expect(later.toxicity != nil && later.hurst != nil && later.trend != nil)
    let turnover = try #require(later.minuteTurnover)
    #expect(abs(turnover / market.price - 1) < 0.3)
    #expect(models.features.count { $0.isFinite } >= 7)
  }

  @Test("prices in other units change no belief")
  func scale() throws {
    var market = SimulatedSymbol(seed: 2)
    var one = SymbolModels(symbol: "A", settings: Self.settings())
    var other = one
    for _ in 0..<600 {
      var bar = market.bar()
      one.observe(bar, span: .minute)
      bar.open *= 1024
      bar.high *= 1024
      bar.low *= 1024
      bar.close *= 1024
      bar.quoteVolume *= 1024
      other.observe(bar, span: .minute)
    }
    let first = try #require(one.wouldRead(at: market.now, horizonSeconds: 300))
    let second = try #require(other.wouldRead(at: market.now, horizonSeconds: 300))
    for (part, same) in zip(first.belief.driftParts, second.belief.driftParts) {
      #expect(agree(part, same, relative: 1e-6, absolute: 1e-9))
    }
    #expect(
      agree(first.belief.annualVolatility, second.belief.annualVolatility, relative: 1e-9))
    for (feature, same) in zip(one.features, other.features) {
      #expect(feature.isNaN == same.isNaN && !(abs(feature - same) > 1e-6 * max(1, abs(feature))))
    }
  }

  @Test("a jump across missing bars is no return of a step")
  func gap() throws {
    var market = SimulatedSymbol(seed: 3)
    var models = Self.models(&market, bars: 500)
    let before = try #require(models.wouldRead(at: market.now, horizonSeconds: 600))
    let variance = try #require(models.garch).nextVariance
    var bar = market.bar(after: 5)
    bar.open *= 2
    bar.high *= 2
    bar.low *= 2
    bar.close *= 2
    #expect(models.observe(bar, span: .minute) == true)
    let after = try #require(models.wouldRead(at: market.now, horizonSeconds: 600))
    #expect(models.counts.missingBars == 5)
    #expect(after.signals.annualVolatility == before.signals.annualVolatility)
    #expect(after.signals.momentum == before.signals.momentum)
    #expect(after.signals.bayesian == before.signals.bayesian)
    #expect(after.signals.particle == before.signals.particle)
    #expect(after.hurst.map(\.exponent) == before.hurst.map(\.exponent))
    // The variance is nearer to its mean by six steps.
    let parameters = try #require(after.garch)
    let mean = parameters.meanVariance
    let left = try #require(models.garch).nextVariance - mean
    let expected = (variance - mean) * Elementary.pow(parameters.persistence, 6)
    #expect(agree(left, expected, relative: 1e-9, absolute: 1e-20))
  }

  @Test("after the gap the next bar is a step again")
  func afterTheGap() throws {
    var market = SimulatedSymbol(seed: 4)
    var models = Self.models(&market, bars: 200)
    let seen = models.meanVariance.count
    models.observe(market.bar(after: 3), span: .minute)
    #expect(models.meanVariance.count == seen)
    models.observe(market.bar(), span: .minute)
    #expect(models.meanVariance.count == seen + 1)
  }

  @Test("bars, trades and books that cannot be are refused, counted, and change nothing else")
  func refusals() {
    var market = SimulatedSymbol(seed: 5)
    var models = Self.models(&market, bars: 130)
    models.observe(market.trade(second: 1))
    #expect(models.observe(market.book(), at: market.now) == true)
    let state = models.savedState
    var forming = market.bar()
    forming.isClosed = false
    var impossible = forming
    impossible.isClosed = true
    impossible.low = -1
    #expect(models.observe(forming, span: .minute) == false)
    #expect(models.observe(impossible, span: .minute) == false)
    forming.isClosed = true
    #expect(models.observe(forming, span: .fiveMinutes) == false)
    forming.openTime = SimulatedSymbol.end(of: 20)
    #expect(models.observe(forming, span: .minute) == false)
    var trade = market.trade(second: 5)
    trade.price = 0
    models.observe(trade)
    trade.price = 1
    trade.instant = SimulatedSymbol.end(of: 1)
    models.observe(trade)
    #expect(models.observe(market.book(), at: SimulatedSymbol.end(of: 1)) == false)
    #expect(models.counts.refusedBars == 4)
    #expect(models.counts.refusedTrades == 2 && models.counts.refusedBooks == 1)
    models.counts.refusedBars = 0
    models.counts.refusedTrades = 0
    models.counts.refusedBooks = 0
    #expect(models.savedState == state)
    var blind = Self.settings()
    blind.tick = nil
    var others = SymbolModels(symbol: "A", settings: blind)
    #expect(others.observe(market.book(), at: market.now) == false)
  }

  @Test("nothing is read before the last bar's end, nor when no bar has come for ten spans")
  func silence() {
    var market = SimulatedSymbol(seed: 6)
    let models = Self.models(&market, bars: 130)
    #expect(models.wouldRead(at: market.now - .seconds(1), horizonSeconds: 60) == nil)
    #expect(models.wouldRead(at: market.now + .minutes(10), horizonSeconds: 60) != nil)
    #expect(
      models.wouldRead(at: market.now + TimeSpan(milliseconds: 600_001), horizonSeconds: 60) == nil)
  }

  @Test("a market that does not move is believed nothing of")
  func still() {
    var models = SymbolModels(symbol: "A", settings: Self.settings())
    for minute in 0..<200 {
      models.observe(
        Bar(
          openTime: SimulatedSymbol.end(of: minute), open: 1, high: 1, low: 1, close: 1, volume: 0),
        span: .minute)
    }
    #expect(models.wouldRead(at: SimulatedSymbol.end(of: 200), horizonSeconds: 60) == nil)
  }

  @Test("a book leans to the side on which more stands, and is forgotten when it is old or broken")
  func books() throws {
    var market = SimulatedSymbol(seed: 7)
    var models = Self.models(&market, bars: 130)
    #expect(models.observe(market.book(bidLots: 5000), at: market.now) == true)
    let reading = try #require(models.wouldRead(at: market.now, horizonSeconds: 60))
    #expect(try #require(reading.signals.orderFlow) > 0.6)
    let bid = try #require(reading.bid)
    let ask = try #require(reading.ask)
    #expect(abs(ask - bid - 0.02) < 1e-9 && abs(reading.price - (bid + ask) / 2) < 1e-12)
    #expect(try #require(reading.depth) < 5 * 1000 * 0.001 * (ask + 1))
    let later = models.wouldRead(at: market.now + .seconds(11), horizonSeconds: 60)
    #expect(later?.bid == nil && later?.signals.orderFlow == nil)
    #expect(models.observe(OrderBook(width: 64), at: market.now + .seconds(1)) == false)
    #expect(models.wouldRead(at: market.now + .seconds(1), horizonSeconds: 60)?.bid == nil)
  }

  @Test("the flow of a bar is that of the books within it, and none without books")
  func flows() throws {
    var market = SimulatedSymbol(seed: 8)
    var models = Self.models(&market, bars: 130)
    for second in 0..<20 {
      models.observe(
        market.book(bidLots: Int64(1000 + 500 * second)), at: market.now + .seconds(Int64(second)))
    }
    #expect(models.wouldRead(at: market.now, horizonSeconds: 60)?.signals.multiLevelFlow == nil)
    models.observe(market.bar(), span: .minute)
    let flow = models.wouldRead(at: market.now, horizonSeconds: 60)?.signals.multiLevelFlow
    #expect(try #require(flow) > 0)
    models.observe(market.bar(), span: .minute)
    #expect(models.wouldRead(at: market.now, horizonSeconds: 60)?.signals.multiLevelFlow == nil)
  }

  @Test("when the volatility doubles the reading follows within an hour")
  func change() throws {
    var market = SimulatedSymbol(seed: 9)
    var models = Self.models(&market, bars: 600)
    market.deviation = 3e-3
    for _ in 0..<45 { models.observe(market.bar(), span: .minute) }
    let reading = try #require(models.wouldRead(at: market.now, horizonSeconds: 60))
    let since = try #require(reading.barsSinceChange)
    #expect(reading.change == .volatilityUp && since < 45)
    #expect(reading.signals.annualVolatility > 2.2e-3 * (525_600.0).squareRoot())
  }

  @Test("a chance for the next bar is the same expected move among the noise of the horizon")
  func horizons() {
    let models = SymbolModels(symbol: "A", settings: Self.settings())
    #expect(models.chance(0.6, over: 60) == 0.6 || abs(models.chance(0.6, over: 60) - 0.6) < 1e-12)
    // Twice the deviation: half the quantile.
    let half = StandardNormal.cumulative(StandardNormal.quantile(0.6) / 2)
    #expect(abs(models.chance(0.6, over: 240) - half) < 1e-12)
    #expect(abs(models.chance(0.6, over: 15) - half) < 1e-12)
    #expect(abs(models.chance(0.4, over: 240) - (1 - half)) < 1e-12)
    #expect(models.chance(1, over: 600) == 1 && models.chance(0, over: 600) == 0)
  }

  @Test("smoothed readings halve the weight of what was believed with every half-life")
  func smoothing() throws {
    var settings = Self.settings()
    var market = SimulatedSymbol(seed: 10)
    let plain = Self.models(&market, bars: 200, settings)
    settings.smoothing = SmoothedBelief.Settings(halfLifeSeconds: 60)
    market = SimulatedSymbol(seed: 10)
    var models = Self.models(&market, bars: 200, settings)
    var twin = plain
    let reading = models.reading(at: market.now, horizonSeconds: 60)
    let first = try #require(reading)
    let unsmoothed = try #require(twin.wouldRead(at: market.now, horizonSeconds: 60))
    #expect(first.belief.driftParts == unsmoothed.belief.driftParts)
    let bar = market.bar()
    models.observe(bar, span: .minute)
    twin.observe(bar, span: .minute)
    let second = try #require(models.wouldRead(at: market.now, horizonSeconds: 60)).belief
    let raw = try #require(twin.wouldRead(at: market.now, horizonSeconds: 60)).belief
    let expected = (first.belief.annualVolatility + raw.annualVolatility) / 2
    #expect(agree(second.annualVolatility, expected, relative: 1e-9))
  }

  @Test("the same events give the same bits, and models taken up again go on to the bit")
  func restarts() throws {
    var settings = Self.settings()
    settings.smoothing = SmoothedBelief.Settings(halfLifeSeconds: 300)
    let documents = try SymbolModelsAdoptionTests.documents()
    for pause in [0, 1, 100, 351] {
      var market = SimulatedSymbol(seed: 11)
      var models = SymbolModels(symbol: "BTCUSDT", settings: settings)
      models.adopt(documents)
      var resumed: SymbolModels?
      for minute in 0..<360 {
        if minute == pause {
          resumed = try SymbolModels(
            symbol: "BTCUSDT", settings: settings, documents: documents,
            resuming: JSONValue(parsing: models.savedState.indentedText))
          #expect(resumed?.savedState == models.savedState)
        }
        let trade = market.trade(second: 20)
        let (book, bookTime) = (market.book(), market.now + .seconds(30))
        let bar = market.bar(after: minute % 97 == 96 ? 2 : 0)
        func tell(_ models: inout SymbolModels) -> MarketReading? {
          models.observe(trade)
          models.observe(book, at: bookTime)
          models.observe(bar, span: .minute)
          return models.reading(at: market.now, horizonSeconds: 300)
        }
        let reading = tell(&models)
        if var copy = resumed {
          let same = tell(&copy)
          #expect(same == reading)
          resumed = copy
        }
      }
      #expect(resumed?.savedState.compactText == models.savedState.compactText)
      #expect(models.fingerprint(of: .hmm) == resumed?.fingerprint(of: .hmm))
    }
  }

  @Test("a saved state of another symbol or with a defect is refused with every place named")
  func damage() throws {
    var market = SimulatedSymbol(seed: 12)
    let state = Self.models(&market, bars: 5).savedState
    #expect(throws: DocumentFailure.self) {
      try SymbolModels(symbol: "ETHUSDT", settings: Self.settings(), resuming: state)
    }
    guard case .object(var members) = state else { return }
    members.removeAll { $0.name == "kalman" }
    for index in members.indices where members[index].name == "close" {
      members[index].value = 0
    }
    let failure = #expect(throws: DocumentFailure.self) {
      try SymbolModels(symbol: "BTCUSDT", settings: Self.settings(), resuming: .object(members))
    }
    #expect(failure?.defects.map(\.keyPath) == ["close", "kalman"])
  }
}
