package import Backtesting

/// A choice of alphas of which no two go together: the best first, then each that resembles none
/// of those kept.
package struct LowCorrelationSelection: Hashable, Sendable {
  /// An alpha that was not kept, and the kept one that it resembles.
  package struct Drop: Hashable, Sendable {
    package var name: String
    package var resembles: String
    package var correlation: Double
  }

  /// In the order in which they were handed in.
  package let kept: [String]
  package let dropped: [Drop]

  /// Chooses among alphas that are handed in best first.
  ///
  /// An alpha is dropped where its correlation with a kept one is larger in size than
  /// `correlationMax`. Two alphas with fewer than `rowsMin` common rows count as different.
  /// Cost: rows times alphas times those kept.
  package init(
    _ alphas: [PnLPool.Entry], correlationMax: Double = 0.7,
    rowsMin: Int = PairwiseCorrelation.commonRowsMinimum
  ) {
    var kept: [PnLPool.Entry] = []
    var dropped: [Drop] = []
    for alpha in alphas {
      var nearest: Drop?
      for other in kept {
        guard let correlation = PairwiseCorrelation.of(alpha, other, rowsMin: rowsMin),
          correlation.magnitude > correlationMax
        else { continue }
        nearest = Drop(name: alpha.name, resembles: other.name, correlation: correlation)
        break
      }
      if let nearest { dropped.append(nearest) } else { kept.append(alpha) }
    }
    self.kept = kept.map(\.name)
    self.dropped = dropped
  }
}
