/// What a caller may do. Each role may do what the ones before it may.
package enum CallerRole: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Reads.
  case viewer
  /// Starts and cancels work.
  case `operator`
  /// Changes what the desk is allowed to do.
  case owner

  package static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// What a route asks of its caller.
package enum RouteAccess: Hashable, Sendable {
  /// Nothing: it says no more than that the server is there.
  case open
  /// A caller of at least this role.
  case role(CallerRole)
}

/// Who a request comes from.
package struct Caller: Hashable, Sendable {
  /// The name of the token, or `loopback`; never the token itself.
  package var name: String
  package var role: CallerRole

  package init(name: String, role: CallerRole) {
    self.name = name
    self.role = role
  }
}

/// Decides who a request comes from, before a route answers it.
package protocol RequestGuard: Sendable {
  /// Returns the caller, nil for one that needs to be nobody. Throws a ``RouteRefusal`` of status 401
  /// or 403 where the request may not do what the route asks, or comes from a foreign page.
  ///
  /// It may take some milliseconds, and runs on a thread that may.
  func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) throws -> Caller?
}
