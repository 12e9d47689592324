package import Markets

/// What an account may do.
package enum AccountPermission: String, Hashable, Sendable, CaseIterable, Comparable {
  case trade, withdraw

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The account behind a broker, as the venue describes it.
package struct BrokerAccount: Hashable, Sendable {
  package let id: String
  /// What the key in use may do. Trading wants `trade`; a desk's key has no use for `withdraw`.
  package let permissions: Set<AccountPermission>
  /// Cash of the whole account.
  package let balance: Money

  package init(id: String, permissions: Set<AccountPermission>, balance: Money) {
    self.id = id
    self.permissions = permissions
    self.balance = balance
  }
}
