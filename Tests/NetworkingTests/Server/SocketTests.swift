import Essentials
import Foundation
import Glibc
import Networking
import TestKit
import Testing
import Twins

@Suite("WebSockets of the server", .ownThread, .serialized, .timeLimit(.minutes(10)))
struct SocketTests {
  private func socket(
    _ bench: ServerBench, _ target: String = "/ws/echo", _ headers: [String] = [],
    receiveBufferBytes: Int? = nil
  ) throws -> WireClient {
    let client = try WireClient(port: bench.port, receiveBufferBytes: receiveBufferBytes)
    let answer = try client.openSocket(target, headers)
    try #require(answer.status == 101)
    return client
  }

  @Test("a socket opens with the proof of its key, and messages go both ways")
  func echo() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    let answer = try client.openSocket("/ws/echo")
    #expect(answer.status == 101)
    #expect(answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(answer["sec-websocket-protocol"] == nil)
    client.sendText("hello")
    #expect(try client.readFrame().text == "hello")
    client.send(
      WireClient.frame(0x01, Array("ab".utf8)) + WireClient.frame(0x89, Array("?".utf8))
        + WireClient.frame(0x80, Array("cd".utf8)) + WireClient.frame(0x82, [1, 2, 3]))
    let pong = try client.readFrame()
    #expect(pong.first == 0x8a && pong.text == "?")
    #expect(try client.readFrame().text == "abcd")
    #expect(try client.readFrame().text == "3 bytes")
    let large = String(repeating: "€", count: 21_000)
    client.sendText(large)
    #expect(try client.readFrame().text == large)
    let statistics = bench.server.statistics
    #expect(statistics.socketsOpen == 1 && statistics.messagesReceived == 4)
    #expect(statistics.framesSent == 4)
  }

  @Test("what a client sends behind its handshake at once is heard")
  func earlyFrames() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    client.send(
      Array(
        ("GET /ws/waiting HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\n"
          + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8)
        + WireClient.frame(0x81, Array("early".utf8)))
    bench.state.waiting.waitForArrivals(1)
    bench.state.waiting.open()
    #expect(try client.readAnswer().status == 101)
    #expect(try client.readFrame().text == "first")
    #expect(try client.readFrame().text == "early")
  }

  @Test(
    "a handshake that is not one is answered with what is wrong",
    arguments: [
      (["Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], 426),
      (["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], 426), (["Sec-WebSocket-Version: 13"], 400),
      (["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"], 400),
      (["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ!!"], 400),
    ])
  func handshakes(headers: [String], status: Int) throws {
    let bench = try ServerBench()
    let client = try bench.client()
    let headers = ["Upgrade: websocket", "Connection: Upgrade"] + headers
    let answer = try client.ask("GET", "/ws/echo", headers)
    #expect(answer.status == status)
    if status == 426 { #expect(answer["sec-websocket-version"] == "13") }
    #expect(try client.ask("GET", "/health").status == 200)
  }

  @Test("a token in the offer of subprotocols opens the socket and appears nowhere")
  func subprotocol() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    #expect(try client.openSocket("/ws/nothing").status == 404)
    #expect(try client.openSocket("/ws/guarded").status == 401)
    let answer = try client.openSocket(
      "/ws/guarded?x=1", ["Sec-WebSocket-Protocol: athanor.v1, bearer.letmein"])
    #expect(answer.status == 101)
    #expect(answer["sec-websocket-protocol"] == "athanor.v1")
    #expect(!answer.headers.contains { $0.value.contains("letmein") })
    let records = bench.state.records.wait(for: 3)
    #expect(records.map(\.status) == [404, 401, 101])
    #expect(records.last?.caller == "reader" && records.last?.pattern == "/ws/guarded")
    #expect(!records.contains { ($0.line + $0.json.compactText).contains("letmein") })
  }

  @Test(
    "a client's mistake closes its socket with the code that names it, and no other",
    arguments: [
      (WireClient.frame(0x81, [0x61], isMasked: false), 1002), (WireClient.frame(0xf1, []), 1002),
      (WireClient.frame(0x83, []), 1002), (WireClient.frame(0x09, []), 1002),
      (WireClient.frame(0x80, []), 1002),
      (WireClient.frame(0x89, [UInt8](repeating: 1, count: 200)), 1002),
      (WireClient.frame(0x81, [0xc0, 0x80]), 1007),
      (WireClient.frame(0x82, [UInt8](repeating: 1, count: 65_537)), 1009),
      (
        WireClient.frame(0x02, [UInt8](repeating: 1, count: 40_000))
          + WireClient.frame(0x80, [UInt8](repeating: 1, count: 40_000)), 1009
      ),
    ])
  func mistakes(bytes: [UInt8], code: Int) throws {
    let bench = try ServerBench()
    let bystander = try socket(bench)
    let client = try socket(bench)
    client.send(bytes)
    let frame = try client.readFrame()
    #expect(frame.isClose && frame.code == code)
    #expect(try client.isClosed())
    #expect(bench.state.sessions.wait(for: 2)[1].ends.wait(for: 1).count == 1)
    bystander.sendText("still here")
    #expect(try bystander.readFrame().text == "still here")
    #expect(bench.server.statistics.refused[.badSocket] == 1)
  }

  @Test(
    "a flood is closed with 1008",
    arguments: [
      WireClient.frame(0x81, [0x61]), WireClient.frame(0x89, [0x61]), WireClient.frame(0x8a, []),
    ])
  func floods(frame: [UInt8]) throws {
    let bench = try ServerBench()
    let client = try socket(bench)
    client.send([[UInt8]](repeating: frame, count: 100).flatMap { $0 })
    var last = try client.readFrame()
    while !last.isClose { last = try client.readFrame() }
    #expect(last.code == 1008)
    #expect(bench.state.sessions.wait(for: 1)[0].ends.wait(for: 1).count == 1)
    #expect(bench.state.sessions.wait(for: 1)[0].heard.all.count <= 40)
    #expect(bench.server.statistics.refused[.flood] == 1)
  }

  @Test("as many messages as are allowed in a second are heard, second after second")
  func allowance() throws {
    let bench = try ServerBench()
    let client = try socket(bench)
    for _ in 0..<4 {
      for _ in 0..<20 {
        client.sendText("a")
        #expect(try client.readFrame().text == "a")
      }
      bench.pass(.seconds(1))
    }
  }

  @Test("either side closes, and is answered with the same code")
  func closing() throws {
    let bench = try ServerBench()
    let client = try socket(bench)
    client.send(WireClient.frame(0x88, [0x0f, 0xa1] + Array("done".utf8)))
    let echo = try client.readFrame()
    #expect(echo.isClose && echo.code == 4001)
    #expect(try client.isClosed())
    let other = try socket(bench)
    other.sendText("close please")
    let frame = try other.readFrame()
    #expect(frame.isClose && frame.code == 1000)
    #expect(String(decoding: frame.payload.dropFirst(2), as: UTF8.self) == "as you wish")
    other.send(WireClient.frame(0x88, [0x03, 0xe8]))
    #expect(try other.isClosed())
    let deaf = try socket(bench)
    deaf.sendText("close please")
    #expect(try deaf.readFrame().isClose)
    bench.pass(.seconds(1))
    #expect(try deaf.isClosed())
    let rude = try socket(bench)
    rude.reset()
    for session in bench.state.sessions.wait(for: 4) {
      #expect(session.ends.wait(for: 1).count == 1)
    }
    bench.server.stop(grace: .zero)
    #expect(bench.server.statistics.socketsOpen == 0)
    for session in bench.state.sessions.all {
      #expect(session.ends.all.count == 1)
      #expect(!session.outlet.send(SharedText("late")) && session.outlet.backlog == 0)
    }
  }

  @Test("a close waits for what was sent before it, and takes nothing behind it")
  func closeBehind() throws {
    let bench = try ServerBench()
    let client = try socket(bench)
    let outlet = bench.state.sessions.wait(for: 1)[0].outlet
    let text = SharedText(String(repeating: "x", count: 1000))
    for _ in 0..<500 { #expect(outlet.send(text)) }
    outlet.close(.goingAway, "enough")
    #expect(!outlet.send(text))
    for _ in 0..<500 { #expect(try client.readFrame().payload.count == 1000) }
    #expect(try client.readFrame().code == 1001)
  }

  @Test("a client that is half dead is found with a ping, one that answers is kept")
  func pings() throws {
    let bench = try ServerBench()
    let alive = try socket(bench)
    let dead = try socket(bench)
    bench.pass(.seconds(21))
    for client in [alive, dead] { #expect(try client.readFrame().first == 0x89) }
    alive.send(WireClient.frame(0x8a, []))
    alive.sendText("here")
    #expect(try alive.readFrame().text == "here")
    bench.pass(.seconds(20))
    #expect(try dead.isClosed())
    #expect(try alive.readFrame().first == 0x89)
    #expect(bench.server.statistics.refused[.deadSocket] == 1)
  }

  @Test("200 sockets get every message, while one that reads nothing is bounded and delays nobody")
  func manySockets() throws {
    var limits = ServerBench.limits
    limits.socketQueueBytesMax = 100_000
    let bench = try ServerBench(limits: limits)
    let slow = try socket(bench, receiveBufferBytes: 4096)
    let slowOutlet = bench.state.sessions.wait(for: 1)[0].outlet
    let clients = try (0..<200).map { _ in try socket(bench) }
    let sessions = bench.state.sessions.all
    #expect(sessions.count == 201)
    let rounds = 20
    let heavy = SharedText(String(repeating: "y", count: 50_000))
    var taken = 0
    for round in 0..<rounds {
      let text = SharedText("\(round) " + String(repeating: "x", count: 2000))
      for session in sessions.dropFirst() { #expect(session.outlet.send(text)) }
      // The slow one is offered much more than its queue and the system's buffers hold.
      for _ in 0..<20 where slowOutlet.send(heavy) { taken += 1 }
      for client in clients { #expect(try client.readFrame().payload == text.bytes) }
      #expect(slowOutlet.backlog <= 100_000)
    }
    #expect(taken < rounds * 20)
    #expect(bench.server.statistics.backlogBytes <= 100_000)
    for session in sessions.dropFirst() { #expect(!session.drains.wait(for: 1).isEmpty) }
    // What was taken arrives whole and in order once the slow one reads.
    for _ in 0..<taken { #expect(try slow.readFrame().payload == heavy.bytes) }
    #expect(slowOutlet.backlog == 0 || slowOutlet.send(SharedText("more")))
    withExtendedLifetime(clients) {}
  }

  @Test("a client that stops reading is cut off when its time is over")
  func stalled() throws {
    let bench = try ServerBench()
    let client = try socket(bench, receiveBufferBytes: 4096)
    let outlet = bench.state.sessions.wait(for: 1)[0].outlet
    let text = SharedText(String(repeating: "x", count: 60_000))
    // Until the system's buffers and the queue are full.
    var refusals = 0
    while refusals < 1000 {
      if !outlet.send(text) {
        refusals += 1
        sched_yield()
      }
    }
    // The system's buffers may take a little more just when the time has passed, which counts as
    // reading.
    let session = bench.state.sessions.wait(for: 1)[0]
    while session.ends.all.isEmpty {
      bench.pass(.seconds(31))
      sched_yield()
    }
    #expect(session.ends.all.count == 1)
    #expect(bench.server.statistics.refused[.stalled] == 1)
    client.leave()
  }

  @Test("sockets beyond the limit are refused before the handshake")
  func fullHouse() throws {
    var limits = ServerBench.limits
    limits.socketsMax = 2
    let bench = try ServerBench(limits: limits)
    let first = try socket(bench)
    let second = try socket(bench)
    let late = try bench.client()
    let refused = try late.openSocket("/ws/echo")
    #expect(refused.status == 503 && refused["retry-after"] == "1")
    #expect(bench.state.sessions.all.count == 2)
    first.send(WireClient.frame(0x88, []))
    #expect(try first.readFrame().isClose)
    #expect(try first.isClosed())
    #expect(try late.openSocket("/ws/echo").status == 101)
    withExtendedLifetime(second) {}
  }
}
