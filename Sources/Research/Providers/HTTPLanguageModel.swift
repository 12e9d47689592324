package import Essentials
package import Networking
import Synchronization

/// A provider's model, asked over HTTP.
///
/// A call is one request, never repeated: every attempt that reaches the provider may cost, so whoever
/// reserves and settles decides about the next one, see ``RetryingCall``. The outcome is `refused` only
/// where the provider certainly billed nothing; what was read before a failure comes along with it.
package final class HTTPLanguageModel: LanguageModel {
  package let served: ServedModel
  private let address: HTTPAddress
  private let key: APIKey?
  private let limits: HTTPLimits
  private let client: HTTPClient
  private let recorder: TrafficRecorder?
  private let now: @Sendable () -> Timestamp
  private let lastLimits = Mutex<RateLimitState?>(nil)

  /// No model writes more.
  package static let answerBytesMax = 16 << 20

  /// Makes a model behind the base URL `address`, such as `https://api.openai.com/v1`. `now` tells the
  /// time for header fields that name an instant.
  package init(
    _ served: ServedModel, at address: HTTPAddress, key: APIKey?, limits: HTTPLimits,
    client: HTTPClient, recorder: TrafficRecorder? = nil, now: @escaping @Sendable () -> Timestamp
  ) {
    self.served = served
    self.address = served.speaker.path.reduce(address) { $0.appending($1) }
    self.key = key
    self.limits = limits
    self.client = client
    self.recorder = recorder
    self.now = now
  }

  package var identity: ModelIdentity { served.identity }

  /// What the provider said about its limits in its last answer; nil before the first.
  package var rateLimits: RateLimitState? { lastLimits.withLock { $0 } }

  /// Makes one attempt. Returns within the limits, and at once when its task is cancelled.
  package func answer(_ call: ModelCall) async -> ModelOutcome {
    if let refusal = served.refusal(of: call) { return .refused(refusal) }
    let body = served.body(call)
    let request: HTTPRequest
    do throws(HTTPRequestMistake) {
      request = try self.request(body)
    } catch {
      return .refused(error)
    }
    var reader = AnswerAssembly(served, key: key)
    var exchange = TrafficExchange(served, request: body, at: now())
    do throws(HTTPFailure) {
      let stream = try await client.stream(request)
      exchange.head = stream.head
      reader.receive(stream.head, at: now())
      var chunks = stream.makeAsyncIterator()
      while !reader.isOver, let chunk = try await chunks.next() {
        reader.receive(chunk)
        if recorder != nil { exchange.chunks.append(chunk) }
      }
    } catch {
      exchange.breakage = TransferBreak(error)
    }
    if let limits = reader.rateLimits { lastLimits.withLock { $0 = limits } }
    recorder?.record(exchange, key: key)
    return reader.finish(exchange.breakage)
  }

  private func request(_ body: JSONValue) throws(HTTPRequestMistake) -> HTTPRequest {
    var headers = served.speaker.fields
    headers["content-type"] = "application/json"
    headers["accept"] = served.isStreamed ? "text/event-stream" : "application/json"
    var secrets: [HTTPRequest.SecretField] = []
    switch (served.speaker.keyPlace, key) {
    case (_, nil): break
    case (.bearer, let key?):
      secrets = [.init("authorization", SecretText("Bearer \(key.secret.revealed)"))]
    case (.field(let name), let key?): secrets = [.init(name, key.secret)]
    }
    return try HTTPRequest(
      .post, address, headers: headers, secrets: secrets, body: Array(body.compactText.utf8),
      limits: limits)
  }
}
