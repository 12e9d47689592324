import TestKit
import Testing

@testable import athanor

@Suite("athanor outlook")
struct OutlookCommandTests {
  private func run(_ arguments: [String]) -> (code: Int32, rehearsal: Rehearsal) {
    let rehearsal = Rehearsal(width: 80, isTerminal: true)
    let code = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      .serve(["outlook"] + arguments)
    return (code, rehearsal)
  }

  // Stops are far more than the worst 5 %, so that the tail's kink, at which its error is unknown, is far.
  private static let trade = [
    "--drift", "9", "--volatility", "80%", "--take-profit", "0.6%", "--stop-loss", "50bp",
  ]

  private func figure(
    _ document: [String: Any], _ side: String, _ name: String
  ) throws -> (value: Double, error: Double) {
    let horizons = try #require(
      (document[side] as? [String: Any])?["horizons"] as? [[String: Any]])
    let figure = try #require(horizons.last?[name] as? [String: Any])
    return (
      try #require(figure["value"] as? Double), try #require(figure["standard_error"] as? Double)
    )
  }

  @Test("paths agree with the closed form within four standard errors")
  func agreement() throws {
    let closed = run(Self.trade + ["--json"])
    let paths = run(Self.trade + ["--paths", "4096", "--step", "10s", "--json"])
    #expect(closed.code == 0 && paths.code == 0, "\(paths.rehearsal.errors)")
    let exact = try closed.rehearsal.object()
    let walked = try paths.rehearsal.object()
    #expect(exact["source"] as? String == "closedForm")
    #expect(walked["paths"] as? Int == 4096)
    for side in ["long", "short"] {
      for name in ["take_profit", "stop_loss", "time_out", "net", "net_tail"] {
        let truth = try figure(exact, side, name)
        let estimate = try figure(walked, side, name)
        #expect(truth.error == 0)
        #expect(
          (truth.value - estimate.value).magnitude <= 4 * estimate.error + 1e-6, "\(side) \(name)")
      }
      let sum = try ["take_profit", "stop_loss", "time_out"].map {
        try figure(exact, side, $0).value
      }.reduce(0, +)
      #expect((sum - 1).magnitude < 1e-9)
    }
  }

  @Test("the closed form's time in the position is that of paths")
  func holding() throws {
    func seconds(_ extra: [String]) throws -> Double {
      let told = run(Self.trade + extra + ["--horizon", "1h", "--json"])
      let document = try told.rehearsal.object()
      let horizons = try #require(
        (document["long"] as? [String: Any])?["horizons"] as? [[String: Any]])
      return try #require(horizons.first?["holding_seconds"] as? Double)
    }
    let exact = try seconds([])
    // Touches of paths count at the ends of their steps, half a step late on average.
    let walked = try seconds(["--paths", "2048", "--step", "20s"])
    #expect((exact + 10 - walked).magnitude < 0.05 * exact, "\(exact), \(walked)")
  }

  @Test("the report shows both sides, the decision and the best time within 80 columns")
  func text() {
    let told = run(Self.trade + ["--horizons", "1m,10m"])
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    for part in ["long", "short", "Decision:", "t*", "No costs were given", "closed form"] {
      #expect(told.rehearsal.output.contains(part), "\(part)")
    }
    #expect(told.rehearsal.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(
    "what cannot be computed is refused with its reason",
    arguments: [
      (["--drift", "nan"], "bad_value"), (["--volatility", "0"], "bad_value"),
      (["--take-profit", "-1%"], "bad_value"), (["--horizon", "0s"], "number_out_of_range"),
      (["--horizon", "400d"], "number_out_of_range"),
      (["--horizon", "10m", "--step", "7s"], "uneven_horizon"),
      (["--degrees", "4"], "unused_option"), (["--model", "jumps"], "missing_option"),
      (
        ["--model", "garch", "--garch-alpha", "0.5", "--garch-beta", "0.5"], "explosive_variance"
      ),
      (["--horizon", "30d", "--step", "1s"], "too_many_steps"),
      (["--model", "bootstrap", "--history", "nowhere.csv"], "unreadable_file"),
    ])
  func refusals(extra: [String], key: String) throws {
    var words = ["--drift=1", "--volatility=0.5"]
    words.removeAll { word in extra.contains { word.hasPrefix($0 + "=") } }
    let told = run(words + extra + ["--json"])
    #expect(told.code == 4)
    #expect(try told.rehearsal.complaint()["error"] as? String == key)
    #expect(told.rehearsal.output == "")
  }

  @Test(
    "every law answers",
    arguments: [
      ["student"], ["jumps", "--jump-rate", "500", "--jump-deviation", "0.5%"],
      ["reverting", "--half-life", "5m", "--gap", "0.2%"],
      ["garch", "--garch-alpha", "0.05", "--garch-beta", "0.9"],
    ])
  func laws(words: [String]) throws {
    let told = run(Self.trade + ["--paths", "1024", "--step", "20s", "--json", "--model"] + words)
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    #expect(try told.rehearsal.object()["law"] as? String == words[0])
  }
}
