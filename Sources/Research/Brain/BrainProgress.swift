package import Essentials

/// How far a simulation is.
package enum BrainProgress {
  /// Reads the progress of an answer as a share from 0 to 1, or nil where it says nothing of it.
  ///
  /// `progress` may be a share or a percentage, and so may `percent`, as a number or a text; an array
  /// of simulations is as far as its children have ended.
  package static func share(of answer: JSONValue) -> Double? {
    for name in ["progress", "percent"] {
      if let number = answer[name].flatMap(number), number >= 0, number <= 100 {
        return number > 1 || name == "percent" ? number / 100 : number
      }
    }
    guard case .array(let children)? = answer["children"], !children.isEmpty else { return nil }
    let statuses = children.compactMap { child -> String? in
      if case .string(let status)? = child["status"] { status } else { nil }
    }
    guard !statuses.isEmpty else { return nil }
    let ended = statuses.count { BrainStatus(rawValue: $0)?.isEnd ?? false }
    return Double(ended) / Double(children.count)
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .string(let text): Double(text.hasSuffix("%") ? String(text.dropLast()) : text)
    case .null, .bool, .array, .object: nil
    }
  }
}

/// The states that BRAIN names.
package enum BrainStatus: String, Hashable, Sendable {
  case waiting = "WAITING"
  case simulating = "SIMULATING"
  case complete = "COMPLETE"
  /// Complete, with something to note, such as units that do not agree.
  case warning = "WARNING"
  case error = "ERROR"
  case fail = "FAIL"
  case timeout = "TIMEOUT"
  case cancelled = "CANCELLED"

  /// Whether nothing more will happen.
  package var isEnd: Bool { self != .waiting && self != .simulating }
}
