/// Probabilities of chance when several questions are asked of the same data.
///
/// S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
/// Statistics 6 (1979): the k-th smallest of n probabilities is multiplied by n - k + 1, and none is
/// below one before it. Whoever calls what is at most 5 % a finding errs anywhere with 5 % at most,
/// however the questions depend on each other.
package enum HolmCorrection {
  /// Returns each probability as it counts among all, in the order given, at most 1.
  package static func adjusted(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted {
      (probabilities[$0], $0) < (probabilities[$1], $1)
    }
    var adjusted = probabilities
    var floor = 0.0
    for (rank, place) in order.enumerated() {
      floor = max(floor, min(1, probabilities[place] * Double(order.count - rank)))
      adjusted[place] = floor
    }
    return adjusted
  }
}
