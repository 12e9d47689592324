import Essentials
import Worlds

/// What another policy would have made of a world's past.
struct WhatIfPage: Sendable {
  let world: String
  let policy: String
  let whatIf: WhatIf

  /// Lines of differences that a person reads; --json has all.
  private static let linesMax = 40

  var json: JSONValue {
    [
      "world": .string(world), "policy": .string(policy),
      "decisions": .integer(whatIf.decisions),
      "from": whatIf.from.map { .string("\($0)") } ?? .null,
      "through": whatIf.through.map { .string("\($0)") } ?? .null,
      "recorded_moves": .integer(whatIf.recordedMoves),
      "other_moves": .integer(whatIf.otherMoves),
      "differences": .array(whatIf.carried.map(json)),
      "differences_each_by_itself": .array(whatIf.single.map(json)),
      "instances": .array(
        whatIf.outcomes.map { outcome in
          [
            "instance": .string(outcome.instance),
            "recorded_days": .integer(outcome.recordedDays),
            "other_days": .integer(outcome.otherDays),
            "avoided_days": .integer(outcome.avoidedDays),
            "avoided_return": .number(outcome.avoided),
            "gained_days": .integer(outcome.gainedDays),
            "gained_return": .number(outcome.gained),
            "contribution": .number(outcome.contribution),
          ]
        }),
      "contribution": .number(whatIf.contribution),
    ]
  }

  private func json(_ difference: WhatIf.Difference) -> JSONValue {
    [
      "cycle": .integer(difference.cycle), "at": .string("\(difference.at)"),
      "instance": .string(difference.instance),
      "recorded": .string(difference.recorded.rawValue),
      "other": .string(difference.other.rawValue), "reason": .string(difference.reason),
      "pnl": difference.pnl.map(JSONValue.number) ?? .null,
      "pnl_days": .integer(difference.days),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func sentence(_ text: String) -> String {
      Paragraph(DisplayWidth.harmless(text)).lines(width: terminal.textWidth)
        .joined(separator: "\n")
    }
    var blocks = [
      sentence(
        """
        \(whatIf.decisions) decisions of \(world) from \(whatIf.from?.description ?? "--") through \
        \(whatIf.through?.description ?? "--"), taken again under \(policy): \
        \(whatIf.recordedMoves) promotions and demotions were decided, and \(whatIf.otherMoves) \
        would have been.
        """)
    ]
    if whatIf.carried.isEmpty {
      blocks.append(sentence("No promotion and no demotion differs."))
    } else {
      var table = Table([
        .text("at"), .number("cycle", rank: 2), .text("instance", narrowest: 12),
        .text("was"), .text("would be"), .text("worth %"), .text("because", rank: 1),
      ])
      for difference in whatIf.carried.prefix(Self.linesMax) {
        table.add([
          Table.Cell("\(difference.at)"), .count(difference.cycle),
          Table.Cell(difference.instance), Table.Cell(difference.recorded.rawValue),
          Table.Cell(difference.other.rawValue),
          difference.pnl.map { .percent($0, decimals: 3) } ?? Table.Cell("unknown"),
          Table.Cell(difference.reason),
        ])
      }
      blocks.append(table.rendered(width: terminal.width, paint: terminal.paint))
      if whatIf.carried.count > Self.linesMax {
        blocks.append(
          sentence("\(whatIf.carried.count - Self.linesMax) more; --json has all of them."))
      }
    }
    if !whatIf.outcomes.isEmpty { blocks.append(outcomes.rendered(width: terminal.width)) }
    blocks.append(sentence(verdict))
    return blocks.joined(separator: "\n\n")
  }

  private var outcomes: Table {
    var table = Table([
      .text("instance", narrowest: 12), .number("days live", rank: 1),
      .number("would be", rank: 2), .number("avoided", unit: "%"), .number("gained", unit: "%"),
      .number("world", unit: "%"),
    ])
    for outcome in whatIf.outcomes {
      table.add([
        Table.Cell(outcome.instance), .count(outcome.recordedDays), .count(outcome.otherDays),
        outcome.avoidedDays > 0 ? .percent(outcome.avoided) : .missing,
        outcome.gainedDays > 0 ? .percent(outcome.gained) : .missing,
        .percent(outcome.contribution, decimals: 3),
      ])
    }
    return table
  }

  private var verdict: String {
    guard !whatIf.outcomes.isEmpty else {
      return whatIf.carried.isEmpty
        ? "The world would have traded the same."
        : "No account recorded a return of the days that differ, so their worth is unknown."
    }
    return """
      Worth is what a difference would have added to the world's equity until the next one about the \
      instance, after costs, or unknown where no account recorded a return. \
      Avoided is the return of an instance on days on which it was live and would not have been, \
      gained the other way round. The world would have earned \
      \(Table.Cell.percent(abs(whatIf.contribution), decimals: 3).text) % of its equity \
      \(whatIf.contribution < 0 ? "less" : "more"), at the weights of each day. Measures are those of the record, also those that depend on the phase.
      """
  }
}
