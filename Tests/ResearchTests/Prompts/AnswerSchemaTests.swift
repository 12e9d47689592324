import Essentials
import Testing

@testable import Research

@Suite("Answer schemas")
struct AnswerSchemaTests {
  /// Every object below a schema.
  private func objects(_ schema: JSONValue) -> [JSONValue] {
    switch schema {
    case .object(let members):
      (schema["type"] == "object" ? [schema] : []) + members.flatMap { objects($0.value) }
    case .array(let elements): elements.flatMap(objects)
    default: []
    }
  }

  private func names(_ value: JSONValue?) -> [String] {
    if case .object(let members)? = value { members.map(\.name) } else { [] }
  }

  @Test("every property is required and none may be added")
  func strict() {
    let all = [AnswerSchema.idea, AnswerSchema.candidate, AnswerSchema.candidates]
    #expect(all.flatMap(objects).count == 2 + 4 + 2)
    for object in all.flatMap(objects) {
      #expect(object["additionalProperties"] == .bool(false))
      #expect(object["required"] == .strings(names(object["properties"])))
    }
  }

  @Test("the properties are those that the documents have")
  func documents() {
    #expect(
      names(AnswerSchema.idea["properties"]) == names(IdeaSpec(ideaID: "i", hypothesis: "h").json))
    let candidate = AnswerSchema.candidate["properties"]
    #expect(names(candidate) == names(CandidateAlpha(ideaID: "i", formula: "x").json))
    #expect(
      names(candidate?["simulation_settings"]?["properties"]?["settings"]?["properties"])
        == names(CandidateSettings().json))
  }
}
