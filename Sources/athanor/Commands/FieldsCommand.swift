import Essentials
import Services
import Storage

/// `athanor fields` and `athanor data fields`: what a formula may read.
enum FieldsCommand {
  private static let name = Positional<String?>.optional(
    .text("name"), help: "The field to explain; without one all are listed.")
  private static let search = Option<String?>.optional(
    "search", short: "s", .text("words"),
    help: "List only fields whose name or meaning has all of these words.")
  private static let kind = Option<FieldKind?>.optional(
    "kind", .word("kind"), help: "List only fields of this kind.")

  /// The kinds of fields in the words of the manifest.
  private enum FieldKind: String, CaseIterable, Sendable {
    case matrix = "MATRIX"
    case vector = "VECTOR"
    case group = "GROUP"
  }

  static let command: Command = Command(
    "fields", summary: "List the fields that a formula may use",
    discussion: [
      """
      MATRIX fields have a number for each row and instrument, VECTOR fields any number of events \
      (a vec_ operator makes one number of them), GROUP fields a class. The universes of the panel \
      follow.
      """
    ],
    positionals: [name.definition],
    options: PanelOptions.definitions + [search.definition, kind.definition],
    examples: [
      Command.Example("athanor fields", "Lists the fields of the bundled stocks"),
      Command.Example("athanor fields --search income", "Finds some"),
      Command.Example("athanor fields cap", "Explains one"),
    ]
  ) { invocation in
    try answer(
      invocation, panel: invocation[PanelOptions.panel], name: invocation[name],
      search: invocation[search], kind: invocation[kind])
  }

  private static let panel = Positional.required(
    .text("panel"), help: "The panel, as `athanor data list` shows it.")

  static let ofPanel: Command = Command(
    "fields", summary: "List the fields of a panel",
    positionals: [panel.definition],
    options: [PanelOptions.store.definition, search.definition, kind.definition],
    examples: [
      Command.Example("athanor data fields crypto-perps", "Lists the fields of the perpetuals")
    ]
  ) { invocation in
    try answer(
      invocation, panel: invocation[panel], name: nil, search: invocation[search],
      kind: invocation[kind])
  }

  private static func answer(
    _ invocation: Invocation, panel: String, name: String?, search: String?, kind: FieldKind?
  ) throws -> Answer {
    let library = try invocation.library()
    let manifest = try invocation.showingImport(of: panel) {
      try library.manifest(of: panel, progress: $0)
    }
    if let name {
      guard let field = manifest.fields.first(where: { $0.name == name }) else {
        throw UnknownName(
          kind: "field", name: name,
          nearest: nearestName(to: name, among: manifest.fields.map(\.name)),
          list: "athanor fields")
      }
      return Answer(json: field.json) { FieldPage(field: field).text($0) }
    }
    let words = (search ?? "").lowercased().split(separator: " ")
    let fields = manifest.fields.filter { field in
      (kind == nil || field.kind == kind?.rawValue)
        && words.allSatisfy { "\(field.name) \(field.summary)".lowercased().contains($0) }
    }.sorted { $0.name < $1.name }
    return Answer(json: manifest.document(fields)) {
      FieldList(manifest: manifest, fields: fields).text($0)
    }
  }
}
