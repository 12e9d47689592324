import Essentials
import Services
import Worlds

/// `athanor world apply`: a policy comes into force.
enum WorldApplyCommand {
  private static let file = Option.required(
    "file", short: "f", .file(), help: "The policy, such as world.yml.")
  private static let dryRun = Option.flag(
    "dry-run", help: "Show what would change, and record nothing.")

  static let command: Command = Command(
    "apply", summary: "Bring a policy into force; the first one creates its world",
    discussion: [
      """
      Checks the file as `validate` does, shows what differs from the version in force, publishes \
      the next version and enters the instances that it declares. A policy that rules the same \
      changes nothing. A policy that is refused changes nothing either.
      """,
      """
      The strategy of a declared instance is an alpha of a research run, by its id, or the \
      parameters give its `formula` and `panel`, and settings such as `decay` where they matter.
      """,
      WorldOptions.authority,
    ],
    options: [
      file.definition, dryRun.definition, WorldOptions.optionalReason.definition,
      JournalOptions.journal.definition, PanelOptions.store.definition,
    ],
    examples: [
      Command.Example("athanor world apply -f world.yml", "Publishes the policy of a file"),
      Command.Example(
        "athanor world apply -f world.yml --dry-run", "Shows what the file would change"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let file = try invocation.policyFile(invocation[file])
    let policy = try file.policy()
    let evidence = try invocation.panelEvidence()
    try invocation.check(policy, by: evidence)
    if invocation[dryRun] {
      let known = try? invocation.readingWorldDesk().state(of: policy.world)
      let inForce = known?.policy?.publication
      let diff = PolicyDiff(
        from: inForce?.policy ?? WorldPolicy(world: policy.world), to: policy)
      let isChange = inForce?.fingerprint != policy.fingerprint
      return WorldApplyPage(
        world: policy.world, version: (known?.policies.count ?? 0) + (isChange ? 1 : 0),
        fingerprint: policy.fingerprint, isNew: isChange, isFirst: inForce == nil, isDry: true,
        diff: diff, warnings: file.warnings, submitted: [], refused: []
      ).answer
    }
    let receipt = try invocation.worldDesk(evidence: evidence).publish(
      policy, reason: invocation[WorldOptions.optionalReason], by: invocation.worldActor)
    return WorldApplyPage(
      world: receipt.world, version: receipt.version, fingerprint: receipt.fingerprint,
      isNew: receipt.isNew, isFirst: receipt.version == 1, isDry: false, diff: receipt.diff,
      warnings: file.warnings, submitted: receipt.submitted,
      refused: receipt.refused.map {
        WorldApplyPage.Refused(instance: $0.instance, reason: $0.reason, remedy: $0.remedy)
      }
    ).answer
  }
}
