/// The parameters of a hidden Markov chain whose states emit normal returns.
///
/// States are in the order of their means. Means and variances are of one step.
package struct HiddenMarkovParameters: Hashable, Sendable {
  package let means: [Double]
  package let variances: [Double]
  /// Row by row: the probability to go from the state of the row to that of the column.
  package let transitions: [Double]
  /// The probabilities of the states before the first step.
  package let initial: [Double]

  /// How many states there are: two or three.
  package var count: Int { means.count }

  /// How far probabilities may miss a sum of one.
  private static let sumTolerance = 1e-9

  /// Sorts the states by their means; nil unless there are two or three of them, variances are above
  /// zero, and the probabilities of each row and at the start are such and add up to one.
  package init?(
    means: [Double], variances: [Double], transitions: [Double], initial: [Double]
  ) {
    let count = means.count
    guard (2...3).contains(count), variances.count == count, initial.count == count,
      transitions.count == count * count, means.allSatisfy(\.isFinite),
      variances.allSatisfy({ $0 > 0 && $0.isFinite })
    else { return nil }
    func isDistribution(_ values: ArraySlice<Double>) -> Bool {
      values.allSatisfy { $0 >= 0 && $0 <= 1 }
        && (values.reduce(0, +) - 1).magnitude <= Self.sumTolerance
    }
    guard isDistribution(initial[...]),
      (0..<count).allSatisfy({ isDistribution(transitions[$0 * count..<($0 + 1) * count]) })
    else { return nil }
    let order = (0..<count).sorted { (means[$0], $0) < (means[$1], $1) }
    self.means = order.map { means[$0] }
    self.variances = order.map { variances[$0] }
    self.initial = order.map { initial[$0] }
    self.transitions = order.flatMap { row in order.map { transitions[row * count + $0] } }
  }

  private init(
    means: [Double], variances: [Double], rows: [Double], initial: [Double]
  ) {
    self.means = means
    self.variances = variances
    transitions = rows
    self.initial = initial
  }

  /// Where a chain of three states begins that has not been estimated: falling, flat and rising, for
  /// bars of a minute.
  package static let threeStates = HiddenMarkovParameters(
    means: [-1e-4, 0, 1e-4], variances: [1e-6, 1e-6, 1e-6],
    rows: [0.94, 0.05, 0.01, 0.04, 0.92, 0.04, 0.01, 0.05, 0.94], initial: [0.25, 0.5, 0.25])

  /// Where a chain of two states begins that has not been estimated: falling and rising.
  package static let twoStates = HiddenMarkovParameters(
    means: [-1e-4, 1e-4], variances: [1e-6, 1e-6], rows: [0.97, 0.03, 0.03, 0.97],
    initial: [0.5, 0.5])
}
