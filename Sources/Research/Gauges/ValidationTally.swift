/// How validation went, by attempt and for the runs as a whole.
struct ValidationTally: Hashable, Sendable {
  struct Attempt: Hashable, Sendable {
    var passed = 0
    var failed = 0
  }

  /// Attempts beyond this number are counted with it.
  static let attemptMax = 255

  private(set) var attempts: [Int: Attempt] = [:]
  private(set) var runs = 0
  private(set) var finalPassed = 0
  private(set) var finalFailed = 0
  private(set) var retrievalExpanded = 0

  mutating func pass(_ attempt: Int) {
    attempts[min(attempt, Self.attemptMax), default: Attempt()].passed += 1
  }

  mutating func fail(_ attempt: Int) {
    attempts[min(attempt, Self.attemptMax), default: Attempt()].failed += 1
  }

  mutating func expand() { retrievalExpanded += 1 }

  /// Counts a run that is over; one that validated nothing neither passed nor failed.
  mutating func end(_ outcome: RunOutcome) {
    runs += 1
    switch outcome.validationPassed {
    case true?: finalPassed += 1
    case false?: finalFailed += 1
    case nil: break
    }
  }
}
