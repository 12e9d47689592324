/// How moves become labels.
package struct LabelSettings: Hashable, Sendable {
  /// What a trade costs both ways, as a decimal of its value; at least zero.
  package let cost: Double
  /// The numbers of bars among which the label of hindsight picks, each at least 1, rising.
  package let hindsightBars: [Int]

  /// Fee and slippage of 1.5 and 1 basis points.
  package static let usualCost = 2.5e-4
  /// The Fibonacci numbers up to 34.
  package static let usualBars = [1, 2, 3, 5, 8, 13, 21, 34]

  /// Nil for a negative or infinite cost, or numbers of bars that are not above zero and rising.
  package init?(cost: Double = usualCost, hindsightBars: [Int] = usualBars) {
    guard cost >= 0, cost < .infinity, !hindsightBars.isEmpty, hindsightBars[0] > 0,
      zip(hindsightBars, hindsightBars.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.cost = cost
    self.hindsightBars = hindsightBars
  }
}
