package import Essentials

/// When to ask again, and for how long to wait before it. It holds no clock and no die.
package struct RetryPolicy: Hashable, Sendable {
  /// How often a request may be sent, the first time included.
  package var attemptsMax: Int
  /// The bound of the first wait; that of each further one is twice as long.
  package var firstWait: Duration
  /// The bound of any wait that the server did not ask for.
  package var longestWait: Duration
  /// How long all waits of one request may take together.
  package var totalWait: Duration

  package init(
    attemptsMax: Int = 5, firstWait: Duration = .milliseconds(500),
    longestWait: Duration = .seconds(30), totalWait: Duration = .seconds(120)
  ) {
    precondition(attemptsMax >= 1, "a request is sent at least once, not \(attemptsMax) times")
    self.attemptsMax = attemptsMax
    self.firstWait = firstWait
    self.longestWait = longestWait
    self.totalWait = totalWait
  }

  /// Whether a request may reach the server twice.
  package enum Repeatability: Hashable, Sendable {
    /// Asking twice does no harm beyond its price.
    case repeatable
    /// Asked again only where the server cannot have acted on it.
    case onlyOnce
  }

  /// What came of an attempt.
  package enum Attempt: Hashable, Sendable {
    case answered(HTTPHead)
    case failed(HTTPFailure)
  }

  /// What to do next.
  package enum Verdict: Hashable, Sendable {
    case wait(Duration)
    case giveUp(Reason)
  }

  /// Why not to ask again.
  package enum Reason: Hashable, Sendable {
    /// The answer says that asking again would bring the same, or it is no refusal at all.
    case notTemporary
    /// The server may have acted on a request that must not be repeated.
    case mayHaveBeenReceived
    case attemptsUsedUp
    /// The wait, which the server may have asked for, is longer than what is left for waiting.
    case waitTooLong(Duration)
  }

  /// Says what to do after attempt number `attempt`, counted from 1, when `waited` was spent on
  /// waiting before it.
  ///
  /// The wait is drawn evenly from zero to a bound that doubles (full jitter; M. Brooker,
  /// "Exponential Backoff and Jitter", AWS Architecture Blog, 2015), so that many clients do not come
  /// back together; it is never shorter than the server asked for.
  package func verdict(
    after attempt: Attempt, number: Int, waited: Duration,
    repeatability: Repeatability = .repeatable, at now: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    var asked: Duration?
    switch attempt {
    case .answered(let head):
      guard Self.isTemporary(head.status) else { return .giveUp(.notTemporary) }
      if repeatability == .onlyOnce, !Self.saysItDidNothing(head.status) {
        return .giveUp(.mayHaveBeenReceived)
      }
      asked =
        RetryAfter.wait(in: head.headers, at: now) ?? RateLimitState(head.headers, at: now).wait
    case .failed(let failure):
      guard Self.isTemporary(failure) else { return .giveUp(.notTemporary) }
      if repeatability == .onlyOnce, failure.mayHaveBeenReceived {
        return .giveUp(.mayHaveBeenReceived)
      }
    }
    guard number < attemptsMax else { return .giveUp(.attemptsUsedUp) }
    let wait = max(asked ?? .zero, jittered(number, using: &generator))
    return waited + wait <= totalWait ? .wait(wait) : .giveUp(.waitTooLong(wait))
  }

  private func jittered(
    _ number: Int, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    // Thirty doublings of a millisecond are twelve days, beyond any bound that makes sense.
    let bound = min(longestWait, firstWait * (1 << min(number - 1, 30)))
    let milliseconds =
      bound.components.seconds * 1000
      + bound.components.attoseconds / 1_000_000_000_000_000
    return .milliseconds(Int64.random(in: 0...max(0, milliseconds), using: &generator))
  }

  /// Statuses after which a later attempt may succeed; 529 is what Anthropic sends when overloaded.
  package static func isTemporary(_ status: Int) -> Bool {
    [408, 429, 500, 502, 503, 504, 529].contains(status)
  }

  private static func isTemporary(_ failure: HTTPFailure) -> Bool {
    switch failure {
    case .hostNotFound, .couldNotConnect, .timedOut, .brokenOff: true
    case .notTrusted, .tooLarge, .malformedAnswer, .cancelled, .couldNotStart: false
    }
  }

  /// Statuses with which a server refuses before it acts.
  private static func saysItDidNothing(_ status: Int) -> Bool {
    [408, 429, 503, 529].contains(status)
  }
}
