import Essentials
import Foundation
import Glibc
import Mathematics
import Networking
import TestKit
import Testing
import Twins

@Suite("The HTTP server", .ownThread, .serialized, .timeLimit(.minutes(10)))
struct HTTPServerTests {
  @Test("requests on one connection are answered one after the other")
  func answers() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    let health = try client.ask("GET", "/health")
    #expect(health.status == 200)
    #expect(health.text == "{\"ok\":true}")
    #expect(health["content-type"] == "application/json")
    #expect(health["content-length"] == "11")
    #expect(health["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(health["x-content-type-options"] == "nosniff")
    #expect(health["connection"] == nil && health["access-control-allow-origin"] == nil)
    #expect(try client.ask("GET", "/worker").status == 200)
    #expect(try client.ask("POST", "/echo", body: "a body").text == "a body")
    #expect(try client.ask("GET", "/names/%E2%82%AC").text == "{\"name\":\"€\"}")
    #expect(try client.ask("GET", "/nothing").status == 404)
    #expect(try client.ask("DELETE", "/health").status == 405)
    #expect(try client.ask("GET", "/failing").status == 500)
    #expect(bench.state.records.all.last?.cause == "CocoaError")
    #expect(try client.ask("GET", "/numbers?count=0").status == 422)
    #expect(try client.ask("GET", "/ws/echo").status == 426)
    let refused = try client.ask("GET", "/guarded")
    #expect(refused.status == 401 && refused.text.contains("\"error\":\"no_token\""))
    #expect(try client.ask("GET", "/guarded", ["Authorization: Bearer letmein"]).status == 200)
    let statistics = bench.server.statistics
    #expect(statistics.connectionsTotal == 1 && statistics.connectionsOpen == 1)
    let worker = try #require(statistics.routes.first { $0.pattern == "/worker" })
    #expect(worker.answers == [0, 1, 0, 0, 0] && worker.latencies.reduce(0, +) == 1)
    #expect(statistics.routes.last?.pattern == "none")
    #expect(statistics.routes.last?.answers == [0, 0, 0, 2, 0])
  }

  @Test(
    "HEAD has the header of GET and no body, OPTIONS names the methods and allows no other page")
  func otherMethods() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    let head = try client.ask("HEAD", "/health")
    #expect(head.status == 200 && head["content-length"] == "11")
    let options = try client.ask("OPTIONS", "/health", ["Origin: https://elsewhere.example"])
    #expect(options.status == 204 && options["allow"] == "GET, HEAD, OPTIONS")
    #expect(options["content-length"] == nil && options["access-control-allow-origin"] == nil)
    let whole = try client.ask("OPTIONS", "*")
    #expect(whole.status == 204 && whole["allow"]?.contains("PATCH") == true)
    #expect(try client.ask("OPTIONS", "/nothing").status == 404)
    #expect(try client.ask("GET", "/health").status == 200)
  }

  @Test("requests that come at once are answered in their order, whoever is done first")
  func pipelining() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    var text = ""
    for number in 0..<100 {
      text +=
        number % 3 == 0
        ? "GET /worker HTTP/1.1\r\nHost: a\r\nX: \(number)\r\n\r\n"
        : number % 3 == 1
          ? "GET /names/\(number) HTTP/1.1\r\nHost: a\r\n\r\n"
          : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(number)\r\n\r\n"
            + String(repeating: "x", count: number)
    }
    client.send(text)
    for number in 0..<100 {
      let answer = try client.readAnswer()
      let expected =
        number % 3 == 0
        ? "{\"ok\":true}"
        : number % 3 == 1 ? "{\"name\":\"\(number)\"}" : String(repeating: "x", count: number)
      #expect(answer.text == expected)
    }
  }

  @Test("a client that waits for 100 Continue gets it, and its body is read")
  func continues() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    #expect(try client.readAnswer().status == 100)
    client.send("ok")
    #expect(try client.readAnswer().text == "ok")
    client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    #expect(try client.readAnswer().text == "abc")
    client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n")
    #expect(try client.readAnswer().status == 413)
  }

  @Test("long answers arrive whole, also where the client takes them slowly")
  func longAnswers() throws {
    let bench = try ServerBench()
    let slow = try WireClient(port: bench.port, receiveBufferBytes: 4096)
    slow.send("GET /numbers?count=100000 HTTP/1.1\r\nHost: a\r\n\r\n")
    let other = try bench.client()
    #expect(try other.ask("GET", "/health").status == 200)
    let answer = try slow.readAnswer()
    #expect(answer.body.count == 588_903)
    #expect(answer.text.hasSuffix("99998,99999]}"))
    // The same content is not sent twice.
    let tag = try #require(answer["etag"])
    let again = try slow.ask("GET", "/numbers?count=100000", ["If-None-Match: \(tag)"])
    #expect(again.status == 304 && again["etag"] == tag && again.body.isEmpty)
    // On this machine nothing is packed, whatever the client takes.
    let plain = try slow.ask("GET", "/numbers?count=1000", ["Accept-Encoding: gzip"])
    #expect(plain["content-encoding"] == nil && plain["vary"] == "Accept-Encoding")
  }

  /// Bytes that are no request, and the status that they get.
  struct Nonsense: CustomTestStringConvertible {
    let text: String
    /// How many bytes follow.
    let padding: Int
    let status: Int

    init(_ text: String, padding: Int = 0, _ status: Int) {
      self.text = text
      self.padding = padding
      self.status = status
    }

    var testDescription: String { "\(status): \(text.debugDescription) and \(padding) bytes" }
  }

  private static let post = "POST /echo HTTP/1.1\r\nHost: a\r\n"

  @Test(
    "what is not HTTP gets its status, the connection ends, and nobody else notices",
    arguments: [
      Nonsense("nonsense\r\n\r\n", 400), Nonsense("GET / HTTP/1.1\r\n\r\n", 400),
      Nonsense("\u{16}\u{3}\u{1}\u{2}\u{0}", 400), Nonsense("GET / HTTP/3.0\r\n\r\n", 505),
      Nonsense("BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", 501),
      Nonsense("GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      Nonsense("GET /", padding: 9000, 414),
      Nonsense("GET / HTTP/1.1\r\nA: ", padding: 40_000, 431),
      Nonsense(
        "GET / HTTP/1.1\r\n" + String(repeating: "A: a\r\n", count: 150), 431),
      Nonsense(post + "Content-Length: 99999999\r\n\r\n", 413),
      Nonsense(post + "Content-Length: 99999999\r\n\r\n", padding: 2_000_000, 413),
      Nonsense(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ])
  func malformed(nonsense: Nonsense) throws {
    let bench = try ServerBench()
    let bystander = try bench.client()
    #expect(try bystander.ask("GET", "/health").status == 200)
    let client = try bench.client()
    client.send(nonsense.text)
    client.send([UInt8](repeating: 0x61, count: nonsense.padding))
    let answer = try client.readAnswer()
    #expect(answer.status == nonsense.status)
    #expect(answer["connection"] == "close")
    for member in ["error", "detail", "help"] { #expect(answer.text.contains("\"\(member)\":")) }
    #expect(try client.isClosed())
    #expect(try bystander.ask("GET", "/health").status == 200)
  }

  @Test("a header field of a handler cannot begin another")
  func injection() throws {
    let bench = try ServerBench()
    let answer = try bench.client().ask("GET", "/injecting")
    #expect(answer["set-cookie"] == nil)
    #expect(answer["location"] == "/a  Set-Cookie: a=b")
    #expect(answer.headers.filter { $0.name == "content-length" }.map(\.value) == ["0"])
  }

  @Test("a connection ends where the client, its version or the limit says so")
  func endOfConnection() throws {
    var limits = ServerBench.limits
    limits.requestsPerConnectionMax = 2
    let bench = try ServerBench(limits: limits)
    let asking = try bench.client()
    #expect(try asking.ask("GET", "/health", ["Connection: close"])["connection"] == "close")
    #expect(try asking.isClosed())
    let old = try bench.client()
    old.send("GET /health HTTP/1.0\r\n\r\n")
    #expect(try old.readAnswer().text == "{\"ok\":true}")
    #expect(try old.isClosed())
    let keeping = try bench.client()
    keeping.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    #expect(try keeping.readAnswer()["connection"] == "keep-alive")
    let busy = try bench.client()
    #expect(try busy.ask("GET", "/health")["connection"] == nil)
    #expect(try busy.ask("GET", "/worker")["connection"] == "close")
    #expect(try busy.isClosed())
  }

  @Test("who sends slowly, or nothing, is answered or cut off when its time is over")
  func slowClients() throws {
    let bench = try ServerBench()
    let silent = try bench.client()
    let slow = try bench.client()
    let slowBody = try bench.client()
    let idle = try bench.client()
    #expect(try idle.ask("GET", "/health").status == 200)
    let before = bench.server.statistics.bytesReceived
    let parts = ["GET /health HTTP/1.1\r\nHo", "st: a\r\n"]
    let body = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"
    slow.send(parts[0])
    slowBody.send(body)
    bench.waitForBytes(before + parts[0].utf8.count + body.utf8.count)
    bench.pass(.seconds(9))
    slow.send(parts[1])
    bench.waitForBytes(before + parts.joined().utf8.count + body.utf8.count)
    bench.pass(.seconds(2))
    #expect(try slow.readAnswer().status == 408)
    #expect(try silent.isClosed())
    bench.pass(.seconds(20))
    #expect(try slowBody.readAnswer().status == 408)
    bench.pass(.seconds(30))
    #expect(try idle.isClosed())
    #expect(bench.server.statistics.refused[.tooSlow] == 2)
  }

  @Test("connections that break off, or stay half open, leave nothing behind")
  func brokenConnections() throws {
    let bench = try ServerBench()
    for text in ["", "GET /hea", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"] {
      let client = try bench.client()
      client.send(text)
      client.reset()
      let half = try bench.client()
      half.send(text)
      half.endSending()
      #expect(try half.readToEnd().isEmpty)
    }
    let gone = try bench.client()
    gone.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
    bench.state.waiting.waitForArrivals(1)
    gone.reset()
    let waiting = try bench.client()
    #expect(try waiting.ask("GET", "/worker").status == 200)
    bench.state.waiting.open()
    waiting.leave()
    bench.server.stop(grace: .zero)
    #expect(bench.server.statistics.connectionsOpen == 0)
    #expect(bench.server.statistics.connectionsTotal == 8)
  }

  @Test("when all workers are busy and the queue is full, requests are refused and not kept")
  func busyWorkers() throws {
    var limits = ServerBench.limits
    limits.waitingRequestsMax = 2
    let bench = try ServerBench(limits: limits, workers: 1)
    let first = try bench.client()
    first.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
    bench.state.waiting.waitForArrivals(1)
    let queued = [try bench.client(), try bench.client()]
    for client in queued {
      client.send("GET /worker HTTP/1.1\r\nHost: a\r\n\r\n")
    }
    while bench.server.statistics.requestsWaiting < 2 { sched_yield() }
    let late = try bench.client()
    let refused = try late.ask("GET", "/worker")
    #expect(refused.status == 503 && refused["retry-after"] == "1")
    #expect(try late.ask("GET", "/health").status == 200)
    #expect(bench.server.statistics.requestsWaiting == 2)
    bench.state.waiting.open()
    #expect(try first.readAnswer().status == 200)
    for client in queued { #expect(try client.readAnswer().status == 200) }
    #expect(try late.ask("GET", "/worker").status == 200)
  }

  @Test("connections beyond the limit are told so, and places that are free again are given away")
  func fullHouse() throws {
    var limits = ServerBench.limits
    limits.connectionsMax = 3
    let bench = try ServerBench(limits: limits)
    let clients = try (0..<3).map { _ in try bench.client() }
    for client in clients { #expect(try client.ask("GET", "/health").status == 200) }
    let late = try bench.client()
    let refused = try late.readAnswer()
    #expect(refused.status == 503 && refused["retry-after"] == "1")
    #expect(try late.isClosed())
    late.leave()
    _ = try clients[0].ask("GET", "/health", ["Connection: close"])
    #expect(try clients[0].isClosed())
    clients[0].leave()
    // The place is free when the server has seen the client go.
    var status = 503
    while status == 503 {
      let next = try bench.client()
      next.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
      status = try next.readAnswer().status
    }
    #expect(status == 200)
  }

  @Test("unfinished bodies of all clients together have a bound")
  func heldBytes() throws {
    var limits = ServerBench.limits
    limits.heldBytesMax = 100_000
    let bench = try ServerBench(limits: limits)
    let first = try bench.client()
    first.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n")
    first.send(String(repeating: "a", count: 89_999))
    bench.waitForBytes(90_000)
    let second = try bench.client()
    second.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n")
    second.send(String(repeating: "b", count: 89_999))
    #expect(try second.readAnswer().status == 503)
    first.send("c")
    #expect(try first.readAnswer().body.count == 90_000)
    #expect(bench.server.statistics.refused[.busy] == 1)
  }

  @Test("the log says who asked for what, and never what was secret")
  func log() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    _ = try client.ask("GET", "/guarded?token=secret1", ["Authorization: Bearer letmein"])
    _ = try client.ask("GET", "/names/x?key=secret2", ["Cookie: secret3"])
    client.send("GET /sec ret4 HTTP/1.1\r\n\r\n")
    _ = try client.readAnswer()
    let records = bench.state.records.wait(for: 3)
    #expect(
      records.map(\.line) == [
        "1994-11-06T08:49:37.250Z 127.0.0.1 reader GET /guarded 200 \(records[0].bytes) 0.0ms",
        "1994-11-06T08:49:37.250Z 127.0.0.1 - GET /names/x 200 \(records[1].bytes) 0.0ms",
        "1994-11-06T08:49:37.250Z 127.0.0.1 - - - 400 \(records[2].bytes) 0.0ms",
      ])
    #expect(records.map(\.pattern) == ["/guarded", "/names/{name}", nil])
    #expect(!records.contains { $0.json.compactText.contains("ret") })
  }

  // MARK: - Beginning and end

  @Test("a stop lets running requests end, tells the sockets, and takes nobody else")
  func gracefulStop() throws {
    let bench = try ServerBench()
    let idle = try bench.client()
    #expect(try idle.ask("GET", "/health").status == 200)
    let socket = try bench.client()
    #expect(try socket.openSocket("/ws/echo").status == 101)
    let running = try bench.client()
    running.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
    bench.state.waiting.waitForArrivals(1)
    let stopped = Gathering<Bool>()
    Thread.detachNewThread {
      bench.server.stop(grace: .seconds(10))
      stopped.add(true)
    }
    #expect(try idle.isClosed())
    let goodbye = try socket.readFrame()
    #expect(goodbye.isClose && goodbye.code == 1001)
    socket.send(WireClient.frame(0x88, [0x03, 0xe9]))
    #expect(try socket.isClosed())
    #expect(throws: WireClient.Disappointment.self) { try bench.client() }
    bench.state.waiting.open()
    let answer = try running.readAnswer()
    #expect(answer.text == "{\"waited\":true}" && answer["connection"] == "close")
    for client in [running, socket, idle] { client.leave() }
    _ = stopped.wait(for: 1)
    #expect(bench.state.sessions.all.first?.ends.all.count == 1)
  }

  @Test("a stop without grace cuts everything, and every session hears of its end")
  func abruptStop() throws {
    let bench = try ServerBench()
    let sockets = try (0..<5).map { _ in
      let client = try bench.client()
      #expect(try client.openSocket("/ws/echo").status == 101)
      return client
    }
    let running = try bench.client()
    running.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
    bench.state.waiting.waitForArrivals(1)
    bench.server.stop(grace: .zero)
    bench.server.stop(grace: .zero)
    for session in bench.state.sessions.all { #expect(session.ends.all.count == 1) }
    #expect(try running.readToEnd().isEmpty)
    #expect(bench.state.sessions.all.allSatisfy { !$0.outlet.send(SharedText("late")) })
    bench.state.waiting.open()
    withExtendedLifetime(sockets) {}
  }

  @Test("a port is free again after a stop, and two servers do not share one")
  func ports() throws {
    let first = try ServerBench()
    #expect(throws: ServerFailure.addressInUse(host: "127.0.0.1", port: first.port)) {
      _ = try ServerBench(port: first.port)
    }
    #expect(throws: ServerFailure.startedBefore) { try first.server.start() }
    let client = try first.client()
    #expect(try client.ask("GET", "/health").status == 200)
    first.server.stop(grace: .zero)
    for _ in 0..<3 {
      let next = try ServerBench(port: first.port)
      #expect(try next.client().ask("GET", "/health").status == 200)
      next.server.stop(grace: .zero)
    }
  }

  @Test(
    "a server that cannot serve says why",
    arguments: [
      (ServerConfiguration(host: "no.such.host.invalid", port: 0), "address_unknown"),
      (ServerConfiguration(host: "192.0.2.1", port: 0), "address_unknown"),
      (ServerConfiguration(port: 70_000), "port_out_of_range"),
      (
        ServerConfiguration(
          port: 0, folders: [StaticFolder(prefix: "/ui", folder: "/no/such/folder")]),
        "unreadable_file"
      ),
      (
        ServerConfiguration(
          port: 0,
          certificate: ServerCertificate(certificateFile: "/no/such.pem", keyFile: "/no/key")),
        "unreadable_file"
      ),
    ])
  func failures(configuration: ServerConfiguration, key: String) {
    let server = HTTPServer(
      configuration: configuration, router: Router(routes: [], guardian: BenchGuard()),
      now: { Timestamp(millisecondsSinceEpoch: 0) }, elapsed: { .zero }, log: { _ in })
    do throws(ServerFailure) {
      try server.start()
      Issue.record("it started")
    } catch {
      #expect(error.key == key)
      #expect(!error.explanation.isEmpty && !error.remedy.isEmpty)
    }
  }

  @Test("a file in place of a certificate is refused with a reason")
  func uselessCertificate() throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("page.pem").path
    try Data("no certificate".utf8).write(to: URL(fileURLWithPath: path))
    do {
      _ = try ServerBench(
        certificate: ServerCertificate(certificateFile: path, keyFile: path))
      Issue.record("it started")
    } catch let error as ServerFailure {
      #expect(error.key == "unusable_certificate")
    }
  }

  @Test("descriptors and connections are given back, however often servers come and go")
  func descriptors() async {
    // In a process of its own, since other suites open descriptors at the same time.
    await #expect(processExitsWith: .success) {
      func count() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      }
      func once() throws {
        let bench = try ServerBench()
        let clients = try (0..<20).map { _ in try bench.client() }
        for client in clients { #expect(try client.ask("GET", "/worker").status == 200) }
        bench.server.stop(grace: .zero)
      }
      try once()
      let before = try count()
      for _ in 0..<4 { try once() }
      #expect(try count() < before + 20)
    }
  }

  // MARK: - Malice

  @Test("thousands of mutilated requests over real connections harm nobody", arguments: [1, 2])
  func mutilated(seed: UInt64) throws {
    let bench = try ServerBench()
    let bystander = try bench.client()
    var generator = SplitMix64(seed: seed)
    var statuses: Set<Int> = []
    for number in 0..<1500 {
      let text = Mutilation.request(using: &generator)
      let client = try bench.client()
      client.send(text)
      client.endSending()
      let answer = try client.readToEnd()
      if answer.starts(with: "HTTP/1.1 ".utf8), answer.count > 12,
        let status = Int(String(decoding: answer[9..<12], as: UTF8.self))
      {
        statuses.insert(status)
        #expect(status < 500 || status == 501 || status == 505, "seed \(seed): \(number)")
      } else {
        #expect(answer.isEmpty, "seed \(seed), request \(number) was answered with no HTTP")
      }
      if number % 300 == 0 { #expect(try bystander.ask("GET", "/health").status == 200) }
    }
    #expect(statuses.isSuperset(of: [200, 400]))
    #expect(try bystander.ask("GET", "/health").status == 200)
  }
}
