/// What a fill did to an account.
package struct FillOutcome: Hashable, Sendable {
  /// The profit of what it closed, before fees.
  package let profit: CoinAmount
  package let fee: CoinAmount
  /// What it set aside for an isolated position less what it set free.
  package let margin: CoinAmount
}
