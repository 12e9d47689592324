import AlphaLanguage
import Essentials
import Services
import Worlds

/// What the instances of a world compute, with those that share with it.
struct WorldSharingPage: Sendable {
  let world: String
  /// By panel.
  let sharings: [WorldSharing]

  var json: JSONValue {
    [
      "world": .string(world),
      "panels": .array(
        sharings.map { sharing in
          [
            "panel": .string(sharing.panel), "counts": sharing.computation.counts.json,
            "nodes": .integer(sharing.computation.graph.nodes.count),
            "instances": .array(
              sharing.computation.formulas.map { formula in
                [
                  "world": .string(formula.world), "instance": .string(formula.instance),
                  "nodes": .integer(formula.formula.graph.nodes.count),
                  "own": .integer(Self.own(of: formula, in: sharing)),
                  "root": .string(root(of: formula, in: sharing) ?? ""),
                ]
              }),
          ]
        }),
    ]
  }

  private func root(of formula: WorldFormula, in sharing: WorldSharing) -> String? {
    sharing.computation.roots[formula.world]?[formula.instance]?.description
  }

  /// The computations that only this instance needs.
  private static func own(of formula: WorldFormula, in sharing: WorldSharing) -> Int {
    let computation = sharing.computation
    func root(_ other: WorldFormula) -> NodeID? { computation.roots[other.world]?[other.instance] }
    guard let mine = root(formula) else { return 0 }
    let others = computation.formulas.compactMap(root).filter { $0 != mine }
    let shared = Set(computation.graph.closure(of: others).map(\.id))
    return computation.graph.closure(of: [mine])
      .count { [.raw, .indicator].contains($0.kind) && !shared.contains($0.id) }
  }

  func text(_ terminal: TerminalFacts) -> String {
    guard !sharings.isEmpty else {
      return Paragraph(
        "Nothing is computed for the world \(world): it has no instance that counts."
      )
      .lines(width: terminal.textWidth).joined(separator: "\n")
    }
    return sharings.map { text(of: $0, terminal) }.joined(separator: "\n\n")
  }

  private func text(of sharing: WorldSharing, _ terminal: TerminalFacts) -> String {
    let counts = sharing.computation.counts
    let summary = Paragraph(
      """
      On \(sharing.panel) \(sharing.computation.formulas.count) instances need \(counts.total) \
      computations; \(counts.computed) are made and \(counts.saved) saved, \
      \(counts.savedBetweenWorlds) of them between worlds.
      """
    ).lines(width: terminal.textWidth).joined(separator: "\n")
    var table = Table([
      .text("instance", narrowest: 12), .text("world", rank: 1), .number("needs"),
      .number("alone", rank: 2),
    ])
    for formula in sharing.computation.formulas {
      table.add([
        Table.Cell(formula.instance), Table.Cell(formula.world),
        .count(formula.formula.graph.nodes.count),
        .count(Self.own(of: formula, in: sharing)),
      ])
    }
    return summary + "\n\n" + table.rendered(width: terminal.width, paint: terminal.paint)
  }

  /// The answer of the command.
  var answer: Answer { Answer(json: json) { text($0) } }
}
