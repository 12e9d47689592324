import AlphaLanguage
import Essentials
import Services

/// `athanor operators`: what a formula may call.
enum OperatorsCommand {
  private static let name = Positional<String?>.optional(
    ValueForm(
      placeholder: "name", expectation: "the name of an operator",
      completion: .words(OperatorCatalog.fastexpr.entries.map(\.name)), read: { $0 },
      show: { $0 }),
    help: "The operator to explain; without one all are listed.")
  private static let search = Option<String?>.optional(
    "search", short: "s", .text("words"),
    help: "List only operators whose name or meaning has all of these words.")
  private static let category = Option<OperatorEntry.Category?>.optional(
    "category", .word("category"), help: "List only operators of this category.")

  static let command: Command = Command(
    "operators", summary: "List the operators of the language, or explain one",
    discussion: [
      """
      The page of an operator says how it is written, what it means, by which formula, what it makes \
      of missing and of equal values, which rows it reads, and what it costs.
      """
    ],
    positionals: [name.definition], options: [search.definition, category.definition],
    examples: [
      Command.Example("athanor operators", "Lists all operators by category"),
      Command.Example("athanor operators ts_rank", "Explains one"),
      Command.Example("athanor operators --search 'standard deviation'", "Finds some"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let catalog = OperatorCatalog.fastexpr
    if let name = invocation[name] {
      guard let entry = catalog.entry(named: name) else {
        throw UnknownName(
          kind: "operator", name: name,
          nearest: nearestName(to: name, among: catalog.entries.map(\.name)),
          list: "athanor operators")
      }
      return Answer(json: entry.json) { OperatorPage(entry: entry).text($0) }
    }
    let words = (invocation[search] ?? "").lowercased().split(separator: " ")
    let category = invocation[category]
    let entries = catalog.entries.filter { entry in
      (category == nil || entry.category == category)
        && words.allSatisfy { "\(entry.name) \(entry.meaning)".lowercased().contains($0) }
    }
    return Answer(json: .array(entries.map(\.json))) { OperatorList(entries: entries).text($0) }
  }
}

/// A name that is looked up and does not exist.
struct UnknownName: ExplainedFailure, Hashable {
  /// What was looked for, such as `operator`.
  let kind: String
  let name: String
  let nearest: String?
  /// The command that lists what there is.
  let list: String

  var key: String { "unknown_\(kind)" }
  var explanation: String { "There is no \(kind) \(DisplayWidth.harmless(name))." }
  var remedy: String {
    nearest.map { "Did you mean \($0)?" } ?? "See `\(list)` for those there are."
  }
  var outcome: FailureOutcome { .badConfiguration }
}
