/// The mark price at which a position no longer has the margin that its venue demands.
///
/// With balance B behind a position of q units (sign s) opened at a cost C, the margin of tier
/// (r, d) is q·P·r − d, and what is there is B + s·q·P − C (C signed as s). They are equal at
///
///     P = (B + d − C) / (q·(r − s))
///
/// which is Binance's formula ("Liquidation Price of USDⓈ-M Futures Contracts") and, with B the margin
/// set aside, Bybit's for isolated margin. As the tier depends on the worth at P, each tier is tried;
/// deductions make the margin continuous, so exactly one fits, or neighbors that meet at P.
extension MarginTiers {
  /// Returns the first mark price, in billionths, at which the margin is reached: the highest for a
  /// long position, the lowest for a short one.
  ///
  /// Nil where no price above zero reaches it, and for no position. A cross account passes as
  /// `balance` its wallet plus the unrealized profit of its other positions minus their maintenance
  /// margin, as they stand.
  package func liquidationPrice(
    of quantity: Quantity, cost: CoinAmount, balance: CoinAmount, lot: LotSize
  ) -> Price? {
    guard quantity != .zero else { return nil }
    let sign = Int128(quantity.lots.signum())
    let nanos = Int128(quantity.magnitude.lots) * Int128(lot.nanos)
    var best: Price?
    for (number, tier) in tiers.enumerated() {
      let numerator =
        (Int128(balance.atoms) + Int128(tier.deduction.atoms) - Int128(cost.atoms))
        * 1_000_000_000_000_000_000
      let factor = Int128(tier.maintenanceRate.hundredMillionths) - sign * 100_000_000
      let (denominator, isTooLarge) = nanos.multipliedReportingOverflow(by: factor)
      guard !isTooLarge else { return nil }
      // The first price at which the margin is gone lies at or behind the exact one.
      let exact =
        sign > 0
        ? quotientRoundedDown(numerator, by: denominator)
        : quotientRoundedUp(numerator, by: denominator)
      guard exact > 0, exact <= Int128(Int64.max), let price = Price(nanos: Int64(exact)),
        let worth = CoinAmount(worthOf: quantity.magnitude, at: price, lot: lot)
      else { continue }
      let floor = number == 0 ? CoinAmount.zero : tiers[number - 1].notionalCap
      let isLast = number == tiers.count - 1
      guard worth >= floor, isLast || worth <= tier.notionalCap else { continue }
      best = best.map { sign > 0 ? max($0, price) : min($0, price) } ?? price
    }
    return best
  }
}

private func quotientRoundedDown(_ dividend: Int128, by divisor: Int128) -> Int128 {
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient
}

private func quotientRoundedUp(_ dividend: Int128, by divisor: Int128) -> Int128 {
  -quotientRoundedDown(-dividend, by: divisor)
}
