import Essentials
import Research

/// How a run stands, for a person.
struct ResearchStatusPage: Sendable {
  let run: String
  let standing: GaugeStanding
  /// The payloads that consoles draw.
  let budget: JSONValue
  let search: JSONValue
  let validation: JSONValue

  func text(_ terminal: TerminalFacts) -> String {
    [
      "run \(DisplayWidth.harmless(run))\nstate \(painted(terminal.paint))",
      gauges.rendered(width: terminal.width, paint: terminal.paint),
      attempts.map { $0.rendered(width: terminal.width, paint: terminal.paint) },
    ].compactMap { $0 }.joined(separator: "\n\n")
  }

  private func painted(_ paint: Paint) -> String {
    switch standing.state {
    case "stable": paint.green(standing.state)
    case "warning": paint.yellow(standing.state)
    default: paint.red(standing.state)
    }
  }

  private var gauges: Table {
    var table = Table([
      .text("gauge"), .number("value"), .number("limit or aim"), .number("full", unit: "%"),
    ])
    func add(_ name: String, _ gauge: JSONValue?, decimals: Int = 0, isCeiling: Bool = true) {
      let value = Self.number(gauge?["value"])
      let limit = Self.number(gauge?["limit"])
      var share: Double?
      if isCeiling, let value, let limit, limit > 0 { share = value / limit }
      table.add([
        Table.Cell(name), .number(value, decimals: decimals), .number(limit, decimals: decimals),
        .percent(share, decimals: 1),
      ])
    }
    table.add([
      Table.Cell("pressure"), .number(standing.pressure), .number(1),
      .percent(standing.pressure, decimals: 1),
    ])
    let names = [
      ("prompt [tokens]", "prompt_tokens"), ("completion [tokens]", "completion_tokens"),
      ("run [tokens]", "batch_tokens"), ("day [tokens]", "day_tokens"),
      ("week [tokens]", "week_tokens"),
    ]
    for (name, key) in names where budget["gauges"]?[key] != nil {
      add(name, budget["gauges"]?[key])
    }
    for (name, key) in [
      ("coverage", "coverage"), ("novelty", "novelty"), ("explore share", "explore_ratio"),
    ] {
      add(name, search["gauges"]?[key], decimals: 2, isCeiling: false)
    }
    return table
  }

  private var attempts: Table? {
    guard case .array(let rows)? = validation["attempts"], !rows.isEmpty else { return nil }
    var table = Table([
      .number("attempt"), .number("passed"), .number("failed"), .number("pass rate", unit: "%"),
    ])
    for row in rows {
      table.add([
        .number(Self.number(row["attempt"]), decimals: 0),
        .number(Self.number(row["passed"]), decimals: 0),
        .number(Self.number(row["failed"]), decimals: 0),
        .percent(Self.number(row["pass_rate"]), decimals: 1),
      ])
    }
    return table
  }

  private static func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let whole)?: Double(whole)
    case .number(let number)?: number
    default: nil
    }
  }
}
