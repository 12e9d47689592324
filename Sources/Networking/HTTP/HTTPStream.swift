/// An answer whose body is read while it comes.
///
/// The body can be read once, by one reader. Letting the stream go ends the transfer.
package struct HTTPStream: AsyncSequence, Sendable {
  /// A piece of the body.
  package typealias Element = [UInt8]
  /// Why the rest of the body did not come.
  package typealias Failure = HTTPFailure

  package let head: HTTPHead
  private let lease: TransferLease

  init(head: HTTPHead, lease: TransferLease) {
    self.head = head
    self.lease = lease
  }

  /// Begins to read the body, which can be done once.
  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(lease: lease)
  }

  /// Reads the pieces of the body as they came, none of them empty.
  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let lease: TransferLease

    package mutating func next() async throws(HTTPFailure) -> [UInt8]? {
      try await next(isolation: nil)
    }

    package mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(HTTPFailure) -> [UInt8]? {
      let exchange = lease.exchange
      let loop = lease.loop
      return try await withTaskCancellationHandler {
        await exchange.nextChunk(resuming: loop)
      } onCancel: {
        loop.end(exchange)
      }.get()
    }
  }
}
