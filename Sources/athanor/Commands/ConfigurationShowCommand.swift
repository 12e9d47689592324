import Essentials
import Tactics

/// `athanor config show`: every setting that holds, and who said it.
enum ConfigurationShowCommand {
  private static let group = Positional<String?>.optional(
    .text("group"), help: "Only settings whose path begins so, such as entry.costs.")
  private static let changed = Option.flag(
    "changed", help: "Only settings that are not as shipped.")

  static let command: Command = Command(
    "show", summary: "Show the settings that hold, and where each was said",
    discussion: [
      """
      A setting that differs between regimes has a line for each value. The fingerprint is the digest \
      of all values: decisions are recorded with it.
      """
    ],
    positionals: [group.definition],
    options: ConfigurationOptions.definitions + [changed.definition],
    examples: [
      Command.Example("athanor config show entry.costs", "Shows the shipped values of a group"),
      Command.Example(
        "athanor config show --profile seed --changed", "Shows what a profile changes"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let configuration = try TacticsConfiguration(invocation.settingDocuments())
    let group = invocation[group]
    let keys = SettingKeys.all.filter { key in
      group.map { key.path == $0 || key.path.hasPrefix($0 + ".") } ?? true
    }
    if let group, keys.isEmpty { throw UnknownSetting(name: group) }
    let explanations = keys.compactMap { configuration.explain($0.path) }
    let page = SettingsPage(
      explanations: explanations, fingerprint: configuration.fingerprint,
      onlyChanged: invocation[changed])
    return Answer(json: page.json) { page.text($0) }
  }
}
