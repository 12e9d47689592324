extension Command {
  /// The program: every command there is, in the order in which the help page lists them.
  static let athanor: Command = Command(
    family: "athanor",
    summary: "An autonomous trading desk that turns formulas into judged alphas",
    discussion: [
      """
      Every command prints text for people, or one JSON value with --json. Failures go to standard \
      error, and the exit code says of what kind they are.
      """
    ],
    examples: [
      Example("athanor help completion", "Explains a command"),
      Example("source <(athanor completion bash)", "Completes commands and options in this shell"),
    ],
    members: [
      DemoCommand.command, SimulateCommand.command, CheckCommand.command,
      ValidateExpressionCommand.command, CompareCommand.command,
      OperatorsCommand.command, FieldsCommand.command, DataCommand.command, JournalCommand.command,
      BudgetCommand.command, ResearchCommand.command, WorldsCommand.command,
      EstimatePromptCostCommand.command,
      BuildRetrievalPackCommand.command, BuildKnowledgePackCommand.command,
      RunIdeaAgentCommand.command, RunAlphaMakerCommand.command,
      RunValidationLoopCommand.command, SimulateCandidatesCommand.command,
      EvaluateResultsCommand.command,
      PrepareCredentialsCommand.command, SyncOptionsCommand.command, SyncMetadataCommand.command,
      SubmitAlphaCommand.command, ServeCommand.command, TokenCommand.command,
      BrainCommand.command, ModelsCommand.command, OutlookCommand.command, ReplayCommand.command,
      ParityCommand.command,
      ConfigurationCommand.command,
      HelpCommand.command, CompletionCommand.command, VersionCommand.command,
    ])
}
