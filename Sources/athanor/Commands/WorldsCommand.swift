/// `athanor world`: who may trade, with how much, and by whose decision.
enum WorldsCommand {
  static let command: Command = Command(
    family: "world", summary: "Decide by policy who may trade, and see why",
    discussion: [
      """
      A world binds strategies to a policy, the file world.yml. The policy says which evidence a \
      strategy must show before it trades on paper and then with money; every evaluation decides by \
      it alone and is recorded with all that it saw, so that any decision can be made again and \
      explained. Everything is kept in the journal.
      """,
      WorldOptions.authority,
    ],
    examples: [
      Command.Example("athanor world apply -f world.yml", "Creates a world, or changes its policy"),
      Command.Example("athanor world get demo --watch", "Watches who moves"),
      Command.Example(
        "athanor world explain demo momentum.long.0f3c2a11", "Tells why it stands where it stands"),
    ],
    members: [
      WorldApplyCommand.command, WorldValidateCommand.command, WorldListCommand.command,
      WorldGetCommand.command, WorldSubmitCommand.command, WorldEvalCommand.command,
      WorldAdvanceCommand.command,
      WorldRunCommand.command, WorldExplainCommand.command, WorldAuditCommand.command,
      WorldWaitCommand.command, WorldPromoteCommand.command, WorldDemoteCommand.command,
      WorldApproveCommand.command, WorldActivationCommand.command, WorldFreezeCommand.command,
      WorldResumeCommand.command, WorldPauseCommand.command, WorldRollbackCommand.command,
      WorldResetBreakerCommand.command, WorldGraphCommand.command, WorldDeleteCommand.command,
      WorldPolicyCommand.command, WorldPowerCommand.command, WorldSimulateCommand.command,
      WorldWhatifCommand.command,
    ])
}
