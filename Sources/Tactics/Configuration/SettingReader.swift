import Essentials

/// Reads one document into the values that it says, and finds everything that is wrong with it.
struct SettingReader {
  /// A value that stands in the document.
  struct Statement {
    var key: SettingKey
    var suffix: RegimeSuffix?
    var value: SettingValue
    var span: SourceSpan
    var line: Int
  }

  /// More findings than a person reads at once.
  static let findingsMax = 50

  private(set) var statements: [Statement] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var said: Set<String> = []

  init(_ text: String) {
    let reading = YAMLReading(of: text)
    diagnostics = reading.diagnostics
    guard let root = reading.root else { return }
    guard let entries = root.entries else {
      note(
        root, root.isNull ? "empty_document" : "no_mapping",
        root.isNull ? "The document is empty." : "The document is no mapping of settings.",
        "Write settings such as entry.costs.net_min: 0.0001, or {} for none.")
      return
    }
    read(entries, under: "")
  }

  private mutating func read(_ entries: [LocatedValue.Entry], under prefix: String) {
    for entry in entries {
      let path = prefix.isEmpty ? entry.key : prefix + "." + entry.key
      let isKnownHere = prefix.isEmpty || path.hasPrefix(prefix)
      if isKnownHere, let (key, suffix) = SettingKeys.find(path) {
        read(entry, key, suffix)
      } else if SettingKeys.groups.contains(path) {
        if let inner = entry.value.entries {
          read(inner, under: path)
        } else {
          note(
            entry.value, "wrong_kind", "\(path) is a group of settings, no value.",
            "Write the settings of the group below it.")
        }
      } else {
        if let key = SettingKeys.withoutSuffix(path) {
          note(
            entry.keySpan, "unknown_setting", "\(path) has the suffix of a regime.",
            "Write \(key), which holds in all regimes.")
          continue
        }
        let names = prefix.isEmpty ? SettingKeys.names : SettingKeys.all.map(\.path)
        let nearest = nearestName(to: path, among: names + Array(SettingKeys.groups).sorted())
        note(
          entry.keySpan, "unknown_setting", "There is no setting \(path).",
          nearest.map { "Did you mean \($0)?" } ?? "Remove it.")
      }
    }
  }

  private mutating func read(
    _ entry: LocatedValue.Entry, _ key: SettingKey, _ suffix: RegimeSuffix?
  ) {
    guard key.varies, suffix == nil, let regimes = entry.value.entries else {
      state(key, suffix, entry.value, at: entry.keySpan)
      return
    }
    let words = ["default"] + RegimeSuffix.allCases.map(\.name)
    for regime in regimes {
      if regime.key == "default" {
        state(key, nil, regime.value, at: regime.keySpan)
      } else if let suffix = RegimeSuffix.allCases.first(where: { $0.name == regime.key }) {
        state(key, suffix, regime.value, at: regime.keySpan)
      } else {
        let nearest = nearestName(to: regime.key, among: words)
        note(
          regime.keySpan, "unknown_regime", "There is no regime \(regime.key).",
          nearest.map { "Did you mean \($0)?" } ?? "Write one of \(words.joined(separator: ", ")).")
      }
    }
  }

  private mutating func state(
    _ key: SettingKey, _ suffix: RegimeSuffix?, _ value: LocatedValue, at span: SourceSpan
  ) {
    let name = key.path + (suffix.map { "." + $0.name } ?? "")
    // An empty text says nothing, as a variable of an environment that is set to nothing.
    if value.scalar?.style != .plain, value.scalar?.text == "" { return }
    guard said.insert(name).inserted else {
      note(
        span, "said_twice", "\(name) (\(key.specificationName)) is said twice.",
        "Keep one of the two.")
      return
    }
    guard let read = read(value, as: key.kind, name) else { return }
    statements.append(
      Statement(key: key, suffix: suffix, value: read, span: value.span, line: value.line))
  }

  private mutating func read(
    _ value: LocatedValue, as kind: SettingKind, _ name: String
  ) -> SettingValue? {
    let meaning = value.scalar?.meaning
    var number: Double?
    if case .integer(let whole) = meaning { number = Double(whole) }
    if case .number(let found) = meaning { number = found }
    switch kind {
    case .flag:
      if case .bool(let flag) = meaning { return .flag(flag) }
      if case .integer(let bit) = meaning, bit == 0 || bit == 1 { return .flag(bit == 1) }
    case .whole(let range):
      if case .integer(let whole) = meaning {
        guard range.contains(whole) else { return outOfRange(value, kind, name, "\(whole)") }
        return .whole(whole)
      }
    case .number(let range):
      if let number {
        guard range.contains(number) else {
          return outOfRange(value, kind, name, value.scalar?.text ?? "")
        }
        return .number(number == 0 ? 0 : number)
      }
    case .span(let range):
      let text = value.scalar?.text ?? ""
      let span =
        number.flatMap { seconds in
          abs(seconds) < 1e12
            ? TimeSpan(milliseconds: Int64((seconds * 1000).rounded())) : nil
        } ?? TimeSpan(setting: text)
      if let span {
        guard range.contains(span) else { return outOfRange(value, kind, name, text) }
        return .span(span)
      }
    case .choice(let words):
      if let text = value.scalar?.text {
        if words.contains(text) { return .word(text) }
        note(
          value, "unknown_choice", "\(name) cannot be \(text).",
          nearestName(to: text, among: words).map { "Did you mean \($0)?" } ?? kind.instruction)
        return nil
      }
    case .names(let words):
      if let names = names(value) {
        if let stranger = names.first(where: { !words.contains($0) }) {
          note(
            value, "unknown_choice", "\(name) cannot have \(stranger).",
            nearestName(to: stranger, among: words).map { "Did you mean \($0)?" }
              ?? kind.instruction)
          return nil
        }
        return .names(names)
      }
    }
    note(
      value, "wrong_kind", "\(name) is \(Self.kind(of: value)), not a \(kind.name).",
      kind.instruction)
    return nil
  }

  private mutating func outOfRange(
    _ value: LocatedValue, _ kind: SettingKind, _ name: String, _ text: String
  ) -> SettingValue? {
    note(value, "out_of_range", "\(name) is \(text), outside its range.", kind.instruction)
    return nil
  }

  /// The words of a list, or of a text with commas or semicolons; nil for anything else.
  private func names(_ value: LocatedValue) -> [String]? {
    if let elements = value.elements {
      let words = elements.compactMap { $0.scalar?.text }
      return words.count == elements.count ? words : nil
    }
    guard let text = value.scalar?.text else { return nil }
    if value.isNull { return nil }
    return text.split { $0 == "," || $0 == ";" || $0 == " " }.map(String.init)
  }

  private static func kind(of value: LocatedValue) -> String {
    switch value.content {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar(let scalar): value.isNull ? "empty" : "\"\(scalar.text.prefix(60))\""
    }
  }

  private mutating func note(
    _ value: LocatedValue, _ code: String, _ message: String, _ remedy: String
  ) {
    note(value.span, code, message, remedy)
  }

  private mutating func note(
    _ span: SourceSpan, _ code: String, _ message: String, _ remedy: String
  ) {
    guard diagnostics.count < Self.findingsMax else { return }
    diagnostics.append(Diagnostic(.error, code: code, message: message, span: span, remedy: remedy))
  }
}
