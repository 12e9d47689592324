import Essentials
import Worlds

/// `athanor world validate`: everything that is wrong with a policy.
enum WorldValidateCommand {
  private static let file = Positional<String?>.optional(
    .file(), help: "The policy, such as world.yml.")
  private static let schema = Option.flag(
    "schema", help: "Print the JSON Schema of policies, for editors, and check nothing.")

  static let command: Command = Command(
    "validate", summary: "Show everything that is wrong with a policy",
    discussion: [
      """
      Each mistake is shown with its line, as a compiler does, with the nearest known name and a \
      remedy; the exit code is then 4. Warnings leave it at 0. Nothing is recorded.
      """,
      """
      An editor completes and checks policies by the schema: put `# yaml-language-server: \
      $schema=world.schema.json` into the first line.
      """,
    ],
    positionals: [file.definition], options: [schema.definition],
    examples: [
      Command.Example("athanor world validate world.yml", "Checks a policy"),
      Command.Example(
        "athanor world validate --schema > world.schema.json", "Writes the schema for an editor"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    if invocation[schema] {
      return Answer(json: PolicySchema.json) { _ in PolicySchema.json.indentedText }
    }
    guard let path = invocation[file] else { throw WorldCommandFailure.noPolicyFile }
    let file = try invocation.policyFile(path)
    let reading = file.reading
    let policy = reading.policy
    return Answer(
      json: [
        "file": .string(path), "valid": .bool(policy != nil),
        "world": policy.map { .string($0.world) } ?? .null,
        "fingerprint": policy.map { .string($0.fingerprint.hexadecimal) } ?? .null,
        "findings": .array(reading.findings.map(\.json)),
      ], failure: policy == nil ? RefusedPolicy(reading) : nil
    ) { terminal in
      guard let policy else { return reading.report }
      let verdict = Paragraph(
        """
        \(path) is a policy of the world \(policy.world) with \(policy.instances.count) \
        instances; its fingerprint is \(policy.fingerprint.short).
        """
      ).lines(width: terminal.textWidth).joined(separator: "\n")
      return reading.findings.isEmpty ? verdict : reading.report + "\n\n" + verdict
    }
  }
}
