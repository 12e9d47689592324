import Essentials
import Markets
import Mathematics
import Testing

@testable import Models

@Suite("Labels of later closes")
struct LabelBuilderTests {
  private static func builder(
    moves: [Double], horizons: [Int] = [1, 2, 3, 5], symbol: String = "A"
  ) throws -> LabelBuilder {
    var builder = LabelBuilder(try #require(LabelSettings(hindsightBars: horizons)))
    var log = 0.0
    for (minute, move) in ([0] + moves).enumerated() {
      log += move
      let vector = try LabeledMarket.vector(minute, close: Elementary.exp(log), symbol: symbol)
      #expect(builder.observe(vector) == nil)
    }
    return builder
  }

  @Test("Net moves and the best horizons of five returns are those of the specification")
  func publishedCase() throws {
    let moves = [0.0004, -0.0002, 0.0010, -0.0015, 0.0003]
    let samples = try Self.builder(moves: moves).samples
    let net = [0.00015, 0, 0.00075, -0.00125, 0.00005]
    #expect(samples.count == 5)
    for (sample, (move, net)) in zip(samples, zip(moves, net)) {
      #expect(abs(sample.move - move) < 1e-12)
      #expect(abs(sample.netMove - net) < 1e-12)
      #expect(sample.feeAdjustedMove == sample.netMove)
    }
    let best: [(Int, Double, Double)?] = [
      (3, 0.0012, 0.00095), (2, 0.0008, 0.00055), (1, 0.0010, 0.00075), (1, -0.0015, -0.00125),
      nil,
    ]
    for (sample, best) in zip(samples, best) {
      #expect(sample.hindsightBars == best?.0)
      #expect(abs((sample.hindsightMove ?? 0) - (best?.1 ?? 0)) < 1e-12)
      #expect(abs((sample.hindsightNetMove ?? 0) - (best?.2 ?? 0)) < 1e-12)
    }
    // A choice depends on all that was looked at, not only on what was chosen.
    let last = try #require(samples[2].interval(of: .hindsight))
    #expect(last.end == LabeledMarket.instant(3 + 2))
  }

  @Test("Features come strictly before the label, and a forming or impossible bar stamps none")
  func order() throws {
    let samples = try Self.builder(moves: [0.1, -0.1, 0.2]).samples
    for sample in samples {
      let interval = try #require(sample.interval(of: .move))
      #expect(interval.start == sample.features.time && interval.start < interval.end)
    }
    var forming = LabeledMarket.bar(0, close: 1)
    forming.isClosed = false
    #expect(FeatureVector([0], of: "A", closing: forming, span: .minute) == nil)
    let impossible = LabeledMarket.bar(0, close: -1)
    #expect(FeatureVector([0], of: "A", closing: impossible, span: .minute) == nil)
    #expect(LabelInterval(from: LabeledMarket.instant(1), to: LabeledMarket.instant(1)) == nil)
    let odd = try #require(
      FeatureVector([.infinity], of: "A", closing: LabeledMarket.bar(0, close: 1), span: .minute))
    #expect(odd.values[0].isNaN)
  }

  @Test("A vector that is not later, of another span or of other features is refused")
  func refusals() throws {
    var builder = try Self.builder(moves: [0.1])
    #expect(builder.observe(try LabeledMarket.vector(1, close: 1)) == .notLater)
    #expect(builder.observe(try LabeledMarket.vector(2, close: 1, values: [])) == .otherFeatures)
    let hour = try #require(
      FeatureVector([0], of: "A", closing: LabeledMarket.bar(60, close: 1), span: .hour))
    #expect(builder.observe(hour) == .otherSpan)
    #expect(builder.samples.count == 1)
  }

  @Test("No label spans a missing bar, and symbols do not label each other")
  func gapsAndSymbols() throws {
    var builder = LabelBuilder(try #require(LabelSettings()))
    for minute in [0, 1, 3, 4] {
      let close = Double(minute + 1)
      #expect(builder.observe(try LabeledMarket.vector(minute, close: close)) == nil)
      let other = try LabeledMarket.vector(minute, close: 1 / close, symbol: "B")
      #expect(builder.observe(other) == nil)
    }
    let samples = builder.samples
    #expect(samples.map(\.features.symbol) == ["A", "B", "A", "B"])
    #expect(samples.map { Int($0.features.time.millisecondsSinceEpoch / 60_000) } == [1, 1, 4, 4])
    #expect(samples[0].move == Elementary.log(2) && samples[1].move == -Elementary.log(2))
  }

  @Test("Exits by hand drop the samples that they marred, and no others")
  func contamination() throws {
    var builder = try Self.builder(moves: [0.1, -0.1, 0.2, 0.1])
    builder.noteExit(of: "A", at: LabeledMarket.instant(2), reason: "MANUAL_CLEANUP by hand")
    builder.noteExit(of: "A", at: LabeledMarket.instant(3), reason: "take_profit")
    builder.noteExit(of: "B", at: LabeledMarket.instant(4), reason: "external")
    let rows = LabelSelection(choice: .named(.move)).select(builder.samples)
    #expect(rows.contaminated == 1)
    #expect(rows.rows.map(\.interval.start) == [2, 3, 4].map { LabeledMarket.instant($0) })
    let all = LabelSelection(choice: .named(.move), contaminants: []).select(builder.samples)
    #expect(all.rows.count == 4)
  }

  @Test("Sparse sources are passed over, hindsight is taken only where it is asked for")
  func sources() throws {
    // 1 of 50 moves is above the cost: 2 % is too sparse.
    let moves = (0..<50).map { $0 == 20 ? 0.01 : ($0 % 2 == 0 ? 1e-4 : -1e-4) }
    let samples = try Self.builder(moves: moves).samples
    #expect(LabelSelection().select(samples).source == .move)
    #expect(LabelSelection(activeShareMin: 0.01).select(samples).source == .net)
    let open = LabelSelection(choice: .automatic(allowsHindsight: true), activeShareMin: 0.01)
    let rows = open.select(samples)
    #expect(rows.source == .hindsightNet)
    #expect(rows.unlabeled == 1)
    #expect(rows.overlap > 3, "labels over five bars overlap about fivefold")
    #expect(LabelSelection().select(samples).overlap == 1)
    #expect(LabelSource(name: "y_net_hstar") == .hindsightNet)
    let banded = LabelSelection(choice: .named(.move), neutralBand: 2e-4).select(samples)
    #expect(banded.neutral == 49 && banded.rows.count == 50)
    #expect(banded.rows.count { $0.isUp != nil } == 1)
  }
}
