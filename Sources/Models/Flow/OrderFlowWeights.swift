import Mathematics

/// How much each level of a book counts in one number for the order flow.
package struct OrderFlowWeights: Hashable, Sendable {
  /// One for each level from the best price, at least one of them not zero.
  package let values: [Double]
  private let total: Double

  /// Weights that fall by the factor e^−decay from level to level; 0.4 by default.
  package static func exponential(levels: Int, decay: Double = 0.4) -> OrderFlowWeights {
    precondition(levels > 0 && decay.isFinite, "\(levels) levels with decay \(decay)")
    let values = (0..<levels).map { Elementary.exp(-decay * Double($0)) }
    return OrderFlowWeights(unchecked: values)
  }

  /// Learned weights; nil where one is not finite or they are zero to 1e-6 together, in which case
  /// the exponential ones take their place.
  package init?(learned values: [Double]) {
    guard !values.isEmpty, values.allSatisfy(\.isFinite),
      values.reduce(0, { $0 + $1.magnitude }) >= 1e-6
    else { return nil }
    self.init(unchecked: values)
  }

  private init(unchecked values: [Double]) {
    self.values = values
    total = values.reduce(0) { $0 + $1.magnitude }
  }

  /// Returns the weighted sum of flows by level, divided by the sum of the weights' magnitudes.
  package func average(of flows: [Double]) -> Double {
    precondition(flows.count == values.count, "\(flows.count) flows for \(values.count) levels")
    var sum = 0.0
    for level in 0..<flows.count { sum += values[level] * flows[level] }
    return sum / total
  }
}
