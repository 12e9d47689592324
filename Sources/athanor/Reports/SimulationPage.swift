import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Services

/// The report on one alpha: what was run, performance, years, checks, and whether to trust it.
struct SimulationPage: Sendable {
  let alpha: PricedAlpha
  /// Where the tear sheet is, nil where none was asked for.
  let tearSheet: String?

  private var result: SimulationResult { alpha.result }

  func text(_ terminal: TerminalFacts) -> String {
    let blocks = [
      heading(terminal), block("Performance", performance, terminal),
      block("By year", years, terminal), block("Checks", checks, terminal),
      remarks(terminal), TrustBlock(trust: alpha.trust).text(terminal),
      tearSheet.map { "tear sheet  \($0)" } ?? "", "result \(result.fingerprint)",
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private func block(_ title: String, _ table: Table, _ terminal: TerminalFacts) -> String {
    terminal.paint.bold(title) + "\n"
      + table.rendered(width: terminal.width, paint: terminal.paint)
  }

  private func heading(_ terminal: TerminalFacts) -> String {
    var entries: [(String, String)] = []
    if !alpha.name.hasPrefix("#") { entries.append(("name", alpha.name)) }
    entries.append(("alpha", result.alpha.text))
    if result.alpha.canonicalText != result.alpha.text {
      entries.append(("means", result.alpha.canonicalText))
    }
    entries += [
      ("panel", "\(result.panelName) (\(result.panelFingerprint.short))"),
      ("sample", sample), ("settings", SettingsLine(settings: result.settings).text),
      ("grade", result.grade.rawValue),
    ]
    return entries.flatMap { name, value in
      Paragraph(DisplayWidth.harmless(value)).hung(
        behind: name, indent: 10, width: terminal.textWidth)
    }.joined(separator: "\n")
  }

  private var sample: String {
    let days = "\(result.inSample.firstStamp.date)..\(result.inSample.lastStamp.date)"
    guard let test = result.test else { return days }
    return "\(days), test from \(test.firstStamp.date)"
  }

  // MARK: Tables

  private static let columns: [Table.Column] = [
    .text("sample"), .number("Sharpe"), .number("Fitness", rank: 0),
    .number("Turnover", unit: "%/day"), .number("Returns", unit: "%/year"),
    .number("Drawdown", unit: "%", rank: 1), .number("Margin", unit: "bp", rank: 2),
    .number("PnL", rank: 6), .number("Long", rank: 4), .number("Short", rank: 5),
    .number("Coverage", unit: "%", rank: 3),
  ]

  private static func row(_ name: String, _ metrics: AlphaMetrics) -> [Table.Cell] {
    [
      Table.Cell(name), .number(metrics.sharpe), .number(metrics.fitness),
      .percent(metrics.turnover), .percent(metrics.returns), .percent(metrics.drawdown),
      .number(metrics.margin * 1e4), .count(Self.whole(metrics.pnl)),
      .number(metrics.longCount, decimals: 0), .number(metrics.shortCount, decimals: 0),
      .percent(metrics.coverage, decimals: 1),
    ]
  }

  private static func whole(_ value: Double) -> Int? {
    value.magnitude < 1e15 ? Int(value.rounded()) : nil
  }

  private var performance: Table {
    var table = Table(Self.columns)
    table.add(Self.row("IS", result.inSample))
    if let train = result.train { table.add(Self.row("train", train)) }
    if let test = result.test { table.add(Self.row("test", test)) }
    return table
  }

  private var years: Table {
    Table(
      Self.columns,
      rows: result.yearly.map { year in
        let stage = year.stage == .inSample ? "" : " \(year.stage.rawValue)"
        return Self.row("\(year.year)\(stage)", year.metrics)
      })
  }

  private var checks: Table {
    Table(
      [.text("check"), .text("result"), .number("value"), .number("limit")],
      rows: result.checks.map { check in
        [
          Table.Cell(check.name.rawValue), Table.Cell(check.verdict.rawValue),
          .number(check.value, decimals: 4), .number(check.limit, decimals: 4),
        ]
      })
  }

  private func remarks(_ terminal: TerminalFacts) -> String {
    let notes = result.checks.compactMap { check in
      check.note.map { "\(check.name.rawValue): \($0)" }
    }
    return (notes + result.warnings.map { "\($0.code): \($0.message)" }).flatMap {
      Paragraph($0).hung(behind: "-", indent: 3, width: terminal.textWidth)
    }.joined(separator: "\n")
  }
}

/// Settings in one line, those at their usual value left out where nobody misses them.
struct SettingsLine: Sendable {
  let settings: SimulationSettings

  var text: String {
    var parts = [
      settings.universe, "delay \(settings.delay)", "decay \(settings.decay)",
      "neutralization \(settings.neutralization.rawValue)",
      "truncation \(Table.Cell.number(settings.truncation).text)",
    ]
    if settings.maxTrade == .on { parts.append("max trade") }
    if settings.nanHandling == .on { parts.append("NaN handling") }
    if settings.pasteurization == .off { parts.append("no pasteurization") }
    if settings.stepOrder != .neutralizeLast { parts.append(settings.stepOrder.rawValue) }
    parts.append("cost \(Table.Cell.number(settings.costRate * 1e4, decimals: 1).text) bp")
    if !settings.testPeriod.isEmpty { parts.append("test \(settings.testPeriod)") }
    if let first = settings.startDate { parts.append("from \(first)") }
    if let last = settings.endDate { parts.append("to \(last)") }
    return parts.joined(separator: ", ")
  }
}
