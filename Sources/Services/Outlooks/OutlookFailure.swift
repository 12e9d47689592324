package import Essentials

/// Why an outlook cannot be made from what was asked.
package enum OutlookFailure: ExplainedFailure, Hashable {
  /// A number outside the range that it must lie in.
  case outOfRange(name: String, value: Double, range: ClosedRange<Double>)
  /// The number of horizons is zero or too large.
  case horizonCount(Int, most: Int)
  /// A horizon that is no whole number of steps.
  case unevenHorizon(TimeSpan, step: TimeSpan)
  /// More steps than a path may have.
  case tooManySteps(Int, most: Int)
  /// More work than one outlook may be: paths times steps.
  case tooMuchWork(paths: Int, steps: Int)
  /// Weights of GARCH(1,1) whose variance has no mean.
  case explosiveVariance(sum: Double)
  /// A law that needs something that was not given.
  case missing(law: String, option: String)
  /// An option that the law does not use.
  case unused(law: String, option: String)
  /// A history that says nothing about the next step.
  case poorHistory(path: String, count: Int)

  package var key: String {
    switch self {
    case .outOfRange: "number_out_of_range"
    case .horizonCount: "number_of_horizons"
    case .unevenHorizon: "uneven_horizon"
    case .tooManySteps: "too_many_steps"
    case .tooMuchWork: "too_much_work"
    case .explosiveVariance: "explosive_variance"
    case .missing: "missing_option"
    case .unused: "unused_option"
    case .poorHistory: "poor_history"
    }
  }

  package var explanation: String {
    switch self {
    case .outOfRange(let name, let value, let range):
      "The \(name) is \(Self.shown(value)), not from \(Self.shown(range.lowerBound)) to "
        + "\(Self.shown(range.upperBound))."
    case .horizonCount(let count, let most):
      "There are \(count) horizons; one outlook has from 1 to \(most)."
    case .unevenHorizon(let horizon, let step):
      "The horizon \(horizon) is no whole number of steps of \(step)."
    case .tooManySteps(let steps, let most):
      "A path would have \(steps) steps; at most \(most) are walked."
    case .tooMuchWork(let paths, let steps):
      "\(paths) paths of \(steps) steps are too much work for one outlook."
    case .explosiveVariance(let sum):
      "The weights of the variance are \(Self.shown(sum)) together, so it has no mean."
    case .missing(let law, let option): "The law \(law) needs --\(option)."
    case .unused(let law, let option): "--\(option) says nothing to the law \(law)."
    case .poorHistory(let path, let count):
      "The \(count) returns of \(path) are too few or do not vary."
    }
  }

  package var remedy: String {
    switch self {
    case .outOfRange: "Give a number in that range; 0.006 and 0.6% are the same."
    case .horizonCount: "Name the horizons, such as 1m,5m,10m."
    case .unevenHorizon: "Choose a step that divides every horizon, or leave it to the program."
    case .tooManySteps: "Choose a longer step, or horizons that are closer to each other."
    case .tooMuchWork: "Ask for fewer paths or a longer step."
    case .explosiveVariance: "Let them be less than 1 together."
    case .missing(_, let option): "Give --\(option)."
    case .unused(_, let option): "Leave --\(option) out, or choose the law that it belongs to."
    case .poorHistory: "Give a longer history, with at least 16 returns of equal steps."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }

  private static func shown(_ number: Double) -> String {
    number.isFinite ? JSONValue.number(number).compactText : "\(number)"
  }
}
