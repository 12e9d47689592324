/// Who is at the other end of a connection.
package struct ServerPeer: Hashable, Sendable {
  /// The address as text, such as `127.0.0.1`.
  package var address: String
  /// True where the connection comes from this machine itself.
  package var isLoopback: Bool
  package var isEncrypted: Bool

  package init(address: String, isLoopback: Bool, isEncrypted: Bool = false) {
    self.address = address
    self.isLoopback = isLoopback
    self.isEncrypted = isEncrypted
  }
}

/// A request as a server received it, complete.
package struct ServerRequest: Hashable, Sendable {
  package var method: HTTPMethod
  package var target: RequestTarget
  package var headers: HTTPHeaders
  package var body: [UInt8]
  package var peer: ServerPeer

  package init(
    _ method: HTTPMethod, _ target: RequestTarget, headers: HTTPHeaders = [:], body: [UInt8] = [],
    peer: ServerPeer
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.peer = peer
  }
}
