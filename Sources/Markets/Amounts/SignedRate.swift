/// A rate that may be below zero, counted exactly in hundred-millionths, in which venues give funding.
///
/// Fees are such rates because some venues pay makers, funding because either side may pay.
package struct SignedRate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Hundred-millionths: 10,000 of them are a basis point.
  package let hundredMillionths: Int64

  /// The rate of so many hundred-millionths; nil beyond plus and minus the hundredfold.
  package init?(hundredMillionths: Int64) {
    guard hundredMillionths.magnitude <= 10_000_000_000 else { return nil }
    self.hundredMillionths = hundredMillionths
  }

  /// The nearest rate to a fraction, such as 0.00055; nil where it is missing or beyond plus and minus
  /// the hundredfold.
  package init?(_ fraction: Double) {
    let count = (fraction * 1e8).rounded()
    guard count.magnitude <= 1e10 else { return nil }
    hundredMillionths = Int64(count)
  }

  /// The rate that a venue wrote, such as `-0.00375`; nil where it is none.
  package init?(text: some StringProtocol) {
    guard let count = exactCount(text, places: 8) else { return nil }
    self.init(hundredMillionths: count)
  }

  /// The same rate as a share that is never below zero.
  package init(_ rate: Rate) {
    hundredMillionths = rate.millionths * 100
  }

  private init(checked hundredMillionths: Int64) {
    self.hundredMillionths = hundredMillionths
  }

  /// Nothing.
  package static let zero = SignedRate(checked: 0)

  /// The fraction, rounded to the nearest double.
  package var value: Double { Double(hundredMillionths) / 1e8 }

  package var description: String { decimalText(hundredMillionths, places: 8) }

  package static func < (left: Self, right: Self) -> Bool {
    left.hundredMillionths < right.hundredMillionths
  }
  /// The rate with the other sign.
  package static prefix func - (rate: Self) -> Self { Self(checked: -rate.hundredMillionths) }
}
