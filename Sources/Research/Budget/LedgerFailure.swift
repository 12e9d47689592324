package import Essentials

/// A change that the ledger cannot make.
package enum LedgerFailure: ExplainedFailure, Hashable {
  /// No such call was granted.
  case unknownReservation(ReservationID)
  /// The call was settled or voided before.
  case alreadyClosed(ReservationID)
  /// A call of a history has the number of an earlier one.
  case grantedTwice(ReservationID)
  /// A request that cannot be written down: one sentence says why.
  case unusableRequest(reason: String)
  /// An event of a history contradicts those before it.
  case contradiction(event: Int, reason: String)

  package var key: String {
    switch self {
    case .unknownReservation: "unknown_reservation"
    case .alreadyClosed: "reservation_closed"
    case .grantedTwice, .contradiction: "ledger_contradiction"
    case .unusableRequest: "unusable_call"
    }
  }

  package var explanation: String {
    switch self {
    case .unknownReservation(let id): "No call was granted under the number \(id)."
    case .alreadyClosed(let id): "The call \(id) is settled or voided already."
    case .grantedTwice(let id): "The call \(id) is granted twice."
    case .unusableRequest(let reason): "The call cannot be reserved: \(reason)."
    case .contradiction(let event, let reason):
      "Event \(event) of the budget's history contradicts those before it. \(reason)"
    }
  }

  package var remedy: String {
    switch self {
    case .unknownReservation, .alreadyClosed: "Settle each granted call once, by its own number."
    case .unusableRequest: "Correct the request."
    case .grantedTwice, .contradiction: "Verify the journal and restore a copy."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .unknownReservation, .alreadyClosed, .unusableRequest: .failed
    case .grantedTwice, .contradiction: .integrityViolated
    }
  }
}
