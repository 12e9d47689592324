import Essentials
import Foundation
import Glibc
import Networking
import Synchronization
import Twins

/// A server with a few routes and sockets, a clock that a test moves, and a list of what it logged.
final class ServerBench: Sendable {
  let server: HTTPServer
  let port: Int
  let state: BenchState

  init(
    limits: ServerLimits = ServerBench.limits, certificate: ServerCertificate? = nil,
    folders: [StaticFolder] = [], workers: Int = 4, port: Int = 0
  ) throws {
    let state = BenchState()
    self.state = state
    server = HTTPServer(
      configuration: ServerConfiguration(
        port: port, limits: limits, certificate: certificate, folders: folders,
        workers: workers),
      router: Self.router(state), now: { Timestamp(millisecondsSinceEpoch: 784_111_777_250) },
      elapsed: { state.elapsed.withLock { $0 } }, log: { record in state.log(record) })
    self.port = try server.start()
  }

  /// The clock stands still unless a test moves it; how often it is looked at follows the shortest
  /// time.
  static var limits: ServerLimits {
    var limits = ServerLimits()
    limits.closeTime = .milliseconds(20)
    return limits
  }

  func client() throws -> WireClient { try WireClient(port: port) }

  /// Waits until the server has read so many bytes.
  func waitForBytes(_ count: Int) {
    while server.statistics.bytesReceived < count { sched_yield() }
  }

  func pass(_ time: Duration) { state.elapsed.withLock { $0 += time } }

  private static func router(_ state: BenchState) -> Router {
    let count = RouteParameter.whole("count", in: 1...100_000, default: 10, "How many.")
    let name = RouteParameter<String>.segment("name", "A name.")
    let answers = [AnswerContract(200, "An answer.")]
    func route(
      _ method: HTTPMethod, _ pattern: String, access: RouteAccess = .open,
      parameters: [ParameterContract] = [], place: Route.Place = .worker,
      handle: @escaping @Sendable (RouteCall) throws -> ServerResponse
    ) -> Route {
      Route(
        method, pattern, "Answers.", group: "Bench", access: access, parameters: parameters,
        answers: answers, place: place, handle: handle)
    }
    return Router(
      routes: [
        route(.get, "/health", place: .loop) { _ in .json(["ok": .bool(true)]) },
        route(.get, "/worker") { _ in .json(["ok": .bool(true)]) },
        route(.get, "/names/{name}", parameters: [name.contract], place: .loop) {
          .json(["name": .string($0[name])])
        },
        route(.post, "/echo") { call in
          ServerResponse(
            headers: ["Content-Type": "application/octet-stream"], body: call.request.body)
        },
        route(.get, "/numbers", parameters: [count.contract]) { call in
          .json(["numbers": .array((0..<call[count]).map { .integer($0) })])
        },
        route(.get, "/waiting") { _ in
          state.waiting.arrive()
          return .json(["waited": .bool(true)])
        },
        route(.get, "/injecting", place: .loop) { _ in
          ServerResponse(headers: ["Location": "/a\r\nSet-Cookie: a=b", "Content-Length": "99"])
        },
        route(.get, "/failing") { _ in throw CocoaError(.coderInvalidValue) },
        route(.get, "/guarded", access: .role(.viewer)) { call in
          .json(["caller": .string(call.caller?.name ?? "")])
        },
      ],
      sockets: [
        SocketRoute("/ws/echo", "Repeats.", group: "Bench", access: .open) { _, outlet in
          EchoSession(outlet, state)
        },
        SocketRoute("/ws/guarded", "Repeats.", group: "Bench") { _, outlet in
          EchoSession(outlet, state)
        },
        SocketRoute("/ws/waiting", "Opens late.", group: "Bench", access: .open) { _, outlet in
          state.waiting.arrive()
          _ = outlet.send(SharedText("first"))
          return EchoSession(outlet, state)
        },
      ], guardian: BenchGuard())
  }
}

/// What the routes, the sessions and the test share.
final class BenchState: Sendable {
  let elapsed = Mutex(Duration.zero)
  let records = Gathering<AccessRecord>()
  /// Sessions in the order in which they were opened.
  let sessions = Gathering<EchoSession>()
  let waiting = Turnstile()

  func log(_ record: AccessRecord) { records.add(record) }
}

/// Things that come one after the other, and that a test waits for.
final class Gathering<Element: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  // Touched only while the condition is locked.
  private var elements: [Element] = []

  func add(_ element: Element) {
    condition.withLock {
      elements.append(element)
      condition.broadcast()
    }
  }

  var all: [Element] { condition.withLock { elements } }

  /// Waits until there are so many, and returns them.
  func wait(for count: Int) -> [Element] {
    condition.withLock {
      while elements.count < count { condition.wait() }
      return elements
    }
  }
}

/// A place where handlers stop until the test lets them pass.
final class Turnstile: @unchecked Sendable {
  private let condition = NSCondition()
  // Touched only while the condition is locked.
  private var arrived = 0
  private var isOpen = false

  func arrive() {
    condition.withLock {
      arrived += 1
      condition.broadcast()
      while !isOpen { condition.wait() }
    }
  }

  func waitForArrivals(_ count: Int) {
    condition.withLock { while arrived < count { condition.wait() } }
  }

  func open() {
    condition.withLock {
      isOpen = true
      condition.broadcast()
    }
  }
}

/// Repeats what it hears, and remembers.
final class EchoSession: SocketSession {
  let outlet: any SocketOutlet
  private let state: BenchState
  let heard = Gathering<SocketMessage>()
  let drains = Gathering<Bool>()
  let ends = Gathering<Bool>()

  init(_ outlet: any SocketOutlet, _ state: BenchState) {
    self.outlet = outlet
    self.state = state
    state.sessions.add(self)
  }

  func received(_ message: SocketMessage) {
    heard.add(message)
    switch message {
    case .text("close please"): outlet.close(.normal, "as you wish")
    case .text(let text): _ = outlet.send(SharedText(text))
    case .binary(let bytes): _ = outlet.send(SharedText("\(bytes.count) bytes"))
    }
  }

  func drained() { drains.add(true) }

  func closed() { ends.add(true) }
}

/// Lets everybody read with the token `letmein`, and refuses foreign hosts.
struct BenchGuard: RequestGuard {
  struct Refusal: RouteRefusal {
    var key: String { status == 401 ? "no_token" : "foreign_host" }
    var explanation: String { "The request may not pass." }
    var remedy: String { "Send the token." }
    var outcome: FailureOutcome { .personMustAct }
    let status: Int
  }

  func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) throws -> Caller? {
    guard request.headers["Host"]?.hasPrefix("evil") != true else { throw Refusal(status: 403) }
    guard access != .open else { return nil }
    let offers = request.headers["Sec-WebSocket-Protocol"] ?? ""
    guard
      request.headers["Authorization"] == "Bearer letmein"
        || opensSocket && offers.contains("bearer.letmein")
    else { throw Refusal(status: 401) }
    return Caller(name: "reader", role: .viewer)
  }
}
