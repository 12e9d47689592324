import Essentials
import Networking
import TestKit
import Testing
import Twins

@Suite("The HTTP client", .ownThread, .timeLimit(.minutes(10)))
struct HTTPClientTests {
  let client = HTTPClient()

  private func request(
    _ twin: HTTPTwin, _ method: HTTPMethod = .get, _ path: String = "/", headers: HTTPHeaders = [:],
    body: String = "", limits: HTTPLimits = .patient
  ) throws -> HTTPRequest {
    try HTTPRequest(
      method, HTTPAddress(twin.address + path), headers: headers, body: Array(body.utf8),
      limits: limits)
  }

  // MARK: Exchanges

  @Test("an answer comes back with its status, its fields and its body")
  func wholeAnswer() async throws {
    let twin = try HTTPTwin { _ in
      .answer(404, headers: [TwinField("Set-Cookie", "a=1"), TwinField("set-cookie", "b=2")], "no")
    }
    let response = try await client.send(request(twin))
    #expect(response.status == 404)
    #expect(response.headers.all("SET-COOKIE") == ["a=1", "b=2"])
    #expect(response.headers["content-length"] == "2")
    #expect(response.text == "no")
  }

  @Test("method, path, query, fields, secrets and body arrive as they were given")
  func wholeRequest() async throws {
    let twin = try HTTPTwin { _ in .answer() }
    for (method, body) in [
      (HTTPMethod.post, "{\"a\":1}"), (.put, "x"), (.patch, "y"), (.delete, ""), (.get, ""),
      (.post, ""), (.options, ""), (.delete, "z"),
    ] {
      let request = try HTTPRequest(
        method,
        HTTPAddress(twin.address).appending(
          "a b", "ü", query: [("key", "1+2&3"), ("date>", "x y")]),
        headers: ["X-Empty": "", "Content-Type": "application/json"],
        secrets: [.init("Authorization", SecretText("Bearer key"))], body: Array(body.utf8))
      _ = try await client.send(request)
      let seen = try #require(twin.requests.last)
      #expect(seen.method == method.rawValue)
      #expect(seen.path == "/a%20b/%C3%BC")
      #expect(seen.query == ["key": "1+2&3", "date>": "x y"])
      #expect(seen.header("x-empty") == "")
      #expect(seen.header("authorization") == "Bearer key")
      #expect(seen.header("content-type") == "application/json")
      #expect(seen.header("expect") == nil)
      #expect(seen.text == body, "\(method)")
    }
  }

  @Test("a body of megabytes goes out and comes back unchanged")
  func largeBodies() async throws {
    let twin = try HTTPTwin { .answer(bytes: $0.body) }
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let request = try HTTPRequest(.post, HTTPAddress(twin.address), body: body)
    #expect(try await client.send(request).body == body)
  }

  @Test("a connection serves many requests")
  func reuse() async throws {
    let twin = try HTTPTwin { .answer($0.path) }
    for number in 0..<20 {
      let method: HTTPMethod = number % 2 == 0 ? .get : .post
      let response = try await client.send(
        request(twin, method, "/\(number)", body: method == .post ? "x" : ""))
      #expect(response.text == "/\(number)")
    }
    #expect(twin.connections == 1)
  }

  @Test("many requests at once each get their own answer")
  func concurrency() async throws {
    let twin = try HTTPTwin { .answer($0.path) }
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in 0..<64 {
        group.addTask { (number, try await client.send(request(twin, .get, "/\(number)")).text) }
      }
      for try await (number, text) in group { #expect(text == "/\(number)") }
    }
    #expect(twin.requests.count == 64)
  }

  @Test("HEAD and 204 end without a body")
  func bodiless() async throws {
    let twin = try HTTPTwin { request in
      request.method == "HEAD"
        ? .bodiless(200, headers: [TwinField("Content-Length", "999999999")]) : .bodiless(204)
    }
    #expect(try await client.send(request(twin, .head)).headers["content-length"] == "999999999")
    #expect(try await client.send(request(twin)).status == 204)
  }

  @Test("a redirect is an answer like any other")
  func redirect() async throws {
    let twin = try HTTPTwin { _ in
      .answer(302, headers: [TwinField("Location", "http://127.0.0.1:1/")])
    }
    #expect(try await client.send(request(twin)).status == 302)
    #expect(twin.requests.count == 1)
  }

  @Test("an interim answer is passed over")
  func interim() async throws {
    let twin = try HTTPTwin { _ in
      .raw("HTTP/1.1 103 Early\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    }
    let response = try await client.send(request(twin))
    #expect(response.status == 200)
    #expect(response.headers["x"] == nil)
    #expect(response.text == "ok")
  }

  @Test("a packed body is unpacked")
  func gzip() async throws {
    // gzip.compress(b"hello", mtime=0)
    let packed: [UInt8] = [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0,
    ]
    let twin = try HTTPTwin { _ in
      .answer(headers: [TwinField("Content-Encoding", "gzip")], bytes: packed)
    }
    #expect(try await client.send(request(twin)).text == "hello")
  }

  // MARK: Streams

  @Test("a stream gives its head before its body, and each chunk when it comes")
  func stream() async throws {
    let gate = TwinGate()
    let twin = try HTTPTwin { _ in
      TwinAnswer.chunked([Array("one".utf8), Array("two".utf8)], between: [.pass(gate)])
    }
    let stream = try await client.stream(request(twin))
    #expect(stream.head.status == 200)
    var texts: [String] = []
    for try await chunk in stream {
      texts.append(String(decoding: chunk, as: UTF8.self))
      gate.open()
    }
    #expect(texts == ["one", "two"])
  }

  @Test("a slow reader makes the server wait, and still gets every byte")
  func backPressure() async throws {
    let body = [UInt8](repeating: 7, count: 12 << 20)
    let twin = try HTTPTwin { _ in .answer(bytes: body) }
    let stream = try await client.stream(request(twin))
    var count = 0
    for try await chunk in stream {
      count += chunk.count
      await Task.yield()
    }
    #expect(count == body.count)
  }

  @Test("a stream that is let go closes its connection")
  func abandonedStream() async throws {
    let twin = try HTTPTwin { _ in .endless([UInt8](repeating: 1, count: 4096)) }
    for _ in 0..<3 {
      let stream = try await client.stream(request(twin))
      var chunks = stream.makeAsyncIterator()
      #expect(try await chunks.next() != nil)
    }
    // Stopping waits for the threads that send, which end only when the client has left.
    twin.stop()
  }

  @Test("events of a stream are read however the server cuts its bytes")
  func events() async throws {
    let bytes = Array("data: {\"text\":\"ü€\"}\r\n\r\nevent: end\ndata: 2\n\n".utf8)
    for size in [1, 3, 7, 100] {
      let chunks = stride(from: 0, to: bytes.count, by: size).map {
        Array(bytes[$0..<min(bytes.count, $0 + size)])
      }
      let twin = try HTTPTwin { _ in .chunked(chunks) }
      var reader = ServerSentEvents()
      var events: [ServerSentEvent] = []
      for try await chunk in try await client.stream(request(twin)) {
        events += try reader.read(chunk)
      }
      #expect(
        events == [
          ServerSentEvent(data: "{\"text\":\"ü€\"}"), ServerSentEvent(name: "end", data: "2"),
        ])
    }
  }

  @Test("what a busy server asks for is what the policy waits for")
  func busyServer() async throws {
    let twin = try HTTPTwin { request in
      request.place == 0 ? .busy(429, retryAfter: "61.5") : .answer("done")
    }
    var generator = CountedBits()
    let busy = try await client.send(request(twin))
    #expect(
      RetryPolicy().verdict(
        after: .answered(busy.head), number: 1, waited: .zero,
        at: Timestamp(millisecondsSinceEpoch: 0), using: &generator)
        == .wait(.milliseconds(61_500)))
    #expect(try await client.send(request(twin)).text == "done")
  }

  // MARK: Faults

  private func failure(
    _ answer: TwinAnswer, _ method: HTTPMethod = .get, limits: HTTPLimits = HTTPLimits()
  ) async throws -> HTTPFailure? {
    let twin = try HTTPTwin { _ in answer }
    let request = try request(twin, method, body: method == .post ? "x" : "", limits: limits)
    do {
      _ = try await client.send(request)
      return nil
    } catch {
      return error
    }
  }

  @Test("a server that never begins to answer runs out of time, and may have acted")
  func silentServer() async throws {
    let limits = HTTPLimits(firstByte: .milliseconds(60))
    #expect(
      try await failure(.silence, .post, limits: limits)
        == .timedOut(
          .firstByte, host: "127.0.0.1", limit: .milliseconds(60), mayHaveBeenReceived: true))
  }

  @Test("a server that falls silent in the middle runs out of time")
  func silentMiddle() async throws {
    let limits = HTTPLimits(silence: .milliseconds(60))
    #expect(
      try await failure(.partial(length: 10, "abc", then: .hang), limits: limits)
        == .timedOut(
          .nextByte, host: "127.0.0.1", limit: .milliseconds(60), mayHaveBeenReceived: true))
  }

  @Test("an answer that never ends runs out of time as a whole")
  func wholeTime() async throws {
    let limits = HTTPLimits(total: .milliseconds(80), bodyBytes: .max)
    #expect(
      try await failure(.partial(length: 10, "abc", then: .hang), limits: limits)
        == .timedOut(
          .wholeAnswer, host: "127.0.0.1", limit: .milliseconds(80), mayHaveBeenReceived: true))
  }

  @Test("a port where nobody listens refuses, and nothing was received")
  func nobody() async throws {
    let twin = try HTTPTwin { _ in .answer() }
    twin.stop()
    await #expect {
      try await client.send(request(twin))
    } throws: { error in
      guard case HTTPFailure.couldNotConnect(let place, _) = error else { return false }
      return place == "127.0.0.1:\(twin.port)" && !(error as? HTTPFailure)!.mayHaveBeenReceived
    }
  }

  @Test("a name that does not exist is named")
  func unknownHost() async throws {
    let request = try HTTPRequest(.get, HTTPAddress("http://nowhere.invalid/"))
    await #expect(throws: HTTPFailure.hostNotFound(host: "nowhere.invalid")) {
      try await client.send(request)
    }
  }

  @Test("a connection that ends too early is broken off, not a short body")
  func brokenOff() async throws {
    for answer in [
      TwinAnswer.hangUp, .partial(length: 10, "abc", then: .close),
      .partial(length: 10, "abc", then: .reset), TwinAnswer([.reset]),
      .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
    ] {
      let failure = try await failure(answer, .post)
      guard case .brokenOff(_, _, mayHaveBeenReceived: true) = failure else {
        Issue.record("\(String(describing: failure)) after \(answer)")
        continue
      }
    }
  }

  @Test("what is not HTTP is refused")
  func garbage() async throws {
    for text in ["SSH-2.0-OpenSSH_9\r\n", "HTTP/1.1 abc\r\n\r\n", "<html></html>"] {
      guard case .malformedAnswer = try await failure(.raw(text)) else {
        Issue.record("\(text) was taken")
        continue
      }
    }
  }

  @Test("TLS against a server without it is not trusted")
  func plainServer() async throws {
    let twin = try HTTPTwin { _ in .raw("no TLS here, but bytes\r\n\r\n") }
    let request = try HTTPRequest(.get, HTTPAddress("https://127.0.0.1:\(twin.port)/"))
    await #expect {
      try await client.send(request)
    } throws: {
      if case HTTPFailure.notTrusted = $0 { true } else { false }
    }
  }

  @Test("a file of certificates that is not there is named, and nothing is sent")
  func missingCertificates() async throws {
    let client = HTTPClient(options: .init(certificateFile: "/nowhere/authority.pem"))
    let request = try HTTPRequest(.get, HTTPAddress("https://127.0.0.1:1/"))
    await #expect(throws: HTTPFailure.self) { try await client.send(request) }
  }

  @Test("a body larger than allowed ends the exchange, announced or not")
  func tooLarge() async throws {
    let limits = HTTPLimits(bodyBytes: 1000)
    let expected = HTTPFailure.tooLarge(host: "127.0.0.1", limitBytes: 1000)
    #expect(try await failure(.endless([1, 2, 3]), limits: limits) == expected)
    #expect(
      try await failure(.answer(bytes: .init(repeating: 1, count: 1001)), limits: limits)
        == expected)
    #expect(
      try await failure(.answer(bytes: .init(repeating: 1, count: 1000)), limits: limits) == nil)
    #expect(
      try await failure(
        .raw(
          "HTTP/1.1 200 OK\r\n"
            + String(repeating: "A: \(String(repeating: "b", count: 9000))\r\n", count: 40)))?.key
        == "answer_too_large")
  }

  @Test("a request that was sent on a kept connection is never sent a second time")
  func noSilentRepetition() async throws {
    for body in ["{}", ""] {
      let twin = try HTTPTwin { $0.place == 0 && $0.path == "/first" ? .answer() : .hangUp }
      _ = try await client.send(request(twin, .get, "/first"))
      await #expect {
        try await client.send(request(twin, .post, "/buy", body: body))
      } throws: {
        ($0 as? HTTPFailure)?.mayHaveBeenReceived == true
      }
      #expect(twin.requests.map(\.path) == ["/first", "/buy"])
    }
  }

  // MARK: Cancellation and the end

  @Test("cancelling the task ends its transfer")
  func cancellation() async throws {
    let arrived = TwinGate()
    let twin = try HTTPTwin { _ in
      arrived.open()
      return .silence
    }
    let request = try request(twin, .post, body: "x")
    let task = Task { try await client.send(request) }
    await arrived.passed()
    task.cancel()
    await #expect(throws: HTTPFailure.cancelled(mayHaveBeenReceived: true)) {
      try await task.value
    }
    twin.stop()
  }

  @Test("a task that is cancelled before it asks sends nothing")
  func cancelledBefore() async throws {
    let twin = try HTTPTwin { _ in .answer() }
    let request = try request(twin)
    let gate = TwinGate()
    let task = Task {
      await gate.passed()
      return try await client.send(request)
    }
    task.cancel()
    gate.open()
    await #expect(throws: HTTPFailure.self) { try await task.value }
  }

  @Test("cancelling the reader of a stream ends it")
  func cancelledReader() async throws {
    let twin = try HTTPTwin { _ in .partial(length: 10, "abc", then: .hang) }
    let stream = try await client.stream(request(twin))
    let first = TwinGate()
    let task = Task {
      for try await _ in stream { first.open() }
    }
    await first.passed()
    task.cancel()
    await #expect(throws: HTTPFailure.cancelled(mayHaveBeenReceived: true)) {
      try await task.value
    }
  }

  @Test("a client that is let go closes its connections")
  func lettingGo() async throws {
    let twin = try HTTPTwin { _ in .answer() }
    for _ in 0..<10 {
      let passing = HTTPClient()
      _ = try await passing.send(request(twin))
    }
    #expect(twin.connections == 10)
    twin.stop()
  }

  @Test("no proxy of the environment is used unless asked for, and one that is given is")
  func proxy() async throws {
    let twin = try HTTPTwin { .answer($0.target) }
    let client = HTTPClient(options: .init(proxy: .at(try HTTPAddress(twin.address))))
    let request = try HTTPRequest(.get, HTTPAddress("http://nowhere.invalid/x"))
    #expect(try await client.send(request).text == "http://nowhere.invalid/x")
  }
}

/// Chance that counts up in large steps.
private struct CountedBits: RandomNumberGenerator {
  private var state: UInt64 = 0

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return state
  }
}

extension HTTPLimits {
  /// Longer than a busy machine keeps a test waiting.
  fileprivate static let patient = HTTPLimits(
    connecting: .seconds(600), firstByte: .seconds(600), silence: .seconds(600),
    total: .seconds(600))
}
