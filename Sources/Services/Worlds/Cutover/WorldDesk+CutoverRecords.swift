import Essentials
import Storage
package import Worlds

/// Runs are recorded where their worlds are: in the journal of the desk.
extension WorldDesk: CutoverRecords {
  /// The world as the journal has it.
  package func situation(of world: String) throws(CutoverFailure) -> CutoverSituation {
    let state = try inRecords { () throws(WorldDeskFailure) in try existing(world) }
    return CutoverSituation(
      world: state.cutoverWorld, rules: state.rules.cutover, registry: state.runs.registry,
      gates: state.records.map { record in
        OrderGate(
          world: world, key: GateKey(record.id, record.side), state: record.gate.state,
          epoch: record.gate.epoch)
      }, current: state.runs.active?.events ?? [], halt: state.haltOfRuns)
  }

  /// Records an event in the journal, with the alerts that follow from it.
  package func record(
    _ event: CutoverEvent, of world: String, after epoch: Int?
  ) throws(CutoverFailure) -> CutoverReceipt {
    do throws(WorldDeskFailure) {
      let receipt = try record(event, of: world, decidedAt: epoch)
      return receipt.entries.isEmpty ? .known : .recorded
    } catch {
      switch error {
      case .refused(.cutover(.stalePlan)) where event.isAfterPlan: return .refused
      case .refused(.cutover(let refusal)): throw .refused(refusal)
      default: throw .records(error)
      }
    }
  }

  /// Claims the runs of the world in the journal, against all processes.
  package func claimRuns(of world: String) throws(CutoverFailure) -> any Sendable {
    try inRecords { () throws(WorldDeskFailure) in
      try inJournal { () throws(JournalFailure) in
        try setup.journal.claim(
          "world:\(world):cutover", for: "switching instances of the world \(world)",
          patienceMilliseconds: setup.patienceMilliseconds)
      }
    }
  }

  private func inRecords<Result>(
    _ body: () throws(WorldDeskFailure) -> Result
  ) throws(CutoverFailure) -> Result {
    do throws(WorldDeskFailure) { return try body() } catch { throw .records(error) }
  }
}

extension CutoverEvent {
  fileprivate var isAfterPlan: Bool { if case .planned = fact { false } else { true } }
}

extension WorldState {
  /// Why no run may open a gate, whatever else is the case; nil where one may.
  fileprivate var haltOfRuns: String? {
    if !breaker.isArmed { return "breaker:\(breaker.reason)" }
    if isDeleted { return "deleted" }
    if isFrozen { return "frozen" }
    return mode == .active ? nil : "mode:\(mode.rawValue)"
  }
}
