/// How an alpha becomes positions: the settings of a BRAIN simulation, with the same names.
package struct SimulationSettings: Hashable, Sendable {
  package enum Neutralization: String, Hashable, Sendable, CaseIterable {
    case none = "NONE"
    case market = "MARKET"
    case sector = "SECTOR"
    case industry = "INDUSTRY"
    case subindustry = "SUBINDUSTRY"
  }
  package enum Toggle: String, Hashable, Sendable, CaseIterable {
    case on = "ON"
    case off = "OFF"
  }
  /// The order of the steps between the formula's value and the weights; sources disagree.
  package enum StepOrder: String, Hashable, Sendable, CaseIterable {
    /// Decay, truncate, neutralize, scale.
    case neutralizeLast = "NEUTRALIZE_LAST"
    /// Neutralize, scale, decay, truncate, scale.
    case decayWeights = "DECAY_WEIGHTS"
  }

  /// The universe's name, such as `TOP50` or a membership that the panel brings; `ALL` for every
  /// instrument that has a price.
  package var universe = "ALL"
  /// Rows between the last data a formula sees and the row whose position it sets: 1 or 0.
  package var delay = 1
  /// The window of the linear decay over alpha values, 0 or 1 for none; at most 512.
  package var decay = 0
  package var neutralization = Neutralization.subindustry
  /// The largest weight of one instrument as a share of the book, 0 for no limit.
  package var truncation = 0.08
  package var pasteurization = Toggle.on
  package var nanHandling = Toggle.off
  package var unitHandling = "VERIFY"
  package var maxTrade = Toggle.off
  /// The last years and months of the sample that are set aside as test, ISO 8601 such as `P1Y6M`.
  package var testPeriod = "P0Y0M0D"
  package var stepOrder = StepOrder.neutralizeLast
  /// Money invested, long and short together.
  package var bookSize = 20_000_000.0
  /// The cost of trading one unit of money, as a fraction: 0.0005 is 5 basis points.
  package var costRate = 0.0

  package init() {}
}
