import Foundation
import Glibc
import Synchronization

/// A small HTTP/1.1 server on this machine that answers as a test tells it to, faults included.
///
/// Each connection has a thread. Every request is recorded before it is answered. Letting the twin
/// go, or ``stop()``, closes every connection and waits until its threads have ended.
package final class HTTPTwin: Sendable {
  /// Decides what a request is answered with.
  package typealias Answering = @Sendable (TwinRequest) -> TwinAnswer

  /// The port on 127.0.0.1, chosen by the system.
  package let port: Int
  private let server: Server

  /// Starts to listen.
  package init(_ answering: @escaping Answering) throws {
    server = try Server(answering)
    port = server.port
    server.start()
  }

  deinit { stop() }

  /// Where the twin is reached, such as `http://127.0.0.1:40123`.
  package var address: String { "http://127.0.0.1:\(port)" }

  /// The requests so far, in the order in which they were read to their end.
  package var requests: [TwinRequest] { server.state.withLock { $0.requests } }

  /// How many connections were opened so far.
  package var connections: Int { server.state.withLock { $0.connectionCount } }

  /// Closes everything and waits for the threads.
  package func stop() { server.stop() }
}

/// A request as the twin read it.
package struct TwinRequest: Hashable, Sendable {
  package var method: String
  /// Path and query as they were sent.
  package var target: String
  /// Names in lower case, in their order.
  package var headers: [TwinField]
  package var body: [UInt8]
  /// The number of its connection, counted from 0.
  package var connection: Int
  /// How many requests came before it on the same connection.
  package var place: Int

  package var path: String { String(target.prefix { $0 != "?" }) }

  /// The percent-decoded pairs of the query.
  package var query: [String: String] {
    let text = target.drop { $0 != "?" }.dropFirst()
    var pairs: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let name = pair.prefix { $0 != "=" }
      let value = pair[name.endIndex...].dropFirst()
      pairs[String(name).removingPercentEncoding ?? ""] = String(value).removingPercentEncoding
    }
    return pairs
  }

  package var text: String { String(decoding: body, as: UTF8.self) }

  /// Returns the value of the first field of that name, given in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A header field as it stands on the wire.
package struct TwinField: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

// MARK: - The server

private final class Server: Sendable {
  struct State {
    var requests: [TwinRequest] = []
    var connectionCount = 0
    var sockets: Set<Int32> = []
    var isStopped = false
  }

  let port: Int
  let state = Mutex(State())
  private let listener: Int32
  private let answering: HTTPTwin.Answering
  private let threads = DispatchGroup()

  init(_ answering: @escaping HTTPTwin.Answering) throws {
    self.answering = answering
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw POSIXError(.EMFILE) }
    // No program that a test starts may hold a connection open.
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else {
      close(listener)
      throw POSIXError(.EADDRINUSE)
    }
    self.listener = listener
    port = Int(UInt16(bigEndian: place.sin_port))
  }

  func start() {
    threads.enter()
    Thread.detachNewThread { [self] in
      accept()
      threads.leave()
    }
  }

  func stop() {
    let isFirst = state.withLock { state in
      defer { state.isStopped = true }
      guard !state.isStopped else { return false }
      for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
      return true
    }
    guard isFirst else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    threads.wait()
    close(listener)
  }

  private func accept() {
    while true {
      let socket = Glibc.accept(listener, nil, nil)
      if socket < 0 {
        if errno == EINTR { continue }
        return
      }
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      var isOn: Int32 = 1
      setsockopt(
        socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
      let number: Int? = state.withLock { state in
        guard !state.isStopped else { return nil }
        state.sockets.insert(socket)
        state.connectionCount += 1
        return state.connectionCount - 1
      }
      guard let number else {
        close(socket)
        return
      }
      threads.enter()
      Thread.detachNewThread { [self] in
        serve(socket, number: number)
        // Removed before it is closed, so that a stop never touches a number that was given away.
        state.withLock { _ = $0.sockets.remove(socket) }
        close(socket)
        threads.leave()
      }
    }
  }

  private func serve(_ socket: Int32, number: Int) {
    var wire = TwinWire(socket: socket)
    var place = 0
    while let request = wire.readRequest(connection: number, place: place) {
      state.withLock { $0.requests.append(request) }
      guard wire.obey(answering(request)) else { return }
      place += 1
    }
  }
}
