import Essentials
import Foundation
import Networking
import Synchronization

/// Logging in and out, with the step that wants to see a face where the account demands it.
extension BrainServer {
  var sessionRoutes: [Route] {
    func open(
      _ method: HTTPMethod, _ pattern: String, _ summary: String,
      parameters: [ParameterContract] = [],
      _ handle: @escaping @Sendable (BrainServer, RouteCall) -> ServerResponse
    ) -> Route {
      Route(
        method, pattern, summary, group: "BRAIN", access: .open, parameters: parameters,
        answers: [AnswerContract(200, summary, schema: [:])]
      ) { [self] call in handle(self, call) }
    }
    return [
      open(.post, "/authentication", "Logs in with the account's name and password.") {
        $0.logIn($1.request)
      },
      open(.get, "/authentication", "Tells how long the session lasts.") { server, call in
        guard let session = server.session(of: call.request) else {
          return ServerResponse(status: 204)
        }
        return .json(server.account(seconds: session.seconds))
      },
      open(.delete, "/authentication", "Logs out.") { server, call in
        guard let session = server.session(of: call.request),
          server.state.withLock({ $0.logins.end(token: session.token) })
        else { return .detail(401, "INVALID_CREDENTIALS") }
        return ServerResponse(status: 204, headers: ["Set-Cookie": "t=; Path=/; Max-Age=0"])
      },
      open(
        .get, "/authentication/persona", "The page on which a person confirms a login."
      ) { server, call in
        guard let inquiry = call.request.target.value("inquiry") else {
          return .json(.strings(["Missing inquiry."]), status: 400)
        }
        guard server.state.withLock({ $0.logins.knows(inquiry: inquiry) }) else { return .unknown }
        return .text(
          BrainPersonaPage.text(inquiry: inquiry), type: "text/html; charset=utf-8",
          headers: ["Content-Security-Policy": "default-src 'none'; form-action 'self'"])
      },
      open(
        .post, "/authentication/persona", "Goes on with a login that a person has confirmed."
      ) { server, call in
        guard let inquiry = call.request.target.value("inquiry") else {
          return .json(.strings(["Missing inquiry."]), status: 400)
        }
        guard server.state.withLock({ $0.logins.redeem(inquiry: inquiry) }) else {
          return .detail(401, "pending")
        }
        return server.begin(call.request)
      },
      open(
        .post, "/authentication/persona/{inquiry}/confirm", "Confirms a login, from the page.",
        parameters: [Self.inquiry.contract]
      ) { server, call in
        let inquiry = call[Self.inquiry]
        guard server.state.withLock({ $0.logins.knows(inquiry: inquiry) }) else { return .unknown }
        server.state.withLock { $0.logins.confirm(inquiry: inquiry) }
        return .text(
          BrainPersonaPage.confirmed, type: "text/html; charset=utf-8",
          headers: ["Content-Security-Policy": "default-src 'none'"])
      },
    ]
  }

  private static let inquiry = RouteParameter.segment("inquiry", "The login that waits.")

  private func logIn(_ request: ServerRequest) -> ServerResponse {
    let instant = now()
    guard state.withLock({ $0.logins.mayTry(at: instant) }) else {
      return .detail(429, "Too many attempts.", headers: ["Retry-After": "60"])
    }
    guard let header = request.headers["Authorization"], header.hasPrefix("Basic "),
      let bytes = Data(base64Encoded: String(header.dropFirst(6)))
    else { return .detail(401, "INVALID_CREDENTIALS") }
    // Digests are compared, so that the time tells nothing of how much of a password was right.
    let given = Fingerprint(of: String(decoding: bytes, as: UTF8.self))
    guard given == Fingerprint(of: "\(setup.email):\(setup.password.revealed)") else {
      state.withLock { $0.logins.fail(at: instant) }
      return .detail(401, "INVALID_CREDENTIALS")
    }
    guard setup.demandsPersona else { return begin(request) }
    let inquiry = "inq_" + freshName(22)
    state.withLock { $0.logins.ask(inquiry: inquiry) }
    return .json(
      ["inquiry": .string(inquiry)], status: 401,
      headers: [
        "WWW-Authenticate": "persona", "Location": "/authentication/persona?inquiry=\(inquiry)",
      ])
  }

  private func begin(_ request: ServerRequest) -> ServerResponse {
    let token = freshName(40)
    let end = Timestamp(
      millisecondsSinceEpoch: now().millisecondsSinceEpoch + Int64(setup.sessionSeconds * 1000))
    state.withLock { $0.logins.begin(token: token, until: end) }
    // Libraries do not send a cookie that is secure over a connection that is not.
    let secure = request.peer.isEncrypted ? "; Secure" : ""
    return .json(
      account(seconds: setup.sessionSeconds), status: 201,
      headers: ["Set-Cookie": "t=\(token); HttpOnly; Path=/\(secure)"])
  }

  private func account(seconds: Double) -> JSONValue {
    [
      "user": ["id": .string(setup.userID)], "token": ["expiry": .number(seconds)],
      "permissions": .strings(setup.permissions),
    ]
  }
}
