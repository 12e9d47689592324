import Essentials
import Services
import Storage
import Worlds

extension Invocation {
  /// Evidence from the panels at hand.
  func panelEvidence() throws -> PanelEvidence {
    let library = try library()
    return PanelEvidence(
      current: { Fingerprint(hexadecimal: (try? library.manifest(of: $0).fingerprint) ?? "") },
      opening: { try library.open($0) })
  }

  /// Refuses a policy that declares a formula which may not run on its panel, before anything of the
  /// policy is recorded.
  func check(_ policy: WorldPolicy, by evidence: PanelEvidence) throws {
    for declaration in policy.instances {
      let params = JSONValue.object(declaration.params)
      guard case .string(let formula)? = params["formula"],
        case .string(let name)? = params["panel"]
      else { continue }
      let panel = try evidence.panel(
        of: InstanceSubmission(
          strategy: declaration.strategy, side: declaration.side, formula: formula,
          panel: ["name": .string(name)]))
      let checked = check(FormulaSheet(formula: formula), against: panel)
      if let refused = RefusedFormulas(checked) { throw refused }
    }
  }

  /// A world as the routes of a server tell it, asked for by whoever runs the command.
  func overview(of state: WorldState, at desk: WorldDesk) throws -> WorldOverview {
    try WorldOverview(of: state, at: desk, for: worldActor)
  }

  /// Carries a command out in the world that the command line names, and tells what followed.
  func carryOut(_ command: WorldCommand) throws -> Answer {
    let world = self[WorldOptions.world]
    let receipt = try worldDesk().carryOut(command, in: world, by: worldActor)
    return WorldReceiptPage(world: world, entries: receipt.entries).answer
  }

  /// Has a cutover of the world that the command line names carried out, and tells how it ended.
  func cutOver(_ wish: CutoverWish, at traded: TradingWorldDesk) throws -> Answer {
    let world = self[WorldOptions.world]
    let done = try traded.trading.trade(
      in: world, at: traded.desk, for: { .command },
      { _ in
        try traded.desk.cutOver(wish, in: world, run: self[WorldOptions.runID], by: worldActor)
      })
    guard let done else { return WorldReceiptPage(world: world, entries: []).answer }
    let outcome = done.outcome
    return Answer(
      json: [
        "world": .string(world), "changed": .bool(true), "run": .string(done.run),
        "outcome": outcome.map { .string($0.stage.rawValue) } ?? .null,
        "reason": outcome.map { .string($0.reason) } ?? .null,
        "epoch": outcome.map { .integer($0.epoch) } ?? .null,
        "needs_operator": .strings(outcome?.needsOperator ?? []),
      ], failure: outcome.flatMap { WorldCommandFailure(run: done.run, $0) }
    ) { terminal in
      Paragraph(
        "The cutover \(done.run) \(outcome.map { "ended \($0.stage.rawValue)" } ?? "goes on")."
      )
      .lines(width: terminal.textWidth).joined(separator: "\n")
    }
  }
}
