import Essentials

/// Finds the route of a request, lets its guard and its parameters pass, and answers.
///
/// A value: it can be asked without any socket. HEAD is answered as GET; the server leaves the body
/// out. Cost: the number of routes, some microseconds.
package struct Router: Sendable {
  package let routes: [Route]
  package let sockets: [SocketRoute]
  private let guardian: any RequestGuard

  package init(routes: [Route], sockets: [SocketRoute] = [], guardian: any RequestGuard) {
    self.routes = routes
    self.sockets = sockets
    self.guardian = guardian
  }

  /// A route that fits, with the texts of its path's parameters.
  package struct Match: Sendable {
    package let route: Route
    /// The place of the route in the router's list.
    let index: Int
    let texts: [String: String]
  }

  /// An answer, and who was answered where the guard found out.
  package struct Reply: Sendable {
    package let response: ServerResponse
    package let caller: Caller?
    /// The type of a failure that explains nothing, for the log.
    package let cause: String?

    init(_ response: ServerResponse, caller: Caller? = nil, cause: String? = nil) {
      self.response = response
      self.caller = caller
      self.cause = cause
    }

    /// The same reply with its response in another form.
    func with(_ response: ServerResponse) -> Reply {
      Reply(response, caller: caller, cause: cause)
    }
  }

  /// A session of a socket, and who opened it.
  package struct Opening: Sendable {
    package let session: any SocketSession
    package let caller: Caller?
  }

  /// Finds the route of a request; throws ``RouteFailure`` where there is none.
  package func match(_ request: ServerRequest) throws(RouteFailure) -> Match {
    let method = request.method == .head ? .get : request.method
    var allowed: [HTTPMethod] = []
    for (index, route) in routes.enumerated() {
      guard let texts = route.pattern.match(request.target.segments) else { continue }
      if route.method == method { return Match(route: route, index: index, texts: texts) }
      allowed.append(route.method)
      if route.method == .get { allowed.append(.head) }
    }
    guard allowed.isEmpty else {
      throw .methodNotAllowed(request.method, path: request.target.path, allowed: allowed)
    }
    throw .noSuchPath(request.target.path)
  }

  /// Answers a request that was matched, on the thread that calls. Every failure becomes an answer.
  package func answer(_ request: ServerRequest, by match: Match) -> Reply {
    var caller: Caller?
    do {
      let call = try call(
        request, access: match.route.access, parameters: match.route.parameters,
        texts: match.texts, opensSocket: false)
      caller = call.caller
      return Reply(try match.route.handle(call), caller: caller)
    } catch {
      let cause = error is any ExplainedFailure ? nil : String(describing: type(of: error))
      return Reply(Self.response(to: error), caller: caller, cause: cause)
    }
  }

  /// Matches and answers.
  package func answer(_ request: ServerRequest) -> ServerResponse {
    do throws(RouteFailure) {
      return answer(request, by: try match(request)).response
    } catch {
      return .failure(error)
    }
  }

  /// Asks the guard about a request that needs to be nobody's, such as that for a file; what is to be
  /// answered where it may not pass.
  package func refusal(of request: ServerRequest) -> ServerResponse? {
    do {
      _ = try guardian.caller(of: request, for: .open, opensSocket: false)
      return nil
    } catch {
      return Self.response(to: error)
    }
  }

  /// The place of a request's socket route in the list, nil where it has none.
  func socketIndex(of request: ServerRequest) -> Int? {
    sockets.firstIndex { $0.pattern.match(request.target.segments) != nil }
  }

  /// Begins a session for a request that asks for a WebSocket. Throws what is to be answered instead
  /// of the handshake.
  package func open(
    _ request: ServerRequest, _ outlet: any SocketOutlet
  ) throws(SocketRefusal) -> Opening {
    do {
      for route in sockets {
        guard let texts = route.pattern.match(request.target.segments) else { continue }
        let call = try call(
          request, access: route.access, parameters: route.parameters, texts: texts,
          opensSocket: true)
        return Opening(session: try route.open(call, outlet), caller: call.caller)
      }
      throw RouteFailure.noSuchPath(request.target.path)
    } catch {
      throw SocketRefusal(response: Self.response(to: error))
    }
  }

  private func call(
    _ request: ServerRequest, access: RouteAccess, parameters: [ParameterContract],
    texts: [String: String], opensSocket: Bool
  ) throws -> RouteCall {
    let caller = try guardian.caller(of: request, for: access, opensSocket: opensSocket)
    var values: [String: any Sendable] = [:]
    var defects: [String] = []
    for parameter in parameters {
      let text =
        switch parameter.place {
        case .path: texts[parameter.name]
        case .query: request.target.value(parameter.name)
        }
      do throws(ParameterDefect) {
        values[parameter.name] = try parameter.read(text)
      } catch {
        defects.append("\(parameter.name) \(error.reason).")
      }
    }
    guard defects.isEmpty else { throw RouteFailure.unreadableParameters(defects) }
    return RouteCall(request: request, caller: caller, values: values)
  }

  private static func response(to error: any Error) -> ServerResponse {
    if let failure = error as? any ExplainedFailure { return .failure(failure) }
    return .failure(RouteFailure.internalFailure("an unexpected failure of the desk."))
  }
}

/// A WebSocket that is not opened, with what is answered instead.
package struct SocketRefusal: Error, Hashable, Sendable {
  package let response: ServerResponse
}
