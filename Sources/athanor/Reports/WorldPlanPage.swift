import Essentials
import Services
import Worlds

/// What an evaluation came to.
struct WorldPlanPage: Sendable {
  let receipt: WorldDesk.EvaluationReceipt

  private var plan: WorldPlan { receipt.plan }

  var json: JSONValue {
    [
      "world": .string(plan.world), "cycle": .integer(plan.cycle),
      "run": receipt.run.map(JSONValue.string) ?? .null,
      "outcome": receipt.outcome.map { .string($0.stage.rawValue) } ?? .null,
      "traded": receipt.traded.json, "plan": plan.json,
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func set(_ text: String) -> String {
      Paragraph(DisplayWidth.harmless(text)).lines(width: terminal.textWidth)
        .joined(separator: "\n")
    }
    var parts = [
      set(
        "Cycle \(plan.cycle) of the world \(plan.world) at \(plan.at): \(plan.mode.rawValue), data"
          + " \(plan.currency.standing.rawValue.lowercased()), plan \(plan.id.short).")
    ]
    if receipt.traded.rows > 0 { parts.insert(set(receipt.traded.sentence), at: 0) }
    if !plan.rows.isEmpty { parts.append(table(terminal)) }
    if !steps.isEmpty { parts.append(steps.map(set).joined(separator: "\n")) }
    if let run = receipt.run {
      let end = receipt.outcome.map { "ended \($0.stage.rawValue)" } ?? "goes on"
      parts.append(set("The cutover \(run) \(end)."))
    }
    return parts.joined(separator: "\n\n")
  }

  private func table(_ terminal: TerminalFacts) -> String {
    var table = Table([
      .text("instance", narrowest: 30), .text("phase"), .text("verdict", rank: 2),
      .number("score", rank: 3), .number("rank", rank: 4),
      .text("what follows", rank: 1, narrowest: 14),
    ])
    for row in plan.rows {
      table.add([
        Table.Cell(row.instance), Table.Cell(row.phase.rawValue),
        Table.Cell(row.verdict.rawValue), .number(row.score),
        .count(row.rank), Table.Cell(Self.consequence(of: row)),
      ])
    }
    return table.rendered(width: terminal.width, paint: terminal.paint)
  }

  /// What is done with an instance, or why nothing is.
  private static func consequence(of row: WorldPlan.Row) -> String {
    guard row.action == .hold else {
      return row.action.rawValue.lowercased().replacing("_", with: " ")
    }
    return (row.hold?.description ?? row.rejection?.description) ?? ""
  }

  private var steps: [String] {
    plan.steps.map { step in
      let weight = step.weight.map { " at \(Table.Cell.percent($0, decimals: 1).text) %" } ?? ""
      return
        "\(step.kind.rawValue.lowercased().replacing("_", with: " ")): \(step.instance)\(weight)"
    }
  }

  /// The answer; a cutover that did not complete speaks against success.
  var answer: Answer {
    let failure = receipt.run.flatMap { run in
      receipt.outcome.flatMap { WorldCommandFailure(run: run, $0) }
    }
    return Answer(json: json, failure: failure) { text($0) }
  }
}

extension WorldCommandFailure {
  /// What speaks against a cutover, nil where it completed.
  init?(run: String, _ outcome: CutoverOutcome) {
    guard outcome.stage != .completed || !outcome.needsOperator.isEmpty else { return nil }
    self = .cutoverFailed(
      run: run, stage: outcome.stage.rawValue, reason: outcome.reason,
      needsOperator: outcome.needsOperator)
  }
}
