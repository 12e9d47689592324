/// Why a WebSocket is closed because of what its client sent: the code of the close frame and the
/// end of a sentence.
package struct SocketFault: Error, Hashable, Sendable {
  package let end: SocketEnd
  package let reason: String

  package init(_ end: SocketEnd, _ reason: String) {
    self.end = end
    self.reason = reason
  }
}
