/// The first part of a request, checked and decoded.
package struct RequestHead: Hashable, Sendable {
  package var method: HTTPMethod
  /// The path and query; `/` where the request is about the whole server.
  package var target: RequestTarget
  /// True for `OPTIONS *`.
  package var isForWholeServer: Bool
  package var headers: HTTPHeaders
  /// True for HTTP/1.0.
  package var isOld: Bool
  /// Whether the client can take another answer on the same connection.
  package var keepsAlive: Bool
  /// Whether the client waits for `100 Continue` before it sends the body.
  package var expectsContinue: Bool
  package var bodyLength: BodyLength

  /// How the end of a body is known.
  package enum BodyLength: Hashable, Sendable {
    case known(Int)
    case chunked
  }

  /// Whether the client asks for a WebSocket (RFC 6455, section 4.1).
  package var asksForSocket: Bool {
    method == .get && headers["Upgrade"] != nil
      && headers.tokens("Upgrade").contains("websocket")
      && headers.tokens("Connection").contains("upgrade")
  }
}

extension HTTPHeaders {
  /// The elements of a field that is a list of words, in lower case, over all fields of that name.
  func tokens(_ name: String) -> [String] {
    all(name).flatMap { value in
      value.split(separator: ",").map { element in
        String(
          decoding: element.utf8.drop { $0 == 0x20 || $0 == 0x09 }
            .reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed().map(Characters.lowered),
          as: UTF8.self)
      }
    }
  }
}
