package import Essentials

/// Why a policy cannot be studied.
package enum StudyRefusal: ExplainedFailure, Hashable {
  /// Studies work with days.
  case intervalNotDaily(TimeSpan)
  /// A measure that no record of returns knows is asked for, so nothing would ever pass.
  case unknownMeasures([String])
  /// A table of series without rows or columns that could be used.
  case noSeries(name: String, reason: String)
  /// Too few rows to resample.
  case tooFewRows(name: String, rows: Int, least: Int)
  /// The journal has no decisions of the world in the time that is asked for.
  case noDecisions(world: String)
  /// A snapshot or plan of the record cannot be read.
  case unreadable(world: String, cycle: Int)

  package var key: String {
    switch self {
    case .intervalNotDaily: "interval_not_daily"
    case .unknownMeasures: "unknown_measures"
    case .noSeries: "no_series"
    case .tooFewRows: "too_few_rows"
    case .noDecisions: "no_decisions"
    case .unreadable: "unreadable_decision"
    }
  }

  package var explanation: String {
    switch self {
    case .intervalNotDaily(let interval):
      "The policy decides on rows of \(interval), and planted worlds have rows of a day."
    case .unknownMeasures(let names):
      "The policy asks for \(names.joined(separator: ", ")), which no record of returns knows."
    case .noSeries(let name, let reason): "\(name) holds no series of returns: \(reason)."
    case .tooFewRows(let name, let rows, let least):
      "\(name) has \(rows) rows, and resampling needs \(least)."
    case .noDecisions(let world):
      "The journal has no decision of the world \(world) in that time."
    case .unreadable(let world, let cycle):
      "The record of cycle \(cycle) of the world \(world) cannot be read."
    }
  }

  package var remedy: String {
    switch self {
    case .intervalNotDaily: "Study a policy with `interval: 1d`."
    case .unknownMeasures: "Study a copy of the policy without them."
    case .noSeries: "Hand in a column of dates and a column of returns for each instance."
    case .tooFewRows: "Hand in a longer record, or wait until there is one."
    case .noDecisions: "Evaluate the world, or look further back with --since."
    case .unreadable: "Run `athanor journal verify`."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .unreadable: .integrityViolated
    case .noDecisions: .refused
    default: .badConfiguration
    }
  }
}
