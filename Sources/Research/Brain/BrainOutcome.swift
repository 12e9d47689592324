package import Essentials

/// What became of one simulation.
package enum BrainOutcome: Hashable, Sendable {
  /// BRAIN computed it; the alpha can be fetched by its id.
  case simulated(alpha: String, simulation: String, warning: String?)
  /// BRAIN could not compute it, with its reason and the place in the formula where it gave one.
  case failed(message: String, place: Place?)
  /// It cannot be sent, or BRAIN would not take it: one sentence each.
  case refused([String])
  /// It was sent, and nobody knows whether BRAIN took it: it may be running and count against the
  /// day's quota. It is not sent again unless the caller says so.
  case unknown(submission: String, reason: String)
  /// BRAIN has it, but patience or the connection ended before it did; asking again goes on waiting.
  case running(location: String, reason: String)
  /// It was not sent, because something stands against all simulations.
  case notSent(BrainFailure)

  /// A place in a formula, as BRAIN counts it.
  package struct Place: Hashable, Sendable {
    /// Such as `regular`.
    package let property: String
    /// Counted from 1.
    package let line: Int
    package let start: Int
    package let end: Int

    package init(property: String, line: Int, start: Int, end: Int) {
      self.property = property
      self.line = line
      self.start = start
      self.end = end
    }

    /// Reads `location` of an answer, nil where there is none.
    init?(_ value: JSONValue?) {
      guard let value, let line = value["line"].flatMap(Row.count),
        let start = value["start"].flatMap(Row.count), let end = value["end"].flatMap(Row.count)
      else { return nil }
      self.init(
        property: value["property"].flatMap(Row.text) ?? "regular", line: line, start: start,
        end: end)
    }

    var json: JSONValue {
      [
        "property": .string(property), "line": .integer(line), "start": .integer(start),
        "end": .integer(end),
      ]
    }
  }

  /// Reads how a simulation ended that BRAIN describes.
  init(ended answer: JSONValue) {
    let status = answer["status"].flatMap(Row.text).flatMap(BrainStatus.init)
    let message = answer["message"].flatMap(Row.text)
    let succeeded = status == nil || status == .complete || status == .warning
    if succeeded, let alpha = answer["alpha"].flatMap(Row.text) {
      self = .simulated(
        alpha: alpha, simulation: answer["id"].flatMap(Row.text) ?? "", warning: message)
    } else {
      self = .failed(
        message: message ?? "BRAIN ended it as \(status?.rawValue ?? "nothing that it names")",
        place: Place(answer["location"]))
    }
  }

  /// The outcome for people and programs.
  package var json: JSONValue {
    switch self {
    case .simulated(let alpha, let simulation, let warning):
      [
        "outcome": "simulated", "alpha": .string(alpha), "simulation": .string(simulation),
        "warning": warning.map(JSONValue.string) ?? .null,
      ]
    case .failed(let message, let place):
      ["outcome": "failed", "message": .string(message), "location": place?.json ?? .null]
    case .refused(let reasons): ["outcome": "refused", "reasons": .strings(reasons)]
    case .unknown(let submission, let reason):
      ["outcome": "unknown", "submission": .string(submission), "reason": .string(reason)]
    case .running(let location, let reason):
      ["outcome": "running", "location": .string(location), "reason": .string(reason)]
    case .notSent(let failure):
      [
        "outcome": "not_sent", "error": .string(failure.key),
        "reason": .string(failure.explanation),
      ]
    }
  }

  /// Reads a final outcome that was recorded, nil where it is none.
  init?(recorded value: JSONValue) {
    switch value["outcome"] {
    case .string("simulated"):
      guard let alpha = value["alpha"].flatMap(Row.text) else { return nil }
      self = .simulated(
        alpha: alpha, simulation: value["simulation"].flatMap(Row.text) ?? "",
        warning: value["warning"].flatMap(Row.text))
    case .string("failed"):
      self = .failed(
        message: value["message"].flatMap(Row.text) ?? "", place: Place(value["location"]))
    default: return nil
    }
  }
}
