import Essentials
import Execution
import Markets
import Services
import Storage
import Worlds

/// The world of the demonstration: what became of its strategies in two years, and why.
struct DemoWorld: Sendable {
  let run: WorldRunPage
  /// The last decision about one that is live, or else about the first.
  let explained: DerivationNode?

  var world: String { run.state.world }
  var json: JSONValue { run.json }

  func text(_ terminal: TerminalFacts) -> String {
    func set(_ text: String) -> String {
      Paragraph(text).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    let count = run.state.ids.count
    var parts = [
      set(
        """
        Whether a formula may trade is decided by a policy, again and again, on what it has shown so \
        far. So \(count) sides of famous formulas were led through two years by \
        Examples/Worlds/demo.yml, day by day: first on paper, then with money where they earned it, \
        and out again where they failed. (The money is an account that moves none.)
        """),
      run.text(terminal),
    ]
    if let explained {
      parts.append(
        ([set("Why? Each verdict can be asked for its reasons:")]
          + WorldTree(explained, \.text).lines(
            width: terminal.textWidth, paint: terminal.paint)).joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }
}

extension Invocation {
  /// Leads the world of the examples through the days of `--replay-from` and `--replay-to`, in the
  /// journal of the demonstration. Each demonstration has a world of its own.
  func demonstrateWorld(in folders: DeskFolders) throws -> DemoWorld {
    guard let examples = folders.examples else {
      throw FolderFailure.noExamples(what: "The policy of the demonstration")
    }
    var policy = try policyFile("\(examples)/Worlds/demo.yml").policy()
    var plan = ReplayPlan(
      from: Timestamp(startOf: self[DemoCommand.replayFrom]),
      to: Timestamp(startOf: self[DemoCommand.replayTo]))
    // Small changes of positions are left alone, as they would be where each order costs.
    plan.lot = LotSize(10) ?? plan.lot
    let journal = try Journal.open(
      path: folders.demonstration + "/journal.sqlite", access: journalWriting,
      models: [WorldBook()])
    let begin = plan.from
    let desk = WorldDesk(
      WorldDeskSetup(journal: journal, now: { begin }, evidence: try panelEvidence()))
    let taken = Set(try desk.worlds())
    let name = policy.world
    // What was lived through cannot be lived through again.
    var number = 2
    while taken.contains(policy.world) {
      policy.world = "\(name)-\(number)"
      number += 1
    }
    let receipt = try desk.publish(policy, reason: "demonstration", by: worldActor)
    if let refused = receipt.refused.first {
      throw WorldRefusal.unusableInstance(refused.instance, reason: refused.reason)
    }
    let run = try replay(policy.world, through: plan, in: journal, top: 12)
    let shown = run.state.records(in: .live).first ?? run.state.records.first
    let decision = run.state.cycle > 0 ? try desk.decision(of: policy.world) : nil
    return DemoWorld(run: run, explained: shown.flatMap { decision?.derivation(of: $0.id) })
  }
}
