package import Essentials
package import Networking

/// How long to wait when BRAIN is busy. It holds no clock and no die.
package struct BrainPatience: Hashable, Sendable {
  /// Whether to wait at all when BRAIN says that too much was asked (status 429).
  package var waitsOnRateLimit: Bool
  /// How often an error of the server may be answered by asking again.
  package var serverErrorsMax: Int
  /// The longest single wait, whatever BRAIN asks for.
  package var longestWait: Duration
  /// How long all waits for one question may take together.
  package var totalWait: Duration

  package init(
    waitsOnRateLimit: Bool = true, serverErrorsMax: Int = 8,
    longestWait: Duration = .seconds(21_600),
    totalWait: Duration = .seconds(86_400)
  ) {
    self.waitsOnRateLimit = waitsOnRateLimit
    self.serverErrorsMax = serverErrorsMax
    self.longestWait = longestWait
    self.totalWait = totalWait
  }

  /// Returns the wait of the `number`th refusal in a row, counted from 1, where BRAIN gives no hint:
  /// 2, 4, 8 ... 1024 seconds, then 1800 always.
  package static func step(_ number: Int) -> Duration {
    number > 10 ? .seconds(1800) : .seconds(1 << max(1, number))
  }

  /// Says how long to wait before asking again, or nil where that should not be.
  ///
  /// - Parameters:
  ///   - streak: how often in a row this endpoint has refused, this time included.
  ///   - waited: how long this question has waited already.
  ///   - chance: bits for up to a second that is added, so that clients do not come back together.
  package func wait(
    status: Int, headers: HTTPHeaders, streak: Int, waited: Duration, at now: Timestamp,
    chance: UInt64
  ) -> Duration? {
    guard RetryPolicy.isTemporary(status) else { return nil }
    if status == 429, !waitsOnRateLimit { return nil }
    if status != 429, streak > serverErrorsMax { return nil }
    return within(hint(headers, at: now), streak: streak, waited: waited, chance: chance)
  }

  /// Says how long to wait after an exchange that brought no answer, or nil.
  package func wait(
    after failure: HTTPFailure, streak: Int, waited: Duration, chance: UInt64
  ) -> Duration? {
    switch failure {
    case .hostNotFound, .couldNotConnect, .timedOut, .brokenOff:
      streak > serverErrorsMax
        ? nil : within(nil, streak: streak, waited: waited, chance: chance)
    case .notTrusted, .tooLarge, .malformedAnswer, .cancelled, .couldNotStart: nil
    }
  }

  /// What BRAIN asks for: `Retry-After`, at least a second, else the reset of the allowance, at least
  /// two.
  private func hint(_ headers: HTTPHeaders, at now: Timestamp) -> Duration? {
    if let asked = RetryAfter.wait(in: headers, at: now) { return max(asked, .seconds(1)) }
    return RateLimitState(headers, at: now)["requests"]?.reset.map { max($0, .seconds(2)) }
  }

  private func within(
    _ hint: Duration?, streak: Int, waited: Duration, chance: UInt64
  ) -> Duration? {
    let jitter = Duration.milliseconds(Int64(chance % 1000))
    let wait = min(longestWait, max(hint ?? .zero, Self.step(streak)) + jitter)
    return waited + wait <= totalWait ? wait : nil
  }
}
