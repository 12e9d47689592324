import Backtesting
import Essentials
import Research

/// One thing that a job can be told: its name, what it may be, and what it means.
///
/// The check of a request, the page of the console and the description of the interface are all made
/// from this.
package struct JobParameter: Sendable {
  /// What a value may be. Without a default the parameter may be left out, or must be there where it
  /// is required.
  enum Kind: Sendable {
    case whole(ClosedRange<Int>, standard: Int?)
    case flag(standard: Bool)
    case choice([String], standard: String?)
    case text(TextRule, standard: String?)
    /// A JSON document, given as such or by the path of a file of an earlier job; the job reads it
    /// from a file of that name in its own folder.
    case document(file: String, DocumentRule, standard: JSONValue?)
  }

  /// What a text may be.
  enum TextRule: Sendable {
    /// A word of letters, digits, points, dashes and underscores, which begins with one of the first
    /// two.
    case name
    /// A name that may also have slashes, colons and at signs.
    case model
    /// Any text of one line.
    case line
  }

  /// What a document must be.
  struct DocumentRule: Sendable {
    /// The JSON types it may be of.
    var types: [String]
    /// Throws what is wrong with it.
    var check: @Sendable (JSONValue) throws(DocumentFailure) -> Void
  }

  let name: String
  let kind: Kind
  let meaning: BilingualText
  let isRequired: Bool

  init(_ name: String, _ kind: Kind, _ meaning: BilingualText, isRequired: Bool = false) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
    self.isRequired = isRequired
  }

  /// No text is longer.
  static let textBytesMax = 1_000

  /// What the parameter is where nobody says, nil where it is then left out.
  var standard: JSONValue? {
    switch kind {
    case .whole(_, let value): value.map(JSONValue.integer)
    case .flag(let value): .bool(value)
    case .choice(_, let value), .text(_, let value): value.map(JSONValue.string)
    case .document(_, _, let value): value
    }
  }

  // MARK: - Reading

  /// Reads the parameter; what is wrong is noted. Nil where it is left out.
  func read(_ reader: inout DocumentReader) -> JSONValue? {
    guard let given = value(&reader) else { return standard }
    return given
  }

  private func value(_ reader: inout DocumentReader) -> JSONValue? {
    switch kind {
    case .whole(let range, _): return reader.whole(name, in: range).map(JSONValue.integer)
    case .flag: return reader.flag(name).map(JSONValue.bool)
    case .choice(let words, _):
      guard let text = reader.text(name) else { return nil }
      if words.contains(text) { return .string(text) }
      let nearest = nearestName(to: text, among: words)
      reader.noteContradiction(
        name, "is \"\(text.prefix(80))\"",
        remedy: nearest.map { "Did you mean \"\($0)\"?" }
          ?? "Write one of \(words.joined(separator: ", ")).")
      return nil
    case .text(let rule, _):
      guard let text = reader.text(name) else { return nil }
      if let objection = rule.objection(to: text) {
        reader.noteContradiction(name, objection.problem, remedy: objection.remedy)
        return nil
      }
      return .string(text)
    case .document(_, let rule, _):
      guard let value = reader.value(name) else { return nil }
      if case .string = value { return value }
      guard rule.types.contains(value.typeName) else {
        reader.noteContradiction(
          name, "is of the type \(value.typeName)",
          remedy: "Write \(rule.types.joined(separator: " or ")), or the path of a job's file.")
        return nil
      }
      return value
    }
  }

  // MARK: - Description

  /// The JSON Schema of its values.
  var schema: JSONValue {
    var members: [JSONValue.Member] =
      switch kind {
      case .whole(let range, _):
        [
          .init("type", "integer"), .init("minimum", .integer(range.lowerBound)),
          .init("maximum", .integer(range.upperBound)),
        ]
      case .flag: [.init("type", "boolean")]
      case .choice(let words, _): [.init("type", "string"), .init("enum", .strings(words))]
      case .text(let rule, _):
        [
          .init("type", "string"), .init("minLength", 1),
          .init("maxLength", .integer(Self.textBytesMax)), .init("pattern", .string(rule.pattern)),
        ]
      case .document(_, let rule, _):
        [
          .init(
            "oneOf",
            .array(
              rule.types.map { ["type": .string($0)] } + [
                ["type": "string", "pattern": .string(JobReference.pattern)]
              ]))
        ]
      }
    if let standard { members.append(.init("default", standard)) }
    members.append(.init("description", .string(meaning.english)))
    return .object(members)
  }

  /// What a page shows of it.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("type", .string(typeName)),
      .init("required", .bool(isRequired)), .init("default", standard ?? .null),
      .init("meaning", .string(meaning.english)), .init("meaning_ko", .string(meaning.korean)),
    ]
    switch kind {
    case .whole(let range, _):
      members += [
        .init("minimum", .integer(range.lowerBound)), .init("maximum", .integer(range.upperBound)),
      ]
    case .choice(let words, _): members.append(.init("choices", .strings(words)))
    default: break
    }
    return .object(members)
  }

  private var typeName: String {
    switch kind {
    case .whole: "integer"
    case .flag: "boolean"
    case .choice: "choice"
    case .text: "string"
    case .document: "document"
    }
  }
}

extension JobParameter.TextRule {
  /// The regular expression of JSON Schema that says the same.
  var pattern: String {
    switch self {
    case .name: "^[A-Za-z0-9][A-Za-z0-9._-]*$"
    case .model: "^[A-Za-z0-9][A-Za-z0-9._:/@-]*$"
    case .line: "^[^\\u0000-\\u001f\\u007f]*$"
    }
  }

  func objection(to text: String) -> (problem: String, remedy: String)? {
    guard text.utf8.count <= JobParameter.textBytesMax else {
      return (
        "has \(text.utf8.count) bytes", "Write at most \(JobParameter.textBytesMax) bytes."
      )
    }
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
    switch self {
    case .line:
      return text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        ? nil : ("has a control character", "Write one line of plain text.")
    case .name, .model:
      let marks = Array((self == .name ? "._-" : "._-:/@").utf8)
      guard text.utf8.count <= 128, text.utf8.first.map(isAlphanumeric) == true,
        text.utf8.allSatisfy({ isAlphanumeric($0) || marks.contains($0) })
      else {
        return (
          "is no name",
          "Write at most 128 letters, digits and \(String(decoding: marks, as: UTF8.self)), a letter "
            + "or digit first."
        )
      }
      return nil
    }
  }
}

extension JSONValue {
  /// The name that JSON Schema has for the value's type.
  var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
