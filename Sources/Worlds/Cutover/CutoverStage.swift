/// Where a run stands.
package enum CutoverStage: String, Hashable, Sendable, CaseIterable {
  /// It is recorded, and nothing has been done.
  case planned
  /// The gates concerned are closed; holders are asked to confirm it.
  case freezing
  /// Orders are cancelled and come to their ends.
  case draining
  /// The broker is verified; the switch follows in one commit.
  case switching
  /// Switched; positions are carried over.
  case transitioning
  /// Would-be orders of the promoted are watched.
  case opening
  case completed
  /// Given up before the switch; gates are as they were, except those of which too little is known.
  case aborted
  /// The switch could not be recorded; gates stay closed.
  case rolledBack = "rolled_back"

  /// Whether nothing more will happen.
  package var isTerminal: Bool {
    switch self {
    case .completed, .aborted, .rolledBack: true
    default: false
    }
  }

  /// Whether the switch is committed.
  package var isSwitched: Bool {
    switch self {
    case .transitioning, .opening, .completed: true
    default: false
    }
  }
}

/// How a run ended, for ever.
package struct CutoverOutcome: Hashable, Sendable {
  package var stage: CutoverStage
  /// The epoch of the world with which it ended.
  package var epoch: Int
  /// Why it did not go its way; empty where it did.
  package var reason: String
  /// Instances whose gates stay closed until a person has looked.
  package var needsOperator: [String]

  package init(stage: CutoverStage, epoch: Int, reason: String, needsOperator: [String]) {
    self.stage = stage
    self.epoch = epoch
    self.reason = reason
    self.needsOperator = needsOperator
  }
}
