import Networking
import Testing

@testable import Services

/// Lets everybody in under a name and a role that the request states, `ann:owner`.
struct StatedGuard: RequestGuard {
  func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) throws -> Caller? {
    guard let stated = request.headers["X-Caller"] else {
      return Caller(name: DeskGuard.loopbackName, role: .viewer)
    }
    let words = stated.split(separator: ":").map(String.init)
    return Caller(name: words[0], role: try #require(CallerRole(rawValue: words[1])))
  }
}
