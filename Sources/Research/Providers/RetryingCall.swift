package import Essentials
package import Networking

/// Decides whether and when a call that failed is made again. Values in, values out; it makes no call.
///
/// A model makes one attempt and no more, so that every attempt is reserved and settled by itself: the
/// caller reserves, asks, settles or voids, and then asks this value what to do. Attempts and waits
/// are bounded by the policy.
package struct RetryingCall: Hashable, Sendable {
  package let policy: RetryPolicy
  /// The number of the attempt that is under way, from 1.
  package private(set) var attempt = 1
  /// How long was waited between the attempts so far.
  package private(set) var waited = Duration.zero

  /// What to do after a failure.
  package enum Decision: Hashable, Sendable {
    /// Make the call again after a wait, with a reservation of its own.
    case again(after: Duration)
    case stop(StopReason)
  }

  /// Why a call is not made again.
  package enum StopReason: Hashable, Sendable {
    /// Asking again would bring the same.
    case pointless
    /// The provider says that another attempt cannot help.
    case advisedAgainst
    case attemptsUsedUp
    /// The provider wants a wait that is longer than all waits of the policy together.
    case waitTooLong(Duration)
  }

  /// Three attempts within two minutes of waiting: a provider that is down for longer is better asked
  /// by another run.
  package static let policy = RetryPolicy(
    attemptsMax: 3, firstWait: .milliseconds(500), longestWait: .seconds(8),
    totalWait: .seconds(120))

  package init(policy: RetryPolicy = Self.policy) {
    self.policy = policy
  }

  /// Decides after a failure of the attempt under way; an `again` begins the next one.
  package mutating func decide(
    after failure: any ExplainedFailure, at now: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) -> Decision {
    guard let failure = failure as? ProviderFailure, failure.isTemporary else {
      return .stop(.pointless)
    }
    if failure.advice.isWorthwhile == false { return .stop(.advisedAgainst) }
    // To the policy every temporary failure is a server that is not available for a while.
    var head = HTTPHead(status: 503)
    if let wait = failure.advice.wait {
      let milliseconds =
        wait.components.seconds * 1_000 + wait.components.attoseconds / 1_000_000_000_000_000
      head.headers["retry-after"] = String(Double(milliseconds) / 1_000)
    }
    let verdict = policy.verdict(
      after: .answered(head), number: attempt, waited: waited, at: now, using: &generator)
    switch verdict {
    case .wait(let wait):
      attempt += 1
      waited += wait
      return .again(after: wait)
    case .giveUp(.attemptsUsedUp): return .stop(.attemptsUsedUp)
    case .giveUp(.waitTooLong(let wait)): return .stop(.waitTooLong(wait))
    case .giveUp(.notTemporary), .giveUp(.mayHaveBeenReceived): return .stop(.pointless)
    }
  }
}

extension ProviderFailure {
  /// Whether the same call may succeed later.
  package var isTemporary: Bool {
    switch cause {
    case .complained(let complaint), .failedMidAnswer(let complaint):
      [.rateLimited, .overloaded, .timedOut, .conflicted, .serverFailed].contains(complaint.kind)
    case .broken(let transfer): transfer.isTemporary
    case .unended: true
    case .keyMissing, .ceilingTooLow, .unreadable, .emptyAnswer, .declined, .filtered,
      .unwantedEnding, .notRecorded:
      false
    }
  }
}
