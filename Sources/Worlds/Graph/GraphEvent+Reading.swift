package import Essentials

extension GraphEvent {
  /// Reads an event that was written as ``json``; what is missing or of the wrong kind is named.
  package init(json: JSONValue) throws(GraphMistake) {
    let reader = EventReader(json)
    let at = Timestamp(millisecondsSinceEpoch: Int64(try reader.whole("at_ms")))
    guard Self.instants.contains(at) else { throw .unreadableEvent(member: "at_ms") }
    let fact: GraphFact
    switch try reader.text("kind") {
    case "graph.joined":
      fact = .joined(world: try reader.text("world"), rules: try reader.part("rules").rules())
    case "graph.rooted":
      fact = .rooted(
        world: try reader.text("world"), roots: try reader.roots(), nodes: try reader.nodes())
    case "graph.rolled_back":
      fact = .rolledBack(world: try reader.text("world"), version: try reader.whole("version"))
    case "graph.left": fact = .left(world: try reader.text("world"))
    case "graph.ticked": fact = .ticked
    default: throw .unreadableEvent(member: "kind")
    }
    self.init(at: at, fact)
  }
}

private struct EventReader {
  let object: JSONValue

  init(_ object: JSONValue) {
    self.object = object
  }

  func part(_ name: String) throws(GraphMistake) -> EventReader {
    guard let value = object[name], case .object = value else {
      throw .unreadableEvent(member: name)
    }
    return EventReader(value)
  }

  func whole(_ name: String) throws(GraphMistake) -> Int {
    guard case .integer(let number)? = object[name] else { throw .unreadableEvent(member: name) }
    return number
  }

  func text(_ name: String) throws(GraphMistake) -> String {
    guard case .string(let text)? = object[name] else { throw .unreadableEvent(member: name) }
    return text
  }

  func word<Word: RawRepresentable<String>>(_ name: String) throws(GraphMistake) -> Word {
    guard let word = Word(rawValue: try text(name)) else { throw .unreadableEvent(member: name) }
    return word
  }

  func span(_ name: String) throws(GraphMistake) -> TimeSpan {
    TimeSpan(milliseconds: Int64(try whole(name)))
  }

  func rules() throws(GraphMistake) -> SharingRules {
    var rules = SharingRules()
    rules.isolation = try word("isolation")
    rules.raw = try word("raw")
    rules.indicator = try word("indicator")
    rules.signal = try word("signal")
    rules.order = try word("order")
    rules.topicPrefix = object["topic_prefix"] == .null ? nil : try text("topic_prefix")
    rules.drain = object["drain_ms"] == .null ? nil : try span("drain_ms")
    rules.keepVersions = try whole("keep_versions")
    rules.pinRollback = try span("pin_rollback_ms")
    return rules
  }

  func roots() throws(GraphMistake) -> [String: NodeID] {
    guard case .object(let members)? = object["roots"] else {
      throw .unreadableEvent(member: "roots")
    }
    var roots: [String: NodeID] = [:]
    for member in members {
      guard roots.updateValue(try Self.id(member.value, "roots"), forKey: member.name) == nil else {
        throw .unreadableEvent(member: "roots")
      }
    }
    return roots
  }

  func nodes() throws(GraphMistake) -> [GraphNode] {
    guard case .array(let elements)? = object["nodes"] else {
      throw .unreadableEvent(member: "nodes")
    }
    var nodes: [GraphNode] = []
    for element in elements { nodes.append(try EventReader(element).node()) }
    return nodes
  }

  private func node() throws(GraphMistake) -> GraphNode {
    guard case .array(let elements)? = object["dependencies"] else {
      throw .unreadableEvent(member: "dependencies")
    }
    var dependencies: [NodeID] = []
    for element in elements { dependencies.append(try Self.id(element, "dependencies")) }
    guard let parameters = object["parameters"] else {
      throw .unreadableEvent(member: "parameters")
    }
    return try GraphNode(
      word("kind"), code: text("code"), parameters: parameters, period: whole("period"),
      interval: span("interval_ms"), dependencies: dependencies, schema: text("schema"))
  }

  private static func id(_ value: JSONValue, _ member: String) throws(GraphMistake) -> NodeID {
    guard case .string(let text) = value, let fingerprint = Fingerprint(hexadecimal: text) else {
      throw .unreadableEvent(member: member)
    }
    return NodeID(fingerprint)
  }
}
