package import Essentials

/// Why a server does not answer a request that is good HTTP.
package enum ServerRefusal: Hashable, Sendable {
  case tooManyConnections(limit: Int)
  case tooManySockets(limit: Int)
  case tooManyWaiting(limit: Int)
  case tooManyHeldBytes
  case isStopping
  /// The path is that of a WebSocket, and the request does not ask for one.
  case upgradeRequired(path: String)
  /// The reason is the end of a sentence.
  case badHandshake(String)
  case unknownSocketVersion
}

extension ServerRefusal: RouteRefusal {
  package var key: String {
    switch self {
    case .tooManyConnections, .tooManySockets, .tooManyWaiting, .tooManyHeldBytes: "server_busy"
    case .isStopping: "server_stopping"
    case .upgradeRequired: "upgrade_required"
    case .badHandshake: "bad_handshake"
    case .unknownSocketVersion: "unknown_websocket_version"
    }
  }

  package var explanation: String {
    switch self {
    case .tooManyConnections(let limit): "The server has its \(limit) connections already."
    case .tooManySockets(let limit): "The server has its \(limit) WebSockets already."
    case .tooManyWaiting(let limit): "\(limit) requests wait to be answered already."
    case .tooManyHeldBytes: "The server holds as many unfinished requests as it may."
    case .isStopping: "The server is stopping."
    case .upgradeRequired(let path): "\(path) is a WebSocket."
    case .badHandshake(let reason): "The request does not open a WebSocket: \(reason)."
    case .unknownSocketVersion: "The server speaks version 13 of the WebSocket protocol."
    }
  }

  package var remedy: String {
    switch self {
    case .tooManyConnections, .tooManySockets, .tooManyWaiting, .tooManyHeldBytes, .isStopping:
      "Try again in a moment."
    case .upgradeRequired: "Connect with the ws scheme."
    case .badHandshake, .unknownSocketVersion: "Send the handshake of RFC 6455, section 4.1."
    }
  }

  package var outcome: FailureOutcome { .refused }

  /// The status that it is answered with.
  package var status: Int {
    switch self {
    case .tooManyConnections, .tooManySockets, .tooManyWaiting, .tooManyHeldBytes, .isStopping: 503
    case .upgradeRequired, .unknownSocketVersion: 426
    case .badHandshake: 400
    }
  }

  /// What a client needs beside the body.
  package var headers: HTTPHeaders {
    switch self {
    case .upgradeRequired, .unknownSocketVersion:
      ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"]
    case .badHandshake: [:]
    default: ["Retry-After": "1"]
    }
  }
}
