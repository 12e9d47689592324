/// How a prompt is shortened.
package struct FallbackPolicy: Hashable, Sendable {
  /// The shares of each kind that are left step by step, falling.
  package var steps: [Double]
  /// The share of a kind that the explore lane has.
  package var exploreShare: Double
  /// How many fields and how many operators of the explore lane stay whatever happens, as far as
  /// there are any.
  package var exploreFloor: Int

  package init(steps: [Double], exploreShare: Double, exploreFloor: Int) {
    self.steps = steps
    self.exploreShare = exploreShare
    self.exploreFloor = exploreFloor
  }

  package init(_ configuration: BudgetConfiguration) {
    self.init(
      steps: configuration.fallbackTopKSteps, exploreShare: configuration.exploreRatio,
      exploreFloor: configuration.minExploreCandidatesPerBatch)
  }
}

/// What a step of the fallback cuts, in the order in which it is cut.
package enum FallbackPhase: String, Hashable, Sendable, CaseIterable {
  case fields
  case operators
  case subcategories
}
