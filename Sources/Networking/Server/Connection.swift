import CListener
import Essentials

/// One connection of a client, from its first byte to its last.
///
/// It reads a request, has it answered, and reads the next one; requests that come behind wait
/// until the answer before them is on its way, so that answers keep their order. A request that asks
/// for a WebSocket turns the connection into one for good. Only the thread that moves bytes touches
/// it.
///
/// ```
/// reading ─request→ answering ─answer→ reading
///    │                                    └─last answer, or a fault→ lingering → closed
///    └─handshake→ opening ─refused→ reading
///                    └─opened→ socket ─close frames→ lingering → closed
/// ```
///
/// Lingering means that everything was said and what still comes is thrown away for a while: closing
/// at once would make the system reset the connection, and the client would never read why.
final class Connection {
  private enum Phase {
    case reading
    case answering(Pending)
    case opening(Pending, SocketLine, HTTPHeaders)
    case socket(SocketTalk)
    case lingering
  }

  /// A request that was read and is not answered.
  struct Pending {
    var method: HTTPMethod?
    var target: RequestTarget?
    /// The place of its route in the statistics.
    var route: Int
    var bodyBytes = 0
    var since: Duration
    var keepsConnection: Bool
  }

  let number: Int
  let peer: ServerPeer
  private unowned let loop: ServerLoop
  private let link: OpaquePointer

  private var phase = Phase.reading
  private var reader: RequestReader
  /// The part of a request that is waited for, and until when.
  private var awaited: RequestReader.Phase?
  private var deadline: Duration?
  private var unsent = ByteQueue()
  /// The system took less than it was given; libwebsockets keeps the rest and says when it has gone.
  private var isBlocked = false
  private var blockedSince = Duration.zero
  private var lineBytesBlocked = 0
  private var endsAfterSending = false
  private var isFaulty = false
  private var isHeld = false
  private var requestCount = 0
  private var lingeredBytes = 0
  /// What of the common bound this connection takes.
  private var heldBytes = 0

  init(number: Int, peer: ServerPeer, link: OpaquePointer, loop: ServerLoop) {
    self.number = number
    self.peer = peer
    self.link = link
    self.loop = loop
    reader = RequestReader(limits: loop.limits.request)
    awaited = .header
    deadline = loop.clock + loop.limits.headerTime
  }

  private static let writeBytesMax = 64 << 10
  /// After so many writes others have their turn.
  private static let writesPerTurn = 8
  private static let lingeredBytesMax = 4 << 20
  private static let readAheadBytesMax = 64 << 10

  // MARK: - What it is told; false closes the connection

  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch phase {
    case .reading:
      reader.take(bytes)
      return goOn()
    case .answering, .opening:
      reader.take(bytes)
      updateHeldBytes()
      return true
    case .socket(let talk):
      hear(talk, bytes)
      updateHeldBytes()
      return send()
    case .lingering:
      lingeredBytes += bytes.count
      return lingeredBytes <= Self.lingeredBytesMax
    }
  }

  func writable() -> Bool {
    if isBlocked {
      isBlocked = false
      if case .socket(let talk) = phase {
        talk.line.handed(lineBytesBlocked)
        talk.feelPulse(at: loop.clock)
      }
      lineBytesBlocked = 0
    }
    if case .reading = phase { return goOn() }
    return send()
  }

  /// The answer to the request that waits.
  func take(_ reply: Router.Reply) {
    guard case .answering(let pending) = phase else { return }
    answer(reply, to: pending)
    listener_want_writable(link)
  }

  /// The session for the handshake that waits, or what is answered instead.
  func take(_ opening: Result<Router.Opening, SocketRefusal>) {
    guard case .opening(let pending, let line, let headers) = phase else { return }
    switch opening {
    case .success(let opening):
      let bytes = SocketHandshake.answer(to: headers)
      unsent.append(bytes)
      let talk = SocketTalk(
        session: opening.session, line: line, limits: loop.limits, at: loop.clock)
      loop.meter.opened(line, of: number)
      loop.note(
        pending, status: 101, bytes: bytes.count, caller: opening.caller, peer: peer)
      phase = .socket(talk)
      let early = reader.takeRest()
      early.withUnsafeBytes { hear(talk, $0) }
      deadline = nil
      if loop.isStopping { line.close(.goingAway, "the server is stopping") }
    case .failure(let refusal):
      line.shut()
      loop.socketEnded()
      answer(Router.Reply(refusal.response), to: pending)
    }
    updateHeldBytes()
    listener_want_writable(link)
  }

  /// There is something to send through the socket.
  func sendSoon() { listener_want_writable(link) }

  /// Looks at the time.
  func watch() {
    let now = loop.clock
    if isBlocked, now - blockedSince >= loop.limits.sendTime {
      return cut(.stalled)
    }
    switch phase {
    case .reading:
      guard let deadline, now >= deadline, !endsAfterSending else { return }
      switch reader.phase {
      case .idle: cut(nil)
      case .header: refuse(.tooSlow(.header))
      case .body: refuse(.tooSlow(.body))
      }
      listener_want_writable(link)
    case .answering, .opening: break
    case .socket(let talk):
      let isAlive = talk.watch(at: now)
      if !isAlive { return cut(talk.fault) }
      if talk.hasControlFrames { listener_want_writable(link) }
    case .lingering:
      if let deadline, now >= deadline { cut(nil) }
    }
  }

  /// Says goodbye: what is being answered is answered, a socket is closed, a connection without a
  /// request ends.
  func depart() {
    switch phase {
    case .reading:
      if reader.phase == .idle, unsent.isEmpty, !isBlocked { cut(nil) }
    case .answering(var pending):
      pending.keepsConnection = false
      phase = .answering(pending)
    case .opening(var pending, let line, let headers):
      pending.keepsConnection = false
      phase = .opening(pending, line, headers)
    case .socket(let talk): talk.line.close(.goingAway, "the server is stopping")
    case .lingering: break
    }
  }

  /// The connection is gone.
  func closed() {
    switch phase {
    case .answering: loop.meter.refused(.abandoned)
    case .opening(_, let line, _):
      line.shut()
      loop.socketEnded()
      loop.meter.refused(.abandoned)
    case .socket(let talk): endTalk(talk)
    case .reading, .lingering: break
    }
    phase = .lingering
    loop.heldBytes -= heldBytes
    heldBytes = 0
  }

  // MARK: - Requests

  private func goOn() -> Bool {
    reading: while case .reading = phase, !endsAfterSending,
      unsent.count <= loop.limits.unsentBytesMax
    {
      do throws(RequestFault) {
        switch try reader.advance() {
        case .needsMore:
          wait(for: reader.phase)
          break reading
        case .awaitsContinue: unsent.append(Self.continueAnswer)
        case .request(let head, let body):
          awaited = nil
          deadline = nil
          begin(head, body)
        }
      } catch {
        refuse(error)
      }
    }
    updateHeldBytes()
    return send()
  }

  private static let continueAnswer = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  private func wait(for part: RequestReader.Phase) {
    guard part != awaited else { return }
    awaited = part
    let patience =
      switch part {
      case .idle: loop.limits.idleTime
      case .header: loop.limits.headerTime
      case .body: loop.limits.bodyTime
      }
    deadline = loop.clock + patience
  }

  private func begin(_ head: RequestHead, _ body: [UInt8]) {
    requestCount += 1
    let request = ServerRequest(
      head.method, head.target, headers: head.headers, body: body, peer: peer)
    var pending = Pending(
      method: head.method, target: head.target, route: loop.noRoute, bodyBytes: body.count,
      since: loop.clock,
      keepsConnection: head.keepsAlive && !loop.isStopping
        && requestCount < loop.limits.requestsPerConnectionMax)
    if head.asksForSocket {
      open(request, &pending)
      return
    }
    let isForWholeServer = head.isForWholeServer
    if let reply = loop.route(request, isForWholeServer: isForWholeServer, of: self, &pending) {
      answer(reply, to: pending)
    } else {
      phase = .answering(pending)
    }
  }

  private func open(_ request: ServerRequest, _ pending: inout Pending) {
    if let defect = loop.socketDefect(of: request, &pending) {
      answer(Router.Reply(.failure(defect)), to: pending)
      return
    }
    let line = SocketLine(
      connection: number, bytesMax: loop.limits.socketQueueBytesMax, orders: loop.orders)
    guard loop.beginOpening(request, line, of: self) else {
      answer(loop.busyReply, to: pending)
      return
    }
    phase = .opening(pending, line, request.headers)
  }

  private func answer(_ reply: Router.Reply, to pending: Pending) {
    let text = loop.responseText.write(
      reply.response,
      .init(isHeaderOnly: pending.method == .head, keepsConnection: pending.keepsConnection),
      at: loop.now())
    unsent.append(text.head)
    unsent.append(text.body)
    if !pending.keepsConnection { endsAfterSending = true }
    phase = .reading
    loop.note(
      pending, status: reply.response.status, bytes: text.head.count + text.body.count,
      caller: reply.caller, peer: peer)
  }

  /// Answers what is no request, and ends the connection.
  private func refuse(_ fault: RequestFault) {
    switch fault {
    case .tooSlow: loop.meter.refused(.tooSlow)
    case .targetTooLong, .headerTooLarge, .tooManyFields, .bodyTooLarge:
      loop.meter.refused(.tooLarge)
    default: loop.meter.refused(.malformed)
    }
    isFaulty = true
    refuse(.failure(fault))
  }

  /// Answers whatever came or did not come, and ends the connection.
  func refuse(_ response: ServerResponse) {
    answer(
      Router.Reply(response),
      to: Pending(route: loop.noRoute, since: loop.clock, keepsConnection: false))
  }

  // MARK: - Bytes

  /// Hands to the system what it takes. False where the connection is broken or over.
  private func send() -> Bool {
    var writes = 0
    while !isBlocked, !unsent.isEmpty {
      guard writes < Self.writesPerTurn else {
        listener_want_writable(link)
        return true
      }
      writes += 1
      let size = min(unsent.count, Self.writeBytesMax)
      let result = unsent.handNext(upTo: Self.writeBytesMax) {
        listener_write(link, $0.baseAddress, $0.count)
      }
      guard note(result, bytes: size) else { return false }
    }
    if case .socket = phase, !isBlocked { return sendFrames() }
    guard endsAfterSending, !isBlocked, unsent.isEmpty else { return true }
    return linger()
  }

  private func hear(_ talk: SocketTalk, _ bytes: UnsafeRawBufferPointer) {
    let messages = talk.hear(bytes, at: loop.clock)
    if messages > 0 { loop.meter.note { $0.messagesReceived += messages } }
  }

  private func sendFrames() -> Bool {
    var hasSent = false
    for _ in 0..<Self.writesPerTurn {
      guard case .socket(let talk) = phase else { return true }
      loop.scratch.removeAll(keepingCapacity: true)
      let filled = talk.fill(&loop.scratch, upTo: Self.writeBytesMax, at: loop.clock)
      let isOver = talk.isOver
      if talk.fault != nil { isFaulty = true }
      guard !loop.scratch.isEmpty else {
        if isOver { return linger() }
        if hasSent { talk.session.drained() }
        return true
      }
      let result = loop.scratch.withUnsafeBufferPointer {
        listener_write(link, $0.baseAddress, $0.count)
      }
      let size = loop.scratch.count
      guard note(result, bytes: size) else { return false }
      if filled.frames > 0 { loop.meter.note { $0.framesSent += filled.frames } }
      if isBlocked {
        lineBytesBlocked = filled.lineBytes
        return true
      }
      talk.line.handed(filled.lineBytes)
      if filled.lineBytes > 0 { hasSent = true }
    }
    listener_want_writable(link)
    return true
  }

  private func note(_ result: Int32, bytes: Int) -> Bool {
    guard result >= 0 else { return false }
    loop.meter.note { $0.bytesSent += bytes }
    if result == 1 {
      isBlocked = true
      blockedSince = loop.clock
      listener_want_writable(link)
    }
    return true
  }

  private func linger() -> Bool {
    if case .socket(let talk) = phase { endTalk(talk) }
    phase = .lingering
    // TLS cannot be closed in one direction; a client that made no mistake has nothing more to send.
    if peer.isEncrypted, !isFaulty { return false }
    deadline = loop.clock + loop.limits.closeTime
    if isHeld {
      isHeld = false
      listener_hold(link, 0)
    }
    listener_end_writing(link)
    return true
  }

  private func cut(_ cause: ServerStatistics.Cause?) {
    if let cause { loop.meter.refused(cause) }
    listener_kill(link)
  }

  private func endTalk(_ talk: SocketTalk) {
    if let fault = talk.fault, fault != .deadSocket { loop.meter.refused(fault) }
    talk.line.shut()
    loop.meter.closedLine(of: number)
    loop.socketEnded()
    talk.session.closed()
  }

  /// Accounts for the bytes that are kept for this client, and stops reading from one that sends
  /// ahead of its answers.
  private func updateHeldBytes() {
    var bytes = reader.bytesHeld
    switch phase {
    case .answering(let pending), .opening(let pending, _, _):
      bytes += pending.bodyBytes
      setHeld(reader.bytesHeld > Self.readAheadBytesMax)
    case .socket(let talk): bytes += talk.bytesHeld
    case .reading: setHeld(unsent.count > loop.limits.unsentBytesMax)
    case .lingering: break
    }
    loop.heldBytes += bytes - heldBytes
    let grew = bytes > heldBytes
    heldBytes = bytes
    guard grew, loop.heldBytes > loop.limits.heldBytesMax else { return }
    switch phase {
    case .reading where !endsAfterSending:
      loop.meter.refused(.busy)
      isFaulty = true
      refuse(.failure(ServerRefusal.tooManyHeldBytes))
    case .socket(let talk):
      talk.end(.tryAgainLater, "the server holds as many unfinished messages as it may", .busy)
    default: break
    }
  }

  private func setHeld(_ isHeld: Bool) {
    guard isHeld != self.isHeld else { return }
    self.isHeld = isHeld
    listener_hold(link, isHeld ? 1 : 0)
  }
}
