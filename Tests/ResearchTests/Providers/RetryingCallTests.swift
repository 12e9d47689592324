import Essentials
import Mathematics
import Networking
import Research
import Testing

@Suite("Calls that are made again")
struct RetryingCallTests {
  private let now = Timestamp(millisecondsSinceEpoch: 0)

  private func failure(
    _ cause: ProviderFailure.Cause, advice: RetryAdvice = RetryAdvice()
  ) -> ProviderFailure {
    ProviderFailure(.init(provider: "openai", model: "gpt-5.2"), cause, advice: advice)
  }

  private func decide(
    _ call: inout RetryingCall, _ failure: any ExplainedFailure, seed: UInt64 = 7
  ) -> RetryingCall.Decision {
    var generator = SplitMix64(seed: seed)
    return call.decide(after: failure, at: now, using: &generator)
  }

  @Test("a failure that passes is met with a bounded number of attempts")
  func attempts() {
    var call = RetryingCall()
    let overloaded = failure(.complained(ProviderComplaint(status: 529, message: "m")))
    for attempt in 1...2 {
      #expect(call.attempt == attempt)
      guard case .again(let wait) = decide(&call, overloaded) else {
        Issue.record("stopped at attempt \(attempt)")
        return
      }
      #expect(wait >= .zero && wait <= .seconds(8))
    }
    #expect(decide(&call, overloaded) == .stop(.attemptsUsedUp))
    #expect(call.attempt == 3)
  }

  @Test("what the provider will always refuse is not asked again")
  func pointless() {
    let causes: [ProviderFailure.Cause] = [
      .keyMissing(variable: "K"), .declined(words: ""), .filtered, .emptyAnswer,
      .unreadable(reason: "r"), .notRecorded(differences: []), .unwantedEnding("tool_calls"),
      .complained(ProviderComplaint(status: 401, message: "m")),
      .complained(ProviderComplaint(status: 429, code: "insufficient_quota", message: "m")),
      .complained(ProviderComplaint(status: 400, message: "m")),
      .broken(TransferBreak(.notTrusted(host: "h", reason: "r"))),
      .broken(TransferBreak(.cancelled(mayHaveBeenReceived: true))),
    ]
    for cause in causes {
      var call = RetryingCall()
      #expect(decide(&call, failure(cause)) == .stop(.pointless), "\(cause)")
      #expect(call.attempt == 1)
    }
  }

  @Test("what may pass is asked again, also where the first attempt may have cost")
  func worthwhile() {
    let causes: [ProviderFailure.Cause] = [
      .unended, .complained(ProviderComplaint(status: 429, message: "m")),
      .complained(ProviderComplaint(status: 500, message: "m")),
      .failedMidAnswer(ProviderComplaint(type: "overloaded_error", message: "m")),
      .broken(TransferBreak(.couldNotConnect(to: "h", reason: "r"))),
      .broken(
        TransferBreak(
          .timedOut(.nextByte, host: "h", limit: .seconds(1), mayHaveBeenReceived: true))),
    ]
    for cause in causes {
      var call = RetryingCall()
      guard case .again = decide(&call, failure(cause)) else {
        Issue.record("\(cause)")
        continue
      }
    }
  }

  @Test("a wait that the provider asks for is kept, and one beyond the bound ends the call")
  func advice() {
    var call = RetryingCall()
    let limited = ProviderFailure.Cause.complained(ProviderComplaint(status: 429, message: "m"))
    let patient = failure(limited, advice: RetryAdvice(wait: .milliseconds(20_250)))
    #expect(decide(&call, patient) == .again(after: .milliseconds(20_250)))
    #expect(call.waited == .milliseconds(20_250))
    let impatient = failure(limited, advice: RetryAdvice(wait: .seconds(100)))
    #expect(decide(&call, impatient) == .stop(.waitTooLong(.seconds(100))))
    let hopeless = failure(limited, advice: RetryAdvice(wait: .zero, isWorthwhile: false))
    #expect(decide(&call, hopeless) == .stop(.advisedAgainst))
  }

  @Test("header fields tell the wait, the finer unit first")
  func fields() {
    func advice(_ headers: HTTPHeaders) -> RetryAdvice { RetryAdvice(headers, at: now) }
    #expect(advice([:]) == RetryAdvice())
    #expect(advice(["Retry-After": "2"]).wait == .seconds(2))
    #expect(advice(["Retry-After": "2", "retry-after-ms": "1500"]).wait == .milliseconds(1500))
    #expect(advice(["retry-after-ms": "-1", "retry-after": "3"]).wait == .seconds(3))
    #expect(
      advice(["Retry-After": "Thu, 01 Jan 1970 00:00:05 GMT"]).wait == .seconds(5))
    #expect(
      advice(["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m2s"]).wait
        == .seconds(62))
    #expect(advice(["x-should-retry": "false"]).isWorthwhile == false)
    #expect(advice(["x-should-retry": "perhaps"]).isWorthwhile == nil)
  }
}
