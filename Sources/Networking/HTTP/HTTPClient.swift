import CTransfer

/// A client of the web over libcurl: HTTP/1.1, with TLS verified always.
///
/// 1. One thread of its own moves all bytes; callers wait without holding a thread.
/// 2. Connections are kept and used again, except for requests whose repetition could do harm:
///    libcurl would send those a second time by itself when a kept connection turns out to be dead.
/// 3. Nothing is repeated, redirected, or taken from the environment unless the options ask for it.
/// 4. Cancelling the task that waits, or letting a stream go, ends the transfer at once.
/// 5. No header, query or body is ever written anywhere.
///
/// Letting the client go closes its connections; a stream that is being read keeps it.
package final class HTTPClient: Sendable {
  /// Where connections go and whom they trust.
  package struct Options: Hashable, Sendable {
    /// A file of certificates in PEM form that is trusted in addition to the system's folder.
    package var certificateFile: String?
    package var proxy: Proxy

    package init(certificateFile: String? = nil, proxy: Proxy = .none) {
      self.certificateFile = certificateFile
      self.proxy = proxy
    }
  }

  /// The way to a server.
  package enum Proxy: Hashable, Sendable {
    /// Straight to it, whatever the environment says.
    case none
    /// As `https_proxy`, `http_proxy` and `no_proxy` say.
    case ofEnvironment
    case at(HTTPAddress)
  }

  private let loop: TransferLoop

  /// Starts the client's thread.
  package init(options: Options = Options()) {
    loop = TransferLoop(options: options)
    loop.start()
  }

  deinit {
    loop.stop()
  }

  /// Sends a request and returns the whole answer, whatever its status.
  ///
  /// - Throws: ``HTTPFailure`` where there is no whole answer within the limits.
  package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let stream = try await stream(request)
    var body: [UInt8] = []
    var chunks = stream.makeAsyncIterator()
    while let chunk = try await chunks.next() {
      if body.isEmpty { body = chunk } else { body += chunk }
    }
    return HTTPResponse(head: stream.head, body: body)
  }

  /// Sends a request and returns as soon as the header of the answer is there; the body follows as
  /// the stream is read.
  ///
  /// At most about a mebibyte waits unread; then the server is made to wait.
  package func stream(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPStream {
    let exchange = Exchange()
    loop.begin(request, exchange)
    let lease = TransferLease(exchange: exchange, loop: loop, client: self)
    let head = try await withTaskCancellationHandler {
      await exchange.head()
    } onCancel: {
      loop.end(exchange)
    }.get()
    return HTTPStream(head: head, lease: lease)
  }
}

/// The hold of a reader on a transfer: letting it go ends the transfer.
final class TransferLease: Sendable {
  let exchange: Exchange
  let loop: TransferLoop
  /// Kept, because a client that is let go ends its transfers.
  private let client: HTTPClient

  init(exchange: Exchange, loop: TransferLoop, client: HTTPClient) {
    self.exchange = exchange
    self.loop = loop
    self.client = client
  }

  deinit {
    loop.end(exchange)
  }
}
