import Essentials

/// What is still to be done of a set of simulations, and what came of the others; shared by workers.
actor SimulationQueue {
  enum Work: Sendable {
    /// Wait for a submission of an earlier process.
    case follow(submission: String, location: String, [BrainSimulation])
    case send(SimulationBatch)
  }

  private var waiting: [Work]
  private var outcomes: [Fingerprint: BrainOutcome] = [:]
  private var failure: BrainFailure?
  /// The simulations that somebody waits for; nothing else is sent anew.
  nonisolated let wanted: Set<Fingerprint>

  init(
    wanted: Set<Fingerprint>,
    open: [(submission: String, location: String, simulations: [BrainSimulation])]
  ) {
    self.wanted = wanted
    waiting = open.map {
      .follow(submission: $0.submission, location: $0.location, $0.simulations)
    }
  }

  /// The outcomes, and what stands against everything that has none.
  var end: (outcomes: [Fingerprint: BrainOutcome], failure: BrainFailure?) { (outcomes, failure) }

  /// Returns the next work, or nil when there is none. Whoever puts a batch back asks again, so that
  /// none is left behind when others have gone.
  func next() -> Work? {
    failure == nil && !waiting.isEmpty ? waiting.removeFirst() : nil
  }

  /// Adds work behind what waits already.
  func putBack(_ batch: SimulationBatch) {
    waiting.append(.send(batch))
  }

  func settle(_ key: Fingerprint, _ outcome: BrainOutcome) { outcomes[key] = outcome }

  func settleUnlessSettled(_ key: Fingerprint, _ outcome: BrainOutcome) {
    if outcomes[key] == nil { outcomes[key] = outcome }
  }

  /// Lets nothing more be begun.
  func stop(_ failure: BrainFailure) {
    if self.failure == nil { self.failure = failure }
    waiting = []
  }
}
