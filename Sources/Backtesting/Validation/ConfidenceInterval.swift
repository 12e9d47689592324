/// A range that holds the true value with the stated confidence.
package struct ConfidenceInterval: Hashable, Sendable {
  package let estimate: Double
  package let lower: Double
  package let upper: Double
  /// The share of samples whose interval holds the true value, such as 0.95.
  package let confidence: Double

  package init(estimate: Double, lower: Double, upper: Double, confidence: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
  }
}
