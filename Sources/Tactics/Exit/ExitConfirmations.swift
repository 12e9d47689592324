package import Essentials

/// How often in a row each exit of one position was called for.
package struct ExitConfirmations: Hashable, Sendable {
  /// What is remembered of one exit.
  package struct Count: Hashable, Sendable {
    package var count = 0
    /// The last time that the exit was called for; nil where it never was.
    package var lastTrigger: Timestamp?
    /// The last time that a call was counted.
    package var lastCounted: Timestamp?

    package init() {}
  }

  /// One for each exit, in the order of ``ExitKind``.
  package var counts = [Count](repeating: Count(), count: ExitKind.allCases.count)

  package init() {}

  /// Takes in whether an exit is called for and returns the calls in a row.
  ///
  /// No call sets the count to 0; a call that comes later than `reset` after the last begins anew.
  /// By time of events a call counts once a step has passed since the last that counted, so that n
  /// confirmations span at least n - 1 steps however fast decisions are made.
  package mutating func observe(
    _ kind: ExitKind, isTriggered: Bool, at now: Timestamp, reset: TimeSpan,
    under general: ExitSettings.General
  ) -> Int {
    var entry = counts[kind.index]
    defer { counts[kind.index] = entry }
    guard isTriggered else {
      entry = Count()
      return 0
    }
    let isFresh = entry.lastTrigger.map { now - $0 <= reset && now >= $0 } ?? false
    if !isFresh {
      entry = Count()
      entry.count = 1
      entry.lastCounted = now
    } else if general.confirmation == .seed
      || entry.lastCounted.map({ now - $0 >= general.confirmationStep }) ?? true
    {
      entry.count += 1
      entry.lastCounted = now
    }
    entry.lastTrigger = now
    return entry.count
  }

  /// Forgets the calls for one exit.
  package mutating func clear(_ kind: ExitKind) {
    counts[kind.index] = Count()
  }
}

extension ExitSettings.Confirmation {
  /// The calls that a mode demands.
  package func required(in mode: ExitMode) -> Int {
    switch mode {
    case .shock: shock
    case .normal: max(normal, nonShockMin)
    case .noise: max(noise, nonShockMin)
    }
  }
}
