import Essentials
import Research

/// A small validator of the JSON Schemas that the desk writes: types, words, lists, references,
/// alternatives, instants. A member that the schema does not know is a mistake too, although a schema
/// allows it: what is sent is to be described.
struct SchemaCheck {
  let components: [String: JSONValue]

  init(openAPI document: JSONValue) {
    components = Dictionary(
      (document["components"]?["schemas"] ?? .null).memberList.map { ($0.name, $0.value) },
      uniquingKeysWith: { first, _ in first })
  }

  /// What is wrong, each with the way to it; empty where the value fits.
  func mistakes(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
    if case .string(let reference)? = schema["$ref"] {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let target = components[name] else { return ["\(path): no schema \(reference)"] }
      return mistakes(value, target, at: path)
    }
    if case .array(let choices)? = schema["oneOf"] {
      let found = choices.map { self.mistakes(value, $0, at: path) }
      return found.contains([]) ? [] : found.flatMap { $0 }
    }
    let types: [String] =
      switch schema["type"] {
      case .string(let type)?: [type]
      case .array(let types)?: types.compactMap(\.string)
      default: []
      }
    guard types.isEmpty || types.contains(where: { Self.has(value, $0) }) else {
      return ["\(path): \(value.compactText.prefix(60)) is not \(types)"]
    }
    var mistakes: [String] = []
    if case .array(let words)? = schema["enum"], !words.contains(value) {
      mistakes.append("\(path): \(value.compactText) is none of \(words.count) words")
    }
    if schema["format"] == "date-time", case .string(let text) = value,
      text.utf8.count != 32 || !text.hasSuffix("+00:00")
    {
      mistakes.append("\(path): \(text) is no instant")
    }
    switch value {
    case .object(let members): mistakes += objectMistakes(members, schema, at: path)
    case .array(let elements):
      guard let item = schema["items"] else { break }
      for (place, element) in elements.enumerated() {
        mistakes += self.mistakes(element, item, at: "\(path)[\(place)]")
      }
    default: break
    }
    return mistakes
  }

  private func objectMistakes(
    _ members: [JSONValue.Member], _ schema: JSONValue, at path: String
  ) -> [String] {
    var mistakes: [String] = []
    for name in (schema["required"] ?? .null).elements.compactMap(\.string)
    where !members.contains(where: { $0.name == name }) {
      mistakes.append("\(path).\(name) is missing")
    }
    guard let properties = schema["properties"] else { return mistakes }
    for member in members {
      guard let property = properties[member.name] else {
        mistakes.append("\(path).\(member.name) is not described")
        continue
      }
      mistakes += self.mistakes(member.value, property, at: "\(path).\(member.name)")
    }
    return mistakes
  }

  private static func has(_ value: JSONValue, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"),
      (.number, "number"), (.string, "string"), (.array, "array"), (.object, "object"):
      true
    default: false
    }
  }
}
