package import Essentials

/// The description of an interface, OpenAPI 3.1.0 (https://spec.openapis.org/oas/v3.1.0), made from
/// the routes that serve it, so that it says neither more nor less than they do.
///
/// Paths stand in the order of the routes. Whatever a route refuses is answered with the schema
/// `Failure`, which is always there. Sockets, which OpenAPI knows nothing of, are described as GET
/// with a note under `x-websocket`.
package struct OpenAPIDocument: Sendable {
  package var title: String
  package var version: String
  /// What the interface is for, in one sentence.
  package var summary: String
  package var routes: [Route]
  package var sockets: [SocketRoute]
  /// JSON Schemas by the names under which routes refer to them, as `#/components/schemas/<name>`.
  package var schemas: [(name: String, schema: JSONValue)]

  package init(
    title: String, version: String, summary: String, routes: [Route], sockets: [SocketRoute] = [],
    schemas: [(name: String, schema: JSONValue)] = []
  ) {
    self.title = title
    self.version = version
    self.summary = summary
    self.routes = routes
    self.sockets = sockets
    self.schemas = schemas
  }

  /// The document. The same routes always give the same one.
  package var json: JSONValue {
    [
      "openapi": "3.1.0",
      "info": [
        "title": .string(title), "version": .string(version), "summary": .string(summary),
      ],
      "tags": .array(groups.map { ["name": .string($0)] }),
      "paths": .object(paths),
      "components": [
        "schemas": .object(
          [.init("Failure", Self.failure)]
            + schemas.filter { $0.name != "Failure" }.map { .init($0.name, $0.schema) }),
        "responses": .object(
          Refusal.allCases.map { refusal in
            .init(refusal.name, Self.answer(refusal.meaning, "application/json", Self.failed))
          }),
        "securitySchemes": [
          "bearer": [
            "type": "http", "scheme": "bearer",
            "description": """
            A token of the desk. Reading from the machine itself needs none, unless the server was \
            told otherwise.
            """,
          ]
        ],
      ],
    ]
  }

  /// What every route may answer instead of what it is for.
  private enum Refusal: Int, CaseIterable {
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case unreadable = 422
    case other = 0

    var name: String {
      switch self {
      case .unauthorized: "Unauthorized"
      case .forbidden: "Forbidden"
      case .notFound: "NotFound"
      case .unreadable: "UnreadableParameters"
      case .other: "Failed"
      }
    }

    var meaning: String {
      switch self {
      case .unauthorized: "No token was sent, or one that nobody knows."
      case .forbidden: "The caller may not do this, or the request comes from a foreign page."
      case .notFound: "There is nothing of that name."
      case .unreadable: "Parameters cannot be read or are out of range; all of them are named."
      case .other: "The request was not answered; the body says why."
      }
    }

    /// The key among the answers of an operation.
    var status: String { self == .other ? "default" : String(rawValue) }

    static func of(_ access: RouteAccess, _ parameters: [ParameterContract]) -> [Refusal] {
      var refusals: [Refusal] = access == .open ? [] : [.unauthorized, .forbidden]
      if parameters.contains(where: { $0.place == .path }) { refusals.append(.notFound) }
      if !parameters.isEmpty { refusals.append(.unreadable) }
      return refusals + [.other]
    }
  }

  private static let failed: JSONValue = ["$ref": "#/components/schemas/Failure"]

  private static let failure: JSONValue = [
    "type": "object", "description": "Why a request was not answered with what it asked for.",
    "required": .strings(["error", "detail", "help"]),
    "properties": [
      "error": ["type": "string", "description": "A stable name that programs branch on."],
      "detail": ["type": "string", "description": "What happened, in sentences."],
      "help": ["type": "string", "description": "How to mend it."],
    ],
  ]

  /// The headings in the order of the routes.
  private var groups: [String] {
    var groups: [String] = []
    for group in routes.map(\.group) + sockets.map(\.group) where !groups.contains(group) {
      groups.append(group)
    }
    return groups
  }

  private var paths: [JSONValue.Member] {
    var order: [String] = []
    var operations: [String: [JSONValue.Member]] = [:]
    func add(_ path: String, _ method: HTTPMethod, _ operation: JSONValue) {
      let key = method.rawValue.lowercased()
      if operations[path] == nil { order.append(path) }
      // The router asks the first route of a method and path, so that is the one that counts.
      guard operations[path]?.contains(where: { $0.name == key }) != true else { return }
      operations[path, default: []].append(.init(key, operation))
    }
    for route in routes { add(route.pattern.text, route.method, Self.operation(route)) }
    for socket in sockets { add(socket.pattern.text, .get, Self.operation(socket)) }
    return order.map { .init($0, .object(operations[$0] ?? [])) }
  }

  // MARK: - Operations

  private static func operation(_ route: Route) -> JSONValue {
    var members = head(
      route.method, route.pattern, route.summary, route.group, route.parameters)
    if let body = route.body {
      members.append(
        .init(
          "requestBody",
          ["required": .bool(true), "content": ["application/json": ["schema": body]]]))
    }
    var answers: [JSONValue.Member] = []
    for contract in route.answers {
      let name = String(contract.status)
      guard !answers.contains(where: { $0.name == name }) else { continue }
      answers.append(
        .init(name, answer(contract.meaning, contract.mediaType, contract.schema)))
    }
    return .object(
      members + [
        .init("responses", .object(answers + refusals(route.access, route.parameters, answers)))
      ] + security(route.access))
  }

  private static func operation(_ socket: SocketRoute) -> JSONValue {
    let opened: [JSONValue.Member] = [
      .init("101", ["description": "The connection is a WebSocket from here on."])
    ]
    return .object(
      head(.get, socket.pattern, socket.summary, socket.group, socket.parameters) + [
        .init("responses", .object(opened + refusals(socket.access, socket.parameters, opened)))
      ] + security(socket.access) + [
        .init(
          "x-websocket",
          """
          Answers only the handshake of RFC 6455. A browser offers its token as the subprotocol \
          bearer.<token> beside athanor.v1.
          """)
      ])
  }

  private static func head(
    _ method: HTTPMethod, _ pattern: RoutePattern, _ summary: String, _ group: String,
    _ parameters: [ParameterContract]
  ) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("operationId", .string(name(method, pattern))), .init("summary", .string(summary)),
      .init("tags", .strings([group])),
    ]
    if !parameters.isEmpty {
      members.append(
        .init(
          "parameters",
          .array(
            parameters.map { parameter in
              [
                "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
                "description": .string(parameter.meaning),
                "required": .bool(parameter.isRequired || parameter.place == .path),
                "schema": parameter.schema,
              ]
            })))
    }
    return members
  }

  /// A name that no other operation has: the method and the words of the path, parameters after By.
  private static func name(_ method: HTTPMethod, _ pattern: RoutePattern) -> String {
    func capitalized(_ text: String) -> String {
      text.split { !$0.isLetter && !$0.isNumber }
        .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
    let words = pattern.pieces.map { piece in
      switch piece {
      case .word(let word): capitalized(word)
      case .parameter(let name): "By" + capitalized(name)
      }
    }
    return method.rawValue.lowercased() + (words.isEmpty ? "Root" : words.joined())
  }

  private static func answer(
    _ meaning: String, _ mediaType: String, _ schema: JSONValue
  ) -> JSONValue {
    let content: JSONValue = schema == [:] ? [:] : ["schema": schema]
    return [
      "description": .string(meaning), "content": .object([.init(mediaType, content)]),
    ]
  }

  private static func refusals(
    _ access: RouteAccess, _ parameters: [ParameterContract], _ answers: [JSONValue.Member]
  ) -> [JSONValue.Member] {
    Refusal.of(access, parameters).filter { refusal in
      !answers.contains { $0.name == refusal.status }
    }.map { .init($0.status, ["$ref": .string("#/components/responses/\($0.name)")]) }
  }

  /// Reading may be allowed without a token, so it is said to be optional there.
  private static func security(_ access: RouteAccess) -> [JSONValue.Member] {
    let token: JSONValue = ["bearer": .array([])]
    switch access {
    case .open: return [.init("security", .array([]))]
    case .role(let role):
      return [
        .init("security", .array(role == .viewer ? [token, [:]] : [token])),
        .init("x-role", .string(role.rawValue)),
      ]
    }
  }
}
