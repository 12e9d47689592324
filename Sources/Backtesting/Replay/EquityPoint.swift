package import Essentials
package import Markets

/// What an account was worth at one instant.
package struct EquityPoint: Hashable, Sendable {
  package let instant: Timestamp
  /// What it would be worth if all were closed at the marks, before fees.
  package let equity: CoinAmount
  /// What it has set aside for nothing, without the profits of what is held.
  package let wallet: CoinAmount
  /// What all that is held is worth, long and short added up without sign.
  package let exposure: CoinAmount

  package init(
    instant: Timestamp, equity: CoinAmount, wallet: CoinAmount, exposure: CoinAmount
  ) {
    self.instant = instant
    self.equity = equity
    self.wallet = wallet
    self.exposure = exposure
  }

  /// The account at an instant; nil where a held contract has no mark.
  init?(_ account: PerpetualAccount, at instant: Timestamp) {
    guard let worth = account.worth else { return nil }
    self.init(
      instant: instant, equity: worth.equity, wallet: account.wallet, exposure: worth.exposure)
  }

  /// Exposure over equity; NaN where there is no equity.
  package var leverage: Double {
    equity > .zero ? exposure.value / equity.value : .nan
  }
}
