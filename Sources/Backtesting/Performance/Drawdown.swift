/// A fall of wealth below its highest level so far, from the first loss to the recovery.
package struct Drawdown: Hashable, Sendable {
  /// The fall, at most zero. For compounded wealth a share of the peak, at least -1; for additive
  /// wealth a share of the fixed book, without limit.
  package let depth: Double
  /// The row of the first return after the peak.
  package let startRow: Int
  /// The row that ends at the lowest level.
  package let troughRow: Int
  /// The row in which wealth is back at the peak, nil where the series ends first.
  package let recoveryRow: Int?

  /// Returns the deepest fall, the earliest one where several are equally deep; nil where wealth
  /// never falls.
  ///
  /// Wealth before the first row counts as a peak. A missing return leaves wealth as it was. A
  /// compounded loss of everything or more ends at a wealth of zero. Cost: one pass.
  package static func maximum(of returns: [Double], accumulation: Accumulation) -> Drawdown? {
    var wealth = accumulation == .compounded ? 1.0 : 0.0
    var peak = wealth
    var peakRow = -1
    var deepest: (depth: Double, peakRow: Int, troughRow: Int, recoveryRow: Int?)?
    for (row, change) in returns.enumerated() where !change.isNaN {
      switch accumulation {
      case .compounded: wealth = max(0, wealth * (1 + change))
      case .additive: wealth += change
      }
      if wealth >= peak {
        if deepest?.peakRow == peakRow, deepest?.recoveryRow == nil { deepest?.recoveryRow = row }
        peak = wealth
        peakRow = row
        continue
      }
      let depth = accumulation == .compounded ? wealth / peak - 1 : wealth - peak
      if depth < deepest?.depth ?? 0 { deepest = (depth, peakRow, row, nil) }
    }
    return deepest.map {
      Drawdown(
        depth: $0.depth, startRow: $0.peakRow + 1, troughRow: $0.troughRow,
        recoveryRow: $0.recoveryRow)
    }
  }
}
