import CListener
import Essentials

/// The thread that moves the bytes of all connections of a server.
///
/// Everything of libwebsockets, and every ``Connection``, is touched by this thread alone. Others
/// leave orders in ``LoopOrders`` and read the meter.
final class ServerLoop: @unchecked Sendable {
  // Given once, before the thread begins.
  let limits: ServerLimits
  let router: Router
  let folders: [StaticFiles]
  let workers: WorkerPool
  let orders = LoopOrders()
  let meter: ServerMeter
  let now: @Sendable () -> Timestamp
  private let elapsed: @Sendable () -> Duration
  private let log: @Sendable (AccessRecord) -> Void
  private let isEncrypted: Bool

  // Of the thread alone.
  private var listener: OpaquePointer?
  private var connections: [Int: Connection] = [:]
  private var connectionCount = 0
  private var socketCount = 0
  private var stopsAt: Duration?
  /// The time at the beginning of the call that is being made.
  private(set) var clock = Duration.zero
  var responseText = ResponseText()
  /// Frames are put together here before they are handed over.
  var scratch: [UInt8] = []
  /// The bytes of unfinished requests and messages of all connections.
  var heldBytes = 0

  init(
    configuration: ServerConfiguration, router: Router, folders: [StaticFiles],
    now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration,
    log: @escaping @Sendable (AccessRecord) -> Void
  ) {
    limits = configuration.limits
    isEncrypted = configuration.certificate != nil
    self.router = router
    self.folders = folders
    self.now = now
    self.elapsed = elapsed
    self.log = log
    workers = WorkerPool(waitingMax: limits.waitingRequestsMax)
    meter = ServerMeter(router: router, folders: folders)
  }

  var isStopping: Bool { stopsAt != nil }

  // MARK: - Beginning and end

  /// Takes over a socket that listens, which is closed where this fails.
  func listen(_ socket: Int32, certificate: ServerCertificate?) throws(ServerFailure) {
    var options = listener_options()
    options.socket = socket
    options.handshake_seconds = UInt32(max(1, limits.headerTime.components.seconds))
    options.descriptors_wanted = UInt32(limits.connectionsMax + Self.latecomersMax + 512)
    options.tick_microseconds = UInt64(limits.tick / .microseconds(1))
    options.events = listener_events(
      owner: Unmanaged.passUnretained(self).toOpaque(), opened: linkOpened, received: linkReceived,
      writable: linkWritable, closed: linkClosed, ticked: loopTicked)
    var reason = [CChar](repeating: 0, count: 256)
    let created: OpaquePointer? =
      if let certificate {
        certificate.certificateFile.withCString { certificateFile in
          certificate.keyFile.withCString { keyFile in
            options.certificate_file = certificateFile
            options.key_file = keyFile
            return listener_create(&options, &reason, reason.count)
          }
        }
      } else {
        listener_create(&options, &reason, reason.count)
      }
    guard let created else {
      let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let certificate else { throw .couldNotStart(reason: text) }
      throw .unusableCertificate(path: certificate.certificateFile, reason: text)
    }
    listener = created
    orders.attach(created)
  }

  /// The body of the thread.
  func run() {
    guard let listener else { return }
    clock = elapsed()
    repeat {
      for order in orders.take() { obey(order) }
      if let stopsAt, connections.isEmpty || elapsed() >= stopsAt { break }
    } while listener_serve(listener) >= 0
    end()
  }

  /// Closes everything; for a loop that never ran as well.
  func end() {
    guard let listener else { return }
    self.listener = nil
    orders.detach()
    listener_destroy(listener)
    workers.stop()
    for case .open(_, .success(let opening)) in orders.take() { opening.session.closed() }
  }

  private func obey(_ order: LoopOrder) {
    clock = elapsed()
    switch order {
    case .answer(let number, let reply): connections[number]?.take(reply)
    case .send(let number): connections[number]?.sendSoon()
    case .open(let number, let opening):
      if let connection = connections[number] {
        connection.take(opening)
      } else if case .success(let opening) = opening {
        opening.session.closed()
      }
    case .stop(let grace):
      guard stopsAt == nil else { return }
      stopsAt = clock + grace
      if let listener { listener_close_door(listener) }
      for connection in connections.values { connection.depart() }
    }
  }

  // MARK: - What libwebsockets tells

  fileprivate func opened(_ link: OpaquePointer, _ peer: ServerPeer) -> Connection? {
    clock = elapsed()
    // The last few places are for telling those who come too late that they do.
    guard connections.count < limits.connectionsMax + Self.latecomersMax, !isStopping else {
      meter.refused(.busy)
      return nil
    }
    connectionCount += 1
    var peer = peer
    peer.isEncrypted = isEncrypted
    let connection = Connection(number: connectionCount, peer: peer, link: link, loop: self)
    connections[connectionCount] = connection
    meter.note {
      $0.connectionsOpen += 1
      $0.connectionsTotal += 1
    }
    if connections.count > limits.connectionsMax {
      meter.refused(.busy)
      connection.refuse(
        .failure(ServerRefusal.tooManyConnections(limit: limits.connectionsMax)))
      if !isEncrypted { connection.sendSoon() }
    }
    return connection
  }

  private static let latecomersMax = 64

  fileprivate func received(_ connection: Connection, _ bytes: UnsafeRawBufferPointer) -> Bool {
    clock = elapsed()
    meter.note { $0.bytesReceived += bytes.count }
    return connection.received(bytes)
  }

  fileprivate func writable(_ connection: Connection) -> Bool {
    clock = elapsed()
    return connection.writable()
  }

  fileprivate func closed(_ connection: Connection) {
    connections[connection.number] = nil
    connection.closed()
    meter.note { $0.connectionsOpen -= 1 }
  }

  fileprivate func ticked() {
    clock = elapsed()
    for connection in connections.values { connection.watch() }
  }

  // MARK: - Requests

  /// The place in the statistics of what fits no route.
  var noRoute: Int { router.routes.count + router.sockets.count + folders.count }

  var busyReply: Router.Reply {
    meter.refused(.busy)
    return Router.Reply(
      .failure(ServerRefusal.tooManyWaiting(limit: limits.waitingRequestsMax)))
  }

  /// Answers a request, or gives it to a worker and returns nil.
  func route(
    _ request: ServerRequest, isForWholeServer: Bool, of connection: Connection,
    _ pending: inout Connection.Pending
  ) -> Router.Reply? {
    if isForWholeServer {
      return Router.Reply(Self.options(HTTPMethod.allCases))
    }
    if let place = folders.firstIndex(where: { $0.covers(request.target) }) {
      pending.route = router.routes.count + router.sockets.count + place
      let (router, files) = (router, folders[place])
      return work(for: connection) {
        Router.Reply(router.refusal(of: request) ?? files.answer(request))
      }
    }
    let match: Router.Match
    do throws(RouteFailure) {
      match = try router.match(request)
    } catch {
      return Router.Reply(unmatched(request, error, &pending))
    }
    pending.route = match.index
    switch match.route.place {
    case .loop: return router.answer(request, by: match)
    case .worker:
      let router = router
      return work(for: connection) {
        let reply: Router.Reply = router.answer(request, by: match)
        return reply.with(ContentChoice.settled(reply.response, for: request))
      }
    }
  }

  private func unmatched(
    _ request: ServerRequest, _ failure: RouteFailure, _ pending: inout Connection.Pending
  ) -> ServerResponse {
    if case .methodNotAllowed(.options, _, let allowed) = failure {
      return Self.options(allowed + [.options])
    }
    if case .noSuchPath = failure, let place = router.socketIndex(of: request) {
      pending.route = router.routes.count + place
      return .failure(ServerRefusal.upgradeRequired(path: request.target.path))
    }
    return .failure(failure)
  }

  private static func options(_ allowed: [HTTPMethod]) -> ServerResponse {
    ServerResponse(
      status: 204, headers: ["Allow": allowed.map(\.rawValue).joined(separator: ", ")])
  }

  /// Nil where a worker has taken it.
  private func work(
    for connection: Connection, _ answering: @escaping @Sendable () -> Router.Reply
  ) -> Router.Reply? {
    let (orders, number) = (orders, connection.number)
    let isTaken = workers.submit {
      orders.leave(.answer(connection: number, answering()))
    }
    return isTaken ? nil : busyReply
  }

  // MARK: - Sockets

  /// What is wrong with a request for a WebSocket, nil where it can be opened.
  func socketDefect(
    of request: ServerRequest, _ pending: inout Connection.Pending
  ) -> (any RouteRefusal)? {
    guard let place = router.socketIndex(of: request) else {
      return RouteFailure.noSuchPath(request.target.path)
    }
    pending.route = router.routes.count + place
    if let defect = SocketHandshake.defect(of: request) { return defect }
    if isStopping { return ServerRefusal.isStopping }
    guard socketCount < limits.socketsMax else {
      meter.refused(.busy)
      return ServerRefusal.tooManySockets(limit: limits.socketsMax)
    }
    return nil
  }

  /// Has a worker open the session; the handshake is answered when it has.
  func beginOpening(_ request: ServerRequest, _ line: SocketLine, of connection: Connection) -> Bool
  {
    let (orders, router, number) = (orders, router, connection.number)
    let isTaken = workers.submit {
      let opening: Result<Router.Opening, SocketRefusal>
      do throws(SocketRefusal) {
        opening = .success(try router.open(request, line))
      } catch {
        opening = .failure(error)
      }
      guard !orders.leave(.open(connection: number, opening)),
        case .success(let unheard) = opening
      else { return }
      unheard.session.closed()
    }
    if isTaken { socketCount += 1 }
    return isTaken
  }

  /// A socket that was being opened, or open, is gone.
  func socketEnded() { socketCount -= 1 }

  // MARK: - Notes

  /// Counts an answer and writes it into the access log.
  func note(
    _ pending: Connection.Pending, status: Int, bytes: Int, caller: Caller?, cause: String? = nil,
    peer: ServerPeer
  ) {
    let latency = elapsed() - pending.since
    meter.note { $0.routes[pending.route].note(status: status, latency: latency) }
    let pattern = pattern(pending.route)
    log(
      AccessRecord(
        at: now(), peer: peer.address, method: pending.method, path: pending.target?.path,
        pattern: pattern, status: status, bytes: bytes,
        milliseconds: latency / .milliseconds(1), caller: caller?.name, cause: cause))
  }

  private func pattern(_ place: Int) -> String? {
    if place < router.routes.count { return router.routes[place].pattern.text }
    let socket = place - router.routes.count
    if socket < router.sockets.count { return router.sockets[socket].pattern.text }
    let folder = socket - router.sockets.count
    return folder < folders.count ? folders[folder].prefix + "/*" : nil
  }
}

// MARK: - The functions that the listener calls

// The loop is kept by its thread until every connection is closed, and a connection is kept by the
// loop's table until its `closed` call.

@Sendable private func linkOpened(
  _ owner: UnsafeMutableRawPointer?, _ link: OpaquePointer?, _ address: UnsafePointer<CChar>?,
  _ isLoopback: Int32
) -> UnsafeMutableRawPointer? {
  guard let owner, let link, let address else { return nil }
  let loop = Unmanaged<ServerLoop>.fromOpaque(owner).takeUnretainedValue()
  let peer = ServerPeer(address: String(cString: address), isLoopback: isLoopback != 0)
  guard let connection = loop.opened(link, peer) else { return nil }
  return Unmanaged.passRetained(LinkSeat(connection, loop)).toOpaque()
}

@Sendable private func linkReceived(
  _ seat: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<UInt8>?, _ count: Int
) -> Int32 {
  guard let seat else { return -1 }
  let link = Unmanaged<LinkSeat>.fromOpaque(seat).takeUnretainedValue()
  return link.loop.received(
    link.connection, UnsafeRawBufferPointer(start: bytes, count: count)) ? 0 : -1
}

@Sendable private func linkWritable(_ seat: UnsafeMutableRawPointer?) -> Int32 {
  guard let seat else { return -1 }
  let link = Unmanaged<LinkSeat>.fromOpaque(seat).takeUnretainedValue()
  return link.loop.writable(link.connection) ? 0 : -1
}

@Sendable private func linkClosed(_ seat: UnsafeMutableRawPointer?) {
  guard let seat else { return }
  let link = Unmanaged<LinkSeat>.fromOpaque(seat).takeRetainedValue()
  link.loop.closed(link.connection)
}

@Sendable private func loopTicked(_ owner: UnsafeMutableRawPointer?) {
  guard let owner else { return }
  Unmanaged<ServerLoop>.fromOpaque(owner).takeUnretainedValue().ticked()
}

/// A connection with its loop, as the listener knows it.
private final class LinkSeat {
  let connection: Connection
  let loop: ServerLoop

  init(_ connection: Connection, _ loop: ServerLoop) {
    self.connection = connection
    self.loop = loop
  }
}
