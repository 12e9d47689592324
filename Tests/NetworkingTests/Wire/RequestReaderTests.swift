import Essentials
import Mathematics
import Networking
import Testing

@Suite("Reading requests")
struct RequestReaderTests {
  /// What a reader finds in bytes that come in pieces of some size.
  static func outcome(
    of text: [UInt8], piece: Int = .max, limits: RequestReader.Limits = .init()
  ) -> (requests: [RequestReader.Step], fault: RequestFault?) {
    var reader = RequestReader(limits: limits)
    var requests: [RequestReader.Step] = []
    var rest = text[...]
    do throws(RequestFault) {
      while !rest.isEmpty {
        rest.prefix(piece).withUnsafeBytes { reader.take($0) }
        rest = rest.dropFirst(piece)
        steps: while true {
          switch try reader.advance() {
          case .needsMore: break steps
          case .awaitsContinue: continue
          case let step: requests.append(step)
          }
        }
      }
      return (requests, nil)
    } catch {
      return (requests, error)
    }
  }

  private func fault(_ text: String, limits: RequestReader.Limits = .init()) -> RequestFault? {
    Self.outcome(of: Array(text.utf8), limits: limits).fault
  }

  @Test("a request is read with its method, target, fields and body")
  func whole() throws {
    let text =
      "\r\nPOST /a%20b/c?x=1&y=%C3%A9+f HTTP/1.1\r\nHost: localhost:8765\r\nX-Empty:\r\n"
      + "Content-Length: 5\r\nAccept:  a , b \t\r\n\r\nhello"
    let outcome = Self.outcome(of: Array(text.utf8))
    guard case .request(let head, let body)? = outcome.requests.first else {
      Issue.record("\(String(describing: outcome.fault))")
      return
    }
    #expect(head.method == .post)
    #expect(head.target.segments == ["a b", "c"])
    #expect(head.target.query == [.init("x", "1"), .init("y", "é f")])
    #expect(head.headers["accept"] == "a , b")
    #expect(head.headers["x-empty"] == "")
    #expect(head.keepsAlive && !head.expectsContinue && !head.asksForSocket)
    #expect(body == Array("hello".utf8))
  }

  @Test(
    "what is not HTTP/1.1 is refused with the status that says why",
    arguments: [
      ("\u{16}\u{3}\u{1}", 400), ("GET\r\n\r\n", 400), ("GET /\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: a\n\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\n\r\n", 400), ("GET / HTTP/1.1\rHost: a\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400), ("GET / HTTP/1.1\r\n: a\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n folded\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nA: \u{1}\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nA\u{e9}: b\r\n\r\n", 400),
      ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /%0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET /../a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET /%2e%2e/a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400), (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
      ("GET / HTTPS/1.1\r\nHost: a\r\n\r\n", 400), ("GET / HTTP/1.x\r\nHost: a\r\n\r\n", 400),
      ("GET / http/1.1\r\nHost: a\r\n\r\n", 400),
      ("PRI * HTTP/2.0\r\n\r\n", 505), ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505),
      ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501), ("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
      ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        400
      ),
      (
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        400
      ),
      ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\n\r\n", 417),
      (
        "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400
      ),
      ("GET / HTTP/1.1\r\nHost: a\r\nOrigin: a\r\nOrigin: b\r\n\r\n", 400),
    ])
  func refused(text: String, status: Int) throws {
    let found = try #require(fault(text))
    #expect(found.status == status, "\(found)")
    #expect(!found.explanation.isEmpty && !found.remedy.isEmpty)
  }

  @Test(
    "a body in chunks is read, and a broken one refused",
    arguments: [
      ("0\r\n\r\n", "", 0), ("5\r\nhello\r\n0\r\n\r\n", "hello", 0),
      ("005;a=b\r\nhello\r\n1 \r\n!\r\n0\r\nTrailer: x\r\n\r\n", "hello!", 0),
      ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789", 0), ("x\r\n", "", 400), ("\r\n", "", 400),
      (";a\r\n", "", 400), ("5\r\nhelloX\r\n", "", 400), ("5\r\nhello0\r\n\r\n", "", 400),
      ("5\nhello\r\n", "", 400), ("-5\r\n", "", 400), ("ffffffff\r\n", "", 413),
      ("100001\r\n", "", 413), (String(repeating: "0", count: 300), "", 400),
    ])
  func chunks(text: String, body: String, status: Int) {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
    for piece in [1, 3, 4096] {
      let outcome = Self.outcome(of: Array((head + text).utf8), piece: piece)
      if status == 0, case .request(_, let read)? = outcome.requests.first {
        #expect(String(decoding: read, as: UTF8.self) == body)
      } else {
        #expect(outcome.fault?.status == status, "\(text) in pieces of \(piece): \(outcome)")
      }
    }
  }

  @Test("requests read alike however they are cut into pieces")
  func pieces() {
    let text = Array(
      ("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
        + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\n"
        + String(repeating: "b", count: 300)
        + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        + "\r\n\r\nGET /d HTTP/1.0\r\n\r\nGET /e HTTP/1.1\r\nHost: a\r\n\r\n").utf8)
    let whole = Self.outcome(of: text)
    #expect(whole.requests.count == 5)
    for piece in 1...70 {
      #expect(Self.outcome(of: text, piece: piece).requests == whole.requests)
    }
  }

  @Test("what is larger than the limits is refused, and what is as large is not")
  func limits() {
    var limits = RequestReader.Limits()
    limits.headerBytesMax = 10_000
    limits.headerFieldsMax = 5
    limits.bodyBytesMax = 10
    func status(_ text: String) -> Int { fault(text, limits: limits)?.status ?? 0 }
    let host = "Host: a\r\n"
    func target(_ count: Int) -> String {
      "GET /" + String(repeating: "a", count: count - 1) + " HTTP/1.1\r\n" + host + "\r\n"
    }
    #expect(status(target(8192)) == 0)
    #expect(status(target(8193)) == 414)
    #expect(status("GET /" + String(repeating: "a", count: 8300)) == 414)
    func field(_ count: Int) -> String {
      let start = "GET / HTTP/1.1\r\n" + host + "A: "
      return start + String(repeating: "a", count: count - start.utf8.count - 4) + "\r\n\r\n"
    }
    #expect(status(field(10_000)) == 0)
    #expect(status(field(10_001)) == 431)
    #expect(status(String(field(10_100).dropLast(4))) == 431)
    func fields(_ count: Int) -> String {
      "GET / HTTP/1.1\r\n" + host + String(repeating: "A: a\r\n", count: count - 1) + "\r\n"
    }
    #expect(status(fields(5)) == 0)
    #expect(status(fields(6)) == 431)
    func body(_ count: Int) -> String {
      "POST / HTTP/1.1\r\n" + host + "Content-Length: \(count)\r\n\r\n"
        + String(repeating: "a", count: count)
    }
    #expect(status(body(10)) == 0)
    #expect(status(body(11)) == 413)
    let chunked = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n"
    #expect(status(chunked + "a\r\n0123456789\r\n0\r\n\r\n") == 0)
    #expect(status(chunked + "6\r\n012345\r\n5\r\n") == 413)
    #expect(status(chunked + "0\r\n" + String(repeating: "A: a\r\n", count: 2000)) == 431)
  }

  @Test(
    "whether a connection goes on follows its version and the Connection field",
    arguments: [
      ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
      ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive , CLOSE\r\n\r\n", false),
      ("GET / HTTP/1.0\r\n\r\n", false), ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
    ])
  func keepsAlive(text: String, expected: Bool) {
    guard case .request(let head, _)? = Self.outcome(of: Array(text.utf8)).requests.first else {
      Issue.record("not read: \(text)")
      return
    }
    #expect(head.keepsAlive == expected)
  }

  @Test("a target in absolute form names the host itself")
  func absoluteForm() {
    for (target, host, segments) in [
      ("http://b:80/x", "b:80", ["x"]), ("HTTPS://b?q=1", "b", []), ("http://b", "b", []),
    ] {
      let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
      guard case .request(let head, _)? = Self.outcome(of: Array(text.utf8)).requests.first else {
        Issue.record("not read: \(text)")
        continue
      }
      #expect(head.headers["Host"] == host)
      #expect(head.target.segments == segments)
    }
  }

  @Test("a client that waits for 100 Continue is told so once, and only while it has sent nothing")
  func continues() throws {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    var reader = RequestReader(limits: .init())
    Array(head.utf8).withUnsafeBytes { reader.take($0) }
    #expect(try reader.advance() == .awaitsContinue)
    #expect(try reader.advance() == .needsMore)
    #expect(reader.phase == .body)
    reader = RequestReader(limits: .init())
    Array((head + "a").utf8).withUnsafeBytes { reader.take($0) }
    #expect(try reader.advance() == .needsMore)
  }

  @Test("mutilated requests are read or refused, alike in whole and in pieces", arguments: 0..<8)
  func mutilated(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<400 {
      let text = Mutilation.request(using: &generator)
      let whole = Self.outcome(of: text)
      let piece = Int.random(in: 1...40, using: &generator)
      let cut = Self.outcome(of: text, piece: piece)
      // In pieces a fault may be found earlier, but never another request before it.
      let count = min(whole.requests.count, cut.requests.count)
      #expect(
        whole.requests.prefix(count) == cut.requests.prefix(count)
          && (whole.fault == nil) == (cut.fault == nil),
        "seed \(seed), pieces of \(piece): \(String(decoding: text, as: UTF8.self).debugDescription)"
      )
    }
  }
}

/// Requests with seeded damage.
enum Mutilation {
  private static let seeds = [
    "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "5\r\nhello\r\n0\r\n\r\n",
    "GET /ws/echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "GET /names/%E2%82%AC?a=b&c=%20 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  ]
  private static let parts = [
    "\r", "\n", "\r\n", "\r\n\r\n", " ", ":", "%", "%00", "\u{0}", "HTTP/1.1", "Host: a\r\n",
    "Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "fffff\r\n", "/../",
    "Connection: close\r\n", "Expect: 100-continue\r\n", "é",
  ]

  static func request(using generator: inout SplitMix64) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      text += seeds[Int.random(in: seeds.indices, using: &generator)].utf8
    }
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !text.isEmpty {
      let place = Int.random(in: text.indices, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: text[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: text.remove(at: place)
      case 2:
        text.insert(
          contentsOf: parts[Int.random(in: parts.indices, using: &generator)].utf8, at: place)
      case 3: text.removeSubrange(place..<min(text.count, place + 12))
      default: text.insert(contentsOf: text[place..<min(text.count, place + 30)], at: place)
      }
    }
    return text
  }
}
