import Essentials

/// Reads a text and those that it extends into one document: mappings are merged key by key,
/// anything else of the extending text replaces what the extended one says.
struct PolicyInheritance {
  /// Texts that extend each other in a row.
  static let depthMax = 8

  private(set) var sources: PolicySources
  private(set) var diagnostics: [Diagnostic] = []
  private let name: String
  private let text: String

  init(name: String, text: String) {
    self.name = name
    self.text = text
    // A text that is too long is refused unread, and not copied either.
    sources = PolicySources(
      name: name, text: text.utf8.count <= YAMLLimits.bytesMax ? text : "")
  }

  var hasErrors: Bool { diagnostics.contains(where: \.isError) }

  var findings: [PolicyFinding] { diagnostics.map { sources.finding($0) } }

  /// Returns the merged document, or nil where one of the texts cannot be used.
  mutating func read(loading: (String) -> String?) -> LocatedValue? {
    guard var merged = parse(text, base: 0) else { return nil }
    var names = [name]
    var next = merged["extends"]
    while let place = next, !place.isNull {
      guard let parent = place.scalar?.text else {
        refuse("wrong_kind", "`extends` is \(place.kind).", place, "Write the name of a policy.")
        return nil
      }
      guard !names.contains(parent) else {
        refuse(
          "extends_cycle",
          "The policies extend each other: \((names + [parent]).joined(separator: " -> ")).", place,
          "Remove one `extends`.")
        return nil
      }
      guard names.count <= Self.depthMax else {
        refuse(
          "extends_too_deep", "More than \(Self.depthMax) policies extend each other.", place,
          "Extend fewer.")
        return nil
      }
      guard let text = loading(parent) else {
        refuse(
          "unknown_policy", "There is no policy `\(parent)` to extend.", place,
          "Write the name of a policy that exists, or null.")
        return nil
      }
      names.append(parent)
      let isSmall = text.utf8.count <= YAMLLimits.bytesMax
      let base = sources.append(name: parent, text: isSmall ? text : "")
      guard let root = parse(text, base: base) else { return nil }
      next = root["extends"]
      merged = Self.merged(merged, over: root)
    }
    return merged
  }

  private mutating func refuse(
    _ code: String, _ message: String, _ place: LocatedValue, _ remedy: String
  ) {
    diagnostics.append(
      Diagnostic(.error, code: code, message: message, span: place.span, remedy: remedy))
  }

  private mutating func parse(_ text: String, base: Int) -> LocatedValue? {
    let reading = YAMLReading(of: text)
    diagnostics += reading.diagnostics.map {
      var diagnostic = $0
      diagnostic.span = $0.span.moved(by: base)
      return diagnostic
    }
    return reading.root.map { base == 0 ? $0 : $0.moved(by: base) }
  }

  private static func merged(_ upper: LocatedValue, over lower: LocatedValue) -> LocatedValue {
    guard let upperEntries = upper.entries, let lowerEntries = lower.entries else { return upper }
    var result = upper
    let lowerByKey = Dictionary(
      lowerEntries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    var entries = upperEntries.map { entry in
      var entry = entry
      if let below = lowerByKey[entry.key] { entry.value = merged(entry.value, over: below) }
      return entry
    }
    let taken = Set(upperEntries.map(\.key))
    entries += lowerEntries.filter { !taken.contains($0.key) }
    result.content = .mapping(entries)
    return result
  }
}

extension SourceSpan {
  fileprivate func moved(by offset: Int) -> SourceSpan {
    SourceSpan(start: start + offset, end: end + offset)
  }
}

extension LocatedValue {
  /// The same value with all places moved.
  fileprivate func moved(by offset: Int) -> LocatedValue {
    var value = self
    value.span = span.moved(by: offset)
    switch content {
    case .scalar: break
    case .sequence(let elements):
      value.content = .sequence(elements.map { $0.moved(by: offset) })
    case .mapping(let entries):
      value.content = .mapping(
        entries.map {
          Entry(
            key: $0.key, keySpan: $0.keySpan.moved(by: offset), value: $0.value.moved(by: offset))
        })
    }
    return value
  }
}
