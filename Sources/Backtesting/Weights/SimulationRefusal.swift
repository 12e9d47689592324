package import Essentials

/// Why a simulation with these settings on this panel cannot be run.
package enum SimulationRefusal: ExplainedFailure, Hashable {
  case unknownSetting(name: String, nearest: String?)
  case settingNotAllowed(name: String, value: String, allowed: String)
  case unknownUniverse(name: String, nearest: String?, known: [String])
  case fieldMissing(name: String, purpose: String, panel: String)
  case sampleEmpty(panel: String, first: String, last: String)
  case testPeriodCoversSample(period: String, first: String, last: String)

  package var key: String {
    switch self {
    case .unknownSetting: "unknown_setting"
    case .settingNotAllowed: "setting_not_allowed"
    case .unknownUniverse: "unknown_universe"
    case .fieldMissing: "field_missing"
    case .sampleEmpty: "sample_empty"
    case .testPeriodCoversSample: "test_period_covers_sample"
    }
  }

  package var explanation: String {
    switch self {
    case .unknownSetting(let name, _): "There is no simulation setting \"\(name)\"."
    case .settingNotAllowed(let name, let value, _):
      "The simulation setting \(name) cannot be \"\(value)\"."
    case .unknownUniverse(let name, _, _): "The panel knows no universe \"\(name)\"."
    case .fieldMissing(let name, let purpose, let panel):
      "The panel \(panel) has no usable field \"\(name)\", which \(purpose) needs."
    case .sampleEmpty(let panel, let first, let last):
      "The panel \(panel) has fewer than two rows to hold a position in from \(first) to \(last)."
    case .testPeriodCoversSample(let period, let first, let last):
      "A test period of \(period) leaves nothing to train on between \(first) and \(last)."
    }
  }

  package var remedy: String {
    switch self {
    case .unknownSetting(_, let nearest):
      if let nearest {
        "Did you mean \(nearest)?"
      } else {
        "Use one of \(SimulationSettings.names.joined(separator: ", "))."
      }
    case .settingNotAllowed(_, _, let allowed): "Use \(allowed)."
    case .unknownUniverse(_, let nearest, let known):
      (nearest.map { "Did you mean \($0)? " } ?? "")
        + "Use one of \(known.joined(separator: ", ")), or TOP and a number for the most traded."
    case .fieldMissing(let name, _, _):
      "Add a field \"\(name)\" to the panel or choose settings that do without it."
    case .sampleEmpty: "Choose a startDate and an endDate between which the panel has rows."
    case .testPeriodCoversSample: "Choose a shorter testPeriod."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .fieldMissing, .sampleEmpty: .refused
    case .unknownSetting, .settingNotAllowed, .unknownUniverse, .testPeriodCoversSample:
      .badConfiguration
    }
  }
}
