package import Essentials
package import Networking

/// Why a request may not do what it asks for.
package enum AccessRefusal: Hashable, Sendable {
  case tokenNeeded(CallerRole)
  /// The token is unknown, wrong, expired or revoked; which of them is not said.
  case invalidToken
  /// What is sent as credentials is not one bearer token.
  case unreadableCredentials
  case tooManyAttempts(seconds: Int)
  case roleTooLow(name: String, has: CallerRole, needs: CallerRole)
  /// The name by which the server was called is not its own.
  case foreignHost(String)
  /// The page from which the request comes is not the server's own.
  case foreignOrigin(String)
  /// No token can be told, because the book cannot be read.
  case bookUnreadable(AccessFailure)
}

extension AccessRefusal: RouteRefusal {
  package var key: String {
    switch self {
    case .tokenNeeded: "token_needed"
    case .invalidToken: "invalid_token"
    case .unreadableCredentials: "unreadable_credentials"
    case .tooManyAttempts: "too_many_attempts"
    case .roleTooLow: "role_too_low"
    case .foreignHost: "foreign_host"
    case .foreignOrigin: "foreign_origin"
    case .bookUnreadable: "access_unreadable"
    }
  }

  package var explanation: String {
    switch self {
    case .tokenNeeded(let role): "This needs a token of the role \(role.rawValue)."
    case .invalidToken: "The token is unknown, expired or revoked."
    case .unreadableCredentials: "The request does not carry exactly one bearer token."
    case .tooManyAttempts(let seconds):
      "Too many tokens were tried that are no good; the next may be tried in \(seconds) s."
    case .roleTooLow(let name, let has, let needs):
      "The token \(name) has the role \(has.rawValue), and this needs \(needs.rawValue)."
    case .foreignHost(let host): "The server is not called \"\(Self.shown(host))\"."
    case .foreignOrigin(let origin):
      "The request comes from \"\(Self.shown(origin))\", which is not a page of this server."
    case .bookUnreadable(let failure): "Tokens cannot be checked: \(failure.explanation)"
    }
  }

  package var remedy: String {
    switch self {
    case .tokenNeeded(let role):
      "Make one with `athanor token create --role \(role.rawValue)` and send it as "
        + "`Authorization: Bearer`."
    case .invalidToken: "Make another with `athanor token create`."
    case .unreadableCredentials:
      "Send `Authorization: Bearer ath_...`, or offer the subprotocols `athanor.v1` and "
        + "`bearer.ath_...`."
    case .tooManyAttempts: "Wait, and check the token meanwhile."
    case .roleTooLow(_, _, let needs):
      "Use a token of the role \(needs.rawValue); `athanor token create` makes one."
    case .foreignHost: "Use the server's address, or name this host with --host-name."
    case .foreignOrigin: "Use the server's own pages, or name this origin with --origin."
    case .bookUnreadable(let failure): failure.remedy
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .bookUnreadable: .failed
    case .tooManyAttempts: .refused
    default: .personMustAct
    }
  }

  /// 401 where a good token would do, 403 where this one does not.
  package var status: Int {
    switch self {
    case .tokenNeeded, .invalidToken, .unreadableCredentials: 401
    case .tooManyAttempts: 429
    case .roleTooLow, .foreignHost, .foreignOrigin: 403
    case .bookUnreadable: 503
    }
  }

  /// How to prove who one is, or when to ask again.
  package var headers: HTTPHeaders {
    switch self {
    // RFC 6750, section 3: a request without credentials is told no reason.
    case .tokenNeeded: ["WWW-Authenticate": "Bearer realm=\"athanor\""]
    case .invalidToken:
      ["WWW-Authenticate": "Bearer realm=\"athanor\", error=\"invalid_token\""]
    case .unreadableCredentials:
      ["WWW-Authenticate": "Bearer realm=\"athanor\", error=\"invalid_request\""]
    case .tooManyAttempts(let seconds): ["Retry-After": String(seconds)]
    case .bookUnreadable: ["Retry-After": "5"]
    default: [:]
    }
  }

  /// What a stranger sent, short enough to be shown.
  private static func shown(_ text: String) -> String { String(text.prefix(120)) }
}
