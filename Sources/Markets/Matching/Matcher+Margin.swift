import Essentials

/// What orders hold back of the account's margin, and what the venue's tiers allow.
///
/// Both venues take the side of the open orders that would make the larger position: with p lots held,
/// b lots bid and a lots asked for, margin stands behind max(|p + b|, |p − a|) lots, so what lies beyond
/// |p| is held back (Binance, "Presenting Initial Margin" of USDⓈ-M; Bybit, "Initial Margin of open
/// orders" of unified accounts). Lots of orders count at their limits, or at the last price where they
/// have none; the fee to take them is held back too. Orders that sleep or only reduce hold back
/// nothing.
extension Matcher {
  /// Has the account hold back what the open orders need.
  mutating func holdBack(_ account: inout PerpetualAccount) {
    guard isHoldingStale else { return }
    isHoldingStale = false
    let lots = account.position(of: id)?.quantity.lots ?? 0
    account.reserve(holding(besides: lots, leverage(account)), for: id)
  }

  /// Why the venue does not take an order at a price; nil where it does.
  func marginRefusal(
    of new: StandingOrder, at price: Price, _ account: PerpetualAccount
  ) -> OrderEnd? {
    let held = account.position(of: id)?.quantity.lots ?? 0
    let leverage = leverage(account)
    let sign = new.order.side.sign
    var result = held * sign + new.rest
    for standing in orders where standing.holds && standing.order.side == new.order.side {
      result = (Quantity(lots: result) + Quantity(lots: standing.rest)).lots
    }
    guard result > abs(held) else { return nil }
    guard allows(result, at: price, leverage) else { return .leverageTooHigh }
    guard let available = account.available else { return nil }
    let before = holding(besides: held, leverage)
    let after = holding(besides: held, leverage, adding: new)
    guard after > before else { return nil }
    return after <= available + account.reserved(of: id) ? nil : .insufficientMargin
  }

  /// Why an order cannot open so many lots at a price; nil where it can.
  func refusal(
    _ lots: Int64, of place: Int, at price: Price, as role: FillRole, _ account: PerpetualAccount
  ) -> OrderEnd? {
    let standing = orders[place]
    let held = account.position(of: id)?.quantity.lots ?? 0
    let after = held + standing.order.side.sign * lots
    let leverage = leverage(account)
    guard standing.isAllowed || allows(abs(after), at: price, leverage) else {
      return .leverageTooHigh
    }
    guard let worth = contract.worth(of: Quantity(lots: lots), at: price),
      let fee = contract.fees.fee(on: worth, as: role), let available = account.available
    else { return .insufficientMargin }
    let needed = account.initialMargin(of: worth, leverage: leverage) + fee
    let others = holding(besides: after, leverage, filling: lots, of: place)
    return needed + others <= available + account.reserved(of: id) ? nil : .insufficientMargin
  }

  private func leverage(_ account: PerpetualAccount) -> Leverage {
    account.position(of: id)?.leverage ?? settings.leverage
  }

  func allows(_ lots: Int64, at price: Price, _ leverage: Leverage) -> Bool {
    guard let worth = contract.worth(of: Quantity(lots: lots), at: price),
      let most = contract.tiers.maximumLeverage(for: worth)
    else { return false }
    return leverage <= most
  }

  /// What the open orders hold back beside so many lots, with another order or a fill of one of them
  /// reckoned in.
  private func holding(
    besides held: Int64, _ leverage: Leverage, adding new: StandingOrder? = nil,
    filling filled: Int64 = 0, of filledPlace: Int = -1
  ) -> CoinAmount {
    var buys = HeldSide()
    var sells = HeldSide()
    for place in orders.indices where orders[place].holds {
      add(orders[place], lots: orders[place].rest - (place == filledPlace ? filled : 0))
    }
    if let new { add(new, lots: new.rest) }
    return max(
      buys.margin(besides: held, leverage, contract.fees),
      sells.margin(besides: -held, leverage, contract.fees))

    func add(_ standing: StandingOrder, lots: Int64) {
      guard lots > 0, let price = standing.order.limit ?? last else { return }
      let worth = contract.worth(of: Quantity(lots: lots), at: price) ?? .largest
      if standing.order.side == .buy {
        buys.add(lots, worth)
      } else {
        sells.add(lots, worth)
      }
    }
  }
}

extension StandingOrder {
  /// Whether it holds back margin while it is at the venue.
  var holds: Bool { state.isOpen && !order.reducesOnly }
}

/// The lots of the orders of one side, and their worth.
private struct HeldSide {
  var lots = Quantity.zero
  var worth = CoinAmount.zero

  mutating func add(_ lots: Int64, _ worth: CoinAmount) {
    self.lots = self.lots + Quantity(lots: lots)
    self.worth = self.worth + worth
  }

  /// What is held back beside lots held, which are above zero in the direction of the side.
  func margin(besides held: Int64, _ leverage: Leverage, _ fees: FeeSchedule) -> CoinAmount {
    let more = lots.lots - (held < 0 ? -2 * held : 0)
    guard more > 0 else { return .zero }
    let share = Int128(worth.atoms) * Int128(more) / Int128(lots.lots)
    // No more than the worth, which is counted.
    let beyond = CoinAmount(atoms: Int64(share))
    return PerpetualAccount.margin(worth: beyond, leverage: leverage)
      + (fees.fee(on: beyond, as: .taker) ?? .largest)
  }
}
