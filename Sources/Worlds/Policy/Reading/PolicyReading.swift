package import Essentials

/// What a text says as a policy, and everything that was found in it.
package struct PolicyReading: Sendable {
  /// Nil where anything found is an error.
  package var policy: WorldPolicy?
  /// Errors and warnings, in the order of the texts.
  package var findings: [PolicyFinding]

  /// The findings without their places by line; each span is one of the text it was found in.
  package var diagnostics: [Diagnostic] { findings.map(\.diagnostic) }

  /// All findings as a compiler would report them, with an empty line between two.
  package var report: String { findings.map(\.rendered).joined(separator: "\n\n") }
}

extension WorldPolicy {
  /// Reads a policy from YAML (or JSON, which is YAML) and finds everything that is wrong with it.
  ///
  /// `name` is what findings call the text. Where the text extends another, `loading` gives that
  /// text by the name that stands there, or nil. Cost: linear in the texts; within ``YAMLLimits``.
  package static func read(
    text: String, named name: String, loading: (String) -> String? = { _ in nil }
  ) -> PolicyReading {
    read(text: text, named: name, scrutiny: .rules, loading: loading)
  }

  /// How closely a policy is looked at.
  private enum Scrutiny {
    /// Each value by itself.
    case values
    /// Also what cannot hold together.
    case rules
  }

  private static func read(
    text: String, named name: String, scrutiny: Scrutiny, loading: (String) -> String?
  ) -> PolicyReading {
    var inheritance = PolicyInheritance(name: name, text: text)
    guard let root = inheritance.read(loading: loading) else {
      return PolicyReading(policy: nil, findings: inheritance.findings)
    }
    var reader = PolicyReader(
      bytes: inheritance.sources.bytes, catalog: MetricCatalog(external: externals(of: root)))
    let policy = PolicyKeys.policy.read(root, &reader)
    if scrutiny == .rules, let policy, !inheritance.hasErrors,
      !reader.diagnostics.contains(where: \.isError)
    {
      PolicyConsistency.check(policy, &reader)
      checkSize(of: policy, &reader)
    }
    let diagnostics = (inheritance.diagnostics + reader.diagnostics)
      .sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
    return PolicyReading(
      policy: diagnostics.contains(where: \.isError) ? nil : policy,
      findings: diagnostics.map { inheritance.sources.finding($0) })
  }

  /// Reads a policy from YAML or JSON; a text with errors is refused with all that was found.
  package init(
    reading text: String, named name: String, loading: (String) -> String? = { _ in nil }
  ) throws(PolicyFailure) {
    let reading = Self.read(text: text, named: name, loading: loading)
    guard let policy = reading.policy else { throw PolicyFailure(findings: reading.findings) }
    self = policy
  }

  /// Reads the canonical form of a policy back, as a record keeps it. Whether its rules can hold
  /// together was judged when it was accepted and is not judged again, so that every record of the
  /// past stays readable.
  package init(json: JSONValue) throws(PolicyFailure) {
    let reading = Self.read(
      text: json.compactText, named: "policy.json", scrutiny: .values, loading: { _ in nil })
    guard let policy = reading.policy else { throw PolicyFailure(findings: reading.findings) }
    self = policy
  }

  /// Measures from outside must be known before any expression is read, wherever they stand.
  private static func externals(of root: LocatedValue) -> [String] {
    root["metrics"]?["external"]?.elements?.compactMap { $0.scalar?.text } ?? []
  }

  /// Refuses a policy whose canonical form, with every default written out, could not be read.
  private static func checkSize(of policy: WorldPolicy, _ reader: inout PolicyReader) {
    let json = policy.json
    let bytes = json.compactText.utf8.count
    let nodes = json.nodeCount
    guard bytes > YAMLLimits.bytesMax || nodes > YAMLLimits.nodesMax else { return }
    reader.note(
      "policy_too_large",
      "With every default written out the policy has \(bytes) bytes and \(nodes) values.",
      at: SourceSpan(start: 0, end: 0), remedy: "Declare fewer instances.")
  }
}

extension Diagnostic {
  /// Whether the text cannot be used.
  var isError: Bool { severity == .error }
}

extension JSONValue {
  /// Keys and values, as a reader of YAML counts them.
  fileprivate var nodeCount: Int {
    switch self {
    case .array(let elements): elements.reduce(1) { $0 + $1.nodeCount }
    case .object(let members): members.reduce(1) { $0 + 1 + $1.value.nodeCount }
    default: 1
    }
  }
}
