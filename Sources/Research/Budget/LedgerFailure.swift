package import Essentials

/// A change that the ledger cannot make.
package enum LedgerFailure: ExplainedFailure, Hashable {
  /// No such call was granted.
  case unknownReservation(ReservationID)
  /// The call was settled or voided before.
  case alreadyClosed(ReservationID)
  /// An event of a history contradicts those before it.
  case contradiction(event: Int, reason: String)

  package var key: String {
    switch self {
    case .unknownReservation: "unknown_reservation"
    case .alreadyClosed: "reservation_closed"
    case .contradiction: "ledger_contradiction"
    }
  }

  package var explanation: String {
    switch self {
    case .unknownReservation(let id): "No call was granted under the number \(id)."
    case .alreadyClosed(let id): "The call \(id) is settled or voided already."
    case .contradiction(let event, let reason):
      "Event \(event) of the budget's history contradicts those before it: \(reason)."
    }
  }

  package var remedy: String {
    switch self {
    case .unknownReservation, .alreadyClosed: "Settle each granted call once, by its own number."
    case .contradiction: "Verify the journal and restore a copy."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .unknownReservation, .alreadyClosed: .failed
    case .contradiction: .integrityViolated
    }
  }
}
