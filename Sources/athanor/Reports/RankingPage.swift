import AlphaLanguage
import Backtesting
import Essentials
import Services

/// The report on several alphas: what was run, a ranked table, and whether to trust the best.
struct RankingPage: Sendable {
  let ranking: Ranking
  let checked: CheckedSheet
  /// How many rows of the table are shown.
  let top: Int
  /// Where the tear sheet of the best is, nil where none was asked for.
  let tearSheet: String?

  func text(_ terminal: TerminalFacts) -> String {
    guard let best = ranking.best else { return "No formula could be simulated." }
    var blocks = [
      heading(best, terminal), table.rendered(width: terminal.width, paint: terminal.paint),
    ]
    if ranking.alphas.count > top {
      blocks.append("The first \(top) of \(ranking.alphas.count) are shown; --top shows more.")
    }
    if !duplicates.isEmpty { blocks.append(duplicates) }
    let title = ranking.order == .sheet ? "First" : "Best by \(ranking.order.rawValue)"
    blocks.append("\(title): \(DisplayWidth.harmless(best.name))  \(shown(best))")
    blocks.append(TrustBlock(trust: best.trust).text(terminal))
    blocks.append(
      Paragraph(selection(best)).lines(width: terminal.textWidth).joined(separator: "\n"))
    if let tearSheet { blocks.append("tear sheet of the best  \(tearSheet)") }
    blocks.append("result \(ranking.fingerprint)")
    return blocks.joined(separator: "\n\n")
  }

  private func shown(_ alpha: PricedAlpha) -> String {
    DisplayWidth.truncated(DisplayWidth.harmless(alpha.result.alpha.text), to: 200)
  }

  private func heading(_ best: PricedAlpha, _ terminal: TerminalFacts) -> String {
    let result = best.result
    let sample = "\(result.inSample.firstStamp.date)..\(result.inSample.lastStamp.date)"
    return [
      ("panel", "\(result.panelName) (\(result.panelFingerprint.short)), \(sample)"),
      ("settings", SettingsLine(settings: result.settings).text),
    ].flatMap { name, value in
      Paragraph(value).hung(behind: name, indent: 10, width: terminal.textWidth)
    }.joined(separator: "\n")
  }

  private var table: Table {
    var table = Table([
      .text("name", narrowest: 20), .number("Sharpe"), .number("Fitness"),
      .number("Turnover", unit: "%/day"), .number("Returns", unit: "%/year"),
      .number("Drawdown", unit: "%", rank: 2), .number("Margin", unit: "bp", rank: 3),
      .number("Coverage", unit: "%", rank: 5), .number("Deflated", unit: "%"),
      .text("verdict"), .text("failed checks", rank: 4, narrowest: 16),
    ])
    for alpha in ranking.alphas.prefix(top) {
      let metrics = alpha.result.inSample
      let failed = alpha.result.checks.filter { $0.verdict == .fail }.map(\.name.rawValue)
      table.add([
        Table.Cell(alpha.name), .number(metrics.sharpe), .number(metrics.fitness),
        .percent(metrics.turnover, decimals: 1), .percent(metrics.returns),
        .percent(metrics.drawdown, decimals: 1), .number(metrics.margin * 1e4, decimals: 1),
        .percent(metrics.coverage, decimals: 1),
        .percent(alpha.trust.deflatedSharpe.value, decimals: 1),
        Table.Cell(alpha.trust.verdict.rawValue),
        Table.Cell(failed.isEmpty ? "none" : failed.joined(separator: " ")),
      ])
    }
    return table
  }

  private var duplicates: String {
    checked.accepted.flatMap { accepted in
      accepted.duplicates.map {
        "\($0.name) (line \($0.line)) means the same as \(accepted.entry.name) and was run once."
      }
    }.prefix(20).joined(separator: "\n")
  }

  private func selection(_ best: PricedAlpha) -> String {
    let trials = Table.Cell.count(best.trust.trials).text
    var text = ""
    if let lucky = best.trust.luckySharpe.value, let sharpe = best.trust.sharpe.value {
      text =
        "The best of \(trials) formulas without any skill would by luck alone show a Sharpe ratio "
        + "of \(Table.Cell.number(lucky).text); this one shows \(Table.Cell.number(sharpe).text)."
    }
    if let overfitting = best.trust.overfitting.value {
      text +=
        " In \(Table.Cell.percent(overfitting.probability, decimals: 1).text) % of "
        + "\(Table.Cell.count(overfitting.splits).text) splits, the formula that is best in one "
        + "half is below the median in the other."
    }
    if let ideas = ranking.ideas {
      text +=
        " By how their profits move together, the formulas are \(Table.Cell.count(ideas).text) "
        + (ideas == 1 ? "idea." : "different ideas.")
    }
    let supported = ranking.alphas.count { $0.trust.verdict == .supported }
    return text + " Supported: \(supported) of \(ranking.alphas.count)."
  }
}
