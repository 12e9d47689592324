import Essentials

/// `athanor version`: which program this is, for a report of a fault or beside a result.
enum VersionCommand {
  /// The version of the whole program, by the rules of https://semver.org.
  static let version = "0.1.0"

  static let command: Command = Command(
    "version", summary: "Print the version and what it was built for",
    examples: [Command.Example("athanor version --json", "Prints the version for a program")]
  ) { _ in
    let instructions = InstructionSet.built.name
    return Answer(
      json: [
        "version": .string(version), "system": .string(system),
        "processor": .string(processor), "instructions": .string(instructions),
      ]
    ) { _ in
      "athanor \(version) (\(system), \(processor), \(instructions))"
    }
  }

  private static var system: String {
    #if os(Linux)
      "linux"
    #else
      "other"
    #endif
  }

  private static var processor: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }
}
