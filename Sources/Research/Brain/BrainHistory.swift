package import Essentials

/// What a record says of each simulation: a value that is told steps and asked for states.
package struct BrainHistory: Hashable, Sendable {
  /// The state of a simulation.
  package enum State: Hashable, Sendable {
    /// It was never sent, or BRAIN refused to take it.
    case unsent
    /// BRAIN has it and tells of it at that address.
    case open(submission: String, location: String)
    /// Nobody knows whether BRAIN has it.
    case unknown(submission: String, reason: String)
    case settled(BrainOutcome)
  }

  private var states: [Fingerprint: State] = [:]
  private var members: [String: [BrainSimulation]] = [:]

  /// Reads a history from its beginning.
  package init(_ steps: [BrainStep] = []) {
    for step in steps { note(step) }
  }

  /// Takes the next step.
  package mutating func note(_ step: BrainStep) {
    let id = step.submission
    switch step.kind {
    case .prepared(let simulations):
      members[id] = simulations
      set(id, .unknown(submission: id, reason: "the program ended before it heard an answer"))
    case .accepted(let location): set(id, .open(submission: id, location: location))
    case .refused: set(id, .unsent)
    case .lost(let reason): set(id, .unknown(submission: id, reason: reason))
    case .settled(let key, let outcome): states[key] = .settled(outcome)
    }
  }

  /// The state of a simulation.
  package func state(of key: Fingerprint) -> State { states[key] ?? .unsent }

  /// The simulations of a submission in the order in which they were sent.
  package func simulations(of submission: String) -> [BrainSimulation] {
    members[submission] ?? []
  }

  private mutating func set(_ submission: String, _ state: State) {
    for simulation in members[submission] ?? [] { states[simulation.key] = state }
  }
}
