import Essentials

extension PolicyCaseFile {
  /// The keys of the document itself.
  private static let keys = ["schema", "policy", "description", "defaults", "cases"]

  /// The policy that a text of cases is meant for; nil where it names none or is no document.
  package static func policyName(in text: String) -> String? {
    YAMLReading(of: text).root?["policy"]?.scalar?.text
  }

  /// Reads cases from YAML and finds everything that is wrong with them.
  ///
  /// `name` is what findings call the text, `policy` the one whose external measures may be named.
  /// Cost: linear in the text; within ``YAMLLimits``.
  package static func read(
    text: String, named name: String, for policy: WorldPolicy
  ) -> PolicyCaseReading {
    let isSmall = text.utf8.count <= YAMLLimits.bytesMax
    let sources = PolicySources(name: name, text: isSmall ? text : "")
    let yaml = YAMLReading(of: text)
    guard let root = yaml.root else {
      return PolicyCaseReading(
        file: nil, findings: yaml.diagnostics.map { sources.finding($0) })
    }
    var reader = PolicyReader(
      bytes: sources.bytes, catalog: MetricCatalog(external: policy.metrics.external))
    let file = read(root, &reader)
    if let file { check(file, &reader) }
    let diagnostics = (yaml.diagnostics + reader.diagnostics).sorted {
      ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end)
    }
    return PolicyCaseReading(
      file: diagnostics.contains(where: \.isError) ? nil : file,
      findings: diagnostics.map { sources.finding($0) })
  }

  /// Reads cases; a text with errors is refused with all that was found.
  package init(
    reading text: String, named name: String, for policy: WorldPolicy
  ) throws(PolicyCaseFailure) {
    let reading = Self.read(text: text, named: name, for: policy)
    guard let file = reading.file else { throw PolicyCaseFailure(findings: reading.findings) }
    self = file
  }

  private static func read(
    _ root: LocatedValue, _ reader: inout PolicyReader
  ) -> PolicyCaseFile? {
    guard let entries = root.entries else {
      reader.refuse(root, "is \(root.kind)", "Write keys: \(PolicyReader.list(keys)).")
      return nil
    }
    var file = PolicyCaseFile()
    // What all cases share is read first, wherever it stands.
    if let defaults = root["defaults"], !defaults.isNull {
      file.defaults =
        reader.inside("defaults", at: defaults.span) {
          PolicyCaseKeys.defaults.read(defaults, &$0)
        } ?? file.defaults
    }
    var hasCases = false
    for entry in entries {
      let value = entry.value
      switch entry.key {
      case "schema":
        if value.scalar?.text != PolicyCaseKeys.schemaName {
          reader.inside("schema", at: value.span) {
            $0.refuse(
              value, "unknown_choice", "is \(value.kind)", "Write \(PolicyCaseKeys.schemaName).")
          }
        }
      case "policy":
        if !value.isNull {
          file.policy = reader.inside("policy", at: value.span) {
            PolicyForm<String>.text.read(value, &$0)
          }
        }
      case "description", "defaults": break
      case "cases":
        hasCases = true
        let form = PolicyForm<[Entry]>.list(of: PolicyCaseKeys.entry(over: file.defaults))
        file.entries =
          reader.inside("cases", at: value.span) { form.read(value, &$0) } ?? []
      default: reader.noteUnknown(entry, among: keys)
      }
    }
    if !hasCases {
      reader.note(
        "missing_key", "The document has no `cases`.",
        at: SourceSpan(start: root.span.start, end: root.span.start), remedy: "Add `cases:` here.")
    }
    return file
  }

  /// Notes names of instances that no situation has, and cases of one name.
  private static func check(_ file: PolicyCaseFile, _ reader: inout PolicyReader) {
    // An entry that could not be read has left its place, so places can no longer be told.
    guard !reader.diagnostics.contains(where: \.isError) else { return }
    var names: Set<String> = []
    for (place, entry) in file.entries.enumerated() {
      let path = "cases[\(place)]"
      if !names.insert(entry.name).inserted {
        note(
          "duplicate_case", "Two cases are named `\(entry.name)`.", "Give each a name of its own.",
          at: "\(path).name", &reader)
      }
      let known = entry.given.instances.map(\.id)
      func check(_ id: String, at place: String) {
        guard !known.contains(id) else { return }
        let remedy =
          nearestName(to: id, among: known).map { "Did you mean `\($0)`?" }
          ?? "The instances here are \(PolicyReader.list(known))."
        note("unknown_instance", "No instance `\(id)` is given.", remedy, at: place, &reader)
      }
      for wanted in entry.expected.instances {
        check(wanted.id, at: "\(path).expect.instances.\(wanted.id)")
      }
      for (number, step) in (entry.expected.steps ?? []).enumerated() {
        check(
          String(step.drop { $0 != " " }.dropFirst()), at: "\(path).expect.steps[\(number)]")
      }
      for (number, pair) in entry.given.pairs.enumerated() {
        for (end, id) in pair.between.enumerated() {
          check(id, at: "\(path).given.correlations[\(number)].between[\(end)]")
        }
      }
    }
  }

  private static func note(
    _ code: String, _ message: String, _ remedy: String, at path: String,
    _ reader: inout PolicyReader
  ) {
    reader.note(
      code, message, at: reader.spans[path] ?? SourceSpan(start: 0, end: 0), remedy: remedy)
  }
}
