package import Essentials

/// What a world knows of one of its instances.
package struct InstanceRecord: Hashable, Sendable {
  package let submission: InstanceSubmission
  package internal(set) var phase = StrategyPhase.submitted
  package internal(set) var phaseSince: Timestamp
  /// The cycle in which it last changed its phase, 0 for none.
  package internal(set) var movedInCycle = 0
  /// Successive cycles of being admitted.
  package internal(set) var passes = 0
  /// Successive cycles of failing.
  package internal(set) var fails = 0
  package internal(set) var gate: Gate
  /// Who let its promotion happen, nil before; spent by the next change of phase.
  package internal(set) var approval: Approval?
  /// Closes of days on paper since it was put on paper, in order.
  package internal(set) var paper: [PaperMark] = []
  /// Why a person must look at it before its gate may open, nil where nobody must.
  package internal(set) var needsOperator: String?

  package var id: String { submission.id }
  package var side: TradingSide { submission.side }

  /// The gate of its orders.
  package struct Gate: Hashable, Sendable {
    package internal(set) var state = GateState.closed
    /// The share of equity that it trades with.
    package internal(set) var weight = 0.0
    /// The epoch of its last change.
    package internal(set) var epoch: Int
    /// Whether a person closed it.
    package internal(set) var isSwitchedOff = false
  }

  /// That a person lets it go live.
  package struct Approval: Hashable, Sendable {
    package var by: String
    package var at: Timestamp
    /// Nil for any plan.
    package var plan: Fingerprint?
  }

  init(_ submission: InstanceSubmission, at: Timestamp, epoch: Int) {
    self.submission = submission
    phaseSince = at
    gate = Gate(epoch: epoch)
  }

  /// Enters a phase; streaks, approval and what paper showed begin anew where they should.
  mutating func enter(_ next: StrategyPhase, at: Timestamp, cycle: Int) {
    guard next != phase else { return }
    if next == .dryrun {
      passes = 0
      fails = 0
      paper = []
    }
    if next == .live || next == .inactive { fails = 0 }
    if next == .inactive || next == .retired { passes = 0 }
    if next == .inactive || next == .retired || next == .failed {
      gate.weight = 0
      gate.state = .closed
      gate.isSwitchedOff = false
    }
    phase = next
    phaseSince = at
    movedInCycle = cycle
    approval = nil
  }
}
