import Essentials

extension WorldPolicy {
  var json: JSONValue { ["world": .string(world)] }
  init(json: JSONValue) throws {
    guard case .string(let world)? = json["world"] else {
      throw WorldEventMistake.unknownKind("policy")
    }
    self.init(world: world)
  }
}
