package import Essentials

/// Why an event cannot be entered into an account's books; the books stay as they were.
package enum EntryRefusal: ExplainedFailure, Hashable {
  case noQuantity(symbol: String)
  case amountTooLarge(symbol: String)
  case amountNotAboveZero(CoinAmount)
  case exceedsWallet(wanted: CoinAmount, wallet: CoinAmount)
  case noIsolatedPosition(symbol: String)
  case marginModeDiffers(symbol: String)
  case noPosition(symbol: String)
  case noMark(symbol: String)
  case marginTooSmall(symbol: String)

  package var key: String {
    switch self {
    case .noQuantity: "no_quantity"
    case .amountTooLarge: "amount_too_large"
    case .amountNotAboveZero: "amount_not_above_zero"
    case .exceedsWallet: "exceeds_wallet"
    case .noIsolatedPosition: "no_isolated_position"
    case .marginModeDiffers: "margin_mode_differs"
    case .noPosition: "no_position"
    case .noMark: "no_mark"
    case .marginTooSmall: "margin_too_small"
    }
  }

  package var explanation: String {
    switch self {
    case .noQuantity(let symbol): "A fill of \(symbol) has no quantity."
    case .amountTooLarge(let symbol):
      "An event of \(symbol) would make an amount beyond \(CoinAmount.largest)."
    case .amountNotAboveZero(let amount): "The amount \(amount) is not above zero."
    case .exceedsWallet(let wanted, let wallet):
      "\(wanted) is wanted from a wallet that holds \(wallet)."
    case .noIsolatedPosition(let symbol): "No isolated position of \(symbol) is held."
    case .marginModeDiffers(let symbol):
      "The position of \(symbol) has another margin mode or leverage than the fill."
    case .noPosition(let symbol): "No position of \(symbol) is held."
    case .noMark(let symbol): "No mark price of \(symbol) is known."
    case .marginTooSmall(let symbol):
      "Less margin behind the position of \(symbol) would have it liquidated."
    }
  }

  package var remedy: String {
    switch self {
    case .noQuantity, .amountNotAboveZero: "Give an amount above zero."
    case .amountTooLarge: "Hold less, or divide the account."
    case .exceedsWallet: "Take less, or close positions first."
    case .noIsolatedPosition, .noPosition: "Open a position first."
    case .marginModeDiffers: "Close the position before changing how it is margined."
    case .noMark: "Wait for a mark price."
    case .marginTooSmall: "Ask for less leverage."
    }
  }

  package var outcome: FailureOutcome { .refused }
}
