import Essentials

/// What is gathered while a policy is read: findings, and where each value stands.
struct PolicyReader {
  /// More findings than a person reads at once; what comes after is found at the next reading.
  static let findingsMax = 100

  /// The bytes that all spans point into.
  let bytes: [UInt8]
  let catalog: MetricCatalog
  private(set) var diagnostics: [Diagnostic] = []
  /// The place of each value by its path, such as `selection.topk.total`.
  private(set) var spans: [String: SourceSpan] = [:]
  /// The path of the value that is being read; empty for the document.
  private(set) var path = ""

  init(bytes: [UInt8], catalog: MetricCatalog) {
    self.bytes = bytes
    self.catalog = catalog
  }

  // MARK: - Findings

  mutating func note(
    _ code: String, _ message: String, at span: SourceSpan, remedy: String?,
    as severity: Diagnostic.Severity = .error
  ) {
    guard diagnostics.count < Self.findingsMax else { return }
    diagnostics.append(
      Diagnostic(severity, code: code, message: message, span: span, remedy: remedy))
  }

  /// Notes that the value that is being read is something else than it should be.
  mutating func refuse(_ value: LocatedValue, _ problem: String, _ remedy: String) {
    refuse(value, "wrong_kind", problem, remedy)
  }

  /// The same under a code of its own.
  mutating func refuse(
    _ value: LocatedValue, _ code: String, _ problem: String, _ remedy: String
  ) {
    let name = path.isEmpty ? "The document" : "`\(path)`"
    note(code, "\(name) \(problem).", at: value.span, remedy: remedy)
  }

  /// Notes mistakes of an expression at their places in the source.
  mutating func note(_ mistakes: [PolicyMistake], in value: LocatedValue) {
    for mistake in mistakes {
      note(
        mistake.code, mistake.message, at: value.span(ofText: mistake.range, in: bytes),
        remedy: mistake.remedy)
    }
  }

  // MARK: - Paths

  /// Reads what stands under a name of the current value.
  mutating func inside<Result>(
    _ name: String, at span: SourceSpan, _ body: (inout PolicyReader) -> Result
  ) -> Result {
    let outer = path
    path = outer.isEmpty ? name : name.hasPrefix("[") ? outer + name : "\(outer).\(name)"
    spans[path] = span
    defer { path = outer }
    return body(&self)
  }

  // MARK: - Members

  /// Reads the keys of a mapping into `root`; says whether every required key is there.
  mutating func read<Root>(
    _ value: LocatedValue, _ members: [PolicyMember<Root>], required: [String],
    into root: inout Root
  ) -> Bool {
    let entries: [LocatedValue.Entry]
    if value.isNull {
      entries = []
    } else if let found = value.entries {
      entries = found
    } else {
      refuse(value, "is \(value.kind)", "Write keys and values: \(Self.list(members.map(\.name))).")
      return false
    }
    for entry in entries {
      guard let member = members.first(where: { $0.name == entry.key }) else {
        noteUnknown(entry, among: members.map(\.name))
        continue
      }
      inside(entry.key, at: entry.value.isNull ? entry.keySpan : entry.value.span) {
        member.read(entry.value, &root, &$0)
      }
    }
    var isComplete = true
    for name in required where !entries.contains(where: { $0.key == name }) {
      isComplete = false
      note(
        "missing_key", "\(path.isEmpty ? "The document" : "`\(path)`") has no `\(name)`.",
        at: SourceSpan(start: value.span.start, end: value.span.start),
        remedy: "Add `\(name):` here.")
    }
    return isComplete
  }

  mutating func noteUnknown(_ entry: LocatedValue.Entry, among names: [String]) {
    guard diagnostics.count < Self.findingsMax else { return }
    let key = entry.key
    let remedy: String
    if let nearest = nearestName(to: key, among: names) {
      remedy = "Did you mean `\(nearest)`?"
    } else if let elsewhere = PolicyKeys.parents[key] {
      remedy = "`\(key)` belongs under `\(elsewhere)`."
    } else {
      remedy = "The keys here are \(Self.list(names))."
    }
    note(
      "unknown_key",
      path.isEmpty
        ? "The document knows no key `\(key)`." : "`\(path)` knows no key `\(key)`.",
      at: entry.keySpan, remedy: remedy)
  }

  static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

extension LocatedValue {
  /// What it is, with its article, for sentences.
  var kind: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar(let scalar):
      switch scalar.meaning {
      case .null: "empty"
      case .bool: "a truth value"
      case .integer, .number: "the number \(scalar.text)"
      case .notFinite: "not a finite number"
      case .text: "the text `\(scalar.text.prefix(60))`"
      }
    }
  }
}
