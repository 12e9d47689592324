/// `athanor models`: the models from which the engine forms its beliefs.
enum ModelsCommand {
  static let command: Command = Command(
    family: "models", summary: "Estimate the models that beliefs are made of",
    examples: [
      Command.Example(
        "athanor models fit garch --data bars/*_1m.csv.gz --out state/garch_params.json",
        "Estimates the volatility of every symbol")
    ],
    members: [ModelsFitCommand.command])
}
