import AlphaLanguage
import Essentials

/// Why BRAIN's simulator stops at a formula, with its words and the place.
struct BrainFormulaError: Hashable, Sendable {
  let message: String
  /// Line from 1 and columns from 0.
  let location: JSONValue

  init(message: String, location: JSONValue) {
    self.message = message
    self.location = location
  }

  init(_ rejection: FormulaRejection) {
    let bytes = Array(rejection.source.utf8)
    guard let error = rejection.errors.first else {
      message = rejection.explanation
      location = .null
      return
    }
    let start = min(error.span.start, bytes.count)
    let end = min(error.span.end, bytes.count)
    let before = bytes[..<start]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    location = [
      "property": "regular", "line": .integer(before.count { $0 == UInt8(ascii: "\n") } + 1),
      "start": .integer(start - lineStart),
      "end": .integer(max(end - lineStart, start - lineStart)),
    ]
    let name = String(decoding: bytes[start..<end], as: UTF8.self)
    switch error.code {
    case "unknown_operator":
      message = "Attempted to use inaccessible or unknown operator \"\(name)\"."
    case "unknown_data_field": message = "Attempted to use unknown variable \"\(name)\""
    default: message = error.message
    }
  }
}
