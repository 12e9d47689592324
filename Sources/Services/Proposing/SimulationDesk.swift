import AlphaLanguage
import Essentials
package import Research
import Storage

/// Where the candidates of a run are simulated: each meaning once, every step recorded.
package struct SimulationDesk {
  package let record: ResearchRecord
  package let simulator: any CandidateSimulator
  /// Where the tables of results are written, nil for nowhere.
  package let recordsets: RecordsetFolder?

  package init(
    record: ResearchRecord, simulator: any CandidateSimulator, recordsets: RecordsetFolder? = nil
  ) {
    self.record = record
    self.simulator = simulator
    self.recordsets = recordsets
  }

  /// What became of a candidate.
  package enum Fate: Sendable {
    case simulated(AlphaResult)
    /// It means the same as the candidate at that place of the list, with the same settings.
    case duplicate(of: Int)
    /// A stable name of the reason, and a sentence.
    case failed(code: String, detail: String)
  }

  /// Simulates candidates and returns what became of each, in their order.
  ///
  /// - Parameters:
  ///   - causes: the event that each follows from, nil where there is none.
  ///   - progress: told from any thread how many are settled.
  package func simulate(
    _ candidates: [QueuedCandidate], causes: [Int64?],
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> [Fate] {
    precondition(causes.count == candidates.count, "each candidate has one cause or none")
    var fates: [Fate?] = Array(repeating: nil, count: candidates.count)
    var first: [KnownFormulas.Identity: Int] = [:]
    for place in candidates.indices {
      let identity = candidates[place].identity
      if let known = first[identity] {
        fates[place] = .duplicate(of: known)
      } else {
        first[identity] = place
      }
    }
    try record.record(
      candidates.indices.filter { fates[$0] != nil }.map {
        (.simulationDuplicate(candidates[$0].ticket()), candidates[$0].idea, causes[$0])
      })
    let queue = candidates.indices.filter { fates[$0] == nil }
    let enqueued = try record.record(
      queue.map { (.simulationEnqueued(candidates[$0].ticket()), candidates[$0].idea, causes[$0]) })
    let tickets = queue.map { candidates[$0].ticket(among: queue.count) }
    let started = try record.record(
      zip(queue, zip(tickets, enqueued)).map { place, step in
        (.simulationStarted(step.0), candidates[place].idea, step.1)
      })
    let watch = ProgressWatch(record, tickets.first, idea: queue.first.map { candidates[$0].idea })
    let single = queue.count == 1 ? watch : nil
    let outcomes = try await simulator.simulate(queue.map { candidates[$0] }) { share, settled in
      single?.tell(share)
      progress(settled)
    }
    try watch.check()
    var facts: [(ResearchFact, String, Int64?)] = []
    for (number, place) in queue.enumerated() {
      let idea = candidates[place].idea
      switch outcomes[number] {
      case .simulated(var result, let tables, var missing):
        if let recordsets {
          do throws(FileFailure) {
            result.recordsetsSaved = try recordsets.write(tables, of: result.alphaID)
          } catch {
            missing = error.explanation
          }
        }
        fates[place] = .simulated(result)
        var ticket = tickets[number]
        ticket.candidate.alphaID = result.alphaID
        facts.append(
          (
            .simulationCompleted(
              SimulationResultFacts(
                ticket: ticket, metrics: RecordedMetrics(result.metrics.json),
                panel: simulator.panel,
                settings: candidates[place].candidate.simulation.settings.json,
                recordsets: result.recordsetsSaved)), idea, started[number]
          ))
        if recordsets != nil, let missing {
          facts.append((.recordsetsUnavailable(ticket, error: missing), idea, started[number]))
        }
      case .failed(let code, let detail):
        fates[place] = .failed(code: code, detail: detail)
        facts.append(
          (.simulationFailed(tickets[number], code: code, detail: detail), idea, started[number]))
      }
    }
    try record.record(facts.map { (fact: $0.0, idea: $0.1, cause: $0.2) })
    return fates.compactMap { $0 }
  }
}

extension QueuedCandidate {
  package var idea: String { candidate.ideaID }

  /// The candidate's place in the queue.
  ///
  /// - Parameter count: how many are simulated together, nil before the simulator is asked.
  package func ticket(among count: Int? = nil) -> SimulationTicket {
    SimulationTicket(
      candidate: facts, validationPassed: candidate.notes.validationPassed,
      validationAttempts: candidate.notes.validationAttempts,
      fingerprint: identity.fingerprint.hexadecimal,
      mode: count.map { $0 > 1 ? "multi" : "single" }, candidateCount: count)
  }
}
