import Essentials
import Networking
import Testing

@Suite("What servers say about waiting")
struct RetryAfterTests {
  private let now = Timestamp(millisecondsSinceEpoch: 784_111_777_000)  // 1994-11-06T08:49:37Z

  @Test(
    "Retry-After is read as seconds or as a date",
    arguments: [
      ("2.5", 2500), ("0", 0), ("120", 120_000), ("0.0001", 1),
      ("Sun, 06 Nov 1994 08:49:47 GMT", 10_000), ("Sunday, 06-Nov-94 08:49:47 GMT", 10_000),
      ("Sun Nov  6 08:49:47 1994", 10_000), ("Sun, 06 Nov 1994 08:49:27 GMT", 0),
      ("1e9", nil), ("soon", nil), ("-5", nil), ("", nil), ("nan", nil), ("inf", nil),
      ("Sun, 31 Feb 1994 08:49:47 GMT", nil), ("99999999999999999999", 31_536_000_000),
    ] as [(String, Int64?)])
  func retryAfter(text: String, milliseconds: Int64?) {
    #expect(
      RetryAfter.wait(in: ["Retry-After": text], at: now)
        == milliseconds.map { .milliseconds($0) })
  }

  @Test(
    "an instant of RFC 3339 is read with its offset",
    arguments: [
      ("1994-11-06T08:49:37Z", 0), ("1994-11-06T08:49:37.25Z", 250),
      ("1994-11-06T04:49:37-04:00", 0), ("1994-11-06t10:19:37+01:30", 0),
      ("1994-11-06T08:49:37", nil), ("1994-11-06T25:49:37Z", nil), ("1994-11-06", nil),
      ("1994-11-06T08:49:37.Z", nil), ("1994-11-06T08:49:37+0100", nil),
    ] as [(String, Int64?)])
  func rfc3339(text: String, milliseconds: Int64?) {
    #expect(
      InstantText.rfc3339(text)?.millisecondsSinceEpoch
        == milliseconds.map { now.millisecondsSinceEpoch + $0 })
  }

  @Test(
    "every spelling of a reset is read",
    arguments: [
      ("1s", 1000), ("6m0s", 360_000), ("120ms", 120), ("1h2m3.5s", 3_723_500), ("7", 7000),
      ("1994-11-06T08:49:57Z", 20_000), ("soon", nil),
      ("1x", nil), ("", nil),
    ] as [(String, Int64?)])
  func resets(text: String, milliseconds: Int64?) {
    let state = RateLimitState(["X-RateLimit-Reset": text, "X-RateLimit-Remaining": "0"], at: now)
    #expect(state["requests"]?.reset == milliseconds.map { .milliseconds($0) })
  }

  @Test("a reset since 1970 is read in seconds and in milliseconds")
  func epochs() {
    let now = Timestamp(millisecondsSinceEpoch: 1_784_041_639_000)
    for text in ["1784041649", "1784041649000"] {
      #expect(
        RateLimitState(["X-RateLimit-Reset": text], at: now)["requests"]?.reset == .seconds(10))
    }
  }

  @Test("allowances of every family are read, and the wait is that of the one used up")
  func families() {
    let openAI = RateLimitState(
      [
        "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": "1s", "x-ratelimit-limit-tokens": "150000",
        "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s",
      ], at: now)
    #expect(
      openAI["tokens"]
        == .init(subject: "tokens", limit: 150_000, remaining: 0, reset: .seconds(360)))
    #expect(openAI.wait == .seconds(360))
    let anthropic = RateLimitState(
      [
        "anthropic-ratelimit-input-tokens-remaining": "5",
        "anthropic-ratelimit-requests-reset": "1994-11-06T08:49:38Z",
      ], at: now)
    #expect(anthropic.allowances.map(\.subject) == ["input-tokens", "requests"])
    #expect(anthropic["requests"]?.reset == .seconds(1))
    #expect(anthropic.wait == nil)
  }
}
