package import Essentials

/// Why a request was not answered with what it asked for.
package enum RouteFailure: Hashable, Sendable {
  case noSuchPath(String)
  case methodNotAllowed(HTTPMethod, path: String, allowed: [HTTPMethod])
  /// The parameters that cannot be read, each with the end of a sentence.
  case unreadableParameters([String])
  case noSuchResource(what: String, name: String)
  case internalFailure(String)
}

extension RouteFailure: RouteRefusal {
  package var key: String {
    switch self {
    case .noSuchPath: "no_such_path"
    case .methodNotAllowed: "method_not_allowed"
    case .unreadableParameters: "unreadable_parameters"
    case .noSuchResource: "not_found"
    case .internalFailure: "internal_failure"
    }
  }

  package var explanation: String {
    switch self {
    case .noSuchPath(let path): "Nothing is served at \(path)."
    case .methodNotAllowed(let method, let path, _): "\(path) does not take \(method.rawValue)."
    case .unreadableParameters(let defects): defects.joined(separator: " ")
    case .noSuchResource(let what, let name): "There is no \(what) named \(name)."
    case .internalFailure(let reason): "The request could not be answered: \(reason)"
    }
  }

  package var remedy: String {
    switch self {
    case .noSuchPath: "GET /openapi.json lists what is served."
    case .methodNotAllowed(_, _, let allowed):
      "Use \(allowed.map(\.rawValue).joined(separator: ", "))."
    case .unreadableParameters: "GET /openapi.json lists every parameter with its range."
    case .noSuchResource: "List what there is with the path before it."
    case .internalFailure: "Try again; if it stays, the server's log names the cause."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .internalFailure: .failed
    default: .badConfiguration
    }
  }

  /// The status that it is answered with.
  package var status: Int {
    switch self {
    case .noSuchPath, .noSuchResource: 404
    case .methodNotAllowed: 405
    case .unreadableParameters: 422
    case .internalFailure: 500
    }
  }

  /// What a client needs beside the body: the methods that are allowed.
  package var headers: HTTPHeaders {
    guard case .methodNotAllowed(_, _, let allowed) = self else { return [:] }
    return ["Allow": allowed.map(\.rawValue).joined(separator: ", ")]
  }
}
