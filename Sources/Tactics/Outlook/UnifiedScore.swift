import Mathematics
package import Models

/// The score Ψ of one side at every horizon.
///
/// It is computed from results before costs, and the cost is subtracted once: entry, exit and
/// funding for a position that would be opened, funding alone for one that is held, because its
/// entry is paid and its exit costs the same now and later.
package struct UnifiedScore: Hashable, Sendable {
  /// The score at one horizon.
  package struct Point: Hashable, Sendable {
    /// The horizon in seconds.
    package let seconds: Double
    /// Ψ of opening the position now; per second, or per root of a second in the ratio form.
    package let value: Double
    /// An upper bound of the value's standard error: mean and tail are taken as fully correlated.
    package let standardError: Double
    /// Ψ of keeping a position of this side that is there already.
    package let hold: Double
  }

  /// The scores by horizon.
  package let points: [Point]
  /// The place of the best horizon for an entry, t*; the earliest of equals.
  package let best: Int
  /// The place of the best horizon for a position that is held.
  package let bestHold: Int

  /// Scores the horizons of one side; there is at least one.
  package init(_ horizons: [HorizonEstimate], costs: TradeCosts, settings: ScoreSettings) {
    precondition(!horizons.isEmpty, "a score of no horizon")
    var points: [Point] = []
    var utility = UtilitySum(settings)
    for horizon in horizons {
      utility.add(horizon)
      let charge = horizon.gross.value - horizon.net.value
      let leaving =
        horizon.target.value * costs.atTarget + horizon.stop.value * costs.atStop
        + horizon.timeOut.value * costs.atTimeOut
      points.append(
        Point(
          seconds: horizon.seconds, value: utility.score(charge, horizon),
          standardError: utility.error(horizon),
          hold: utility.score(charge - costs.entry - leaving, horizon)))
    }
    self.points = points
    best = Self.first(points.map(\.value))
    bestHold = Self.first(points.map(\.hold))
  }

  private static func first(_ values: [Double]) -> Int {
    values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }
}

/// The running sum of discounted utilities, and what its error is made of.
private struct UtilitySum {
  private let settings: ScoreSettings
  private var total = 0.0
  private var seconds = 0.0
  private var mean = 0.0
  private var tail = 0.0
  /// The weights of mean and tail of the last horizon in the sum, and the errors of earlier ones.
  private var meanWeight = 0.0
  private var tailWeight = 0.0
  private var lastErrors = (mean: 0.0, tail: 0.0)
  private var settledError = 0.0

  init(_ settings: ScoreSettings) { self.settings = settings }

  mutating func add(_ horizon: HorizonEstimate) {
    let stretch = horizon.seconds - seconds
    let discount = Elementary.exp(-settings.opportunityRate * horizon.seconds)
    let change = horizon.grossTail.value - tail
    let gain = horizon.gross.value - mean - settings.tailAversion * change.magnitude
    total += (gain - settings.opportunityRate * stretch) * discount
    let tailSlope = -settings.tailAversion * (change < 0 ? -discount : discount)
    // The last horizon's numbers enter this stretch with the opposite sign; what does not cancel
    // stays as error.
    settledError +=
      (meanWeight - discount).magnitude * lastErrors.mean
      + (tailWeight - tailSlope).magnitude * lastErrors.tail
    meanWeight = discount
    tailWeight = tailSlope
    lastErrors = (horizon.gross.standardError, horizon.grossTail.standardError)
    seconds = horizon.seconds
    mean = horizon.gross.value
    tail = horizon.grossTail.value
  }

  func score(_ cost: Double, _ horizon: HorizonEstimate) -> Double {
    switch settings.form {
    case .marginal: return (total - cost) / horizon.seconds
    case .ratio: return (horizon.gross.value - cost) * ratioScale(horizon)
    }
  }

  func error(_ horizon: HorizonEstimate) -> Double {
    switch settings.form {
    case .marginal:
      let last = meanWeight * lastErrors.mean + tailWeight.magnitude * lastErrors.tail
      return (settledError + last) / horizon.seconds
    case .ratio:
      let size = horizon.grossTail.value.magnitude + Self.tiny
      let relative = horizon.net.value.magnitude / size * horizon.grossTail.standardError
      return (horizon.gross.standardError + relative) * ratioScale(horizon)
    }
  }

  /// Keeps a tail of zero from dividing: a millionth of the value.
  private static let tiny = 1e-6

  private func ratioScale(_ horizon: HorizonEstimate) -> Double {
    let size = horizon.grossTail.value.magnitude * (1 + settings.tailAversion) + Self.tiny
    return Elementary.exp(-settings.opportunityRate * horizon.seconds)
      / (size * horizon.seconds.squareRoot())
  }
}
