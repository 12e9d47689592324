import Essentials
import Foundation
import Models
import TestKit
import Testing

@testable import athanor

@Suite("athanor models fit")
struct ModelsFitCommandTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func path(_ name: String) -> String { scratch.url.appendingPathComponent(name).path }

  /// Bars of a minute whose volatility clusters, from a fixed seed.
  private func bars(
    _ name: String, rows: Int = 1200, seed: UInt64 = 7, extra: [String] = []
  ) throws -> String {
    var state = seed
    // The constants of D. Knuth's MMIX; good enough for prices that nobody believes.
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    var lines = ["ts,open,high,low,close,volume"]
    var price = 100.0
    var variance = 1e-6
    for row in 0..<rows {
      let noise = (0..<12).reduce(-6.0) { sum, _ in sum + draw() }
      let move = variance.squareRoot() * noise
      variance = 1e-7 + 0.15 * move * move + 0.75 * variance
      let open = price
      price *= 1 + move
      let stamp = 1_746_372_780_000 + 60_000 * row
      lines.append("\(stamp),\(open),\(max(open, price)),\(min(open, price)),\(price),1")
    }
    try FileManager.default.createDirectory(
      atPath: (path(name) as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true)
    try (lines + extra).joined(separator: "\n").write(
      toFile: path(name), atomically: true, encoding: .utf8)
    return path(name)
  }

  private func run(_ arguments: String...) -> (code: Int32, rehearsal: Rehearsal) {
    let rehearsal = Rehearsal(width: 100, isTerminal: true)
    let code = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      .serve(["models", "fit"] + arguments)
    return (code, rehearsal)
  }

  @Test("the written parameters of volatility are read back, and the global ones are their mean")
  func garch() throws {
    let files = [
      try bars("BTCUSDT_1m.csv"), try bars("ETHUSDT_1m.csv", rows: 900, seed: 11),
    ]
    let out = path("state/garch_params.json")
    let told = run("garch", "--data", files[0], files[1], "--out", out)
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    #expect(told.rehearsal.output.contains("converged"))
    let document = try GARCHDocument(
      text: String(contentsOfFile: out, encoding: .utf8), document: out)
    #expect(document.symbols.map(\.symbol) == ["BTC/USDT:USDT", "ETH/USDT:USDT"])
    #expect(document.fitMode == .maximumLikelihood && document.barSeconds == 60)
    #expect(document.sourceGlob.hasSuffix("*USDT_1m.csv"), "\(document.sourceGlob)")
    let counts = document.symbols.map { Double($0.record.count) }
    #expect(counts == [1199, 899])
    let alphas = document.symbols.map(\.record.parameters.alpha)
    let mean = (alphas[0] * counts[0] + alphas[1] * counts[1]) / (counts[0] + counts[1])
    #expect(agree(try #require(document.global).parameters.alpha, mean))
  }

  @Test("nothing behind --to is fitted on, and documents say through when they know")
  func end() throws {
    let whole = try bars("BTCUSDT_1m.csv", rows: 900)
    let long = try bars("long/BTCUSDT_1m.csv", rows: 1200)
    let end = "2025-05-05T06:33:00Z"
    for model in ["garch", "hmm", "causal"] {
      let (out, other) = (path("a/\(model).json"), path("b/\(model).json"))
      let lookback = "--lookback=5000"
      #expect(run(model, "--data", whole, "--out", out, lookback).code == 0)
      #expect(run(model, "--data", long, "--out", other, lookback, "--to", end).code == 0)
      func document(_ path: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(
          with: Data(contentsOf: URL(fileURLWithPath: path)))
        var members = try #require(object as? [String: Any])
        for name in ["fitted_at", "source_glob"] { members[name] = nil }
        return members
      }
      let (cut, full) = (try document(other), try document(out))
      #expect(cut["fitted_through_ms"] as? Int == 1_746_372_780_000 + 900 * 60_000, "\(model)")
      #expect(NSDictionary(dictionary: cut).isEqual(to: full), "\(model)")
    }
    #expect(run("garch", "--data", whole, "--to", "2025-05-01").code == 4)
  }

  @Test("bad rows are counted and named, and a gap makes no return")
  func defects() throws {
    let stamp = 1_746_372_780_000 + 60_000 * 1300
    let file = try bars(
      "BTCUSDT_1m.csv",
      extra: [
        "\(stamp),100,101,99,100,1", "\(stamp + 60_000),100,101,99,zero,1",
        "\(stamp + 120_000),100,101,99,0,1", "\(stamp),100,101,99,100,1", "\(stamp),100",
      ])
    let told = run("garch", "--data", file, "--json")
    let rows = try #require(try told.rehearsal.object()["files"] as? [[String: Any]])
    let bad = try #require(rows.first?["bad_rows"] as? [[String: Any]])
    #expect(
      bad.compactMap { $0["reason"] as? String } == [
        "unparsable_number", "impossible_bar", "duplicate_bar", "ragged_row",
      ])
    #expect((bad.first?["first"] as? String)?.contains(":1203:") == true)
    #expect(rows.first?["gaps"] as? Int == 1)
    #expect(rows.first?["n_obs"] as? Int == 1199)
  }

  @Test("what stands in for a fit that did not converge is said, and so is the exit code")
  func standIn() throws {
    let files = [try bars("BTCUSDT_1m.csv"), try bars("ETHUSDT_1m.csv", rows: 100)]
    let out = path("garch.json")
    let told = run("garch", "--data", files[0], files[1], "--out", out)
    #expect(told.code == 2)
    let words = told.rehearsal.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("in its place: alpha 0.05 and beta 0.90"))
    let document = try GARCHDocument(
      text: String(contentsOfFile: out, encoding: .utf8), document: out)
    #expect(document.fitMode == .fallback)
    #expect(document.record(for: "ETH/USDT:USDT")?.parameters.beta == 0.9)
  }

  @Test("files that cannot be used leave nothing behind")
  func unusable() throws {
    let out = path("none.json")
    let folder = run("garch", "--data", path("BTCUSDT_1m.csv"), "--out", out)
    #expect(folder.code == 4)
    #expect(folder.rehearsal.errors.contains("nothing_usable"))
    let nameless = try bars("notes.csv", rows: 3)
    #expect(run("hmm", "--data", nameless).rehearsal.output.contains("unknown symbol"))
    try "a,b\n1,2\n".write(
      toFile: path("ETHUSDT_1m.csv"), atomically: true, encoding: .utf8)
    #expect(run("hawkes", "--data", path("ETHUSDT_1m.csv")).code == 4)
    #expect(run("garch").code == 4)
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test("states and flows are written as documents that are read back to the bit")
  func others() throws {
    let file = try bars("BTCUSDT_1m.csv")
    let states = path("hmm.json")
    let told = run("hmm", "--states", "2", "--data", file, "--out", states, "--json")
    #expect([0, 2].contains(told.code), "\(told.rehearsal.errors)")
    if told.code == 0 {
      let read = try FittedModels<HiddenMarkovParameters>(
        text: String(contentsOfFile: states, encoding: .utf8), document: states)
      #expect(read.record(for: "BTC/USDT:USDT")?.count == 2)
      let text = try String(contentsOfFile: states, encoding: .utf8)
      #expect(try JSONValue(text: text, document: states) == read.json)
    }
    // Trades in bursts: each start is followed by a few of the same direction.
    var lines = ["time,price"]
    var price = 100.0
    var stamp = 1_746_372_780_000
    for burst in 0..<160 {
      stamp += 20_000 + 7_919 * (burst % 13)
      for step in 0..<(1 + burst % 4) {
        stamp += 300 + 211 * step
        price += burst % 3 == 0 ? 0.1 : burst % 2 == 0 ? 0.2 : -0.2
        lines.append("\(stamp),\(price)")
      }
    }
    let trades = path("BTCUSDT.csv")
    try lines.joined(separator: "\n").write(toFile: trades, atomically: true, encoding: .utf8)
    let flows = path("hawkes.json")
    let flow = run("hawkes", "--data", trades, "--out", flows)
    #expect([0, 2].contains(flow.code), "\(flow.rehearsal.errors)")
    #expect(run("garch", "--data", trades).rehearsal.output.contains("needs bars"))
  }

  @Test("what is learned from many symbols is shown out of sample first, and written")
  func signals() throws {
    let files = [
      try bars("BTCUSDT_1m.csv", rows: 900), try bars("ETHUSDT_1m.csv", rows: 900, seed: 11),
    ]
    let out = path("state/causal_weights.json")
    let told = run("causal", "--data", files[0], files[1], "--out", out)
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    let output = told.rehearsal.output
    let first = try #require(output.range(of: "Out of sample"))
    let feature = try #require(output.range(of: "mu_kf"))
    #expect(first.lowerBound < feature.lowerBound && output.contains("95 % interval"))
    let weights = try CausalWeights(
      text: String(contentsOfFile: out, encoding: .utf8), document: out)
    #expect(weights.weights.contains { $0.feature == "mu_kf" })
    let json = run("causal", "--data", files[0], files[1], "--json")
    let object = try json.rehearsal.object()
    #expect((object["out_of_sample"] as? [String: Any])?["rows"] as? Int ?? 0 > 100)
  }

  @Test("a folder stands for its tables of bars, and one with several lengths is asked which")
  func folders() throws {
    try FileManager.default.createDirectory(
      atPath: path("bars"), withIntermediateDirectories: true)
    _ = try bars("bars/BTCUSDT_1m.csv", rows: 400)
    _ = try bars("bars/ETHUSDT_1m.csv", rows: 400, seed: 11)
    try "time,rate\n".write(
      toFile: path("bars/BTCUSDT_funding.csv"), atomically: true, encoding: .utf8)
    let told = run("garch", "--data", path("bars"), "--json")
    let rows = try #require(try told.rehearsal.object()["files"] as? [[String: Any]])
    #expect(rows.compactMap { $0["symbol"] as? String } == ["BTC/USDT:USDT", "ETH/USDT:USDT"])
    _ = try bars("bars/BTCUSDT_5m.csv", rows: 400)
    let several = run("garch", "--data", path("bars"))
    #expect(several.code == 4 && several.rehearsal.errors.contains("ambiguous_files"))
    let chosen = run("garch", "--data", path("bars"), "--bar", "5m", "--json")
    #expect((try chosen.rehearsal.object()["files"] as? [[String: Any]])?.count == 1)
    let feeds = run("mlofi", "--data", path("bars"))
    #expect(feeds.code == 4 && feeds.rehearsal.errors.contains("no_feeds"))
  }

  @Test("an option that would change nothing is refused by name")
  func idleOptions() throws {
    for words in [
      ["causal", "--embargo", "10"], ["garch", "--learner", "grid"], ["mlofi", "--embargo", "1"],
      ["direction", "--python", "python3"], ["direction", "--time-limit", "1m"],
      ["causal", "--interval", "1m"],
    ] {
      let rehearsal = Rehearsal(width: 100, isTerminal: true)
      let code = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
        .serve(["models", "fit"] + words + ["--data", "BTCUSDT_1m.csv"])
      #expect(code == 4 && rehearsal.errors.contains("idle_option"), "\(words)")
      #expect(rehearsal.errors.contains(words[1]), "\(rehearsal.errors)")
    }
  }

  @Test("without LightGBM a grid goes on and says so, and trees alone say how to install it")
  func withoutTrees() throws {
    let file = try bars("BTCUSDT_1m.csv", rows: 1100)
    let out = path("state/mu_direction_model.json")
    let grid = run(
      "direction", "--data", file, "--learner", "grid", "--label", "y", "--out", out)
    let words = grid.rehearsal.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(grid.code == 0, "\(grid.rehearsal.errors)")
    #expect(words.contains("is not installed. So the logistic model was alone."))
    #expect(words.contains("Scripts/setup --lightgbm"))
    let written = try String(contentsOfFile: out, encoding: .utf8)
    let trees = run("direction", "--data", file, "--learner", "lightgbm", "--out", out)
    #expect(trees.code == 4 && trees.rehearsal.errors.contains("Scripts/setup --lightgbm"))
    // What was written before stays.
    #expect(try String(contentsOfFile: out, encoding: .utf8) == written)
  }

  @Test("too little to learn from is said, and books are asked for where bars were given")
  func signalShortfalls() throws {
    let file = try bars("BTCUSDT_1m.csv", rows: 300)
    let out = path("direction.json")
    let told = run("direction", "--data", file, "--out", out)
    #expect(told.code == 4 && told.rehearsal.errors.contains("nothing_learned"))
    #expect(!FileManager.default.fileExists(atPath: out))
    let levels = run("mlofi", "--data", file)
    #expect(levels.code == 4 && levels.rehearsal.output.contains("no recording of books"))
  }
}
