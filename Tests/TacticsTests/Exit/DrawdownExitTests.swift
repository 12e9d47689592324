import Essentials
import Markets
import Tactics
import TestKit
import Testing

@Suite("Floor of unrealized losses")
struct DrawdownExitTests {
  private func floor(
    drift: Double, toxicity: Double, shock: Double, isNoise: Bool, state: Double, mode: ExitMode,
    volatility: Double = .nan, _ settings: ExitSettings = Profiles.seed.exit
  ) -> Double {
    var market = MarketState()
    market.regime = .bull
    market.toxicity = toxicity
    market.hiddenState = state
    market.annualVolatility = volatility
    var reading = ShockReading(of: MarketState(), against: .long, under: settings.general)
    reading.score = shock
    reading.isNoise = isNoise
    return DrawdownExit.floor(
      alignment: drift, market: market, side: .long, shock: reading, mode: mode, under: settings)
  }

  @Test("floors are as recorded")
  func recorded() {
    for (found, expected) in [
      (
        floor(drift: 1, toxicity: 0.4, shock: 0, isNoise: true, state: 0.5, mode: .noise), -0.035614
      ),
      (
        floor(drift: -1, toxicity: 0.8, shock: 1.4, isNoise: false, state: -0.7, mode: .shock),
        -0.004752
      ),
      (
        floor(drift: 0, toxicity: .nan, shock: 0, isNoise: false, state: .nan, mode: .normal), -0.02
      ),
    ] {
      #expect(agree(found, expected, absolute: 1e-6))
    }
  }

  @Test("a shock raises the floor once by default")
  func once() {
    let settings = Profiles.shipped.exit
    let twice = floor(
      drift: 0, toxicity: .nan, shock: 1.4, isNoise: false, state: .nan, mode: .shock)
    let once = floor(
      drift: 0, toxicity: .nan, shock: 1.4, isNoise: false, state: .nan, mode: .shock, settings)
    #expect(agree(twice, once * 0.78))
  }

  @Test("the floor lies beyond what noise reaches while the exit is confirmed")
  func noise() {
    var settings = Profiles.shipped.exit
    settings.drawdown.floor = -0.002
    for volatility in [0.5, 1, 2, 4.0] {
      let found = floor(
        drift: 0, toxicity: .nan, shock: 0, isNoise: false, state: .nan, mode: .normal,
        volatility: volatility, settings)
      let noise = 3 * volatility * (15 / 31_536_000.0).squareRoot()
      #expect(agree(found, min(-0.002, -noise)))
    }
  }

  private func reason(
    _ settings: ExitSettings, leverage: Double, price: Double, age: Int64,
    hurst: Double = .nan
  ) -> String {
    var position = HeldPosition(
      side: .short, openedAt: .seconds(0), entryPrice: 100, markPrice: price)
    position.leverage = leverage
    position.entryHoldSeconds = 600
    var circumstances = ExitCircumstances(now: .seconds(age), position: position)
    circumstances.market.tickTrend = -3
    circumstances.market.hiddenState = 0.1
    circumstances.market.hurst = hurst
    var memory = ExitMemory()
    var reason = ""
    for step in 0..<3 {
      circumstances.now = .seconds(age + 5 * Int64(step))
      reason =
        ExitReview(of: circumstances, memory: &memory, under: settings)[.drawdown].reason
    }
    return reason
  }

  @Test("by price leverage closes nothing, and an early loss is not waited for")
  func measure() {
    let shipped = Profiles.shipped.exit
    let seed = Profiles.seed.exit
    // A move of 7 basis points at 30x is a loss of 2.1 % of the margin.
    #expect(reason(shipped, leverage: 30, price: 100.07, age: 700) == "idle")
    #expect(reason(seed, leverage: 30, price: 100.07, age: 700) == "unrealized_dd_normal")
    #expect(reason(shipped, leverage: 1, price: 102.5, age: 10) == "unrealized_dd_normal")
    #expect(reason(seed, leverage: 1, price: 102.5, age: 10) == "min_hold")
  }

  @Test(
    "behind the least hold a loss waits for its share of the hold, unless it is grave or a shock")
  func progress() {
    let seed = Profiles.seed.exit
    // 600 s are meant, 360 s the least hold; what reverts or wanders waits longer than what trends.
    #expect(reason(seed, leverage: 30, price: 100.075, age: 400, hurst: 0.6) == Self.closed)
    #expect(reason(seed, leverage: 30, price: 100.075, age: 400, hurst: 0.4) == "tstar_progress")
    #expect(reason(seed, leverage: 30, price: 100.075, age: 430, hurst: 0.4) == Self.closed)
    // 1.3 floors are grave.
    #expect(reason(seed, leverage: 30, price: 100.12, age: 400, hurst: 0.4) == Self.closed)
  }

  private static let closed = "unrealized_dd_normal"
}
