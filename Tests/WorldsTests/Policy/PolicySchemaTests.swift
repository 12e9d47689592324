import Essentials
import Testing

@testable import Worlds

@Suite("The schema of policies for editors")
struct PolicySchemaTests {
  @Test(
    "the bundled policies and their canonical forms satisfy it",
    arguments: WorldPolicyJSONTests.examples)
  func examples(example: String) throws {
    let text = try WorldPolicyJSONTests.text(of: example)
    let document = Self.document(try LocatedValue(yaml: text, named: example))
    #expect(Self.defects(of: document, PolicySchema.json, at: "") == [])
    let policy = try WorldPolicy(reading: text, named: example)
    #expect(Self.defects(of: policy.json, PolicySchema.json, at: "") == [])
  }

  @Test("what the reader refuses by its key or its kind the schema refuses too")
  func refusals() throws {
    for text in [
      "wurld: w", "{world: w, version: 0}", "{world: w, allow_live: 1}", "{world: w, state: on}",
      "{world: w, selection: {topk: {by_sides: 1}}}", "{world: w, alerts: [{level: info}]}",
      "{world: w, selection: {gates: {nor: []}}}", "{world: w, robustness: {trials: []}}",
    ] {
      let document = Self.document(try LocatedValue(yaml: text, named: "x"))
      #expect(Self.defects(of: document, PolicySchema.json, at: "") != [], "\(text)")
      #expect(WorldPolicy.read(text: text, named: "x").policy == nil, "\(text)")
    }
  }

  @Test("every key of the schema is one that the reader knows, and the other way round")
  func keys() {
    func paths(_ schema: JSONValue, _ prefix: String) -> [String] {
      guard case .object(let properties)? = schema["properties"] else {
        if let values = schema["additionalProperties"], case .object = values {
          return paths(values, prefix + "*.")
        }
        if let items = schema["items"] { return paths(items, prefix) }
        if case .array(let choices)? = schema["anyOf"] {
          return choices.flatMap { paths($0, prefix) }
        }
        return []
      }
      return properties.flatMap { [prefix + $0.name] + paths($0.value, prefix + $0.name + ".") }
    }
    let described = Set(paths(PolicySchema.json, ""))
    #expect(
      described.subtracting(PolicyKeys.paths).filter {
        !$0.hasPrefix("alerts.") && !$0.hasPrefix("instances.")
      } == [])
    #expect(Set(PolicyKeys.paths).subtracting(described) == [])
    #expect(described.count > 150)
    for path in PolicyKeys.paths where !path.contains("*") {
      var text = "null"
      for name in path.split(separator: ".").reversed() { text = "{\"\(name)\": \(text)}" }
      let codes = WorldPolicy.read(text: text, named: "x").diagnostics.map(\.code)
      #expect(!codes.contains("unknown_key"), "\(path)")
    }
  }

  @Test("defaults are those of a policy that is silent")
  func defaults() {
    let properties = PolicySchema.json["properties"]
    #expect(properties?["interval"]?["default"] == "1d")
    #expect(properties?["cutover"]?["properties"]?["gate_lease"]?["default"] == "15s")
    #expect(properties?["world"]?["default"] == nil)
  }

  // MARK: - A plain validator

  private static func document(_ value: LocatedValue) -> JSONValue {
    switch value.content {
    case .sequence(let elements): return .array(elements.map(document))
    case .mapping(let entries):
      return .object(entries.map { JSONValue.Member($0.key, document($0.value)) })
    case .scalar(let scalar):
      switch scalar.meaning {
      case .null: return .null
      case .bool(let flag): return .bool(flag)
      case .integer(let number): return .integer(number)
      case .number(let number): return .number(number)
      case .notFinite, .text: return .string(scalar.text)
      }
    }
  }

  /// Checks what the schema uses of draft 2020-12, but patterns.
  private static func defects(of value: JSONValue, _ schema: JSONValue, at path: String) -> [String]
  {
    if schema["$ref"] != nil {
      return defects(of: value, PolicySchema.json["$defs"]?["gate"] ?? .null, at: path)
    }
    if case .array(let choices)? = schema["anyOf"] {
      let fits = choices.contains { defects(of: value, $0, at: path) == [] }
      return fits ? [] : ["\(path) fits no choice"]
    }
    var found: [String] = []
    if case .array(let words)? = schema["enum"], !words.contains(value) {
      found.append("\(path) enum")
    }
    if let only = schema["const"], only != value { found.append("\(path) const") }
    if let types = schema["type"] {
      let allowed = if case .array(let list) = types { list } else { [types] }
      if !allowed.contains(where: { type(of: value).contains($0) }) { found.append("\(path) type") }
    }
    if case .integer(let number) = value, case .integer(let low)? = schema["minimum"], number < low
    {
      found.append("\(path) minimum")
    }
    if case .array(let elements) = value, let items = schema["items"] {
      for (index, element) in elements.enumerated() {
        found += defects(of: element, items, at: "\(path)[\(index)]")
      }
    }
    if case .object(let members) = value {
      for member in members {
        if let property = schema["properties"]?[member.name] {
          found += defects(of: member.value, property, at: "\(path).\(member.name)")
        } else if let rest = schema["additionalProperties"] {
          if rest == .bool(false) {
            found.append("\(path).\(member.name) unknown")
          } else {
            found += defects(of: member.value, rest, at: "\(path).\(member.name)")
          }
        }
      }
      if case .array(let names)? = schema["required"] {
        for case .string(let name) in names where value[name] == nil {
          found.append("\(path).\(name) missing")
        }
      }
    }
    return found
  }

  private static func type(of value: JSONValue) -> [JSONValue] {
    switch value {
    case .null: ["null"]
    case .bool: ["boolean"]
    case .integer: ["integer", "number"]
    case .number: ["number"]
    case .string: ["string"]
    case .array: ["array"]
    case .object: ["object"]
    }
  }
}
