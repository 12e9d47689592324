/// Cross-validation of a strategy that is fixed: how its Sharpe ratio varies between parts of the
/// record.
///
/// The rows are cut as ``PurgedKFold`` cuts them, with the embargo counted from the end of the test.
/// A fixed strategy learns nothing, so purge and embargo take no row away from a test; what they do
/// is refuse cuts that would leave nothing to learn from, and let the same plan serve strategies
/// that are fitted.
package struct EvidenceFolds: Hashable, Sendable {
  /// The number of test ranges, at least 2.
  package var count = 6
  /// Rows after its own until the outcome of a row is known: 1 for a position that earns the next
  /// row's return.
  package var labelHorizon = 1
  /// The share of the rows that is dropped after a test, rounded up to whole rows.
  package var embargoShare = 0.01

  package init() {}

  /// Returns the plan for so many rows.
  package func plan(rows: Int) -> PurgedKFold {
    // Rounding up must not see the last bit of the product: 1 % of 600 is 6.
    let exact = embargoShare * Double(rows)
    let nearest = exact.rounded()
    let embargo = (exact - nearest).magnitude < 1e-9 ? nearest : exact.rounded(.up)
    return PurgedKFold(
      folds: count, labelHorizon: labelHorizon, embargo: Int(embargo),
      embargoOrigin: .lastTestRow)
  }

  /// Returns the Sharpe ratio of each test range for one period; nil where the rows cannot be cut
  /// so, or where one of the ranges has no ratio.
  package func sharpes(of returns: [Double]) -> [Double]? {
    guard let tests = tests(rows: returns.count) else { return nil }
    let ratios = tests.compactMap { SharpeRatio.perPeriod(of: Array(returns[$0])) }
    return ratios.count == tests.count ? ratios : nil
  }

  /// The test ranges; nil where so many rows cannot be cut so.
  func tests(rows: Int) -> [Range<Int>]? {
    guard embargoShare >= 0, embargoShare < 1 else { return nil }
    return try? plan(rows: rows).splits(rows: rows).map(\.test)
  }
}
