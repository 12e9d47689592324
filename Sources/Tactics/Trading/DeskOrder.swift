package import Essentials
package import Markets

/// An order that a desk has sent and that is not over, as far as it has heard.
package struct DeskOrder: Hashable, Sendable {
  /// What the order is for.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    case entry, stop, target, exit, reduction
    /// It makes a position larger.
    case addition

    /// Whether the order may make what is held larger.
    package var opens: Bool { self == .entry || self == .addition }
  }

  package let number: OrderNumber
  package let role: Role
  package let quantity: Quantity
  package let sentAt: Timestamp
  /// The last that was heard of it.
  package var state = OrderState.sent
  /// When its end was asked for; nil where it was not.
  package var cancelledAt: Timestamp?

  package init(number: OrderNumber, role: Role, quantity: Quantity, sentAt: Timestamp) {
    self.number = number
    self.role = role
    self.quantity = quantity
    self.sentAt = sentAt
  }
}
