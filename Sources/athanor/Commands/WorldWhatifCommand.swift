import Essentials
import Services
import Worlds

/// `athanor world whatif`: a world's past under another policy.
enum WorldWhatifCommand {
  private static let policy = Option.required(
    "policy", short: "p", .file(), help: "The other policy.")
  private static let since = Option<TimeSpan>(
    "since", .span, default: .days(90), help: "How far back, such as 90d.")

  static let command: Command = Command(
    "whatif", summary: "Replay a world's past under another policy",
    discussion: [
      """
      Every decision of the journal since then is taken again under the other policy, on the facts \
      as they were recorded, and phases, streaks and weights are carried on as they would have \
      become. Told are the promotions and demotions that differ, and what each was worth: the return \
      of the instance on the days until the next difference about it, as its account recorded it \
      after costs, times the difference of its weights. Where no account recorded one it is said to \
      be unknown. Nothing is recorded.
      """
    ],
    positionals: [WorldOptions.world.definition],
    options: [policy.definition, since.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world whatif --policy new.yml --since 90d demo",
        "Tells what a new policy would have changed")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let world = invocation[WorldOptions.world]
    let studied = try invocation.studiedPolicy(invocation[policy])
    let desk = try invocation.readingWorldDesk()
    // The past of a world ends with its last evaluation, whatever the clock says.
    let end = try desk.existing(world).evaluation?.at ?? invocation.surroundings.now()
    let whatIf = try desk.whatIf(
      studied.policy, in: world, since: end - invocation[since])
    let page = WhatIfPage(world: world, policy: studied.path, whatIf: whatIf)
    return Answer(json: page.json) { page.text($0) }
  }
}
