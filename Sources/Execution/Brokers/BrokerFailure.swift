package import Essentials

/// Why a broker gives no answer, or refuses to hear.
package enum BrokerFailure: ExplainedFailure, Hashable {
  /// The venue cannot be reached; nothing was sent.
  case disconnected(venue: String)
  /// The order left and no answer came: it may be at the venue.
  case noAnswer(venue: String, id: ClientOrderID)
  /// The account may not do what was asked.
  case permissionMissing(AccountPermission, account: String)
  /// Another order has this client id.
  case clientIDReused(ClientOrderID)
  case unknownSymbol(String, venue: String)
  /// An order of one instance on the way of another.
  case foreignOrder(id: ClientOrderID, instance: String, path: String)
  /// The venue keeps its fills from a later place on only.
  case fillsForgotten(venue: String, through: Int64)

  package var key: String {
    switch self {
    case .disconnected: "broker_disconnected"
    case .noAnswer: "broker_silent"
    case .permissionMissing: "broker_permission"
    case .clientIDReused: "client_id_reused"
    case .unknownSymbol: "unknown_symbol"
    case .foreignOrder: "foreign_order"
    case .fillsForgotten: "fills_forgotten"
    }
  }

  package var explanation: String {
    switch self {
    case .disconnected(let venue): "\(venue) cannot be reached, and nothing was sent to it."
    case .noAnswer(let venue, let id):
      "\(venue) did not answer to the order \(id), which it may have."
    case .permissionMissing(let permission, let account):
      "The account \(account) may not \(permission.rawValue)."
    case .clientIDReused(let id): "Another order was sent as \(id) before."
    case .unknownSymbol(let symbol, let venue): "\(venue) does not trade \(symbol)."
    case .foreignOrder(let id, let instance, let path):
      "The order \(id) is of \(instance) and was given to the way of \(path)."
    case .fillsForgotten(let venue, let through):
      "\(venue) has let its fills through number \(through) go."
    }
  }

  package var remedy: String {
    switch self {
    case .disconnected: "Try again when the connection is back; the gates stay as they are."
    case .noAnswer: "Send the same order again or ask for its state: neither makes a second order."
    case .permissionMissing(let permission, _):
      "Give the account's key the permission to \(permission.rawValue), or use another account."
    case .clientIDReused: "Give a different order a different client id."
    case .unknownSymbol: "Name a symbol of the venue, or give the venue a lot size for it."
    case .foreignOrder: "Send each order on its own instance's way."
    case .fillsForgotten: "Read on from the last fill that was read, and compare the positions."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .disconnected, .fillsForgotten: .failed
    case .noAnswer: .timedOut
    case .permissionMissing: .personMustAct
    case .clientIDReused, .foreignOrder: .refused
    case .unknownSymbol: .badConfiguration
    }
  }
}
