import AlphaLanguage
import Essentials
import Services
import Worlds

/// What the instances of worlds compute, with those that share with them, and what of it is kept.
struct WorldSharingPage: Sendable {
  /// The world that was asked for, nil for all.
  let world: String?
  /// By panel.
  let sharings: [WorldSharing]
  /// The worlds that are shown.
  let worlds: [String]
  let graph: SharedGraph

  var json: JSONValue {
    [
      "world": world.map { .string($0) } ?? .null,
      "graph": graph.json(of: worlds.contains),
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
    let parts = sharings.map { text(of: $0, terminal) } + versions(terminal) + [drains(terminal)]
    guard !sharings.isEmpty else {
      let whom = world.map { "the world \($0): it has" } ?? "any world: there is"
      let nothing = Paragraph("Nothing is computed for \(whom) no instance that counts.")
        .lines(width: terminal.textWidth).joined(separator: "\n")
      return ([nothing] + parts).joined(separator: "\n\n")
    }
    return parts.joined(separator: "\n\n")
  }

  /// The versions that can be brought back, and those in force.
  private func versions(_ terminal: TerminalFacts) -> [String] {
    var table = Table([
      .text("world", narrowest: 8), .number("version"), .text("since", rank: 1),
      .text("until", rank: 2), .number("instances", rank: 3), .text("content", rank: 4),
    ])
    let views = worlds.compactMap { graph.worlds[$0] }
    guard views.contains(where: { $0.current != nil }) else { return [] }
    for view in views {
      for version in view.versions {
        table.add([
          Table.Cell(view.world), .count(version.number), Table.Cell(version.since.description),
          Table.Cell(version.supersededAt?.description ?? "in force"),
          .count(version.roots.count), Table.Cell(version.content.short),
        ])
      }
    }
    return [
      "Versions of the graph, and those that can be brought back:\n\n"
        + table.rendered(width: terminal.width, paint: terminal.paint)
    ]
  }

  /// What is live, and what is kept for a while though nobody needs it.
  private func drains(_ terminal: TerminalFacts) -> String {
    let computations = graph.computations(of: worlds.contains)
    let ends = computations.compactMap { item -> Timestamp? in
      if case .draining(let until) = item.state { until } else { nil }
    }
    let rest =
      ends.max().map { last in
        " \(ends.count) that nobody needs any more are kept for a while, the last until \(last)."
      } ?? " None is kept that nobody needs."
    return Paragraph(
      "Of the graph \(computations.count - ends.count) computations are live.\(rest)"
    ).lines(width: terminal.textWidth).joined(separator: "\n")
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
