import Essentials
import Networking
import Testing

@Suite("When to ask again")
struct RetryPolicyTests {
  private let now = Timestamp(millisecondsSinceEpoch: 1_784_041_639_000)  // 2026-07-14T15:07:19Z
  private let policy = RetryPolicy(
    attemptsMax: 4, firstWait: .seconds(1), longestWait: .seconds(3), totalWait: .seconds(60))

  private func verdict(
    _ attempt: RetryPolicy.Attempt, number: Int = 1, waited: Duration = .zero,
    _ repeatability: RetryPolicy.Repeatability = .repeatable, seed: UInt64 = 1
  ) -> RetryPolicy.Verdict {
    var generator = Congruence(state: seed)
    return policy.verdict(
      after: attempt, number: number, waited: waited, repeatability: repeatability, at: now,
      using: &generator)
  }

  private func answered(_ status: Int, _ headers: HTTPHeaders = [:]) -> RetryPolicy.Attempt {
    .answered(HTTPHead(status: status, headers: headers))
  }

  @Test("only what may pass is tried again")
  func statuses() {
    for status in 100...599 {
      let isTried = verdict(answered(status)) != .giveUp(.notTemporary)
      #expect(isTried == [408, 429, 500, 502, 503, 504, 529].contains(status), "\(status)")
    }
    #expect(
      verdict(.failed(.notTrusted(host: "h", reason: "r"))) == .giveUp(.notTemporary))
    #expect(verdict(.failed(.cancelled(mayHaveBeenReceived: false))) == .giveUp(.notTemporary))
  }

  @Test("what must not happen twice is tried again only where nothing can have happened")
  func onlyOnce() {
    for status in [500, 502, 504] {
      #expect(verdict(answered(status), .onlyOnce) == .giveUp(.mayHaveBeenReceived))
    }
    for status in [408, 429, 503, 529] {
      guard case .wait = verdict(answered(status), .onlyOnce) else {
        Issue.record("\(status) is not tried again")
        continue
      }
    }
    let lost = HTTPFailure.brokenOff(host: "h", reason: "r", mayHaveBeenReceived: true)
    #expect(verdict(.failed(lost), .onlyOnce) == .giveUp(.mayHaveBeenReceived))
    guard case .wait = verdict(.failed(lost)),
      case .wait = verdict(.failed(.couldNotConnect(to: "h", reason: "r")), .onlyOnce)
    else {
      Issue.record("a failure that may be repeated is not")
      return
    }
  }

  @Test("waits are spread from nothing to a bound that doubles up to the longest")
  func jitter() {
    for (number, bound) in [(1, 1000), (2, 2000), (3, 3000)] {
      let waits = (UInt64(0)..<400).compactMap { seed -> Int64? in
        guard case .wait(let wait) = verdict(answered(500), number: number, seed: seed) else {
          return nil
        }
        return wait.components.seconds * 1000 + wait.components.attoseconds / 1_000_000_000_000_000
      }
      #expect(waits.count == 400)
      #expect(waits.allSatisfy { (0...Int64(bound)).contains($0) })
      #expect(waits.contains { $0 < bound / 10 } && waits.contains { $0 > bound * 9 / 10 })
    }
  }

  @Test("it is never sooner than the server asked, and gives up where that is too long")
  func asked() {
    #expect(verdict(answered(429, ["Retry-After": "12.5"])) == .wait(.milliseconds(12_500)))
    #expect(
      verdict(answered(503, ["Retry-After": "Tue, 14 Jul 2026 15:07:49 GMT"]))
        == .wait(.seconds(30)))
    #expect(
      verdict(
        answered(429, ["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20s"]))
        == .wait(.seconds(20)))
    #expect(
      verdict(answered(429, ["Retry-After": "61"])) == .giveUp(.waitTooLong(.seconds(61))))
    #expect(
      verdict(answered(429, ["Retry-After": "20"]), waited: .seconds(41))
        == .giveUp(.waitTooLong(.seconds(20))))
  }

  @Test("attempts have an end")
  func attempts() {
    #expect(verdict(answered(500), number: 4) == .giveUp(.attemptsUsedUp))
    #expect(RetryPolicy().attemptsMax == 5)
  }
}

/// A linear congruential generator (Knuth's MMIX constants) with its high bits mixed down.
private struct Congruence: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    for _ in 0..<4 { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
    return state ^ state >> 29
  }
}
