import Essentials
import Services
import Worlds

/// `athanor world approve`: a person lets a promotion happen.
enum WorldApproveCommand {
  private static let thisPlan = Option.flag(
    "this-plan", help: "Only as the latest plan proposes it, not a later one.")

  static let command: Command = Command(
    "approve", summary: "Let an instance on paper go live",
    discussion: [
      """
      Needed where the policy says `approval: {to_live: manual}`. Only those may whom it names, and \
      nobody under a policy that they published themselves; at the command line the name is \
      cli:<user>. The approval is spent with the next change of phase.
      """
    ],
    positionals: [WorldOptions.world.definition, WorldOptions.instance.definition],
    options: [thisPlan.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world approve demo momentum.long.0f3c2a11", "Lets its promotion happen")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.worldDesk()
    let world = invocation[WorldOptions.world]
    var plan: Fingerprint?
    if invocation[thisPlan] {
      let state = try desk.existing(world)
      guard let evaluation = state.evaluation else {
        throw WorldCommandFailure.notJudged(
          instance: invocation[WorldOptions.instance], world: world)
      }
      plan = evaluation.plan.id
    }
    let receipt = try desk.carryOut(
      .approve(instance: invocation[WorldOptions.instance], plan: plan), in: world,
      by: invocation.worldActor)
    var page = WorldReceiptPage(world: world, entries: receipt.entries)
    if case .auto = try desk.existing(world).rules.selection.approval {
      page.unchanged = "Nothing changed: the policy promotes without anybody's approval."
    }
    return page.answer
  }
}
