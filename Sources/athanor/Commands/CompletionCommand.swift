import Essentials

/// `athanor completion`: what a shell needs to complete a command line of this program.
enum CompletionCommand {
  private static let shell = Positional<CompletionScript.Shell>.required(
    .word("shell"), help: "The shell that the script is for.")

  static let command: Command = Command(
    "completion", summary: "Print a script that completes commands and options in a shell",
    positionals: [shell.definition],
    examples: [
      Command.Example("source <(athanor completion bash)", "Completes in this bash"),
      Command.Example("source <(athanor completion zsh)", "Completes in this zsh"),
      Command.Example("athanor completion fish | source", "Completes in this fish"),
    ]
  ) { invocation in
    let shell = invocation[shell]
    let script = CompletionScript(root: .athanor).text(for: shell)
    return Answer(json: ["shell": .string(shell.rawValue), "script": .string(script)]) { _ in
      script
    }
  }
}
