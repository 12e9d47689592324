package import Essentials

/// What a run is told by those who act for it.
package enum CutoverNews: Hashable, Sendable {
  /// Nothing but that time went on. What has not been answered is asked again.
  case timePassed
  /// An event that the run asked for is durable.
  case recorded(CutoverEvent)
  /// It is not, since it cannot be written; nothing of it is.
  case recordFailed(CutoverEvent)
  /// It is not, since the world's gates changed meanwhile; the change was told before.
  case recordRefused(CutoverEvent)
  case holder(HolderReport)
  case ordersRead([OrderReading])
  /// The first check that the broker fails with, nil where it passes all.
  case verified(failing: CutoverRules.Verification?)
  case transitionPlanned(CutoverTransition)
  /// How an order of the transition stands for good, or that nobody knows for good.
  case orderEnded(CutoverOrderEnd)
  /// A tick went by with would-be orders; `anomaly` says what was wrong with them, nil for nothing.
  case ticked(anomaly: String?)
  /// The world may let nothing through any more, such as after its breaker tripped or its people
  /// froze it; its gates are at this epoch.
  case halted(reason: String, epoch: Int)
  /// Gates were changed by somebody else.
  case gatesChanged(epoch: Int, gates: [GateChange])
  /// A person wants the run to end.
  case stopped(reason: String)
}

/// What is known of somebody who holds gates.
package struct HolderReport: Hashable, Sendable {
  package var name: String
  /// The epoch that it has taken, with no order of an earlier one under way; nil where it knows none.
  package var acknowledged: Int?
  /// When it stops trusting what it knows.
  package var leaseUntil: Timestamp

  package init(name: String, acknowledged: Int?, leaseUntil: Timestamp) {
    self.name = name
    self.acknowledged = acknowledged
    self.leaseUntil = leaseUntil
  }
}

/// The orders of an instance at its broker.
package struct OrderReading: Hashable, Sendable {
  package var key: GateKey
  /// Orders that may still be filled.
  package var open: [String]
  /// Orders of which nobody can say how they stand.
  package var unknown: [String]
  /// Whether the positions are those that the fills add up to.
  package var isReconciled: Bool
  /// The digest of the positions.
  package var positions: Fingerprint

  package init(
    key: GateKey, open: [String], unknown: [String], isReconciled: Bool, positions: Fingerprint
  ) {
    self.key = key
    self.open = open
    self.unknown = unknown
    self.isReconciled = isReconciled
    self.positions = positions
  }

  /// Whether nothing can change the positions any more, and they are known.
  package var isDrained: Bool { open.isEmpty && unknown.isEmpty && isReconciled }
}
