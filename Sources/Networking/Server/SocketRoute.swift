/// A message of a WebSocket.
package enum SocketMessage: Hashable, Sendable {
  case text(String)
  case binary([UInt8])
}

/// A text that is sent to many sockets and encoded once.
package struct SharedText: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(_ text: String) { bytes = Array(text.utf8) }
}

/// Why a socket was closed; the raw value is its code in RFC 6455, section 7.4.1.
package enum SocketEnd: UInt16, Hashable, Sendable {
  case normal = 1000
  case goingAway = 1001
  case protocolError = 1002
  case unsupported = 1003
  case invalidText = 1007
  case policy = 1008
  case tooBig = 1009
  case tryAgainLater = 1013
}

/// The sending side of a socket. Every call returns at once and may come from any thread.
package protocol SocketOutlet: Sendable {
  /// Puts a message behind those that wait; false where it would not fit into the bounded queue or
  /// the socket is closed, and then nothing was queued.
  func send(_ text: SharedText) -> Bool
  /// The bytes that wait to be sent, 0 when all were handed to the system.
  var backlog: Int { get }
  /// Sends a close frame behind what waits, and ends the connection.
  func close(_ end: SocketEnd, _ reason: String)
}

/// What a server does with a socket that is open. Calls come one after the other, on the thread that
/// moves all bytes, and return at once.
package protocol SocketSession: AnyObject, Sendable {
  /// A whole message came.
  func received(_ message: SocketMessage)
  /// Everything that waited was handed to the system.
  func drained()
  /// The connection is over, for whatever reason. Nothing is called afterwards.
  func closed()
}

/// A path that is answered with a WebSocket.
package struct SocketRoute: Sendable {
  package var pattern: RoutePattern
  package var summary: String
  package var group: String
  package var access: RouteAccess
  package var parameters: [ParameterContract]
  /// Begins a session; a refusal that it throws is answered with its status before the handshake.
  package var open: @Sendable (RouteCall, any SocketOutlet) throws -> any SocketSession

  package init(
    _ pattern: String, _ summary: String, group: String,
    access: RouteAccess = .role(.viewer), parameters: [ParameterContract] = [],
    open: @escaping @Sendable (RouteCall, any SocketOutlet) throws -> any SocketSession
  ) {
    self.pattern = RoutePattern(pattern)
    self.summary = summary
    self.group = group
    self.access = access
    self.parameters = parameters
    self.open = open
  }
}
