import Essentials
import Foundation
import Markets
import Mathematics
import Models
import Storage
import TestKit
import Testing

@testable import Services

@Suite("Learning what follows features")
struct SignalFittingTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Bars whose next return is foretold by the last one, where `persistence` is not zero.
  private func bars(
    _ name: String, rows: Int = 1500, seed: UInt64, persistence: Double, extra: [String] = []
  ) throws -> String {
    var generator = SplitMix64(seed: seed)
    var lines = ["ts,open,high,low,close,volume"]
    var (price, move) = (100.0, 0.0)
    for row in 0..<rows {
      let normal = StandardNormal.quantile((Double(generator.next() >> 12) + 0.5) * 0x1p-52)
      move = persistence * move + 1e-3 * normal
      let open = price
      price *= Elementary.exp(move)
      lines.append(
        "\(1_746_372_780_000 + 60_000 * row),\(open),\(max(open, price)),\(min(open, price)),"
          + "\(price),\(1 + generator.nextUniform())")
    }
    let path = scratch.url.appendingPathComponent(name).path
    try (lines + extra).joined(separator: "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func settings(lookback: Int = 4000) throws -> SignalFitting.Settings {
    var settings = SignalFitting.Settings(
      names: SymbolFileName(), lookback: lookback,
      labels: try #require(LabelSettings(cost: 1e-4)))
    settings.choice = .named(.move)
    settings.embargoBars = 10
    return settings
  }

  private static let now = Timestamp(millisecondsSinceEpoch: 1_750_000_000_000)

  @Test("a return that comes again is learned, and adopted by running models")
  func causal() throws {
    let files = [
      try bars("BTCUSDT_1m.csv", seed: 1, persistence: 0.4),
      try bars("ETHUSDT_1m.csv", seed: 2, persistence: 0.4),
    ]
    var done = 0
    let fitting = SignalFitting(.causal, files: files, try settings(), at: Self.now) { done = $0 }
    #expect(done == 2 && fitting.rows.allSatisfy { $0.status == .used && $0.count > 1300 })
    guard case .causal(let study) = fitting.outcome else {
      Issue.record("\(fitting.outcome)")
      return
    }
    #expect(try #require(study.outOfSample.explainedInterval).lowerBound > 0)
    // No books and no fitted rates were there.
    #expect(Set(study.names).isDisjoint(with: ["ofi", "mlofi", "hawkes_boost"]))
    var documents = ModelDocuments()
    let text = try #require(fitting.document).indentedText
    try documents.read(text, as: .causal, document: "causal_weights.json")
    var models = SymbolModels(symbol: "BTCUSDT")
    #expect(models.adopt(documents).isEmpty)
  }

  @Test("directions of a random walk are learned to be a coin, and the document says so")
  func direction() throws {
    let files = [try bars("BTCUSDT_1m.csv", rows: 1300, seed: 3, persistence: 0)]
    let fitting = SignalFitting(.direction, files: files, try settings(), at: Self.now) { _ in }
    guard case .direction(let study) = fitting.outcome else {
      Issue.record("\(fitting.outcome)")
      return
    }
    #expect(study.outOfSample.accuracy.interval(confidence: 0.99).contains(0.5))
    #expect(study.settings.splits.embargo == .minutes(10))
    let document = try DirectionDocument(
      json: try #require(fitting.document), document: "mu_direction_model.json")
    #expect(document.rawSamples == fitting.sampleCount && document.trainedAt == "\(Self.now)")
    #expect(document.json["valid_metrics"]?["rows"] == .integer(study.outOfSample.count))
  }

  @Test("without trees a grid is learned by logistic models alone and says why; trees alone fail")
  func withoutTrees() throws {
    let files = [try bars("BTCUSDT_1m.csv", rows: 1300, seed: 3, persistence: 0)]
    func fit(_ learning: DirectionStudy.Learning) throws -> SignalFitting {
      var settings = try settings()
      settings.learning = learning
      return SignalFitting(.direction, files: files, settings, at: Self.now) { _ in }
    }
    let grid = try fit(.all)
    let logistic = try fit(.logistic)
    #expect(grid.treesLeftOut?.key == "no_lightgbm" && logistic.treesLeftOut == nil)
    // What is not known is no number and not even its own equal; the texts are.
    #expect(try #require(grid.document).compactText == logistic.document?.compactText)
    let trees = try fit(.trees)
    guard case .shortfall(.noTrees(let failure)) = trees.outcome else {
      Issue.record("\(trees.outcome)")
      return
    }
    #expect(failure.key == "no_lightgbm" && trees.document == nil)
    let drift = SignalFitting(.drift, files: files, try settings(), at: Self.now) { _ in }
    #expect(drift.document == nil)
  }

  @Test("files that cannot be used are rows that say why, and nothing is learned from too little")
  func refusals() throws {
    let files = [
      try bars("BTCUSDT_1m.csv", rows: 200, seed: 4, persistence: 0),
      try bars("BTC-USDT-1m.csv", rows: 10, seed: 4, persistence: 0),
      try bars("notes.csv", rows: 10, seed: 4, persistence: 0),
      scratch.url.appendingPathComponent("XRPUSDT.csv").path,
    ]
    let fitting = SignalFitting(.causal, files: files, try settings(), at: Self.now) { _ in }
    let keys = fitting.rows.map { row in
      if case .unusable(let key, _) = row.status { key } else { "used" }
    }
    #expect(keys.prefix(3) == ["used", "repeated_symbol", "unknown_symbol"])
    #expect(keys[3] != "used")
    guard case .shortfall(let reason) = fitting.outcome else {
      Issue.record("\(fitting.outcome)")
      return
    }
    #expect(reason.name.hasPrefix("too_few_samples") && fitting.document == nil)
  }

  @Test("only the latest bars count, and gaps make no labels")
  func lookback() throws {
    let stamp = 1_746_372_780_000 + 60_000 * 1600
    let file = try bars(
      "BTCUSDT_1m.csv", seed: 5, persistence: 0, extra: ["\(stamp),100,101,99,100,1"])
    let fitting = SignalFitting(
      .causal, files: [file], try settings(lookback: 700), at: Self.now
    ) { _ in }
    #expect(fitting.rows.first?.gapCount == 1)
    // 700 bars, of which 120 warm the models; nothing follows the one before the gap and the last.
    #expect(fitting.rows.first?.count == 580)
    #expect(fitting.sampleCount == 578)
  }

  /// A feed of snapshots, one a second, whose best bids pull the price up and best asks down.
  private func feed(_ name: String, seconds: Int, seed: UInt64) throws -> String {
    let path = scratch.url.appendingPathComponent(name).path
    let tick = try #require(TickSize(0.1))
    let head = try #require(
      FeedFileHead(symbol: "BTCUSDT", protocol: .bybit, tick: tick, lot: .one))
    let writer = try FeedFileWriter(path: path, head: head)
    var generator = SplitMix64(seed: seed)
    var mid: Int64 = 500_000
    for second in 0..<seconds {
      let bid = Int64(generator.next() % 50) + 1
      let ask = Int64(generator.next() % 50) + 1
      let header = BookHeader(
        kind: .snapshot, sequence: BookSequence(Int64(second) + 2),
        instant: Timestamp(millisecondsSinceEpoch: 1_746_372_780_000 + 1000 * Int64(second)))
      let bids: ContiguousArray = [
        BookLevel(ticks: mid - 1, lots: bid), BookLevel(ticks: mid - 2, lots: 20),
      ]
      let asks: ContiguousArray = [
        BookLevel(ticks: mid + 1, lots: ask), BookLevel(ticks: mid + 2, lots: 20),
      ]
      try writer.append(FeedRecord(.book(header)), bids: bids.span, asks: asks.span)
      mid += (bid - ask) / 10 + Int64(generator.next() % 3) - 1
    }
    _ = try writer.finish(source: Fingerprint(of: name))
    return path
  }

  @Test("weights of levels are learned from recorded books, and bars are no books")
  func levels() throws {
    let file = try feed("btc.feed", seconds: 1500, seed: 6)
    let table = try bars("ETHUSDT_1m.csv", rows: 10, seed: 7, persistence: 0)
    var settings = try settings()
    settings.interval = try #require(BarSpan(.seconds(2)))
    settings.levels = 2
    let fitting = SignalFitting(.mlofi, files: [file, table], settings, at: Self.now) { _ in }
    #expect(fitting.rows.first?.symbol == "BTC/USDT:USDT")
    #expect(fitting.rows.first?.status == .used && fitting.sampleCount > 700)
    guard case .unusable(let key, let explanation)? = fitting.rows.last?.status else {
      Issue.record("\(fitting.rows)")
      return
    }
    #expect(key == "needs_books" && explanation.contains("ETHUSDT_1m.csv"))
    guard case .levels(let study) = fitting.outcome else {
      Issue.record("\(fitting.outcome)")
      return
    }
    #expect(study.names == ["level_1", "level_2"])
    let document = try OrderFlowWeightsDocument(
      json: try #require(fitting.document), document: "mlofi_weights.json")
    #expect(document.weights == study.regression.coefficients)
  }
}
