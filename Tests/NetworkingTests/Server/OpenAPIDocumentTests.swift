import Essentials
import Networking
import Testing

@Suite("The description of an interface")
struct OpenAPIDocumentTests {
  private let thing = RouteParameter<String>.segment("thing", "The name of a thing.")
  private let limit = RouteParameter<Int>.whole("limit", in: 1...9, default: 3, "The most.")

  private func route(
    _ method: HTTPMethod, _ pattern: String, access: RouteAccess = .role(.viewer),
    parameters: [ParameterContract] = [], body: JSONValue? = nil
  ) -> Route {
    Route(
      method, pattern, "Does \(pattern).", group: "Things", access: access,
      parameters: parameters, body: body,
      answers: [AnswerContract(200, "Done.", schema: ["type": "string"])]
    ) { _ in ServerResponse() }
  }

  private func document(_ routes: [Route], _ sockets: [SocketRoute] = []) -> JSONValue {
    OpenAPIDocument(
      title: "T", version: "1", summary: "S.", routes: routes, sockets: sockets,
      schemas: [("Extra", ["type": "object"])]
    ).json
  }

  private func names(_ value: JSONValue?) -> [String] {
    if case .object(let members)? = value { members.map(\.name) } else { [] }
  }

  @Test("paths stand in the order of the routes, methods of one path together")
  func order() {
    let json = document([
      route(.get, "/b"), route(.get, "/a/{thing}", parameters: [thing.contract]),
      route(.post, "/b", access: .role(.operator)), route(.get, "/", access: .open),
    ])
    #expect(names(json["paths"]) == ["/b", "/a/{thing}", "/"])
    #expect(names(json["paths"]?["/b"]) == ["get", "post"])
    #expect(json["paths"]?["/a/{thing}"]?["get"]?["operationId"] == "getAByThing")
    #expect(json["paths"]?["/"]?["get"]?["operationId"] == "getRoot")
    #expect(json["openapi"] == "3.1.0" && json["info"]?["version"] == "1")
  }

  @Test("parameters, bodies and answers are those of the route")
  func contract() {
    let json = document([
      route(
        .post, "/a/{thing}", access: .role(.operator),
        parameters: [thing.contract, limit.contract], body: ["type": "object"])
    ])
    let operation = json["paths"]?["/a/{thing}"]?["post"]
    #expect(
      operation?["parameters"]?.compactText == """
        [{"name":"thing","in":"path","description":"The name of a thing.","required":true,\
        "schema":{"type":"string","minLength":1,"maxLength":256}},\
        {"name":"limit","in":"query","description":"The most.","required":false,\
        "schema":{"type":"integer","minimum":1,"maximum":9,"default":3}}]
        """)
    #expect(
      operation?["requestBody"]?.compactText == """
        {"required":true,"content":{"application/json":{"schema":{"type":"object"}}}}
        """)
    #expect(names(operation?["responses"]) == ["200", "401", "403", "404", "422", "default"])
    #expect(
      operation?["responses"]?["200"]?["content"]?["application/json"]?["schema"]?["type"]
        == "string")
  }

  @Test("who may call is said: nobody needs a token, readers may have one, operators need one")
  func security() {
    let json = document([
      route(.get, "/open", access: .open), route(.get, "/read"),
      route(.post, "/act", access: .role(.operator)),
    ])
    func text(_ path: String, _ method: String) -> String? {
      json["paths"]?[path]?[method]?["security"]?.compactText
    }
    #expect(text("/open", "get") == "[]")
    #expect(text("/read", "get") == #"[{"bearer":[]},{}]"#)
    #expect(text("/act", "post") == #"[{"bearer":[]}]"#)
    #expect(names(json["paths"]?["/open"]?["get"]?["responses"]) == ["200", "default"])
    #expect(json["components"]?["securitySchemes"]?["bearer"]?["scheme"] == "bearer")
  }

  @Test("a socket is a GET that leads to another protocol")
  func sockets() {
    let socket = SocketRoute(
      "/ws", "Tells.", group: "Live", parameters: [limit.contract]
    ) { _, _ in throw RouteFailure.internalFailure("no socket is opened here") }
    let json = document([route(.get, "/a")], [socket])
    let operation = json["paths"]?["/ws"]?["get"]
    #expect(names(operation?["responses"]).first == "101" && operation?["x-websocket"] != nil)
    #expect(json["tags"]?.compactText == #"[{"name":"Things"},{"name":"Live"}]"#)
  }

  @Test("the failure is always described, whatever schemas there are")
  func failure() {
    let json = document([])
    #expect(names(json["components"]?["schemas"]) == ["Failure", "Extra"])
    #expect(
      names(json["components"]?["schemas"]?["Failure"]?["properties"])
        == ["error", "detail", "help"])
  }
}
