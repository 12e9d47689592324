import Essentials
import Mathematics
import Services

/// Whom a policy promotes where the truth is known.
struct PowerPage: Sendable {
  let policy: String
  let table: PowerTable

  var json: JSONValue {
    [
      "policy": .string(policy), "seed": .integer(Int(table.seed)),
      "world_size": .integer(table.worldSize), "every": .string("\(table.every)"),
      "rows_of_a_year": .integer(table.year), "years": .integer(PowerStudy.years),
      "rows": .array(
        table.rows.map { row in
          [
            "returns": .string(row.plan.nature.rawValue), "sharpe": .number(row.plan.sharpe),
            "history_years": .number(row.plan.history), "best_of": .integer(row.plan.bestOf),
            "trials_told": .integer(row.plan.trials), "strategies": .integer(row.strategies),
            "within_1_year": json(row.withinOneYear), "within_2_years": json(row.withinAll),
          ]
        }),
      "claims": [
        "noise_max": .number(PowerTable.noiseMax), "power_min": .number(PowerTable.powerMin),
        "noise": table.noise.map { .number($0.withinOneYear.share) } ?? .null,
        "power": table.skill.map { .number($0.withinAll.share) } ?? .null,
        "kept": table.keepsClaims.map(JSONValue.bool) ?? .null,
      ],
    ]
  }

  private func json(_ proportion: Proportion) -> JSONValue {
    let interval = proportion.interval()
    return [
      "promoted": .integer(proportion.successes), "share": .number(proportion.share),
      "low": .number(interval.lowerBound), "high": .number(interval.upperBound),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func sentence(_ text: String) -> String {
      Paragraph(text).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    let heading = """
      Promoted under \(DisplayWidth.harmless(policy)), decided every \(table.every), in worlds of \
      \(table.worldSize) strategies that do not compete for places; shares with 95 % intervals.
      """
    let blocks =
      [sentence(heading), rows.rendered(width: terminal.width, paint: terminal.paint)]
      + sentences.map { sentence($0) }
    return blocks.joined(separator: "\n\n")
  }

  private var rows: Table {
    var rows = Table([
      .text("strategies"), .number("Sharpe"), .number("history", unit: "years"),
      .number("n", rank: 3), .number("1 year", unit: "%"), .text("interval", rank: 2),
      .number("2 years", unit: "%"), .text("interval", rank: 1),
    ])
    for row in table.rows {
      let plan = row.plan
      let name =
        plan.bestOf > 1
        ? "best of \(plan.bestOf), " + (plan.trials > 1 ? "told" : "forgotten")
        : plan.nature == .persistent ? "with memory" : plan.sharpe == 0 ? "noise" : "planted"
      rows.add([
        Table.Cell(name), .number(plan.sharpe, decimals: 1), .number(plan.history, decimals: 1),
        .count(row.strategies), .percent(row.withinOneYear.share, decimals: 1),
        Self.interval(row.withinOneYear), .percent(row.withinAll.share, decimals: 1),
        Self.interval(row.withinAll),
      ])
    }
    return rows
  }

  /// Such as `2.4..4.7`.
  private static func interval(_ proportion: Proportion) -> Table.Cell {
    let interval = proportion.interval()
    return Table.Cell(
      [interval.lowerBound, interval.upperBound].map {
        Table.Cell.percent($0, decimals: 1).text
      }.joined(separator: ".."))
  }

  private var sentences: [String] {
    var sentences: [String] = []
    func percent(_ share: Double) -> String { Table.Cell.percent(share, decimals: 1).text }
    if let noise = table.noise, let skill = table.skill {
      let verdict = table.keepsClaims == true ? "It keeps" : "It does not keep"
      sentences.append(
        """
        \(verdict) the claims: at most \(percent(PowerTable.noiseMax)) % of noise within a year \
        (measured: \(percent(noise.withinOneYear.share)) % with the history that is worst), and at \
        least \(percent(PowerTable.powerMin)) % of a Sharpe ratio of \(PowerStudy.claimedSharpe) \
        within two years, given two years of history (measured: \
        \(percent(skill.withinAll.share)) %).
        """)
    }
    sentences.append(
      """
      Less history cannot do it: after half a year of history and two more years, a Sharpe ratio of \
      1.5 stands 2.4 standard errors from zero on average, and a test that errs in one of twenty noise \
      strategies, looking every day, asks for about 2.2.
      """)
    if table.rows.contains(where: { $0.plan.nature == .persistent }) {
      sentences.append(
        """
        Returns with memory (GARCH and an autocorrelation of 0.1) carry less evidence than tests of \
        independent returns take them for, so more of their noise passes.
        """)
    }
    if table.rows.contains(where: { $0.plan.bestOf > 1 }) {
      sentences.append(
        "A search that forgets its trials promotes its luck: compare the last two rows.")
    }
    return sentences
  }
}
