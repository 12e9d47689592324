import Essentials
package import Networking

/// Guards the desk's server: who may read, who may change, and from which pages.
///
/// Rules, in the order in which they are asked; tests cite them.
///
///  A1  `Host` is there once and names the server (``HostPolicy``), whatever is asked for.
///  A2  A socket, and every method but GET and HEAD, comes from the server's own page or an admitted
///      one (``OriginPolicy``), or from no page at all.
///  A3  An open route asks nothing more and does not look at tokens.
///  A4  A token that is sent must be good, also where none is needed.
///  A5  Without a token, a connection from this machine itself may read where that is allowed. One
///      that a proxy passed on does not count as such.
///  A6  The caller's role is at least the route's.
package struct DeskGuard: RequestGuard {
  private let desk: TokenDesk
  private let hosts: HostPolicy
  private let origins: OriginPolicy
  private let admitsAnonymousReading: Bool

  /// The name of a caller from this machine without a token.
  package static let loopbackName = "loopback"
  /// The subprotocol of the live stream. A page cannot set headers of a socket, so it offers its
  /// token as a second one, behind ``bearerPrefix``; the server answers with this one alone.
  package static let socketProtocol = "athanor.v1"
  /// What stands before a token among the subprotocols.
  package static let bearerPrefix = "bearer."

  package init(
    desk: TokenDesk, hosts: HostPolicy, origins: OriginPolicy, admitsAnonymousReading: Bool
  ) {
    self.desk = desk
    self.hosts = hosts
    self.origins = origins
    self.admitsAnonymousReading = admitsAnonymousReading
  }

  /// Returns who a request comes from, nil on an open route; throws an ``AccessRefusal``.
  package func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) throws -> Caller? {
    let host = try host(of: request)
    if opensSocket || ![.get, .head].contains(request.method) {
      try checkOrigin(of: request, calling: host)
    }
    guard case .role(let needed) = access else { return nil }
    let caller = try identify(request, for: needed, opensSocket: opensSocket)
    guard caller.role >= needed else {
      throw AccessRefusal.roleTooLow(name: caller.name, has: caller.role, needs: needed)
    }
    return caller
  }

  private func host(of request: ServerRequest) throws(AccessRefusal) -> HostPolicy.Authority {
    let hosts = request.headers.all("Host")
    guard hosts.count == 1, let authority = HostPolicy.Authority(hosts[0]),
      self.hosts.admits(authority)
    else { throw .foreignHost(hosts.joined(separator: ", ")) }
    return authority
  }

  private func checkOrigin(
    of request: ServerRequest, calling host: HostPolicy.Authority
  ) throws(AccessRefusal) {
    let sent = request.headers.all("Origin")
    guard !sent.isEmpty else {
      // A browser that hides the origin still says how far away the page is.
      let sites = request.headers.all("Sec-Fetch-Site").map { $0.lowercased() }
      guard sites.allSatisfy({ ["same-origin", "none"].contains($0) }) else {
        throw .foreignOrigin(sites.joined(separator: ", "))
      }
      return
    }
    guard sent.count == 1,
      origins.admits(sent[0], calling: host, isEncrypted: request.peer.isEncrypted)
    else { throw .foreignOrigin(sent.joined(separator: ", ")) }
  }

  private func identify(
    _ request: ServerRequest, for needed: CallerRole, opensSocket: Bool
  ) throws(AccessRefusal) -> Caller {
    if let token = try token(of: request, opensSocket: opensSocket) {
      return try desk.caller(with: token, from: request.peer.address)
    }
    let isPassedOn = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"].contains {
      !request.headers.all($0).isEmpty
    }
    guard needed == .viewer, admitsAnonymousReading, request.peer.isLoopback, !isPassedOn else {
      throw .tokenNeeded(needed)
    }
    return Caller(name: Self.loopbackName, role: .viewer)
  }

  /// The token that a request carries, nil where it carries no credentials.
  private func token(
    of request: ServerRequest, opensSocket: Bool
  ) throws(AccessRefusal) -> SecretText? {
    var tokens: [SecretText] = []
    for value in request.headers.all("Authorization") {
      let words = value.split(separator: " ")
      guard words.count == 2, words[0].lowercased() == "bearer" else {
        throw .unreadableCredentials
      }
      tokens.append(SecretText(String(words[1])))
    }
    if opensSocket {
      for value in request.headers.all("Sec-WebSocket-Protocol") {
        for offer in value.split(separator: ",") {
          let name = offer.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
          guard name.hasPrefix(Self.bearerPrefix) else { continue }
          tokens.append(SecretText(String(name.dropFirst(Self.bearerPrefix.count))))
        }
      }
    }
    guard tokens.count <= 1 else { throw .unreadableCredentials }
    return tokens.first
  }
}
