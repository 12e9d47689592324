import Dispatch

/// What the twin does with one request: steps, and whether the connection lives on afterwards.
package struct TwinAnswer: Sendable {
  /// One thing that a server does, or fails to do.
  package enum Step: Sendable {
    case send([UInt8])
    /// Sends the same bytes until the client leaves.
    case sendForever([UInt8])
    /// Waits until the test opens the gate.
    case pass(TwinGate)
    /// Stays silent until the client leaves.
    case hang
    /// Ends the connection in good order, whatever was promised.
    case close
    /// Ends the connection with a reset, as a machine does that has crashed.
    case reset
  }

  package var steps: [Step]
  package var keepsConnection: Bool

  package init(_ steps: [Step], keepsConnection: Bool = false) {
    self.steps = steps
    self.keepsConnection = keepsConnection
  }

  /// A whole answer with its length, on a connection that lives on.
  package static func answer(
    _ status: Int = 200, headers: [TwinField] = [], _ body: String = ""
  ) -> TwinAnswer {
    .answer(status, headers: headers, bytes: Array(body.utf8))
  }

  /// A text, with status 200.
  package static func answer(_ body: String) -> TwinAnswer { .answer(200, body) }

  /// A whole answer of bytes.
  package static func answer(
    _ status: Int = 200, headers: [TwinField] = [], bytes: [UInt8]
  ) -> TwinAnswer {
    let head = head(status, headers + [TwinField("Content-Length", String(bytes.count))])
    return TwinAnswer([.send(head + bytes)], keepsConnection: true)
  }

  /// A JSON document, with status 200.
  package static func json(_ text: String) -> TwinAnswer { .json(200, text) }

  /// A JSON document.
  package static func json(
    _ status: Int, headers: [TwinField] = [], _ text: String
  ) -> TwinAnswer {
    .answer(status, headers: headers + [TwinField("Content-Type", "application/json")], text)
  }

  /// A refusal that says when to come again.
  package static func busy(
    _ status: Int = 429, retryAfter: String?, _ body: String = ""
  ) -> TwinAnswer {
    .answer(status, headers: retryAfter.map { [TwinField("Retry-After", $0)] } ?? [], body)
  }

  /// The answer without its body, as HEAD asks for it and 204 demands it.
  package static func bodiless(_ status: Int, headers: [TwinField] = []) -> TwinAnswer {
    TwinAnswer([.send(head(status, headers))], keepsConnection: true)
  }

  /// A body in chunks with just these boundaries; `between` stands before each chunk but the first.
  package static func chunked(
    _ chunks: [[UInt8]], status: Int = 200, headers: [TwinField] = [], between: [Step] = []
  ) -> TwinAnswer {
    var steps: [Step] = [
      .send(head(status, headers + [TwinField("Transfer-Encoding", "chunked")]))
    ]
    for (index, chunk) in chunks.enumerated() where !chunk.isEmpty {
      if index > 0 { steps += between }
      steps.append(.send(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + lineEnd))
    }
    steps.append(.send(Array("0\r\n\r\n".utf8)))
    return TwinAnswer(steps, keepsConnection: true)
  }

  /// Begins an answer of that length, sends only these bytes of it, and goes on with `then`.
  package static func partial(
    _ status: Int = 200, headers: [TwinField] = [], length: Int, _ body: String, then: Step
  ) -> TwinAnswer {
    let head = head(status, headers + [TwinField("Content-Length", String(length))])
    return TwinAnswer([.send(head + Array(body.utf8)), then])
  }

  /// Takes the request and never begins to answer.
  package static let silence = TwinAnswer([.hang])

  /// Takes the request and closes the connection without a word.
  package static let hangUp = TwinAnswer([.close])

  /// A body without an end.
  package static func endless(_ bytes: [UInt8]) -> TwinAnswer {
    TwinAnswer([.send(head(200, [])), .sendForever(bytes)])
  }

  /// Bytes that need not be HTTP.
  package static func raw(_ text: String) -> TwinAnswer {
    TwinAnswer([.send(Array(text.utf8))])
  }

  /// Returns the same answer with a gate before its first step.
  package func after(_ gate: TwinGate) -> TwinAnswer {
    TwinAnswer([.pass(gate)] + steps, keepsConnection: keepsConnection)
  }

  private static let lineEnd = Array("\r\n".utf8)

  private static func head(_ status: Int, _ fields: [TwinField]) -> [UInt8] {
    let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
    return Array("HTTP/1.1 \(status) Twin\r\n\(lines)\r\n".utf8)
  }
}

/// A point where a twin waits for the test, so that a test orders what happens without sleeping.
package final class TwinGate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  package init() {}

  /// Lets one step pass, now or when it comes.
  package func open() { semaphore.signal() }

  /// Returns when the gate has been opened once more than it was passed, without holding a thread of
  /// the pool that tasks share.
  package func passed() async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        self.wait()
        continuation.resume()
      }
    }
  }

  /// Waits for a step to be let pass; gives up after five minutes, so that a failed test ends.
  func wait() { _ = semaphore.wait(timeout: .now() + 300) }
}
