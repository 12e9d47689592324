package import Essentials
import Foundation
import Storage
import Synchronization
package import Worlds

/// Evaluates the worlds of a served desk when their policies want it, one after another, on a thread
/// of its own.
///
/// Several servers of one journal may do so at once: whoever comes second finds that nothing is due.
/// A world whose last evaluation is older than the journal itself lives in history, where somebody
/// advances it by hand; it is left alone.
package final class WorldSchedule: Sendable {
  /// What a schedule works with.
  package struct Setup: Sendable {
    package var desk: WorldDesk
    package var evaluator: WorldEvaluator
    package var now: @Sendable () -> Timestamp
    /// Takes a sentence about something that went wrong behind the scenes.
    package var report: @Sendable (String) -> Void
    /// Is called for each world at every turn: leases are renewed, and runs go on.
    package var keepUp: @Sendable (_ world: String) throws -> Void

    package init(
      desk: WorldDesk, evaluator: WorldEvaluator, now: @escaping @Sendable () -> Timestamp,
      report: @escaping @Sendable (String) -> Void,
      keepUp: @escaping @Sendable (_ world: String) throws -> Void = { _ in }
    ) {
      self.desk = desk
      self.evaluator = evaluator
      self.now = now
      self.report = report
      self.keepUp = keepUp
    }
  }

  /// What went wrong with a world, told once, and when it is tried again.
  private struct Setback: Sendable {
    var sentence: String
    var until: Timestamp
  }

  private let setup: Setup
  private let bell: Doorbell
  private let setbacks = Mutex<[String: Setback]>([:])
  private let life = Mutex<Life>(.born)
  private let end = NSCondition()

  private enum Life: Sendable {
    case born, running, stopping, ended
  }

  /// How often is looked whether something is due.
  package static let turnLength = Duration.seconds(1)
  /// How long after a failure it is tried again.
  package static let patience = TimeSpan.minutes(1)

  package init(_ setup: Setup) throws {
    guard let bell = Doorbell() else {
      throw FileFailure.unreadable(path: "pipe", reason: "the process has too many open files")
    }
    self.setup = setup
    self.bell = bell
  }

  // MARK: - When

  /// When a world is to be evaluated next; nil for one that never is.
  ///
  /// - Parameter birth: when the journal began.
  package static func dueInstant(of state: WorldState, in birth: Timestamp) -> Timestamp? {
    guard let policy = state.policy, !state.isDeleted, state.declared != .paused else {
      return nil
    }
    guard let last = state.evaluation?.at else { return policy.at }
    return last < birth ? nil : state.nextEvaluation(after: last)
  }

  /// The last instant at which the schedule begins a cycle, not after `now`.
  private static func latestBeginning(of state: WorldState, due: Timestamp, now: Timestamp)
    -> Timestamp
  {
    guard state.evaluation != nil else { return due }
    // Whoever comes back after a week evaluates for today.
    let next = state.nextEvaluation(after: now)
    let period = state.nextEvaluation(after: next) - next
    return max(due, next - period)
  }

  // MARK: - Life

  /// Begins, once.
  package func start() {
    let isFirst = life.withLock { life in
      guard case .born = life else { return false }
      life = .running
      return true
    }
    guard isFirst else { return }
    let thread = Thread { [self] in
      while life.withLock({ if case .running = $0 { true } else { false } }) {
        turn()
        bell.wait(atMost: Self.turnLength)
      }
      end.lock()
      life.withLock { $0 = .ended }
      end.broadcast()
      end.unlock()
    }
    thread.name = "athanor worlds"
    thread.start()
  }

  /// Returns when the evaluation that is under way has ended and no other follows.
  package func stop() {
    let isRunning = life.withLock { life in
      defer {
        if case .born = life { life = .ended } else if case .running = life { life = .stopping }
      }
      switch life {
      case .running, .stopping: return true
      case .born, .ended: return false
      }
    }
    guard isRunning else { return }
    bell.ring()
    end.lock()
    while life.withLock({ if case .ended = $0 { false } else { true } }) { end.wait() }
    end.unlock()
  }

  /// Looks at every world once and evaluates those that are due. Called by the thread of the schedule,
  /// and by tests in its stead.
  package func turn() {
    guard let worlds = try? setup.desk.worlds() else { return }
    for world in worlds {
      if case .stopping = life.withLock({ $0 }) { return }
      do {
        try setup.keepUp(world)
        try evaluate(world)
      } catch {
        note(error, of: world)
      }
    }
  }

  private func evaluate(_ world: String) throws {
    let now = setup.now()
    guard setbacks.withLock({ $0[world].map { $0.until <= now } ?? true }) else { return }
    let state = try setup.desk.existing(world)
    guard let due = Self.dueInstant(of: state, in: setup.desk.journal.birth.at), due <= now else {
      return
    }
    try setup.evaluator.evaluate(
      world, at: now, due: Self.latestBeginning(of: state, due: due, now: now), by: .desk)
    _ = setbacks.withLock { $0.removeValue(forKey: world) }
  }

  private func note(_ failure: any Error, of world: String) {
    if case .evaluationUnderWay? = failure as? WorldRouteRefusal { return }
    let reason = (failure as? any ExplainedFailure)?.explanation ?? "an unexpected failure"
    let sentence = "the world \(world) was not evaluated: \(reason)"
    let until = setup.now() + Self.patience
    let isNew = setbacks.withLock { setbacks in
      defer { setbacks[world] = Setback(sentence: sentence, until: until) }
      return setbacks[world]?.sentence != sentence
    }
    if isNew { setup.report(sentence) }
  }
}
