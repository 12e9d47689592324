package import Networking

/// Lets in whom the session of BRAIN lets in; beside that only keeps foreign pages out, which could
/// otherwise use the session of a person's browser.
package struct BrainGuard: RequestGuard {
  private let hosts: HostPolicy

  /// The name under which tools know BRAIN, for machines that let it stand for this server.
  package static let brainHost = "api.worldquantbrain.com"

  package init(boundAddress: String, names: [String] = []) {
    hosts = HostPolicy(boundAddress: boundAddress, names: names + [Self.brainHost])
  }

  /// Returns nobody, since sessions are the routes' own business; throws an ``AccessRefusal`` for a
  /// foreign host or page.
  package func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) throws -> Caller? {
    let named = request.headers.all("Host")
    guard named.count == 1, let host = HostPolicy.Authority(named[0]), hosts.admits(host) else {
      throw AccessRefusal.foreignHost(named.joined(separator: ", "))
    }
    let isOwn = request.headers["Origin"].map { origin in
      let place = origin.split(separator: "/").last.map(String.init) ?? ""
      return HostPolicy.Authority(place).map { $0 == host } ?? false
    }
    guard isOwn ?? true else { throw AccessRefusal.foreignOrigin(request.headers["Origin"] ?? "") }
    return nil
  }
}
