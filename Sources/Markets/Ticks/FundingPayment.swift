package import Essentials

/// A payment between those who are long and those who are short, at one instant.
///
/// Who holds a position at the instant pays its worth at the mark price times the rate: the long to
/// the short where the rate is above zero, the short to the long where it is below.
package struct FundingPayment: Hashable, Sendable {
  package let instant: Timestamp
  package let rate: SignedRate

  package init(instant: Timestamp, rate: SignedRate) {
    self.instant = instant
    self.rate = rate
  }

  /// What a position receives, below zero where it pays; nil beyond what is counted.
  ///
  /// `quantity` is negative for a short position.
  package func received(
    by quantity: Quantity, mark: Price, lot: LotSize
  ) -> CoinAmount? {
    CoinAmount(worthOf: -quantity, at: mark, lot: lot)?.times(rate)
  }
}

extension FundingPayment {
  /// How late a venue may stamp a payment that it reckons for the full minute.
  package static let stampDelay = TimeSpan.seconds(1)

  /// When a payment takes its turn among bars, which say nothing of what was held within them: at the
  /// beginning of the bar in which it lies where it was stamped within ``stampDelay`` of it, before
  /// what that bar fills, and else at its end.
  package func turn(among bars: BarSpan) -> Timestamp {
    let start = bars.start(of: instant)
    return instant - start <= Self.stampDelay ? start : bars.end(from: start)
  }

  /// How Bybit reckons the rate of a payment from the mean premium over the interval:
  /// F = P + clamp(I − P, ±0.05 %), with interest I of 0.01 % for eight hours, within the bounds of
  /// the contract.
  ///
  /// Source: Bybit help center, "Introduction to Funding Rate". All rates are fractions.
  package static func bybitRate(
    premium: Double, interval: TimeSpan, bounds: ClosedRange<Double>
  ) -> Double {
    let interest = 0.0001 * interval.seconds / 28_800
    let rate = premium + min(max(interest - premium, -0.0005), 0.0005)
    return min(max(rate, bounds.lowerBound), bounds.upperBound)
  }
}
