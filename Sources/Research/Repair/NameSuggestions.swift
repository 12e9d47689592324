import AlphaLanguage
import Essentials
import Markets

/// The names that a checker knows, sorted once.
struct KnownNames: Sendable {
  let operators: [String]
  let fields: [FieldDescription.Kind: [String]]
  /// The panel's groupings, the finest of BRAIN's first.
  let groups: [String]

  init(_ checker: FormulaChecker) {
    operators = checker.catalog.entries.filter { $0.code != nil }.map(\.name)
    fields = Dictionary(grouping: checker.schema.fields.values, by: \.kind)
      .mapValues { $0.map(\.name).sorted() }
    let known = fields[.group] ?? []
    let usual = ["subindustry", "industry", "sector", "market"].filter(known.contains)
    groups = usual + known.filter { !usual.contains($0) }
  }
}

/// Known names that a mistyped one may stand for, the likeliest first, with the cost of each.
///
/// One object serves one repair, whose texts ask for the same names again and again: an answer is
/// searched once and remembered, for a search passes over tens of thousands of fields.
final class NameSuggestions {
  struct Suggestion {
    var name: String
    var cost: Double
  }

  private struct Question: Hashable {
    var name: String
    /// Nil for operators.
    var kinds: [FieldDescription.Kind]?
  }

  private static let countMax = 4

  private let known: KnownNames
  private var remembered: [Question: [String]] = [:]

  init(_ known: KnownNames) { self.known = known }

  var groups: [String] { known.groups }

  /// Operators by another collection's name, by spelling, and by what the name leaves out.
  func operators(for name: String) -> [Suggestion] {
    var found: [Suggestion] = []
    let word = name.lowercased()
    let stem = word.hasPrefix("ts_") ? String(word.dropFirst(3)) : word
    for key in [word, stem] {
      if let known = AlternativeNames.operators[key] { add(known, 0.3, to: &found) }
    }
    addNearest(to: word, of: nil, cost: 0.4, to: &found)
    for prefix in ["ts_", "group_", "vec_"] {
      if known.operators.contains(prefix + word) { add(prefix + word, 0.6, to: &found) }
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
    let others = FieldDescription.Kind.allCases.filter { !kinds.contains($0) }
    var found: [Suggestion] = []
    addNearest(to: name, of: kinds, cost: 0.4, to: &found)
    // A name of another kind still has to be brought into its place.
    addNearest(to: name, of: others, cost: 0.5, to: &found)
    let parts = name.lowercased().split(separator: "_").map(String.init)
    for field in kinds.flatMap({ known.fields[$0] ?? [] }) {
      let fieldParts = field.lowercased().split(separator: "_").map(String.init)
      if parts.count > 1 && parts.contains(field.lowercased())
        || parts.count == 1 && fieldParts.count > 1 && fieldParts.contains(parts[0])
      {
        add(field, 0.8, to: &found)
      }
    }
    return found
  }

  /// Fields of one kind by spelling alone.
  func fields(near name: String, of kind: FieldDescription.Kind, cost: Double) -> [Suggestion] {
    var found: [Suggestion] = []
    addNearest(to: name, of: [kind], cost: cost, to: &found)
    return found
  }

  private func addNearest(
    to name: String, of kinds: [FieldDescription.Kind]?, cost: Double,
    to found: inout [Suggestion]
  ) {
    for (rank, near) in nearest(Question(name: name, kinds: kinds)).enumerated() {
      add(near, cost + 0.15 * Double(rank), to: &found)
    }
  }

  private func nearest(_ question: Question) -> [String] {
    if let answer = remembered[question] { return answer }
    var rest = question.kinds?.flatMap { known.fields[$0] ?? [] } ?? known.operators
    var answer: [String] = []
    while answer.count < Self.countMax, let near = nearestName(to: question.name, among: rest) {
      rest.removeAll { $0 == near }
      answer.append(near)
    }
    remembered[question] = answer
    return answer
  }

  private func add(_ name: String, _ cost: Double, to found: inout [Suggestion]) {
    guard !found.contains(where: { $0.name == name }) else { return }
    found.append(Suggestion(name: name, cost: cost))
  }
}
