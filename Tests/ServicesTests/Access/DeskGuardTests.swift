import Essentials
import Networking
import Testing

@testable import Services

@Suite("The guard of the server")
struct DeskGuardTests {
  private let bench: AccessBench
  private let tokens: [String: AccessToken]
  private let desk: TokenDesk

  init() throws {
    let bench = try AccessBench()
    let granted = try CallerRole.allCases.map { ($0.rawValue, try bench.grant($0.rawValue, $0)) }
    tokens = Dictionary(uniqueKeysWithValues: granted)
    desk = bench.desk()
    self.bench = bench
  }

  /// What is sent, with `<role>` standing for the token of a role.
  private struct Request {
    var method = HTTPMethod.get
    var headers: [(String, String)] = []
    var isLoopback = true
    var isEncrypted = false
    var access = RouteAccess.role(.viewer)
    var opensSocket = false
    var host: String? = "localhost:8765"
    var admitsAnonymousReading = true
  }

  /// The name of the caller, `nobody` on an open route, or the key of the refusal.
  private func outcome(_ request: Request) throws -> String {
    var headers = HTTPHeaders()
    if let host = request.host { headers.add("Host", host) }
    for (name, value) in request.headers {
      let value = tokens.reduce(value) {
        $0.replacing("<\($1.key)>", with: $1.value.text.revealed)
      }
      headers.add(name, value)
    }
    let origins = try #require(OriginPolicy(others: ["https://desk.example.com"]))
    let guardian = DeskGuard(
      desk: desk, hosts: HostPolicy(boundAddress: "127.0.0.1", names: ["desk.lan"]),
      origins: origins, admitsAnonymousReading: request.admitsAnonymousReading)
    do {
      let caller = try guardian.caller(
        of: ServerRequest(
          request.method, try #require(RequestTarget("/api/desk")), headers: headers,
          peer: ServerPeer(
            address: request.isLoopback ? "127.0.0.1" : "192.168.1.9",
            isLoopback: request.isLoopback, isEncrypted: request.isEncrypted)),
        for: request.access, opensSocket: request.opensSocket)
      return caller?.name ?? "nobody"
    } catch let refusal as AccessRefusal {
      for token in tokens.values {
        #expect(!refusal.description.contains(token.secret.revealed))
        #expect(
          !ServerResponse.failure(refusal).headers.fields.contains {
            $0.value.contains(token.secret.revealed)
          })
      }
      return refusal.key
    }
  }

  private func expect(
    _ outcome: String, _ request: Request, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try self.outcome(request)
    #expect(found == outcome, sourceLocation: location)
  }

  @Test("A1: a name that is not the server's is refused, whatever is asked for and by whom")
  func hosts() throws {
    for access in [RouteAccess.open, .role(.viewer), .role(.owner)] {
      for host in ["evil.example", "evil.example:8765", nil, "", "localhost:8765, evil.example"] {
        try expect(
          "foreign_host",
          Request(headers: [("Authorization", "Bearer <owner>")], access: access, host: host))
      }
    }
    try expect("loopback", Request(host: "desk.lan"))
    try expect("foreign_host", Request(headers: [("Host", "localhost:8765")]))
  }

  @Test("A2: sockets and changes come from the server's own pages, an admitted one, or none")
  func origins() throws {
    let token = ("Authorization", "Bearer <owner>")
    for (opensSocket, method) in [(true, HTTPMethod.get), (false, .post), (false, .delete)] {
      for (header, value, isAdmitted) in [
        ("Origin", "http://localhost:8765", true), ("Origin", "https://desk.example.com", true),
        ("Origin", "http://evil.example", false), ("Origin", "null", false),
        ("Origin", "http://localhost:3000", false), ("X-Nothing", "", true),
        ("Sec-Fetch-Site", "cross-site", false), ("Sec-Fetch-Site", "same-site", false),
        ("Sec-Fetch-Site", "same-origin", true), ("Sec-Fetch-Site", "none", true),
      ] {
        try expect(
          isAdmitted ? "owner" : "foreign_origin",
          Request(
            method: method, headers: [token, (header, value)], access: .role(.operator),
            opensSocket: opensSocket))
      }
    }
    // Reading is not: no page of another origin is shown what is answered.
    try expect("loopback", Request(headers: [("Origin", "http://evil.example")]))
    try expect("loopback", Request(method: .head, headers: [("Origin", "http://evil.example")]))
    try expect(
      "foreign_origin", Request(method: .post, headers: [("Origin", "http://evil.example")]))
    try expect(
      "foreign_origin",
      Request(
        method: .post,
        headers: [("Origin", "http://localhost:8765"), ("Origin", "http://evil.example")]))
  }

  @Test("A3: an open route asks for nothing and tries no token")
  func open() throws {
    for headers in [[], [("Authorization", "Bearer no")], [("Authorization", "Basic x")]] {
      try expect(
        "nobody", Request(headers: headers, isLoopback: false, access: .open))
    }
  }

  @Test("A4: a token that is no good is refused, also where none is needed")
  func badTokens() throws {
    for (value, key) in [
      ("Bearer ath_no", "invalid_token"), ("Bearer", "unreadable_credentials"),
      ("Bearer a b", "unreadable_credentials"), ("", "unreadable_credentials"),
      ("Basic <owner>", "unreadable_credentials"), ("<owner>", "unreadable_credentials"),
    ] {
      try expect(key, Request(headers: [("Authorization", value)]))
    }
    try expect(
      "unreadable_credentials",
      Request(headers: [
        ("Authorization", "Bearer <owner>"), ("Authorization", "Bearer <viewer>"),
      ]))
    try expect("viewer", Request(headers: [("authorization", "bearer <viewer>")]))
  }

  @Test("A5: without a token this machine may read, where that is allowed and nobody passed it on")
  func anonymous() throws {
    try expect("loopback", Request())
    // Checking a formula is reading, though it is a POST.
    try expect("loopback", Request(method: .post))
    try expect("loopback", Request(opensSocket: true))
    try expect("token_needed", Request(isLoopback: false))
    try expect("token_needed", Request(admitsAnonymousReading: false))
    try expect("token_needed", Request(access: .role(.operator)))
    for header in ["Forwarded", "X-Forwarded-For", "x-real-ip", "Via"] {
      try expect("token_needed", Request(headers: [(header, "x")]))
    }
    try expect(
      "viewer",
      Request(
        headers: [("Authorization", "Bearer <viewer>"), ("Via", "1.1 proxy")], isLoopback: false,
        admitsAnonymousReading: false))
  }

  @Test("A6: each role may do what the ones before it may, and no more")
  func roles() throws {
    for (has, role) in CallerRole.allCases.enumerated() {
      for (needs, needed) in CallerRole.allCases.enumerated() {
        try expect(
          has >= needs ? role.rawValue : "role_too_low",
          Request(
            method: .post, headers: [("Authorization", "Bearer <\(role.rawValue)>")],
            isLoopback: false, access: .role(needed)))
      }
    }
  }

  @Test("a page offers its token of a socket as a subprotocol, and only there")
  func subprotocols() throws {
    for (offer, outcome) in [
      ("athanor.v1, bearer.<operator>", "operator"), ("bearer.<operator>,athanor.v1", "operator"),
      ("athanor.v1,\tbearer.<operator> ", "operator"), ("athanor.v1", "loopback"),
      ("athanor.v1, bearer.", "invalid_token"), ("athanor.v1, bearer.no", "invalid_token"),
      ("bearer.<operator>, bearer.<viewer>", "unreadable_credentials"),
    ] {
      try expect(
        outcome,
        Request(headers: [("Sec-WebSocket-Protocol", offer)], opensSocket: true))
    }
    try expect(
      "loopback", Request(headers: [("Sec-WebSocket-Protocol", "athanor.v1, bearer.<operator>")]))
    try expect(
      "unreadable_credentials",
      Request(
        headers: [
          ("Sec-WebSocket-Protocol", "athanor.v1, bearer.<operator>"),
          ("Authorization", "Bearer <operator>"),
        ], opensSocket: true))
  }

  @Test(
    "each refusal has its status and says how to mend it",
    arguments: [
      (AccessRefusal.tokenNeeded(.operator), 401, "--role operator"),
      (.invalidToken, 401, "token create"), (.unreadableCredentials, 401, "Authorization"),
      (.tooManyAttempts(seconds: 7), 429, "Wait"),
      (.roleTooLow(name: "n", has: .viewer, needs: .owner), 403, "owner"),
      (.foreignHost("x"), 403, "--host-name"), (.foreignOrigin("x"), 403, "--origin"),
      (.bookUnreadable(.idTaken), 503, "again"),
    ])
  func answers(refusal: AccessRefusal, status: Int, remedy: String) throws {
    let answer = ServerResponse.failure(refusal)
    #expect(answer.status == status)
    #expect(refusal.remedy.contains(remedy))
    #expect(
      answer.headers["WWW-Authenticate"]?.hasPrefix("Bearer realm=") == (status == 401 ? true : nil)
    )
    #expect((answer.headers["Retry-After"] != nil) == [429, 503].contains(status))
    let body = try JSONValue(parsing: String(decoding: answer.body, as: UTF8.self))
    #expect(body["error"] == .string(refusal.key))
  }
}
