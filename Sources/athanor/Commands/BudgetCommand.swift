import Essentials
import Research

/// `athanor budget`: the ceilings of research by language models.
enum BudgetCommand {
  static let command: Command = Command(
    family: "budget", summary: "Show, check and try the budget of research by language models",
    discussion: [
      """
      Every call of a language model is reserved before it is sent and settled afterwards. Ceilings \
      hold in tokens and in money, for a request, a run, a UTC day, an ISO week and the lane that \
      explores.
      """
    ],
    examples: [
      Command.Example("athanor budget check", "Explains the ceilings in force"),
      Command.Example("athanor budget race --crashes", "Tries to spend more than is allowed"),
    ],
    members: [
      BudgetShowCommand.command, BudgetCheckCommand.command, BudgetAuditCommand.command,
      BudgetRaceCommand.command,
    ])
}
