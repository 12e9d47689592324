package import Essentials

/// The number of a reservation, unique in its ledger and counted from 1.
package struct ReservationID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let number: Int

  package init(_ number: Int) {
    self.number = number
  }

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
  package var description: String { "r\(number)" }
}

/// A granted call: the leave to send it, and the most that it may use.
package struct Reservation: Hashable, Sendable {
  package let id: ReservationID
  package let request: CallRequest
  /// The most that the call may cost.
  package let cost: CallCost
  /// How many tokens of the prompt are drawn from the expansion reserve.
  package let expansionTokens: Int
  /// The call belongs to the UTC day and the ISO week of this instant, whenever it is settled.
  package let at: Timestamp
  package let expiresAt: Timestamp

  /// What is held for the call.
  package var held: Spend { Spend(tokens: request.tokens, cost: cost.entered) }

  /// The prompt ceiling under which the call was granted without its expansion.
  package var ordinaryPromptTokens: Int { request.promptTokensMax - expansionTokens }
}
