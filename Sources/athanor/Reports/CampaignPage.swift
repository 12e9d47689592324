import AlphaLanguage
import Backtesting
import Essentials
import Research
import Services

/// The report of a campaign: what became of each idea, the best candidates, what to think of the
/// best, and what it cost.
struct CampaignPage: Sendable {
  let report: CampaignReport
  /// How many candidates are shown.
  let top: Int
  /// Where the tear sheet of the best is, nil where none was asked for.
  let tearSheet: String?
  /// How the model was chosen, nil where it was named.
  let notice: String?

  func text(_ terminal: TerminalFacts) -> String {
    var blocks = [
      heading(terminal), ideas.rendered(width: terminal.width, paint: terminal.paint),
    ]
    blocks += reasons(terminal)
    if !report.entries.isEmpty {
      blocks.append(candidates.rendered(width: terminal.width, paint: terminal.paint))
      if report.entries.count > top {
        blocks.append("The first \(top) of \(report.entries.count) are shown; --top shows more.")
      }
    }
    if let best = report.best, let trust = best.trust {
      blocks.append("Best by score: \(best.key)  \(shown(best))")
      blocks.append(TrustBlock(trust: trust).text(terminal))
    }
    blocks.append(
      Paragraph(conclusion).lines(width: terminal.textWidth).joined(separator: "\n"))
    if let tearSheet { blocks.append("tear sheet of the best  \(tearSheet)") }
    blocks.append("run \(report.run)\nresult \(report.fingerprint)")
    return blocks.joined(separator: "\n\n")
  }

  /// What became of each idea and what came of all, without the candidates.
  func brief(_ terminal: TerminalFacts) -> String {
    [
      ideas.rendered(width: terminal.width, paint: terminal.paint),
      Paragraph(conclusion).lines(width: terminal.textWidth).joined(separator: "\n"),
    ].joined(separator: "\n\n")
  }

  private func shown(_ entry: CampaignEntry) -> String {
    DisplayWidth.truncated(DisplayWidth.harmless(entry.formula.canonicalText), to: 200)
  }

  private func heading(_ terminal: TerminalFacts) -> String {
    var rows = [
      ("panel", "\(report.panelName) (\(report.panelFingerprint.short))"),
      ("settings", SettingsLine(settings: report.plan.settings).text),
      ("model", "\(report.model.provider) \(report.model.model)"),
    ]
    if let notice { rows.append(("", notice)) }
    return rows.flatMap { name, value in
      Paragraph(DisplayWidth.harmless(value)).hung(
        behind: name, indent: 10, width: terminal.textWidth)
    }.joined(separator: "\n")
  }

  private var ideas: Table {
    var table = Table([
      .text("idea", narrowest: 12), .text("outcome"), .number("simulated"), .number("accepted"),
      .number("best score"), .text("hypothesis", rank: 1, narrowest: 24),
    ])
    for (number, idea) in report.plan.ideas.enumerated() {
      let share = report.share(of: number)
      let outcome = report.outcomes.indices.contains(number) ? report.outcomes[number].name : ""
      table.add([
        Table.Cell(idea.ideaID), Table.Cell(outcome.replacing("_", with: " ")),
        .count(share.simulated), .count(share.accepted), .number(share.best?.card?.score),
        Table.Cell(idea.hypothesis),
      ])
    }
    return table
  }

  /// Why ideas were not proposed for, each reason once.
  private func reasons(_ terminal: TerminalFacts) -> [String] {
    var seen: Set<String> = []
    return report.outcomes.enumerated().compactMap { number, outcome in
      guard let reason = outcome.reason, seen.insert(reason).inserted else { return nil }
      let sentence = "\(report.plan.ideas[number].ideaID): \(reason)"
      return Paragraph(DisplayWidth.harmless(sentence)).lines(width: terminal.textWidth)
        .joined(separator: "\n")
    }
  }

  private var candidates: Table {
    let accepted = Set(report.accepted)
    var table = Table([
      .text("candidate"), .text("idea", rank: 4, narrowest: 10), .number("score"),
      .number("Sharpe"), .number("Fitness", rank: 1), .number("Turnover", unit: "%/day", rank: 2),
      .number("Drawdown", unit: "%", rank: 3), .number("Deflated", unit: "%"),
      .text("accepted"), .text("made by", rank: 5, narrowest: 12),
      .text("formula", narrowest: 24),
    ])
    for entry in report.entries.prefix(top) {
      let metrics = entry.result?.inSample
      table.add([
        Table.Cell(String(entry.key.prefix(8))), Table.Cell(entry.candidate.ideaID),
        .number(entry.card?.score), .number(metrics?.sharpe), .number(metrics?.fitness),
        .percent(metrics?.turnover, decimals: 1), .percent(metrics?.drawdown, decimals: 1),
        .percent(entry.trust?.deflatedSharpe.value, decimals: 1),
        Table.Cell(accepted.contains(entry.key) ? "yes" : "no"), Table.Cell(entry.arm.name),
        Table.Cell(DisplayWidth.harmless(entry.formula.canonicalText)),
      ])
    }
    return table
  }

  private var conclusion: String {
    let tally = report.tally
    var sentences = [
      "\(tally.proposed) formulas were proposed and \(tally.children) made from them; "
        + "\(report.entries.count) were simulated.",
      "\(tally.broken) did not check at first and \(tally.repaired) of those were repaired; "
        + "\(tally.duplicates) meant the same as another.",
    ]
    if let trials = report.best?.trust?.trials {
      let ideas = report.effectiveTrials.map { ", which hold about \($0) different ideas" } ?? ""
      sentences.append("The best is judged against \(trials) trials\(ideas).")
    }
    if report.refutedCount > 0 {
      sentences.append(
        report.refutedCount == 1
          ? "1 met every limit and is more likely luck than not."
          : "\(report.refutedCount) met every limit and are more likely luck than not.")
    }
    if !report.resembling.isEmpty {
      sentences.append(
        report.resembling.count == 1
          ? "1 more passed and resembles one that is better."
          : "\(report.resembling.count) more passed and resemble one that is better.")
    }
    sentences.append(
      "\(report.accepted.count) \(report.accepted.count == 1 ? "was" : "were") accepted, at a cost of \(cost) and "
        + "\(report.outcome.tokens) tokens\(each).")
    return sentences.joined(separator: " ")
  }

  private var cost: String {
    report.outcome.cost?.description ?? "an unknown amount (a call had no known price)"
  }

  private var each: String {
    guard let cost = report.outcome.cost, report.accepted.count > 0 else { return "" }
    return ", \(NanoDollars(cost.count / Int64(report.accepted.count))) for each accepted alpha"
  }
}
