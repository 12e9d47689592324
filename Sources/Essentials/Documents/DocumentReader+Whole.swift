extension DocumentReader {
  /// What becomes of the members of a document that its reading never asks for.
  package enum UnknownMembers: Hashable, Sendable {
    /// They are passed over, so that documents of other programs and later versions can be read.
    case passedOver
    /// They are defects, so that no misspelled setting goes unnoticed.
    case refused
  }

  /// Reads one object, or throws everything that is wrong with it.
  ///
  /// - Parameters:
  ///   - document: what the failure calls it, such as its path.
  ///   - key: the key of the failure.
  package static func read<Value>(
    _ json: JSONValue, document: String, unknown: UnknownMembers,
    key: String = DocumentFailure.usualKey, _ body: (inout DocumentReader) -> Value
  ) throws(DocumentFailure) -> Value {
    var reader = DocumentReader(json, at: "")
    let value = body(&reader)
    if unknown == .refused { reader.finish() }
    guard reader.defects.isEmpty else {
      throw DocumentFailure(document: document, defects: reader.defects, key: key)
    }
    return value
  }

  /// Reads the text of one object, or throws what is wrong with the text or the object.
  package static func read<Value>(
    text: String, document: String, unknown: UnknownMembers,
    key: String = DocumentFailure.usualKey, _ body: (inout DocumentReader) -> Value
  ) throws(DocumentFailure) -> Value {
    let json = try JSONValue(text: text, document: document, key: key)
    return try read(json, document: document, unknown: unknown, key: key, body)
  }
}

extension JSONValue {
  /// Parses the text of a document, or throws where it is no JSON, line and column counted from 1.
  package init(
    text: String, document: String, remedy: String = "Mend the JSON.",
    key: String = DocumentFailure.usualKey
  ) throws(DocumentFailure) {
    do throws(JSONMistake) {
      try self.init(parsing: text)
    } catch {
      let before = text.utf8.prefix(error.offset)
      let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
      throw DocumentFailure(
        document: document,
        explanation:
          "The text is no JSON. Line \(line), column \(column): \(error.expectation) is expected.",
        remedy: remedy, key: key)
    }
  }
}
