import Essentials
import Networking
import Twins

/// Reads a target; one that is accepted must read back from its segments.
func readTarget(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
  guard let target = RequestTarget(text) else { return 0 }
  for segment in target.segments {
    precondition(!segment.isEmpty && segment != ".." && segment != ".", "a segment climbs")
    precondition(!segment.utf8.contains { $0 == 0x2f || $0 < 0x20 }, "a segment is no name")
  }
  return 0
}

/// Reads requests at once and byte by byte; both must find the same requests, and both a fault or
/// neither.
func readRequests(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  let whole = requests(in: bytes, piece: max(1, bytes.count))
  let cut = requests(in: bytes, piece: 1)
  let count = min(whole.steps.count, cut.steps.count)
  precondition(whole.steps.prefix(count) == cut.steps.prefix(count), "a cut changes a request")
  precondition((whole.fault == nil) == (cut.fault == nil), "a cut hides a fault")
  return 0
}

private func requests(
  in bytes: [UInt8], piece: Int
) -> (steps: [RequestReader.Step], fault: RequestFault?) {
  var reader = RequestReader(limits: .init())
  var steps: [RequestReader.Step] = []
  do throws(RequestFault) {
    for start in stride(from: 0, to: bytes.count, by: piece) {
      bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { reader.take($0) }
      while true {
        let step = try reader.advance()
        if step == .needsMore { break }
        if step != .awaitsContinue { steps.append(step) }
      }
    }
    return (steps, nil)
  } catch {
    return (steps, error)
  }
}

/// Reads frames; what is held must stay within the limit.
func readFrames(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  var reader = FrameReader(messageBytesMax: 1000)
  do throws(SocketFault) {
    for place in 0..<size {
      UnsafeRawBufferPointer(start: data.map { $0 + place }, count: 1).withMemoryRebound(
        to: UInt8.self
      ) { reader.take(UnsafeRawBufferPointer($0)) }
      while try reader.advance() != .needsMore {}
      precondition(reader.bytesHeld <= 1000 + 14, "a message is held that is too long")
    }
  } catch {
    precondition(!error.reason.isEmpty, "a fault explains nothing")
  }
  return 0
}

// MARK: - The whole server

/// Sends bytes to a real server, over a connection of their own. Whatever they are, the server must
/// answer with HTTP or not at all, end the connection, and go on to serve.
func askServer(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  guard let client = try? WireClient(port: FuzzedServer.shared.port) else {
    preconditionFailure("the server has gone")
  }
  client.send(UnsafeBufferPointer(start: data, count: size))
  client.endSending()
  guard let answer = try? client.readToEnd() else {
    preconditionFailure("the server keeps a connection that has ended")
  }
  precondition(
    answer.isEmpty || answer.starts(with: "HTTP/1.1 ".utf8), "the server answers with no HTTP")
  return 0
}

private final class FuzzedServer: Sendable {
  static let shared = FuzzedServer()

  let port: Int
  private let server: HTTPServer

  private init() {
    let name = RouteParameter<String>.segment("name", "A name.")
    let count = RouteParameter<Int>.whole("count", in: 0...9, default: 1, "A number.")
    server = HTTPServer(
      configuration: ServerConfiguration(port: 0),
      router: Router(
        routes: [
          Route(
            .get, "/a/{name}", "Answers.", group: "Fuzz", access: .open,
            parameters: [name.contract, count.contract], answers: [], place: .loop
          ) { .json(["name": .string($0[name]), "count": .integer($0[count])]) },
          Route(.post, "/b", "Repeats.", group: "Fuzz", access: .open, answers: []) {
            ServerResponse(body: $0.request.body)
          },
        ],
        sockets: [
          SocketRoute("/c", "Listens.", group: "Fuzz", access: .open) { _, outlet in
            FuzzedSession(outlet)
          }
        ], guardian: EverybodyMayPass()),
      now: { Timestamp(millisecondsSinceEpoch: 0) }, elapsed: { .zero }, log: { _ in })
    do {
      port = try server.start()
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

private struct EverybodyMayPass: RequestGuard {
  func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) throws -> Caller? { nil }
}

private final class FuzzedSession: SocketSession {
  private let outlet: any SocketOutlet

  init(_ outlet: any SocketOutlet) {
    self.outlet = outlet
  }

  func received(_ message: SocketMessage) { _ = outlet.send(SharedText("heard")) }
  func drained() {}
  func closed() {}
}
