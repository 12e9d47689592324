import Essentials

/// A simulation that was posted, alone or as an array.
struct BrainRun: Hashable, Sendable {
  enum Ending: Hashable, Sendable {
    case complete(alpha: String)
    /// The alpha is there, and something is to be said of it.
    case warning(alpha: String, message: String)
    case error(BrainFormulaError)
    case failed(String)
    /// A sibling could not be simulated.
    case cancelled
    /// The children have ended.
    case parent(hasError: Bool)

    var status: String {
      switch self {
      case .complete: "COMPLETE"
      case .warning: "WARNING"
      case .error: "ERROR"
      case .failed: "FAIL"
      case .cancelled: "CANCELLED"
      case .parent(let hasError): hasError ? "ERROR" : "COMPLETE"
      }
    }
  }

  let id: String
  let posted: Timestamp
  /// It does not end before, whatever the simulator needs.
  let earliestEnd: Timestamp
  let request: BrainSimulationRequest?
  var children: [String] = []
  var parent: String?
  var ending: Ending?

  /// Whether it has ended for those who ask.
  func isOver(at now: Timestamp) -> Bool { ending != nil && now >= earliestEnd }

  /// How far it seems to be, below 1 until it is over.
  func progress(at now: Timestamp) -> Double {
    let whole = Double(earliestEnd.millisecondsSinceEpoch - posted.millisecondsSinceEpoch)
    let done = Double(now.millisecondsSinceEpoch - posted.millisecondsSinceEpoch)
    return whole > 0 ? (min(0.95, max(0, done / whole)) * 100).rounded() / 100 : 0
  }

  /// The answer once it is over.
  func document(_ ending: Ending) -> JSONValue {
    var members: [JSONValue.Member] = [.init("id", .string(id)), .init("type", "REGULAR")]
    if let request {
      members += [.init("settings", request.sent), .init("regular", .string(request.code))]
    }
    if !children.isEmpty { members.append(.init("children", .strings(children))) }
    if let parent { members.append(.init("parent", .string(parent))) }
    members.append(.init("status", .string(ending.status)))
    switch ending {
    case .complete(let alpha): members.append(.init("alpha", .string(alpha)))
    case .warning(let alpha, let message):
      members += [.init("alpha", .string(alpha)), .init("message", .string(message))]
    case .error(let error):
      members += [
        .init("message", .string(error.message)), .init("location", error.location),
      ]
    case .failed(let message): members.append(.init("message", .string(message)))
    case .cancelled, .parent: break
    }
    return .object(members)
  }
}
