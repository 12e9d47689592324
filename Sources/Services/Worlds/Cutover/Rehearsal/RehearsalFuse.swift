import Essentials
import Synchronization

/// Lets so many effects happen and none after them: a process that dies between two of its writes.
final class RehearsalFuse: Sendable {
  private let state = Mutex<State>(State())

  private struct State {
    var count = 0
    var limit: Int?
  }

  /// Begins to count anew; nil for a process that does not die.
  func arm(_ limit: Int?) {
    state.withLock { $0 = State(count: 0, limit: limit) }
  }

  /// Whether the process is dead, so that nothing it does has an effect.
  var isBlown: Bool { state.withLock { state in state.limit.map { state.count >= $0 } ?? false } }

  /// Effects since it was armed.
  var count: Int { state.withLock { $0.count } }

  /// Whether an effect may happen, which then counts.
  func passes() -> Bool {
    state.withLock { state in
      if let limit = state.limit, state.count >= limit { return false }
      state.count += 1
      return true
    }
  }
}

/// What a dead process hears of its records.
struct RehearsalDeath: ExplainedFailure {
  var key: String { "rehearsed_death" }
  var explanation: String { "The rehearsal let the process die here." }
  var remedy: String { "Take the run up from its records." }
  var outcome: FailureOutcome { .failed }
}
