import Essentials
import Services
import Worlds

/// `athanor world eval`: one evaluation, with what follows from it.
enum WorldEvalCommand {
  private static let now = Option<Timestamp?>.optional(
    "now", .instant, help: "The instant of the evaluation; otherwise that of the clock.")

  static let command: Command = Command(
    "eval", summary: "Evaluate a world once and carry out what follows",
    discussion: [
      """
      First the accounts trade every row of prices that came since the last time and is complete at \
      the instant, each once: instances in dryrun on paper, live ones through their gates. Then every \
      instance is measured on its panel as of the instant, the policy decides, what was seen and \
      decided is recorded, and promotions and demotions are carried out. An instant that is not \
      after the last evaluation, or has not come, is refused.
      """
    ],
    positionals: [WorldOptions.world.definition],
    options: [now.definition, JournalOptions.journal.definition, PanelOptions.store.definition],
    examples: [
      Command.Example("athanor world eval demo", "Evaluates a world now"),
      Command.Example(
        "athanor world eval demo --now 2017-06-01", "Evaluates it as of a day of its data"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let traded = try invocation.tradingWorldDesk()
    let world = invocation[WorldOptions.world]
    let clock = invocation.surroundings.now()
    // A world that was evaluated in the future would refuse everything until then.
    if let wanted = invocation[now], wanted > clock {
      throw WorldRouteRefusal.notYet(wanted, now: clock)
    }
    // Now is when it is this program's turn, not when it began to wait for another.
    let receipt = try traded.desk.evaluate(
      world, at: invocation[now] ?? invocation.surroundings.now(), by: invocation.worldActor,
      trading: traded.trading)
    return WorldPlanPage(receipt: receipt).answer
  }
}
