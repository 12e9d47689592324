import AlphaLanguage
import Backtesting
import Essentials
import Services

/// Two alphas side by side, which is better, and how sure that is.
struct ComparisonPage: Sendable {
  let comparison: AlphaComparison

  func text(_ terminal: TerminalFacts) -> String {
    let first = comparison.first
    let second = comparison.second
    let better = comparison.verdict == .secondIsBetter ? second : first
    let heading = [
      ("first", first.formula.source), ("second", second.formula.source),
      ("panel", "\(first.result.panelName) (\(first.result.panelFingerprint.short))"),
      ("settings", SettingsLine(settings: first.result.settings).text),
    ].flatMap { name, value in
      Paragraph(DisplayWidth.harmless(value)).hung(
        behind: name, indent: 10, width: terminal.textWidth)
    }
    let judgment = sentences.flatMap { Paragraph($0).lines(width: terminal.textWidth) }
    let blocks = [
      heading.joined(separator: "\n"),
      table.rendered(width: terminal.width, paint: terminal.paint),
      terminal.paint.bold("Which is better?") + "\n" + judgment.joined(separator: "\n"),
      "Of the \(better.name):\n" + TrustBlock(trust: better.trust).text(terminal),
      "result \(comparison.fingerprint)",
    ]
    return blocks.joined(separator: "\n\n")
  }

  private var table: Table {
    let first = comparison.first
    let second = comparison.second
    var table = Table([.text("figure"), .number("first"), .number("second")])
    func add(
      _ name: String, decimals: Int = 2, scale: Double = 1, _ value: (PricedAlpha) -> Double?
    ) {
      table.add([
        Table.Cell(name), .number(value(first).map { $0 * scale }, decimals: decimals),
        .number(value(second).map { $0 * scale }, decimals: decimals),
      ])
    }
    add("Sharpe [a year]") { $0.result.inSample.sharpe }
    add("Fitness") { $0.result.inSample.fitness }
    add("Turnover [%/day]", scale: 100) { $0.result.inSample.turnover }
    add("Returns [%/year]", scale: 100) { $0.result.inSample.returns }
    add("Drawdown [%]", scale: 100) { $0.result.inSample.drawdown }
    add("Margin [bp]", scale: 1e4) { $0.result.inSample.margin }
    add("Coverage [%]", decimals: 1, scale: 100) { $0.result.inSample.coverage }
    add("Deflated Sharpe [%]", decimals: 1, scale: 100) { $0.trust.deflatedSharpe.value }
    table.add([
      "Verdict", Table.Cell(first.trust.verdict.rawValue),
      Table.Cell(second.trust.verdict.rawValue),
    ])
    table.add([
      "Formula", Table.Cell(first.formula.fingerprint.short),
      Table.Cell(second.formula.fingerprint.short),
    ])
    return table
  }

  private var sentences: [String] {
    if comparison.isSameFormula {
      return ["Both formulas mean the same, so every figure is equal."]
    }
    var sentences: [String] = []
    switch comparison.correlation {
    case .known(let value):
      sentences.append("Their profits correlate with \(Table.Cell.number(value).text).")
    case .unknown(let reason): sentences.append(reason)
    }
    guard let difference = comparison.difference.value else {
      return sentences + [comparison.difference.reason ?? ""]
    }
    let interval = difference.interval
    let ends = [interval.lower, interval.upper].map { Table.Cell.number($0).text }
    let ahead = Table.Cell.percent(difference.probabilityFirstIsAhead, decimals: 1).text
    sentences.append(
      "The Sharpe ratio of the first is \(Table.Cell.number(interval.estimate).text) above that "
        + "of the second; the \(Table.Cell.percent(interval.confidence, decimals: 0).text) % "
        + "interval runs from \(ends[0]) to \(ends[1]), and the first is ahead in \(ahead) % of "
        + "\(Table.Cell.count(difference.resamples).text) resamples "
        + "(p = \(Table.Cell.number(difference.pValue, decimals: 3).text)).")
    switch comparison.verdict {
    case .firstIsBetter: sentences.append("The first is better.")
    case .secondIsBetter: sentences.append("The second is better.")
    case .same, .undecided:
      sentences.append("The sample does not tell which is better: the interval holds zero.")
    }
    return sentences
  }
}
