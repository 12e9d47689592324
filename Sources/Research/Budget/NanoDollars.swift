/// An amount of US dollars as a whole number of billionths.
///
/// Prices of single tokens have at most nine decimals, so sums are exact where floating point would
/// drift. The range is nine billion dollars either way.
package struct NanoDollars: Hashable, Comparable, Sendable, AdditiveArithmetic {
  package var count: Int64

  package init(_ count: Int64) {
    self.count = count
  }

  /// Rounds an amount of dollars to the nearest billionth; nil where it is negative, not finite or
  /// above `dollarsMax`.
  package init?(dollars: Double) {
    guard dollars >= 0, dollars <= Double(Self.dollarsMax) else { return nil }
    count = Int64((dollars * 1e9).rounded())
  }

  /// A billion: what nobody spends on language models by accident or on purpose.
  package static let dollarsMax: Int64 = 1_000_000_000

  package static let zero = NanoDollars(0)

  /// The amount in dollars, correct to the precision of a double.
  package var dollars: Double { Double(count) / 1e9 }

  /// The amount in dollars, rounded to eight decimals as events carry it.
  package var dollarsToEightPlaces: Double { Double((count + (count < 0 ? -5 : 5)) / 10) / 1e8 }

  package static func < (left: Self, right: Self) -> Bool { left.count < right.count }
  /// Adds amounts; sums beyond the range are a fault of the program.
  package static func + (left: Self, right: Self) -> Self { Self(left.count + right.count) }
  /// Subtracts an amount, which may leave a debt.
  package static func - (left: Self, right: Self) -> Self { Self(left.count - right.count) }
}

extension NanoDollars: CustomStringConvertible {
  /// The exact amount with at least two decimals, such as `$0.0274025` or `-$1.50`.
  package var description: String {
    let whole = count.magnitude / 1_000_000_000
    let digits = String(count.magnitude % 1_000_000_000)
    var decimals = String(repeating: "0", count: 9 - digits.count) + digits
    while decimals.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(count < 0 ? "-" : "")$\(whole).\(decimals)"
  }
}
