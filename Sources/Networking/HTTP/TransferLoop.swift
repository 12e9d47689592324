import CTransfer
import Glibc
import Synchronization

/// The thread that moves the bytes of all transfers of a client.
///
/// Everything of libcurl is touched by this thread alone, with one exception that libcurl allows:
/// `curl_multi_wakeup`. Other threads leave orders in a list and wake it.
final class TransferLoop: Sendable {
  private enum Order {
    case begin(HTTPRequest, Exchange)
    case resume(Exchange)
    case end(Exchange)
  }

  private struct Orders {
    var waiting: [Order] = []
    var isStopped = false
  }

  private let options: HTTPClient.Options
  private let orders = Mutex(Orders())
  // A libcurl handle; only the loop's thread uses it, and `curl_multi_wakeup`, which any thread may
  // call while the orders are locked and not stopped, because it is freed only after the stop.
  nonisolated(unsafe) private let multi: UnsafeMutableRawPointer?

  init(options: HTTPClient.Options) {
    self.options = options
    _ = Self.library
    multi = curl_multi_init()
  }

  /// libcurl prepares itself once for the whole process.
  private static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_ALL))

  /// Starts the thread, which keeps the loop alive until it is stopped.
  func start() {
    let loop = Unmanaged.passRetained(self)
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let code = pthread_create(&thread, &attributes, runTransferLoop, loop.toOpaque())
    pthread_attr_destroy(&attributes)
    if code != 0 {
      loop.release()
      orders.withLock { $0.isStopped = true }
      if let multi { curl_multi_cleanup(multi) }
    }
  }

  func begin(_ request: HTTPRequest, _ exchange: Exchange) {
    if !leave(.begin(request, exchange)) {
      exchange.finish(.failure(.couldNotStart(reason: "the client has no thread or was let go")))
    }
  }

  /// Lets a transfer go on that was paused.
  func resume(_ exchange: Exchange) { _ = leave(.resume(exchange)) }

  /// Ends a transfer; one that has ended already is left as it is.
  func end(_ exchange: Exchange) { _ = leave(.end(exchange)) }

  func stop() {
    orders.withLock { orders in
      orders.isStopped = true
      if let multi { curl_multi_wakeup(multi) }
    }
  }

  private func leave(_ order: Order) -> Bool {
    orders.withLock { orders in
      guard !orders.isStopped, let multi else { return false }
      orders.waiting.append(order)
      curl_multi_wakeup(multi)
      return true
    }
  }

  // MARK: The thread

  fileprivate func run() {
    guard let multi else { return }
    var transfers = Transfers(multi: multi, options: options)
    while true {
      let (waiting, isStopped) = orders.withLock { orders in
        defer { orders.waiting = [] }
        return (orders.waiting, orders.isStopped)
      }
      for order in waiting {
        switch order {
        case .begin(let request, let exchange): transfers.begin(request, exchange)
        case .resume(let exchange): transfers.resume(exchange)
        case .end(let exchange): transfers.end(exchange)
        }
      }
      if isStopped { break }
      let patience = transfers.advance()
      curl_multi_poll(multi, nil, 0, patience, nil)
    }
    transfers.endAll()
    curl_multi_cleanup(multi)
  }
}

/// The body of the loop's thread. A broken connection must not end the process, so the thread does
/// not hear of it: libcurl's TLS would otherwise raise a signal.
@Sendable private func runTransferLoop(
  _ pointer: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
  guard let pointer else { return nil }
  var signals = sigset_t()
  sigfillset(&signals)
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  Unmanaged<TransferLoop>.fromOpaque(pointer).takeRetainedValue().run()
  return nil
}
