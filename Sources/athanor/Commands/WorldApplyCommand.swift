import AlphaLanguage
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
      parameters give its `formula` and `panel`.
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
    try invocation.checkFormulas(of: policy)
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
    let desk = try invocation.worldDesk()
    let receipt = try desk.publish(
      policy, reason: invocation[WorldOptions.optionalReason], by: invocation.worldActor)
    return WorldApplyPage(
      world: receipt.world, version: receipt.version, fingerprint: receipt.fingerprint,
      isNew: receipt.isNew, isFirst: receipt.version == 1, isDry: false, diff: receipt.diff,
      warnings: file.warnings, submitted: receipt.submitted,
      refused: receipt.refused.map {
        WorldApplyPage.Refused(instance: $0.instance, reason: $0.reason)
      }
    ).answer
  }
}

extension Invocation {
  /// Refuses a policy that declares a formula which may not run on its panel, before anything of the
  /// policy is recorded.
  func checkFormulas(of policy: WorldPolicy) throws {
    for declaration in policy.instances {
      let params = JSONValue.object(declaration.params)
      guard case .string(let formula)? = params["formula"],
        case .string(let name)? = params["panel"]
      else { continue }
      let checked = check(FormulaSheet(formula: formula), against: try open(name))
      if let refused = RefusedFormulas(checked) { throw refused }
    }
  }
}
