package import Essentials

/// What a server answers. The length, the date and the connection's headers are the server's own.
package struct ServerResponse: Hashable, Sendable {
  package var status: Int
  package var headers: HTTPHeaders
  package var body: [UInt8]

  package init(status: Int = 200, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Answers with a JSON value.
  package static func json(
    _ value: JSONValue, status: Int = 200, headers: HTTPHeaders = [:]
  ) -> ServerResponse {
    text(
      value.compactText, type: "application/json", status: status, headers: headers)
  }

  /// Answers with text of a media type.
  package static func text(
    _ text: String, type: String, status: Int = 200, headers: HTTPHeaders = [:]
  ) -> ServerResponse {
    var headers = headers
    headers["Content-Type"] = type
    return ServerResponse(status: status, headers: headers, body: Array(text.utf8))
  }

  /// Answers with a failure: `error` is a stable name, `detail` what happened, `help` how to mend it.
  package static func failure(_ failure: some ExplainedFailure) -> ServerResponse {
    let status = (failure as? any RouteRefusal)?.status ?? failure.outcome.httpStatus
    let headers = (failure as? any RouteRefusal)?.headers ?? [:]
    return json(
      [
        "error": .string(failure.key), "detail": .string(failure.message),
        "help": .string(failure.remedy),
      ], status: status, headers: headers)
  }
}

/// A failure that knows with which status it is answered.
package protocol RouteRefusal: ExplainedFailure {
  /// The status of HTTP that the failure is answered with.
  var status: Int { get }
  /// The fields that such an answer has to have; none unless a failure says otherwise.
  var headers: HTTPHeaders { get }
}

extension RouteRefusal {
  /// None.
  package var headers: HTTPHeaders { [:] }
}

extension FailureOutcome {
  /// The status of a failure that names none itself.
  package var httpStatus: Int {
    switch self {
    case .failed, .integrityViolated: 500
    case .refused: 409
    case .personMustAct: 403
    case .badConfiguration: 400
    case .timedOut: 504
    }
  }
}
