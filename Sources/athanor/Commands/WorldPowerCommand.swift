import Essentials
import Services
import Worlds

/// `athanor world power`: whom a policy promotes where the truth is known.
enum WorldPowerCommand {
  private static let worlds = Option(
    "worlds", .whole("count", in: 1...100_000), default: 60,
    help: "Worlds of each row; rows of the claims have four times as many.")
  private static let every = Option<TimeSpan?>.optional(
    "every", .span, help: "How often is decided, such as 7d; otherwise as the policy says.")

  static let command: Command = Command(
    "power", summary: "Measure whom a policy promotes where the truth is known",
    discussion: [
      """
      Strategies with a planted Sharpe ratio, and strategies of pure noise, are entered into worlds \
      with some history, and the real decision looks at their real measures day by day for two \
      years. The table tells which share is promoted, with 95 % intervals. A policy that promotes \
      noise is worthless, and one that promotes no skill is too.
      """,
      """
      The last rows show what choosing does: noise that was the best of 100 by its history, once \
      with all trials told to the policy, and once with them forgotten.
      """,
    ],
    options: [
      StudyOptions.policy.definition, StudyOptions.seed.definition, worlds.definition,
      every.definition,
    ],
    examples: [
      Command.Example("athanor world power", "Measures the shipped policy"),
      Command.Example(
        "athanor world power --policy world.yml --every 7d --worlds 20",
        "Measures another, with a decision a week"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let studied = try invocation.studiedPolicy()
    var settings = PowerStudy.Settings()
    settings.seed = UInt64(invocation[StudyOptions.seed])
    settings.worlds = invocation[worlds]
    settings.every = invocation[every]
    let study = try PowerStudy(studied.policy, settings)
    let table = invocation.withProgress(
      "Following", total: study.worldCount, unit: "worlds"
    ) { reporter in
      study.run(threads: invocation.surroundings.processors) { reporter.advance(to: $0) }
    }
    let page = PowerPage(policy: studied.path, table: table)
    return Answer(json: page.json) { page.text($0) }
  }
}
