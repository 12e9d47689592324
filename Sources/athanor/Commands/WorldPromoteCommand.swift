import Essentials
import Services
import Worlds

/// `athanor world promote`: a person has an instance go live that the plan lets go live.
enum WorldPromoteCommand {
  static let command: Command = Command(
    "promote", summary: "Have an instance go live that the latest plan lets go live",
    discussion: [
      """
      A person can hasten a promotion, never force one: what the latest plan does not promote is \
      refused, with what is missing. The switch is a cutover: gates close, orders drain, the broker \
      is verified, and one commit moves phases and weights.
      """,
      """
      With --run-id the same command again is answered by the outcome of that run, and nothing is \
      done twice.
      """,
    ],
    positionals: [WorldOptions.world.definition, WorldOptions.instance.definition],
    options: [
      WorldOptions.reason.definition, WorldOptions.runID.definition,
      JournalOptions.journal.definition, PanelOptions.store.definition,
    ],
    examples: [
      Command.Example(
        "athanor world promote demo momentum.long.0f3c2a11 --reason 'agreed in the meeting'",
        "Has it go live")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let traded = try invocation.tradingWorldDesk()
    let world = invocation[WorldOptions.world]
    let instance = invocation[WorldOptions.instance]
    // Who is to be asked is known here, and a plan says no more than that somebody is.
    let state = try traded.desk.existing(world)
    if case .manual(let approvers) = state.rules.selection.approval,
      let record = state.instances[instance], record.phase == .dryrun, record.approval == nil
    {
      throw WorldCommandFailure.approvalMissing(
        instance: instance, world: world, approvers: approvers)
    }
    return try invocation.cutOver(
      .promote([instance], reason: invocation[WorldOptions.reason]), at: traded)
  }
}
