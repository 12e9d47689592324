import Mathematics

extension GARCHDocument.Record {
  /// Fewer returns than this say nothing even of the variance.
  package static let countMin = 20
  /// The returns from which the variance comes where the process has not been estimated.
  private static let recentCount = 120

  /// What returns of equal steps come to, with why it is no estimate where it is none.
  ///
  /// Where the fit does not converge, ``GARCHParameters/targeting(variance:)`` about the variance of
  /// all returns takes its place, and the variance to begin with is that of the last 120. Nil where
  /// there are fewer than 20 returns, one is not finite, or they never differ from zero.
  package static func fitting(
    _ returns: [Double], _ settings: GARCHEstimate.Settings = GARCHEstimate.Settings()
  ) -> (record: Self, shortfall: String?)? {
    let fit = GARCHEstimate.fit(returns, settings)
    return record(of: fit, on: returns).map { ($0, fit.shortfall) }
  }

  /// The record of a fit on returns, as ``fitting(_:_:)`` has it.
  package static func record(of fit: Fit<GARCHEstimate>, on returns: [Double]) -> Self? {
    guard returns.count >= countMin, returns.allSatisfy(\.isFinite) else { return nil }
    if let estimate = fit.estimate { return Self(estimate) }
    let variance = Self.meanSquare(returns[...])
    let recent = Self.meanSquare(returns.suffix(recentCount))
    guard variance > 0, variance.isFinite else { return nil }
    return Self(
      parameters: .targeting(variance: variance), firstVariance: recent, count: returns.count)
  }

  private static func meanSquare(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
  }
}
