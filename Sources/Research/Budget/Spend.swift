/// An amount of the two things that a call of a language model uses up: tokens and money.
package struct Spend: Hashable, Sendable, AdditiveArithmetic {
  /// Prompt and completion together.
  package var tokens: Int
  package var cost: NanoDollars

  package init(tokens: Int, cost: NanoDollars = .zero) {
    self.tokens = tokens
    self.cost = cost
  }

  package static let zero = Spend(tokens: 0)

  /// Adds tokens to tokens and money to money.
  package static func + (left: Self, right: Self) -> Self {
    Self(tokens: left.tokens + right.tokens, cost: left.cost + right.cost)
  }

  /// Subtracts tokens from tokens and money from money, which may leave a debt.
  package static func - (left: Self, right: Self) -> Self {
    Self(tokens: left.tokens - right.tokens, cost: left.cost - right.cost)
  }
}

/// What a call costs, as far as prices are known. An unknown price is not a price of zero.
package enum CallCost: Hashable, Sendable {
  case known(NanoDollars)
  case unknown

  /// The amount to enter in a ledger that counts unpriced calls apart.
  package var entered: NanoDollars {
    if case .known(let amount) = self { amount } else { .zero }
  }

  package var isKnown: Bool { self != .unknown }
}
