import Essentials
import Synchronization

/// How long this process takes to evaluate worlds.
package final class WorldMeter: Sendable {
  /// What is known of one world.
  package struct Figures: Hashable, Sendable {
    /// Evaluations that took at most so long as each of ``bounds``, and longer ones, not summed up.
    package var evaluations = [Int](repeating: 0, count: bounds.count + 1)
    package var seconds = 0.0
    package var failures = 0
    /// Seconds from the instant at which the last evaluation was due to when its measures were there;
    /// nil before the first.
    package var metricDelay: Double?
    /// Seconds that the last measures took.
    package var evidence: Double?

    /// All evaluations that came to their end.
    package var count: Int { evaluations.reduce(0, +) }
  }

  /// Seconds.
  package static let bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

  private let worlds = Mutex<[String: Figures]>([:])

  package init() {}

  /// What is known of a world; nothing of one that was not evaluated here.
  package func figures(of world: String) -> Figures? { worlds.withLock { $0[world] } }

  /// The measures of a world were computed.
  func note(evidence: Duration, of world: String) {
    worlds.withLock { $0[world, default: Figures()].evidence = evidence / .seconds(1) }
  }

  /// An evaluation of a world came to its end, having begun so long after it was due.
  func note(evaluation: Duration, lag: TimeSpan, of world: String) {
    let seconds = evaluation / .seconds(1)
    let place = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    worlds.withLock { worlds in
      var figures = worlds[world] ?? Figures()
      figures.evaluations[place] += 1
      figures.seconds += seconds
      figures.metricDelay = max(0, lag.seconds) + (figures.evidence ?? seconds)
      worlds[world] = figures
    }
  }

  /// An evaluation of a world failed.
  func noteFailure(of world: String) {
    worlds.withLock { $0[world, default: Figures()].failures += 1 }
  }
}
