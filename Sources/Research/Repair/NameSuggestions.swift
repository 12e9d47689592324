import AlphaLanguage
import Essentials
import Markets

/// Known names that a mistyped one may stand for, the likeliest first, with the cost of each.
struct NameSuggestions: Sendable {
  struct Suggestion {
    var name: String
    var cost: Double
  }

  private static let countMax = 4

  private let operators: [String]
  private let fields: [FieldDescription.Kind: [String]]
  /// The panel's groupings, the finest of BRAIN's first.
  let groups: [String]

  /// Sorts the names of a checker's operators and fields.
  init(_ checker: FormulaChecker) {
    operators = checker.catalog.entries.filter { $0.code != nil }.map(\.name)
    fields = Dictionary(grouping: checker.schema.fields.values, by: \.kind)
      .mapValues { $0.map(\.name).sorted() }
    let known = fields[.group] ?? []
    let usual = ["subindustry", "industry", "sector", "market"].filter(known.contains)
    groups = usual + known.filter { !usual.contains($0) }
  }

  /// Operators by another collection's name, by spelling, and by what the name leaves out.
  func operators(for name: String) -> [Suggestion] {
    var found: [Suggestion] = []
    let word = name.lowercased()
    let stem = word.hasPrefix("ts_") ? String(word.dropFirst(3)) : word
    for key in [word, stem] {
      if let known = AlternativeNames.operators[key] { add(known, 0.3, to: &found) }
    }
    addNearest(to: word, among: operators, cost: 0.4, to: &found)
    for prefix in ["ts_", "group_", "vec_"] {
      if operators.contains(prefix + word) { add(prefix + word, 0.6, to: &found) }
    }
    return found
  }

  /// Fields by spelling, those of a suitable kind first, and by one of the name's parts.
  func fields(
    for name: String, suiting kinds: [FieldDescription.Kind]
  ) -> [Suggestion] {
    if ["none", "null"].contains(name.lowercased()) {
      return [Suggestion(name: "nan", cost: 0.3)]
    }
    let suitable = kinds.flatMap { fields[$0] ?? [] }
    let others = FieldDescription.Kind.allCases.filter { !kinds.contains($0) }
      .flatMap { fields[$0] ?? [] }
    var found: [Suggestion] = []
    addNearest(to: name, among: suitable, cost: 0.4, to: &found)
    // A name of another kind still has to be brought into its place.
    addNearest(to: name, among: others, cost: 0.5, to: &found)
    let parts = name.lowercased().split(separator: "_").map(String.init)
    for known in suitable {
      let knownParts = known.lowercased().split(separator: "_").map(String.init)
      if parts.count > 1 && parts.contains(known.lowercased())
        || parts.count == 1 && knownParts.count > 1 && knownParts.contains(parts[0])
      {
        add(known, 0.8, to: &found)
      }
    }
    return found
  }

  /// Fields of one kind by spelling alone.
  func fields(near name: String, of kind: FieldDescription.Kind, cost: Double) -> [Suggestion] {
    var found: [Suggestion] = []
    addNearest(to: name, among: fields[kind] ?? [], cost: cost, to: &found)
    return found
  }

  private func addNearest(
    to name: String, among names: [String], cost: Double, to found: inout [Suggestion]
  ) {
    var rest = names
    for rank in 0..<Self.countMax {
      guard let near = nearestName(to: name, among: rest) else { return }
      rest.removeAll { $0 == near }
      add(near, cost + 0.15 * Double(rank), to: &found)
    }
  }

  private func add(_ name: String, _ cost: Double, to found: inout [Suggestion]) {
    guard !found.contains(where: { $0.name == name }) else { return }
    found.append(Suggestion(name: name, cost: cost))
  }
}
