import AlphaLanguage
import Markets

/// Parsing, checking and planning, formula by formula.
struct CheckSuite {
  private let texts: [String]
  private let schema: PanelSchema

  init(arguments: [String]) throws {
    texts = try Benchmark.formulas(arguments[0]).map(\.text)
    schema = PanelSchema(
      fields: ["open", "high", "low", "close", "volume", "amount"].map {
        FieldDescription(name: $0, kind: .matrix)
      })
  }

  func run() throws {
    let checker = FormulaChecker(schema: schema)
    let typical = "rank(ts_delta(log(close), 5))"
    _ = try checker.check(typical)
    let repeats = 200
    var nodes = 0
    let short = try Benchmark.seconds {
      for _ in 0..<(repeats * 10) {
        nodes += EvaluationPlan([try checker.check(typical).graph]).nodes.count
      }
    }
    let long = try Benchmark.seconds {
      for _ in 0..<repeats {
        for text in texts { nodes += EvaluationPlan([try checker.check(text).graph]).nodes.count }
      }
    }
    Benchmark.answer([
      ("suite", "\"check\""), ("typical_microseconds", "\(short / Double(repeats * 10) * 1e6)"),
      (
        "alpha101_microseconds_mean",
        "\(long / Double(repeats * texts.count) * 1e6)"
      ), ("nodes", "\(nodes)"),
    ])
  }
}
