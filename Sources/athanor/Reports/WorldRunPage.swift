import Essentials
import Services
import Storage
import Worlds

/// What leading a world through history came to: who moved when and why, what it earned, and how it
/// stands at the end.
struct WorldRunPage: Sendable {
  /// A change of phase.
  struct Move: Hashable, Sendable {
    var at: Timestamp
    var cycle: Int
    var instance: String
    var from: StrategyPhase
    var to: StrategyPhase
    /// What the plan said of the instance, empty where nothing.
    var reason: String
    /// Why it moved, in as few words as a column has room for.
    var cause: String

    var isOfMoney: Bool { from == .live || to == .live }
  }

  let report: ReplayReport
  let moves: [Move]
  let state: WorldState
  /// How many of the latest moves are shown.
  let top: Int
  let journal: String
  /// The world at the end, as every program is told of it.
  let overview: JSONValue

  var json: JSONValue {
    [
      "world": .string(state.world), "journal": .string(journal), "report": report.json,
      "moves": .array(
        moves.map { move in
          [
            "at": .string("\(move.at)"), "cycle": .integer(move.cycle),
            "instance": .string(move.instance), "from": .string(move.from.rawValue),
            "to": .string(move.to.rawValue), "reason": .string(move.reason),
          ]
        }), "state": overview,
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    [
      movesText(terminal), summary(terminal), WorldPage(state: state).text(terminal),
    ].joined(separator: "\n\n")
  }

  private func set(_ text: String, _ terminal: TerminalFacts) -> String {
    Paragraph(DisplayWidth.harmless(text)).lines(width: terminal.textWidth)
      .joined(separator: "\n")
  }

  private func movesText(_ terminal: TerminalFacts) -> String {
    guard !moves.isEmpty else { return set("Nobody moved.", terminal) }
    var table = Table([
      .text("day"), .text("instance", narrowest: 30), .text("from", rank: 2), .text("to"),
      .text("why", rank: 1, narrowest: 14),
    ])
    for move in moves.suffix(top) {
      table.add([
        Table.Cell("\(move.at.date)"), Table.Cell(move.instance),
        Table.Cell(move.from.rawValue), Table.Cell(move.to.rawValue), Table.Cell(move.cause),
      ])
    }
    let hidden = moves.count - min(top, moves.count)
    let more =
      hidden > 0 ? terminal.paint.faint("\(hidden) earlier moves are not shown.") + "\n" : ""
    return more + table.rendered(width: terminal.width, paint: terminal.paint)
  }

  private func summary(_ terminal: TerminalFacts) -> String {
    let first = report.curve.first?.equity ?? .nan
    let earned = report.equity / first - 1
    var sentences = [
      """
      \(report.evaluations) evaluations over \(report.rows) rows: \(report.promotions) promotions, \
      \(report.demotions) demotions, \(report.fills) fills, \(report.refusedOrders) orders that \
      gates refused.
      """
    ]
    if earned.isFinite {
      sentences.append(
        """
        The account that stands for money earned \(Table.Cell.percent(earned).text) %, with a \
        drawdown of \(Table.Cell.percent(report.drawdown).text) % at most.
        """)
    }
    if report.stale > 0 { sentences.append("Data was stale in \(report.stale) of them.") }
    if report.trips > 0 { sentences.append("The breaker tripped \(report.trips) times.") }
    if report.failedRuns > 0 {
      sentences.append("\(report.failedRuns) cutovers did not complete.")
    }
    return set(sentences.joined(separator: " "), terminal)
  }
}

extension WorldRunPage {
  /// Reads who moved, and why, from the record of a world.
  init(
    report: ReplayReport, of world: String, at desk: WorldDesk, since from: Timestamp, top: Int,
    for actor: WorldActor
  ) throws {
    var moves: [Move] = []
    for cycle in try desk.history(of: world, limit: Int.max)
    where cycle.at >= from && !cycle.moves.isEmpty {
      // A switch may end in the cycle after the one that decided it.
      let plans = try [cycle.cycle, cycle.cycle - 1].filter { $0 > 0 }
        .map { try desk.decision(of: world, cycle: $0).evaluation.plan }
      for move in cycle.moves {
        let rows = plans.compactMap { plan in
          plan.rows.first { $0.instance == move.instance }
        }
        let row = rows.first { $0.action != .hold } ?? rows.first
        moves.append(
          Move(
            at: cycle.at, cycle: cycle.cycle, instance: move.instance, from: move.from,
            to: move.to, reason: row.map(WorldPage.reason) ?? "",
            cause: row.map(Self.cause) ?? ""))
      }
    }
    let state = try desk.state(of: world)
    self.init(
      report: report, moves: moves, state: state, top: top, journal: desk.setup.journal.path,
      overview: try WorldOverview(of: state, at: desk, for: actor).json)
  }

  private static func cause(of row: WorldPlan.Row) -> String {
    switch row.action {
    case .startBacktest: "entered"
    case .startDryrun: row.phase == .inactive ? "rested" : "history suffices"
    case .promote: "admitted \(row.passes)x"
    case .demote where row.verdict == .fail: "fails \(row.fails)x"
    case .demote: "\(row.rejection?.description ?? "no evidence") \(row.fails)x"
    case .hold, .gateClose: WorldPage.reason(row)
    }
  }
}
