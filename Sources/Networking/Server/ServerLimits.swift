/// What a server lets its clients use. Every queue, wait and size of the server has its bound here.
package struct ServerLimits: Hashable, Sendable {
  // MARK: Sizes

  /// The sizes of one request.
  package var request = RequestReader.Limits()
  /// The bodies and messages that all connections together may hold while they are not whole; the
  /// request that goes beyond is answered 503.
  package var heldBytesMax = 64 << 20
  /// A connection with more unsent bytes than this is not read until they are sent.
  package var unsentBytesMax = 1 << 20
  /// The most bytes of a message that a client sends through a socket.
  package var messageBytesMax = 64 << 10
  /// The most bytes that wait to be sent through one socket; ``SocketOutlet/send(_:)`` is false
  /// beyond.
  package var socketQueueBytesMax = 1 << 20

  // MARK: Numbers

  /// Beyond, a connection is answered 503 and closed.
  package var connectionsMax = 4096
  package var socketsMax = 2048
  /// The answers after which a connection is closed.
  package var requestsPerConnectionMax = 100_000
  /// The requests that wait for a worker; beyond, 503.
  package var waitingRequestsMax = 256
  /// The messages and the control frames that a socket may send within a second. Twice as many may
  /// come at once. Fragments count a sixteenth.
  package var messagesPerSecondMax = 20

  // MARK: Times

  /// From the first byte of a request, or from the connection for the first one with its TLS
  /// handshake, to the end of the header.
  package var headerTime = Duration.seconds(10)
  /// From the end of the header to the end of the body.
  package var bodyTime = Duration.seconds(30)
  /// Between an answer and the next request.
  package var idleTime = Duration.seconds(60)
  /// Without any progress while bytes wait to be sent.
  package var sendTime = Duration.seconds(30)
  /// A quiet socket is sent a ping after this time, and is dead after as much again.
  package var pingTime = Duration.seconds(20)
  /// For the other side to end a connection that was told to.
  package var closeTime = Duration.seconds(2)

  package init() {}

  /// How often the times are looked at.
  var tick: Duration {
    let shortest =
      [headerTime, bodyTime, idleTime, sendTime, pingTime, closeTime].min() ?? idleTime
    return min(max(shortest / 4, .milliseconds(5)), .milliseconds(250))
  }
}
