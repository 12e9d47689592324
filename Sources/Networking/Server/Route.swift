package import Essentials

/// The path of a route, such as `/api/runs/{run_id}/budget`.
package struct RoutePattern: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    case word(String)
    case parameter(String)
  }

  let pieces: [Piece]
  /// The pattern as it is written.
  package let text: String

  /// Reads a pattern; `{name}` is a parameter that takes one segment.
  package init(_ text: String) {
    self.text = text
    pieces = text.split(separator: "/").map { piece in
      piece.hasPrefix("{") && piece.hasSuffix("}")
        ? .parameter(String(piece.dropFirst().dropLast())) : .word(String(piece))
    }
  }

  /// The texts of the parameters where the segments fit, nil where they do not.
  func match(_ segments: [String]) -> [String: String]? {
    guard segments.count == pieces.count else { return nil }
    var found: [String: String] = [:]
    for (piece, segment) in zip(pieces, segments) {
      switch piece {
      case .word(let word): guard word == segment else { return nil }
      case .parameter(let name): found[name] = segment
      }
    }
    return found
  }
}

/// A call of a route: the request, its caller and the values of its parameters.
package struct RouteCall: Sendable {
  package let request: ServerRequest
  /// Nil on an open route that was called without a token.
  package let caller: Caller?
  let values: [String: any Sendable]

  /// The value of a parameter that the route declares.
  package subscript<Value: Sendable>(parameter: RouteParameter<Value>) -> Value {
    guard let value = values[parameter.contract.name] as? Value else {
      preconditionFailure("the route does not declare \(parameter.contract.name)")
    }
    return value
  }
}

/// What a route answers, for the description of the interface.
package struct AnswerContract: Sendable {
  package var status: Int
  package var meaning: String
  package var mediaType: String
  /// A JSON Schema of the body, empty where it is not JSON.
  package var schema: JSONValue

  package init(
    _ status: Int = 200, _ meaning: String, mediaType: String = "application/json",
    schema: JSONValue = ["type": "object"]
  ) {
    self.status = status
    self.meaning = meaning
    self.mediaType = mediaType
    self.schema = schema
  }
}

/// One thing that a server answers: a method, a path, and what is done about them.
package struct Route: Sendable {
  /// On which thread a handler runs.
  package enum Place: Hashable, Sendable {
    /// On the thread that moves all bytes. The handler only reads memory, and takes microseconds.
    case loop
    /// On one of a few threads that may wait for a disk.
    case worker
  }

  package var method: HTTPMethod
  package var pattern: RoutePattern
  /// What it does, in one sentence.
  package var summary: String
  /// The heading under which the description of the interface lists it.
  package var group: String
  package var access: RouteAccess
  package var parameters: [ParameterContract]
  /// The JSON Schema of the body that it takes, nil where it takes none.
  package var body: JSONValue?
  package var answers: [AnswerContract]
  package var place: Place
  package var handle: @Sendable (RouteCall) throws -> ServerResponse

  package init(
    _ method: HTTPMethod, _ pattern: String, _ summary: String, group: String,
    access: RouteAccess = .role(.viewer), parameters: [ParameterContract] = [],
    body: JSONValue? = nil, answers: [AnswerContract], place: Place = .worker,
    handle: @escaping @Sendable (RouteCall) throws -> ServerResponse
  ) {
    self.method = method
    self.pattern = RoutePattern(pattern)
    self.summary = summary
    self.group = group
    self.access = access
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.place = place
    self.handle = handle
  }
}
