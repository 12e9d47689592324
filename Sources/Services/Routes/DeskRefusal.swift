package import Essentials
package import Networking

/// Why the desk does not answer a request that its parameters allow.
package enum DeskRefusal: Hashable, Sendable {
  /// A run of very many events is still being read; how many numbers of the journal were passed of
  /// how many, nil where somebody else is reading.
  case catchingUp(run: String, folded: Int64?, events: Int64?)
  /// The candidate has no result that could be simulated anew, and why, as the end of a sentence.
  case nothingToSimulate(candidate: String, reason: String)
  /// The panel is not at hand, or is another one than the run had.
  case panelChanged(name: String, reason: String)
  /// The body of a request cannot be used.
  case badBody(reason: String, remedy: String)
  case bodyTooLarge(bytesMax: Int)
}

extension DeskRefusal: RouteRefusal {
  package var key: String {
    switch self {
    case .catchingUp: "catching_up"
    case .nothingToSimulate: "nothing_to_simulate"
    case .panelChanged: "panel_changed"
    case .badBody: "bad_body"
    case .bodyTooLarge: "body_too_large"
    }
  }

  package var explanation: String {
    switch self {
    case .catchingUp(let run, let folded?, let events?):
      "Run \(run) is still being read: \(folded) of \(events) events."
    case .catchingUp(let run, _, _): "Run \(run) is still being read."
    case .nothingToSimulate(let candidate, let reason):
      "Candidate \(candidate) cannot be simulated anew: \(reason)."
    case .panelChanged(let name, let reason): "The panel \(name) \(reason)."
    case .badBody(let reason, _): reason
    case .bodyTooLarge(let bytesMax):
      "The body has more than \(bytesMax >> 10) KiB, which is all that is read."
    }
  }

  package var remedy: String {
    switch self {
    case .catchingUp: "Ask again in a second; each question goes on where the last one stopped."
    case .nothingToSimulate: "Ask for a candidate that was simulated on a panel of this desk."
    case .panelChanged:
      "Bring the panel of the run back under its name, or run the campaign anew on this one."
    case .badBody(_, let remedy): remedy
    case .bodyTooLarge: "Send less."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .catchingUp: .timedOut
    case .nothingToSimulate, .panelChanged: .refused
    case .badBody, .bodyTooLarge: .badConfiguration
    }
  }

  /// 503 for what will be there soon, 409 for what cannot be, 400 and 413 for bodies.
  package var status: Int {
    switch self {
    case .catchingUp: 503
    case .nothingToSimulate, .panelChanged: 409
    case .badBody: 400
    case .bodyTooLarge: 413
    }
  }

  /// When to ask again, where asking again helps.
  package var headers: HTTPHeaders {
    if case .catchingUp = self { ["Retry-After": "1"] } else { [:] }
  }
}
