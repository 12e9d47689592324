/// Reads the members of one JSON object by name and notes everything that is wrong with them.
///
/// A member that is missing or defective leaves the value that the caller already has, so one
/// reading finds all defects. Names that were never asked for are unknown.
package struct DocumentReader {
  private let members: [JSONValue.Member]
  private let prefix: String
  private var asked: [String] = []
  package private(set) var defects: [DocumentDefect] = []

  /// Begins to read the members of `value`, which stands at `keyPath` of the whole document.
  package init(_ value: JSONValue, at keyPath: String) {
    prefix = keyPath.isEmpty ? "" : keyPath + "."
    guard case .object(let members) = value else {
      self.members = []
      defects = [
        DocumentDefect(
          keyPath: keyPath,
          explanation: "\(keyPath.isEmpty ? "The document" : keyPath) is \(Self.kind(value)).",
          remedy: "Write an object in braces.")
      ]
      return
    }
    self.members = members
    var seen: Set<String> = []
    for member in members where !seen.insert(member.name).inserted {
      note(member.name, "stands there twice", "Keep one of them.")
    }
  }

  /// The names of the members in the order of the document.
  package var names: [String] { members.map(\.name) }

  private mutating func note(_ name: String, _ problem: String, _ remedy: String) {
    defects.append(
      DocumentDefect(
        keyPath: prefix + name, explanation: "\(prefix)\(name) \(problem).", remedy: remedy))
  }

  /// The member of that name; null counts as missing.
  private mutating func member(_ name: String) -> JSONValue? {
    asked.append(name)
    let value = members.first { $0.name == name }?.value
    return value == .null ? nil : value
  }

  /// Reads a whole number within a range.
  package mutating func whole(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = member(name) else { return nil }
    let remedy = "Write a whole number from \(range.lowerBound) to \(range.upperBound)."
    guard case .integer(let number) = value else {
      note(name, "is \(Self.kind(value))", remedy)
      return nil
    }
    guard range.contains(number) else {
      note(name, "is \(number)", remedy)
      return nil
    }
    return number
  }

  /// Reads a number within a range.
  package mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
    guard let value = member(name) else { return nil }
    let remedy =
      "Write a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))."
    guard let number = Self.double(value) else {
      note(name, "is \(Self.kind(value))", remedy)
      return nil
    }
    guard range.contains(number) else {
      note(name, "is \(Self.text(number))", remedy)
      return nil
    }
    return number
  }

  /// Reads a text that is not empty.
  package mutating func text(_ name: String) -> String? {
    guard let value = member(name) else { return nil }
    guard case .string(let text) = value, !text.isEmpty else {
      note(name, value == .string("") ? "is empty" : "is \(Self.kind(value))", "Write a text.")
      return nil
    }
    return text
  }

  /// Reads a text that may be empty.
  package mutating func line(_ name: String) -> String? {
    guard let value = member(name) else { return nil }
    guard case .string(let text) = value else {
      note(name, "is \(Self.kind(value))", "Write a text.")
      return nil
    }
    return text
  }

  /// Reads a text that must be there and not be empty; the empty text stands in for a defective one.
  package mutating func requiredText(_ name: String) -> String {
    requireMember(name)
    return text(name) ?? ""
  }

  /// Reads true or false.
  package mutating func flag(_ name: String) -> Bool? {
    guard let value = member(name) else { return nil }
    guard case .bool(let flag) = value else {
      note(name, "is \(Self.kind(value))", "Write true or false.")
      return nil
    }
    return flag
  }

  /// Reads an array of texts, which may be empty.
  package mutating func texts(_ name: String) -> [String]? {
    guard let value = member(name) else { return nil }
    guard case .array(let elements) = value else {
      note(name, "is \(Self.kind(value))", "Write an array of texts.")
      return nil
    }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      guard case .string(let text) = element else {
        note("\(name)[\(index)]", "is \(Self.kind(element))", "Write a text.")
        return nil
      }
      texts.append(text)
    }
    return texts
  }

  /// Returns the value of a member as it stands, nil where it is missing or null.
  package mutating func value(_ name: String) -> JSONValue? { member(name) }

  /// Reads an object by a reader of its own, whose defects are taken over.
  package mutating func object<Element>(
    _ name: String, _ read: (inout DocumentReader) -> Element
  ) -> Element? {
    guard let value = member(name) else { return nil }
    var reader = DocumentReader(value, at: "\(prefix)\(name)")
    let result = read(&reader)
    defects += reader.defects
    return result
  }

  /// Reads an array of objects whose unknown members are passed over.
  package mutating func documents<Element: ReadableDocument>(_ name: String) -> [Element]? {
    guard let value = member(name) else { return nil }
    guard case .array(let elements) = value else {
      note(name, "is \(Self.kind(value))", "Write an array of objects.")
      return nil
    }
    return elements.enumerated().map { index, element in
      var reader = DocumentReader(element, at: "\(prefix)\(name)[\(index)]")
      let result = Element(reading: &reader)
      defects += reader.defects
      return result
    }
  }

  /// Reads one of an enumeration's words.
  package mutating func word<Word: RawRepresentable & CaseIterable>(_ name: String) -> Word?
  where Word.RawValue == String {
    guard let text = text(name) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    let nearest = nearestName(to: text, among: words)
    note(
      name, "is \"\(text)\"",
      nearest.map { "Did you mean \"\($0)\"?" } ?? "Write one of \(words.joined(separator: ", ")).")
    return nil
  }

  /// Reads an array of one element or more, each by `read`, which returns nil for a wrong kind.
  package mutating func list<Element>(
    _ name: String, of expectation: String, _ read: (JSONValue) -> Element?
  ) -> [Element]? {
    guard let value = member(name) else { return nil }
    guard case .array(let elements) = value, !elements.isEmpty else {
      note(
        name, value == .array([]) ? "is empty" : "is \(Self.kind(value))",
        "Write an array of \(expectation).")
      return nil
    }
    var accepted = [Element]()
    for (index, element) in elements.enumerated() {
      guard let result = read(element) else {
        note("\(name)[\(index)]", "is \(Self.shown(element))", "Write \(expectation).")
        return nil
      }
      accepted.append(result)
    }
    return accepted
  }

  /// Reads an array of objects, each by a reader of its own whose defects are taken over.
  package mutating func objects<Element>(
    _ name: String, _ read: (inout DocumentReader) -> Element?
  ) -> [Element]? {
    guard let value = member(name) else { return nil }
    guard case .array(let elements) = value else {
      note(name, "is \(Self.kind(value))", "Write an array of objects.")
      return nil
    }
    return elements.enumerated().compactMap { index, element in
      var reader = DocumentReader(element, at: "\(prefix)\(name)[\(index)]")
      let result = read(&reader)
      reader.finish()
      defects += reader.defects
      return result
    }
  }

  /// Notes that a member without which nothing can be read is missing.
  package mutating func requireMember(_ name: String) {
    if !members.contains(where: { $0.name == name }) {
      note(name, "is missing", "Add it.")
    }
  }

  /// Notes a defect that two members have together.
  package mutating func noteContradiction(_ name: String, _ problem: String, remedy: String) {
    note(name, problem, remedy)
  }

  /// Notes the members that nobody asked for.
  package mutating func finish() {
    for member in members where !asked.contains(member.name) {
      let nearest = nearestName(to: member.name, among: asked)
      note(
        member.name, "is no known key",
        nearest.map { "Did you mean \($0)?" } ?? "Remove it.")
    }
  }

  private static func double(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  private static func text(_ number: Double) -> String { JSONValue.number(number).compactText }

  private static func kind(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .integer, .number: "the number \(value.compactText)"
    case .string: "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }

  private static func shown(_ value: JSONValue) -> String {
    switch value {
    case .integer, .number: value.compactText
    default: kind(value)
    }
  }
}
