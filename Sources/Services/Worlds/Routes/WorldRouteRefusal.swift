package import Essentials
package import Networking

/// Why the routes of worlds do not do what a request asks for, beside what a world itself refuses.
package enum WorldRouteRefusal: Hashable, Sendable {
  /// The strategy has no instance that this could be done to: the phase that one must have.
  case nothingOfStrategy(String, world: String, phases: [String])
  /// This desk switches nothing to or from money.
  case noSwitches(world: String)
  /// Somebody else is having the world evaluated.
  case evaluationUnderWay(world: String)
  /// The instant of an evaluation has not come.
  case notYet(Timestamp, now: Timestamp)
  /// The plan was never decided about an instance.
  case notInPlan(instance: String, world: String, cycle: Int)
}

extension WorldRouteRefusal: RouteRefusal {
  package var key: String {
    switch self {
    case .nothingOfStrategy: "nothing_to_switch"
    case .noSwitches: "no_switches"
    case .evaluationUnderWay: "evaluation_in_progress"
    case .notYet: "instant_in_future"
    case .notInPlan: "not_in_plan"
    }
  }

  package var explanation: String {
    switch self {
    case .nothingOfStrategy(let name, let world, let phases):
      "The world \(world) has no instance of \(name) in phase \(phases.joined(separator: " or "))."
    case .noSwitches(let world):
      "Nothing of the world \(world) can be switched to or from money by this server."
    case .evaluationUnderWay(let world): "The world \(world) is being evaluated already."
    case .notYet(let instant, let now): "The instant \(instant) is later than now, \(now)."
    case .notInPlan(let instance, let world, let cycle):
      "The decision of cycle \(cycle) in the world \(world) does not tell of \(instance)."
    }
  }

  package var remedy: String {
    switch self {
    case .nothingOfStrategy: "GET /worlds/{world} tells the phases of its instances."
    case .noSwitches: "Serve the desk with a broker, or switch with `athanor world promote`."
    case .evaluationUnderWay: "Wait for its end, and ask for the decision."
    case .notYet: "Name an instant that has come, or none."
    case .notInPlan: "Name an instance of that decision; GET /worlds/{world}/decide lists them."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .notYet, .notInPlan: .badConfiguration
    default: .refused
    }
  }

  /// 404 for what is not there, 422 for what cannot be, otherwise 409.
  package var status: Int {
    switch self {
    case .notInPlan: 404
    case .notYet: 422
    case .nothingOfStrategy, .noSwitches, .evaluationUnderWay: 409
    }
  }

  /// When to ask again, where waiting helps.
  package var headers: HTTPHeaders {
    if case .evaluationUnderWay = self { ["Retry-After": "1"] } else { [:] }
  }
}
