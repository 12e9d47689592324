/// An amount of the coin in which a venue settles, counted exactly in hundred-millionths of it.
///
/// Venues keep their books in this step, so an account that does the same agrees with theirs to the
/// last digit. Amounts lie within plus and minus forty-five thousand millions (``largest``), half of
/// what 63 bits hold, so that no sum of two traps; sums beyond are given as the largest
/// amount, and ledgers refuse before.
package struct CoinAmount: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Hundred-millionths of the coin.
  package let atoms: Int64

  /// The amount of so many hundred-millionths, or the largest of that sign.
  package init(atoms: Int64) {
    self.atoms = min(max(atoms, -Self.limit), Self.limit)
  }

  /// The exact amount of so many hundred-millionths; nil beyond ``largest``.
  package init?(exactly atoms: Int128) {
    guard atoms.magnitude <= UInt128(Self.limit) else { return nil }
    self.atoms = Int64(atoms)
  }

  /// The nearest amount to a number of coins; nil where it is not finite or beyond ``largest``.
  package init?(_ coins: Double) {
    let atoms = (coins * 1e8).rounded()
    guard atoms.magnitude <= Double(Self.limit) else { return nil }
    self.atoms = Int64(atoms)
  }

  /// The amount that a venue wrote, such as `4.6876214`; nil where it is none.
  package init?(text: some StringProtocol) {
    guard let atoms = exactCount(text, places: 8) else { return nil }
    self.init(exactly: Int128(atoms))
  }

  /// What a quantity is worth at a price, rounded to the hundred-millionth, signed as the quantity;
  /// nil beyond ``largest``.
  package init?(worthOf quantity: Quantity, at price: Price, lot: LotSize) {
    // Billionths of a price times billionths of a unit are 10^-18; a hundred-millionth is 10^10. Lots
    // are most often a power of ten, which goes out of both, and the rest fits into 64 bits.
    let unit: Int64 = 10_000_000_000
    if unit % lot.nanos == 0 {
      let (product, isTooLarge) = price.nanos.multipliedReportingOverflow(by: quantity.lots)
      if !isTooLarge {
        self.init(exactly: Int128(roundedQuotient(product, by: unit / lot.nanos)))
        return
      }
    }
    let (perLot, isTooLarge) = Int128(price.nanos).multipliedReportingOverflow(
      by: Int128(lot.nanos))
    let (product, isLarger) = perLot.multipliedReportingOverflow(by: Int128(quantity.lots))
    guard !isTooLarge, !isLarger else { return nil }
    self.init(exactly: roundedQuotient(product, by: Int128(unit)))
  }

  /// The amount times a rate, rounded to the hundred-millionth; nil beyond ``largest``.
  package func times(_ rate: SignedRate) -> CoinAmount? {
    CoinAmount(
      exactly: roundedQuotient(Int128(atoms) * Int128(rate.hundredMillionths), by: 100_000_000))
  }

  /// The amount without its sign.
  package var magnitude: CoinAmount { CoinAmount(atoms: abs(atoms)) }

  /// Coins, rounded to the nearest double.
  package var value: Double { Double(atoms) / 1e8 }

  package var description: String { decimalText(atoms, places: 8) }

  package static let zero = CoinAmount(atoms: 0)
  /// Forty-five thousand millions of the coin.
  package static let largest = CoinAmount(atoms: limit)
  private static let limit: Int64 = 4_500_000_000_000_000_000

  package static func < (left: Self, right: Self) -> Bool { left.atoms < right.atoms }
  /// The sum, or the largest amount of its sign.
  package static func + (left: Self, right: Self) -> Self {
    CoinAmount(atoms: left.atoms + right.atoms)
  }
  /// The difference, or the largest amount of its sign.
  package static func - (left: Self, right: Self) -> Self {
    CoinAmount(atoms: left.atoms - right.atoms)
  }
  /// The amount with the other sign.
  package static prefix func - (amount: Self) -> Self { CoinAmount(atoms: -amount.atoms) }
}
