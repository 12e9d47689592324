import Essentials
import Tactics

/// `athanor config explain`: what a setting means, what it says, and who said so.
enum ConfigurationExplainCommand {
  private static let key = Positional.required(
    .text("key"),
    help: "A path such as entry.costs.net_min, or a name such as ENTRY_NET_EXPECTANCY_MIN.")

  static let command: Command = Command(
    "explain", summary: "Tell what a setting means, its value, and who said it",
    discussion: [
      """
      Every layer that said something is named with its line, and what a later layer overruled. A \
      name may end in a regime, such as entry.costs.net_min.chop.
      """
    ],
    positionals: [key.definition], options: ConfigurationOptions.definitions,
    examples: [
      Command.Example("athanor config explain entry.costs.net_min", "Explains a shipped value"),
      Command.Example(
        "athanor config explain K_LEV --file desk.yml --set K_LEV=1500",
        "Tells which layer's value holds"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let configuration = try TacticsConfiguration(invocation.settingDocuments())
    guard let explanation = configuration.explain(invocation[key]) else {
      throw UnknownSetting(name: invocation[key])
    }
    return Answer(json: explanation.json) { terminal in
      explanation.description.split(separator: "\n", omittingEmptySubsequences: false)
        .flatMap { line in
          let margin = String(line.prefix { $0 == " " })
          return Paragraph(DisplayWidth.harmless(String(line)))
            .lines(width: terminal.textWidth - margin.count).map { margin + $0 }
        }.joined(separator: "\n")
    }
  }
}

/// The name of a setting that there is not.
struct UnknownSetting: ExplainedFailure {
  let name: String

  var key: String { "unknown_setting" }
  var explanation: String {
    isGroup ? "\(name) is a group of settings, not one." : "There is no setting \(name)."
  }
  var remedy: String {
    if isGroup { return "See `athanor config show \(name)` for the settings in it." }
    return nearestName(to: name, among: SettingKeys.names).map { "Did you mean \($0)?" }
      ?? "See `athanor config show` for the settings there are."
  }
  var outcome: FailureOutcome { .badConfiguration }

  private var isGroup: Bool { SettingKeys.all.contains { $0.path.hasPrefix(name + ".") } }
}
