/// When a simulation has seen enough: at one of a few looks planned beforehand.
///
/// It stops at the first look at which the probability that the decision is not that of infinitely
/// many paths is at most the promised error divided by the number of looks. By Bonferroni's
/// inequality the decision of a run that stopped is wrong with at most the promised probability,
/// however the looks depend on each other, as far as estimates are normal.
package struct StoppingRule: Hashable, Sendable {
  /// The numbers of paths after which it looks, ascending.
  package let looks: [Int]
  /// The promised bound on the probability of stopping with a wrong decision.
  package let error: Double

  /// Plans looks at ascending numbers of whole chunks, and a promise between 0 and 1.
  package init(looks: [Int], error: Double) {
    precondition(
      (looks.first ?? 0) > 0 && zip(looks, looks.dropFirst()).allSatisfy { $0 < $1 }
        && error > 0 && error < 1,
      "looks \(looks), error \(error)")
    self.looks = looks
    self.error = error
  }

  /// Looks at 2,048, 4,096, 8,192 and 16,384 paths with an error of one percent.
  package static let standard = StoppingRule(looks: [2048, 4096, 8192, 16384], error: 0.01)

  /// The largest number of paths.
  package var most: Int { looks[looks.count - 1] }

  /// Whether a decision that may be wrong with this probability is good enough to stop at.
  package func accepts(flipProbability: Double) -> Bool {
    flipProbability <= error / Double(looks.count)
  }
}
