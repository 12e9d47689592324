package import Essentials

/// What BRAIN says is wrong, in any of its four shapes.
///
/// `{"detail": "..."}`; an array of sentences; an object of fields with their sentences, nested as
/// deep as the fields; or no JSON at all.
package struct BrainComplaint: Hashable, Sendable, CustomStringConvertible {
  /// The sentences, each with the way to its field before it where it concerns one.
  package let sentences: [String]

  /// Reads the body of an answer.
  package init(body: [UInt8]) {
    let text = String(decoding: body.prefix(1 << 16), as: UTF8.self)
    guard let value = try? JSONValue(parsing: text) else {
      let line = text.prefix { $0 != "\n" }.prefix(200)
      self.init(line.isEmpty ? [] : [String(line)])
      return
    }
    self.init(value)
  }

  /// Reads a value.
  package init(_ value: JSONValue) {
    self.init(Self.sentences(value, at: ""))
  }

  private init(_ sentences: [String]) {
    self.sentences = sentences.isEmpty ? ["it gave no reason"] : sentences
  }

  /// Whether it complains of too many simulations at once, which passes when one of them ends.
  package var isOfConcurrency: Bool {
    sentences.contains {
      $0.contains("CONCURRENT_SIMULATION_LIMIT_EXCEEDED")
        || $0.contains("SIMULATION_LIMIT_EXCEEDED")
    }
  }

  package var description: String { sentences.joined(separator: "; ") }

  private static func sentences(_ value: JSONValue, at path: String) -> [String] {
    switch value {
    case .string(let text): [path.isEmpty || path == "detail" ? text : "\(path): \(text)"]
    case .array(let elements): elements.flatMap { sentences($0, at: path) }
    case .object(let members):
      members.flatMap { sentences($0.value, at: path.isEmpty ? $0.name : "\(path).\($0.name)") }
    case .null, .bool, .integer, .number: []
    }
  }
}
