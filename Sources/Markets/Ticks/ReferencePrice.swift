package import Essentials

/// The prices of a contract that are not those of its last trade.
package struct ReferencePrice: Hashable, Sendable {
  /// When the venue reckoned it, by its clock.
  package let instant: Timestamp
  /// The price by which positions are valued, liquidated and pay funding.
  package let mark: Price
  /// The price of the coin at other venues; nil where the message does not say.
  package let index: Price?

  package init(instant: Timestamp, mark: Price, index: Price? = nil) {
    self.instant = instant
    self.mark = mark
    self.index = index
  }
}

extension ReferencePrice {
  /// How Bybit reckons the mark price: the median of the last price, of the index carried by the funding
  /// to come, and of the index with the usual distance to it.
  ///
  /// P₁ = index·(1 + rate·time to funding/interval), P₂ = index + five-minute mean of (mid − index).
  /// Source: Bybit help center, "Mark Price Calculation (Perpetual)".
  package static func bybitMark(
    index: Double, last: Double, fundingRate: Double, shareOfInterval: Double, meanBasis: Double
  ) -> Double {
    let carried = index * (1 + fundingRate * shareOfInterval)
    let based = index + meanBasis
    return max(min(carried, based), min(max(carried, based), last))
  }
}
