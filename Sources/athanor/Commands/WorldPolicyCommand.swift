/// `athanor world policy`: what can be done with a policy before it decides anything.
enum WorldPolicyCommand {
  static let command: Command = Command(
    family: "policy", summary: "Put a policy to the test before it decides",
    examples: [
      Command.Example(
        "athanor world policy test cases.yml", "Puts cases to the policy that they are meant for")
    ],
    members: [WorldPolicyTestCommand.command])
}
