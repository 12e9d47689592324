package import Essentials

/// Why bytes of a client are not a request that is answered.
package enum RequestFault: Hashable, Sendable {
  /// They break a rule of RFC 9112 or RFC 9110; the reason is the end of a sentence.
  case malformed(String)
  case targetTooLong(limitBytes: Int)
  case headerTooLarge(limitBytes: Int)
  case tooManyFields(limit: Int)
  case bodyTooLarge(limitBytes: Int)
  case unknownMethod
  case unknownVersion
  case unknownCoding
  case unknownExpectation
  /// The client took longer than it may.
  case tooSlow(Part)

  /// A part of a request that is waited for.
  package enum Part: String, Hashable, Sendable {
    case header, body
  }
}

extension RequestFault: RouteRefusal {
  package var key: String {
    switch self {
    case .malformed: "malformed_request"
    case .targetTooLong: "target_too_long"
    case .headerTooLarge, .tooManyFields: "header_too_large"
    case .bodyTooLarge: "body_too_large"
    case .unknownMethod: "unknown_method"
    case .unknownVersion: "unknown_version"
    case .unknownCoding: "unknown_transfer_coding"
    case .unknownExpectation: "unknown_expectation"
    case .tooSlow: "request_too_slow"
    }
  }

  package var explanation: String {
    switch self {
    case .malformed(let reason): "The request is not HTTP/1.1: \(reason)."
    case .targetTooLong(let limit): "The target of the request has more than \(limit) bytes."
    case .headerTooLarge(let limit): "The header of the request has more than \(limit) bytes."
    case .tooManyFields(let limit): "The header of the request has more than \(limit) fields."
    case .bodyTooLarge(let limit): "The body of the request has more than \(limit) bytes."
    case .unknownMethod: "The method of the request is not one that this server knows."
    case .unknownVersion: "The request is written in a version of HTTP other than 1.1 and 1.0."
    case .unknownCoding: "The body of the request has a transfer coding other than chunked."
    case .unknownExpectation: "The request expects something other than 100-continue."
    case .tooSlow(let part): "The \(part.rawValue) of the request did not arrive in time."
    }
  }

  package var remedy: String {
    switch self {
    case .malformed: "Send what RFC 9112 describes."
    case .targetTooLong: "Ask with a shorter path and query."
    case .headerTooLarge, .tooManyFields: "Send fewer or shorter header fields."
    case .bodyTooLarge: "Send a smaller body."
    case .unknownMethod:
      "Use one of \(HTTPMethod.allCases.map(\.rawValue).joined(separator: ", "))."
    case .unknownVersion: "Ask with HTTP/1.1."
    case .unknownCoding: "Send the body with Content-Length or as chunks."
    case .unknownExpectation: "Leave the Expect field out."
    case .tooSlow: "Send the whole request at once."
    }
  }

  package var outcome: FailureOutcome {
    if case .tooSlow = self { .timedOut } else { .badConfiguration }
  }

  /// The status of HTTP that the failure is answered with.
  package var status: Int {
    switch self {
    case .malformed: 400
    case .targetTooLong: 414
    case .headerTooLarge, .tooManyFields: 431
    case .bodyTooLarge: 413
    case .unknownMethod, .unknownCoding: 501
    case .unknownVersion: 505
    case .unknownExpectation: 417
    case .tooSlow: 408
    }
  }
}
