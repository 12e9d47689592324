/// What somebody may do in a world.
package enum WorldRole: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Reads.
  case reader
  /// Runs the world by its policy.
  case `operator`
  /// Changes the policy and resets the breaker.
  case owner

  private var rank: Int {
    switch self {
    case .reader: 0
    case .operator: 1
    case .owner: 2
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// Who gives a command: always from a credential, never from what a request says of itself.
package enum WorldActor: Hashable, Sendable {
  /// The holder of a token; no world gives it more than the desk does.
  case token(String, ceiling: WorldRole)
  /// A person at the machine, who owns the files.
  case commandLine(user: String)
  /// The schedule of the desk: what a policy asks for, and nothing that changes it.
  case desk

  /// As it is recorded.
  package var name: String {
    switch self {
    case .token(let name, _): name
    case .commandLine(let user): "cli:\(user)"
    case .desk: "desk"
    }
  }
}

extension RoleRules {
  /// What the world lets an actor do, nil for nothing at all.
  package func role(of actor: WorldActor) -> WorldRole? {
    switch actor {
    case .desk: return .operator
    case .commandLine: return .owner
    case .token(let name, let ceiling):
      func holds(_ names: [String]) -> Bool { names.contains(name) || names.contains("*") }
      let role: WorldRole? =
        holds(owners) ? .owner : holds(operators) ? .operator : holds(readers) ? .reader : nil
      return role.map { min($0, ceiling) }
    }
  }
}
