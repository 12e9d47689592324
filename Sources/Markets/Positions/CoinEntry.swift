package import Essentials

/// An account in the books of a ``PerpetualAccount``. What is owned or spent stands above zero, where
/// it came from below, so all accounts together are zero.
package enum CoinAccount: Hashable, Sendable {
  /// Minus what was put in and not taken out.
  case deposits
  /// Coins that are set aside for nothing.
  case wallet
  /// Margin that is set aside for an isolated position.
  case margin(ContractID)
  /// Minus the profit of what was closed, before fees.
  case realized(ContractID)
  /// Fees paid.
  case fees(ContractID)
  /// Funding paid, below zero where it was received.
  case funding(ContractID)
  /// What the venue's insurance took over the losses of a liquidation, below zero where it paid.
  case insurance
}

/// A change of one account.
package struct CoinPosting: Hashable, Sendable {
  package let account: CoinAccount
  package let amount: CoinAmount
}

/// Changes of accounts that belong together; their amounts add up to zero.
package struct CoinEntry: Hashable, Sendable {
  package let instant: Timestamp
  package let cause: EntryCause
  /// None whose amount is zero.
  package let postings: [CoinPosting]

  init(at instant: Timestamp, _ cause: EntryCause, _ postings: [CoinPosting]) {
    self.instant = instant
    self.cause = cause
    self.postings = postings.filter { $0.amount != .zero }
  }
}

/// What made an entry.
package enum EntryCause: Hashable, Sendable {
  case deposit
  case withdrawal
  case fill(ContractID)
  case funding(ContractID)
  case marginTransfer(ContractID)
  case liquidation(ContractID)
}

/// A contract among those of an account.
package struct ContractID: Hashable, Sendable {
  /// The place in ``PerpetualAccount/contracts``.
  package let place: Int

  package init(place: Int) {
    self.place = place
  }
}
