import Essentials
import Networking
import Research
import Services
import Testing

@Suite("What the desk says of its answers")
struct DeskSchemasTests {
  private static func operations(_ document: JSONValue) -> [(path: String, json: JSONValue)] {
    (document["paths"] ?? .null).memberList.flatMap { path in
      path.value.memberList.map { (path.name, $0.value) }
    }
  }

  private static func references(_ value: JSONValue) -> [String] {
    switch value {
    case .array(let elements): return elements.flatMap(references)
    case .object(let members):
      return members.flatMap { member in
        if member.name == "$ref", case .string(let target) = member.value { return [target] }
        return references(member.value)
      }
    default: return []
    }
  }

  @Test("the description is whole: parameters declared, references resolved, names unique")
  func structure() throws {
    let desk = try DeskBench()
    let document = try desk.json("/openapi.json")
    #expect(document["openapi"] == "3.1.0")
    #expect(try desk.ask("/openapi.json").body == desk.ask("/openapi.json").body)
    let operations = Self.operations(document)
    #expect(operations.count == desk.router.routes.count)
    var names: Set<String> = []
    let tags = (document["tags"] ?? .null).elements.compactMap { $0["name"]?.string }
    for (path, operation) in operations {
      let name = try #require(operation["operationId"]?.string)
      #expect(names.insert(name).inserted, "\(name)")
      let wanted = path.split(separator: "/").filter { $0.hasPrefix("{") }
        .map { String($0.dropFirst().dropLast()) }
      let parameters = (operation["parameters"] ?? .null).elements
      let declared = parameters.filter { $0["in"] == "path" }.compactMap { $0["name"]?.string }
      #expect(declared == wanted, "\(path)")
      let all = parameters.compactMap { $0["name"]?.string }
      #expect(Set(all).count == all.count, "\(path)")
      #expect(parameters.allSatisfy { $0["schema"]?["type"] != nil }, "\(path)")
      #expect(operation["summary"]?.string?.hasSuffix(".") == true, "\(path)")
      #expect((operation["tags"] ?? .null).elements.allSatisfy { tags.contains($0.string ?? "") })
      #expect(operation["responses"]?["default"] != nil, "\(path)")
      #expect(operation["security"] != nil, "\(path)")
    }
    for reference in Self.references(document) {
      var value: JSONValue? = document
      for word in reference.split(separator: "/").dropFirst() { value = value?[String(word)] }
      #expect(value != nil, "\(reference)")
    }
    let schemas = (document["components"]?["schemas"] ?? .null).memberList.map(\.name)
    #expect(Set(schemas).count == schemas.count)
    let used = Set(Self.references(document).map { String($0.split(separator: "/").last ?? "") })
    #expect(schemas.allSatisfy(used.contains), "\(schemas.filter { !used.contains($0) })")
  }

  @Test("routes and sockets of others are described beside those of the desk")
  func others() throws {
    let desk = try DeskBench()
    let other = Route(
      .post, "/api/things/{thing}", "Does a thing.", group: "Things", access: .role(.operator),
      parameters: [RouteParameter<String>.segment("thing", "A thing.").contract],
      answers: [AnswerContract(201, "Done.")]
    ) { _ in ServerResponse(status: 201) }
    let socket = SocketRoute("/ws/things", "Tells of things.", group: "Things") { _, _ in
      throw RouteFailure.internalFailure("a socket in a test")
    }
    let router = Router(
      routes: desk.routes.routes(beside: [other], sockets: [socket]), guardian: OpenGuard())
    let target = try #require(RequestTarget("/openapi.json"))
    let document = router.answer(
      ServerRequest(.get, target, peer: ServerPeer(address: "::1", isLoopback: true))
    ).json
    let post = document["paths"]?["/api/things/{thing}"]?["post"]
    #expect(post?["x-role"] == "operator")
    #expect(post?["security"] == .array([["bearer": .array([])]]))
    #expect(post?["responses"]?["422"] != nil && post?["responses"]?["404"] != nil)
    #expect(document["paths"]?["/ws/things"]?["get"]?["x-websocket"] != nil)
    #expect(document["paths"]?["/ws/things"]?["get"]?["responses"]?["101"] != nil)
  }

  @Test("every answer of a campaign fits what is said of it")
  func answers() async throws {
    let desk = try await DeskBench.afterCampaign()
    let document = try desk.json("/openapi.json")
    let check = SchemaCheck(openAPI: document)
    let run = try desk.run
    let all = try desk.json("/api/runs/\(run)/candidates?limit=1000")["candidates"] ?? .null
    let simulated = try #require(all.elements.first { $0["state"] == "simulated" })
    let key = try #require(simulated["candidate_key"]?.string)
    for (path, operation) in Self.operations(document) {
      guard operation["requestBody"] == nil, path != "/",
        let schema = operation["responses"]?["200"]?["content"]?["application/json"]?["schema"]
      else { continue }
      let target = path.split(separator: "/").map { piece in
        switch piece {
        case "{run_id}": run
        case "{candidate_key}": key
        default: String(piece)
        }
      }.joined(separator: "/")
      let mistakes = check.mistakes(try desk.json("/" + target), schema)
      #expect(mistakes.isEmpty, "\(path): \(mistakes.prefix(5))")
    }
    // What is empty, unknown or refused is described as well.
    for view in ["budget", "kpi", "validation_kpi", "reactor_status"] {
      let operation = document["paths"]?["/api/runs/{run_id}/\(view)"]?["get"]
      let schema = try #require(
        operation?["responses"]?["200"]?["content"]?["application/json"]?["schema"])
      #expect(check.mistakes(try desk.json("/api/runs/nobody/\(view)"), schema) == [])
    }
    let reading = try desk.check(#"{"expression":"rank(clsoe) + 1"}"#)
    #expect(check.mistakes(reading.json, WireSchema.reference("FormulaReading")) == [])
    let refusal = try desk.ask("/api/runs/nobody/events")
    #expect(check.mistakes(refusal.json, WireSchema.reference("Failure")) == [])
  }

  @Test("the validator finds what does not fit")
  func validator() throws {
    let check = SchemaCheck(openAPI: try DeskBench().json("/openapi.json"))
    let schema = WireSchema.object(
      "A thing.",
      [
        ("name", WireSchema.text("Its name.")), ("size", WireSchema.numberOrNull("Its size.")),
        ("at", WireSchema.instant("When.")), ("kind", WireSchema.word("Which.", ["a", "b"])),
      ])
    let good: JSONValue = [
      "name": "x", "size": .null, "at": "2026-11-20T00:00:00.000000+00:00", "kind": "a",
    ]
    #expect(check.mistakes(good, schema) == [])
    let bad: JSONValue = ["name": 1, "at": "today", "kind": "c", "more": 1]
    #expect(check.mistakes(bad, schema).count == 5)
  }
}
