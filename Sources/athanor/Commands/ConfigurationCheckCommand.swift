import Essentials
import Tactics

/// `athanor config check`: everything that is wrong with files of settings.
enum ConfigurationCheckCommand {
  private static let files = Positional.repeated(
    .file("files"), help: "Files of settings, later ones over earlier ones.")

  static let command: Command = Command(
    "check", summary: "Find everything that is wrong with files of settings",
    discussion: [
      """
      The files are read as the desk would read them, one over the other, and every finding is shown \
      in its line. The exit code is 4 where anything is wrong.
      """
    ],
    positionals: [files.definition], options: [ConfigurationOptions.profile.definition],
    examples: [
      Command.Example("athanor config check desk.yml", "Checks a file"),
      Command.Example("athanor config check base.yml desk.yml", "Checks one file over another"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let paths = invocation[files]
    guard !paths.isEmpty else { throw NoSettingFile() }
    let profile = invocation[ConfigurationOptions.profile].map { [$0.document] } ?? []
    let documents = profile + (try invocation.settingFiles(paths, .operatorFile))
    do throws(ConfigurationFailure) {
      let configuration = try TacticsConfiguration(documents)
      let values = SettingKeys.all.flatMap { configuration.explain($0.path)?.values ?? [] }
      let said = values.count { $0.origin != .shipped }
      let changed = values.count { $0.value != $0.shipped }
      let document: JSONValue = [
        "valid": .bool(true), "files": .strings(paths), "said": .integer(said),
        "changed": .integer(changed),
        "fingerprint": .string(configuration.fingerprint.hexadecimal), "findings": .array([]),
      ]
      return Answer(json: document) { _ in
        """
        The settings can be used: \(said) values are said, \(changed) of them not as shipped.
        fingerprint  \(configuration.fingerprint.hexadecimal)
        """
      }
    } catch {
      let count = error.findings.count
      let document: JSONValue = [
        "valid": .bool(false), "files": .strings(paths),
        "findings": .array(
          error.findings.map { finding in
            [
              "document": .string(finding.document), "code": .string(finding.diagnostic.code),
              "message": .string(finding.diagnostic.message),
              "start": .integer(finding.diagnostic.span.start),
              "end": .integer(finding.diagnostic.span.end),
              "remedy": finding.diagnostic.remedy.map(JSONValue.string) ?? .null,
            ]
          }),
      ]
      return Answer(json: document, failure: error) { _ in
        "The settings cannot be used: \(count) \(count == 1 ? "finding" : "findings")."
      }
    }
  }
}

/// A check of nothing.
private struct NoSettingFile: ExplainedFailure {
  var key: String { "no_file" }
  var explanation: String { "No file of settings is named." }
  var remedy: String { "Name one, as in `athanor config check desk.yml`." }
  var outcome: FailureOutcome { .badConfiguration }
}
