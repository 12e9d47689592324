/// A range that holds the true value with the stated confidence.
package struct ConfidenceInterval: Hashable, Sendable {
  /// The value of the sample itself.
  package let estimate: Double
  /// The lower end.
  package let lower: Double
  /// The upper end.
  package let upper: Double
  /// The share of samples whose interval holds the true value, such as 0.95.
  package let confidence: Double

  /// Joins the four numbers.
  package init(estimate: Double, lower: Double, upper: Double, confidence: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
  }
}
