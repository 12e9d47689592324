import Essentials
import Foundation
import Mathematics
import Models
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
    #expect(study.purged >= 10)
    let document = try DirectionDocument(
      json: try #require(fitting.document), document: "mu_direction_model.json")
    #expect(document.rawSamples == fitting.sampleCount && document.trainedAt == "\(Self.now)")
    #expect(document.json["valid_metrics"]?["rows"] == .integer(study.outOfSample.count))
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
    #expect(reason.hasPrefix("too_few_samples") && fitting.document == nil)
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
    // 700 bars, of which 121 warm the models, and one behind the gap that nothing follows.
    #expect(fitting.rows.first?.count == 579)
    #expect(fitting.sampleCount == 577)
  }
}
