package import Essentials
import Mathematics

/// What the exits of one position remember from one decision to the next.
package struct ExitMemory: Hashable, Sendable {
  package var confirmations = ExitConfirmations()
  /// The score that a fall is measured from, and when it was taken.
  package var reference: Reference?
  /// Means of score and stop probability that forget; nil before the first.
  package var means: Means?

  package init() {}

  /// A score and its time.
  package struct Reference: Hashable, Sendable {
    package var score: Double
    package var at: Timestamp
  }

  /// Means and the time until which they run.
  package struct Means: Hashable, Sendable {
    package var score: Double
    package var stopProbability: Double
    package var at: Timestamp
  }
}

extension ExitMemory {
  /// Returns the means with one more value in them. A value weighs by the time since the one before:
  /// 1 - e^(-dt / span); the first is the mean.
  func advancedMeans(
    score: Double, stop: Double, at now: Timestamp, span: TimeSpan
  ) -> Means {
    guard let before = means, now >= before.at else {
      return Means(score: score, stopProbability: stop, at: now)
    }
    let share =
      span.milliseconds > 0 ? -Elementary.expMinusOne(-(now - before.at).seconds / span.seconds) : 1
    return Means(
      score: before.score + share * (score - before.score),
      stopProbability: before.stopProbability + share * (stop - before.stopProbability), at: now)
  }
}
