import CListener
package import Essentials
import Foundation
import Glibc
import Synchronization

/// A server of HTTP/1.1 (RFC 9110 and 9112) and WebSockets (RFC 6455).
///
/// One thread moves all bytes, over libwebsockets; a few others run the handlers that may wait. No
/// client can hold up another: what a client sends, and what it does not take, is bounded by
/// ``ServerLimits``, and a client that is slow or malicious is answered and cut off. A failure to
/// answer one request never ends the server.
///
/// A server serves once. Letting it go stops it.
package final class HTTPServer: Sendable {
  private enum State {
    case new
    case running(ServerLoop)
    case stopped(ServerStatistics)
  }

  private let configuration: ServerConfiguration
  private let router: Router
  private let now: @Sendable () -> Timestamp
  private let elapsed: @Sendable () -> Duration
  private let log: @Sendable (AccessRecord) -> Void
  private let state = Mutex(State.new)
  private let end = ThreadEnd()

  /// Nothing is opened yet. `now` is the time of dates and logs; `elapsed` is a clock that only goes
  /// forward, counted from anywhere. `log` is called for every answer by the thread that moves
  /// bytes, so it has to return at once.
  package init(
    configuration: ServerConfiguration, router: Router,
    now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration,
    log: @escaping @Sendable (AccessRecord) -> Void
  ) {
    self.configuration = configuration
    self.router = router
    self.now = now
    self.elapsed = elapsed
    self.log = log
  }

  deinit { stop(grace: .zero) }

  /// Listens and serves. Returns the port.
  @discardableResult package func start() throws(ServerFailure) -> Int {
    try state.withLock { state throws(ServerFailure) in
      guard case .new = state else { throw .startedBefore }
      var folders: [StaticFiles] = []
      for folder in configuration.folders { folders.append(try StaticFiles(folder)) }
      if let certificate = configuration.certificate {
        try Self.checkReadable(certificate.certificateFile)
        try Self.checkReadable(certificate.keyFile)
      }
      let (socket, port) = try Self.bind(configuration.host, configuration.port)
      let loop = ServerLoop(
        configuration: configuration, router: router, folders: folders, now: now,
        elapsed: elapsed, log: log)
      try loop.listen(socket, certificate: configuration.certificate)
      let end = end
      guard
        loop.workers.start(threads: configuration.workers),
        startDetachedThread({
          loop.run()
          end.reach()
        })
      else {
        loop.end()
        throw .couldNotStart(reason: "there is no thread for it")
      }
      state = .running(loop)
      return port
    }
  }

  /// Takes no more connections, lets the running requests end within `grace`, tells the sockets that
  /// the server goes away (1001), and closes everything. Returns when nothing is left but handlers
  /// that are still at work, whose answers nobody waits for. Waits, so it is not for a task.
  package func stop(grace: Duration) {
    let loop: ServerLoop? = state.withLock { state in
      guard case .running(let loop) = state else { return nil }
      return loop
    }
    guard let loop else { return }
    loop.orders.leave(.stop(grace: grace))
    end.wait()
    state.withLock { $0 = .stopped(loop.meter.snapshot(waiting: 0)) }
  }

  /// What it has done so far. Costs some microseconds, and one for each hundred sockets.
  package var statistics: ServerStatistics {
    state.withLock { state in
      switch state {
      case .new: ServerStatistics()
      case .running(let loop): loop.meter.snapshot(waiting: loop.workers.waitingCount)
      case .stopped(let statistics): statistics
      }
    }
  }

  // MARK: - Preparations

  private static func bind(_ host: String, _ port: Int) throws(ServerFailure) -> (Int32, Int) {
    guard (0...65535).contains(port) else { throw .portOutOfRange(port) }
    var bound: Int32 = 0
    var code: Int32 = 0
    let socket = listener_bind(host, String(port), 1024, &bound, &code)
    guard socket < 0 else { return (socket, Int(bound)) }
    switch code {
    case EADDRINUSE: throw .addressInUse(host: host, port: port)
    case EACCES, EPERM: throw .addressNotPermitted(host: host, port: port)
    case ..<0: throw .addressUnknown(host: host, reason: String(cString: gai_strerror(code)))
    case EADDRNOTAVAIL: throw .addressUnknown(host: host, reason: "this machine does not have it")
    default: throw .couldNotStart(reason: String(cString: strerror(code)))
    }
  }

  private static func checkReadable(_ path: String) throws(ServerFailure) {
    guard access(path, R_OK) == 0 else {
      throw .unreadableFile(path: path, reason: String(cString: strerror(errno)))
    }
  }
}

/// The end of a thread, which others wait for.
private final class ThreadEnd: @unchecked Sendable {
  private let condition = NSCondition()
  // Touched only while the condition is locked.
  private var isReached = false

  func reach() {
    condition.withLock {
      isReached = true
      condition.broadcast()
    }
  }

  func wait() {
    condition.withLock {
      while !isReached { condition.wait() }
    }
  }
}
