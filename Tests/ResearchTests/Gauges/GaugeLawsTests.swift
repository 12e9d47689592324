import Essentials
import Mathematics
import Testing

@testable import Research
@testable import Storage

@Suite("The laws of gauges")
struct GaugeLawsTests {
  /// A run of chance: calls that end in every way, refusals, fallbacks and candidates, at seconds,
  /// minutes and days.
  private func bench(seed: UInt64, steps: Int) -> (bench: GaugeBench, end: Double) {
    var generator = SplitMix64(seed: seed)
    var bench = GaugeBench()
    var open: [Reservation] = []
    var now = 0.0
    func chance(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    for _ in 0..<steps {
      now += Double(chance(0...20)) * [0.05, 1, 10, 4_000][min(3, chance(0...12) / 4)]
      switch chance(0...9) {
      case 0...2:
        open.append(
          bench.grant(
            chance(0...12_000), chance(0...1_600),
            lane: Lane.allCases[chance(0...2)], dayBefore: chance(0...1_500_000), at: now))
      case 3, 4:
        guard !open.isEmpty else { continue }
        let call = open.remove(at: chance(0...(open.count - 1)))
        bench.settle(
          call, chance(0...13_000), chance(0...1_700), dollars: chance(0...1) == 0 ? nil : 0.01,
          at: now)
      case 5:
        guard !open.isEmpty else { continue }
        let place = chance(0...(open.count - 1))
        if chance(0...1) == 0 {
          bench.add(.presumed(open[place], .deadline), at: now)
        } else {
          bench.add(.voided(open.remove(at: place), .notSent, isLate: false), at: now)
        }
      case 6:
        let causes = [
          GaugeBench.promptBreach(15_000),
          CeilingBreach(.tokens(.day), limit: 1_500_000, used: 1_499_999, asked: 5_000),
          CeilingBreach(.exploreFloorTokens(.batch), limit: 52_000, used: 52_000, asked: 10),
          CeilingBreach(.unknownPrice(model: "plain"), limit: 0, used: 0, asked: 0),
          CeilingBreach(.cost(.week), limit: 10, used: 10, asked: 10),
        ]
        bench.refuse(
          chance(0...20_000), 100, [causes[chance(0...4)]], dayBefore: chance(0...1_500_000),
          at: now)
      case 7:
        var step = EventSamples.fallback
        step.promptTokens = chance(0...20_000)
        bench.add(.fallbackApplied(step), at: now)
      case 8:
        bench.propose(
          [Lane.exploit, .explore][chance(0...1)],
          novelty: chance(0...3) == 0 ? nil : Double(chance(0...100)) / 100, at: now)
      default:
        bench.build(
          ["s\(chance(0...9))", "s\(chance(0...9))"], of: chance(0...2) == 0 ? nil : 12, at: now)
      }
    }
    return (bench, now)
  }

  @Test("the fold says what a scan of all events says", arguments: [UInt64(1), 2, 3, 4])
  func oracle(_ seed: UInt64) {
    let (bench, end) = bench(seed: seed, steps: 45)
    var gauges = RunGauges(run: bench.run, configuration: bench.configuration)
    for (place, event) in bench.events.enumerated() {
      gauges.take(event)
      guard place % 6 == 0 || place == bench.events.count - 1 else { continue }
      let plain = PlainGauges(Array(bench.events[...place]), bench.configuration)
      let last = place == bench.events.count - 1 ? GaugeBench.at(end) : event.at
      for wait in [0.0, 30, 950, 90_000] {
        let now = Timestamp(
          millisecondsSinceEpoch: max(last, event.at).millisecondsSinceEpoch + Int64(wait * 1000))
        let standing = gauges.standing(at: now)
        #expect(standing.batch.tokens == plain.batchTokens(at: now), "seed \(seed) at \(place)")
        #expect(standing.day.tokens == plain.dayTokens(at: now), "seed \(seed) at \(place)")
        #expect(
          abs(standing.pressure - plain.pressure(at: now)) < 1e-12, "seed \(seed) at \(place)")
        #expect(standing.level == plain.level(at: now), "seed \(seed) at \(place), \(wait) s")
        // The fold forgets what has faded to less than a thousandth.
        let rate = plain.tokensPerSecond(at: now)
        #expect(abs(standing.tokensPerSecond - rate) < 1, "seed \(seed) at \(place)")
      }
      #expect(gauges.search.exploreRatio == plain.exploreRatio)
      #expect(gauges.search.novelty == plain.novelty)
      #expect(gauges.search.coverage == plain.coverage)
      #expect(gauges.checks.elements.map(\.promptTokens) == plain.promptSeries)
    }
  }

  @Test("pressure is finite and not negative, and payloads are JSON", arguments: 10..<20)
  func finite(_ seed: Int) throws {
    let (bench, _) = bench(seed: UInt64(seed), steps: 80)
    var gauges = RunGauges(run: bench.run, configuration: bench.configuration)
    for event in bench.events {
      gauges.take(event)
      let standing = gauges.standing(at: event.at)
      #expect(standing.pressure.isFinite && standing.pressure >= 0)
      #expect(standing.tokensPerSecond.isFinite && standing.tokensPerSecond >= 0)
    }
    let now = GaugeBench.at(1)
    for payload in [
      gauges.budget(at: now), gauges.kpi, gauges.reactorStatus(at: now), gauges.validationKPI,
    ] {
      let text = payload.compactText
      #expect(try JSONValue(parsing: text).compactText == text)
      #expect(!text.contains("inf") && !text.contains("nan"))
    }
    #expect(gauges.unreadableCount == 0)
  }

  @Test("every flag goes off when its cause is gone", arguments: 30..<45)
  func recovery(_ seed: Int) {
    let (bench, end) = bench(seed: UInt64(seed), steps: 60)
    let gauges = bench.gauges
    let later = gauges.standing(at: GaugeBench.at(end + 8 * 86_400))
    #expect(later.flags == GaugeFlags(), "seed \(seed)")
    #expect(later.tokensPerSecond == 0 && later.dollarsPerMinute == 0)
    #expect(later.day == .zero && later.week == .zero)
    // Only what is used for good still presses.
    #expect(later.pressure == Double(later.batch.tokens) / 52_000)
    // A check that passes clears what concerned the calls before it, at once.
    var next = bench
    next.grant(100, 100, at: end)
    var flags = next.gauges.standing(at: GaugeBench.at(end)).flags
    flags.isProtected = false
    #expect(flags == GaugeFlags(), "seed \(seed)")
  }

  @Test("a log that lies about amounts ends nothing")
  func absurd() {
    var bench = GaugeBench()
    let check = bench.check(1_000, 1_000, dayBefore: .max - 1_000_000)
    bench.add(.refused(check), at: 1)
    for step in 0..<4 {
      let call = bench.grant(1_000, 1_000, dayBefore: .max - 1_000_000, at: Double(2 + step))
      let most = Spend(tokens: TokenUsage.tokensMax, cost: NanoDollars(1_000_000_000_000_000_000))
      bench.add(
        .settled(
          Settlement(
            reservation: call, point: LedgerBench.used(TokenUsage.tokensMax),
            cost: .known(most.cost), within: most, beyond: most, isLate: false)),
        at: Double(2 + step))
    }
    let standing = bench.gauges.standing(at: GaugeBench.at(10))
    #expect(standing.pressure.isFinite && standing.batch.tokens > 0)
    #expect(bench.gauges.unreadableCount == 0)
  }

  @Test("more open calls than are remembered count as used in full")
  func manyOpen() {
    var bench = GaugeBench()
    for _ in 0...OpenCalls.callsMax { bench.grant(10, 5, at: 1) }
    let gauges = bench.gauges
    #expect(gauges.open.calls.count == OpenCalls.callsMax)
    #expect(
      gauges.standing(at: GaugeBench.at(1)).batch.tokens == 15 + 10 * OpenCalls.callsMax)
  }
}
