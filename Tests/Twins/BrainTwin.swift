import Essentials
import Foundation
import Synchronization

/// WorldQuant BRAIN as far as a desk uses it: login with a face check, options, metadata, simulations
/// with their limits, alphas, checks and submissions, over real HTTP and with state.
///
/// A test plans faults for an endpoint with ``plan(_:_:)``; they are used up one by one, after which
/// the endpoint does its duty again.
package final class BrainTwin: Sendable {
  /// How this BRAIN is set up.
  package struct Setup: Sendable {
    package var email = "quant@example.com"
    package var password = "correct horse"
    /// Whether a login needs a face.
    package var demandsPersona = false
    package var sessionSeconds = 14_400.0
    package var permissions = ["MULTI_SIMULATION"]
    /// Submissions that may run at once.
    package var concurrency = 3
    /// Simulations of a day.
    package var quota = 1_000
    /// How often a simulation says that it is running before it has ended.
    package var polls = 1
    package var tables = Tables.json
    package var datasets = [
      Dataset("fundamental6", category: "fundamental", fields: 120),
      Dataset("news12", category: "news", fields: 7),
      Dataset("pv1", category: "pv", fields: 50),
    ]

    package init() {}
  }

  /// What the answers to questions for tables are.
  package enum Tables: Sendable { case json, empty, page }

  /// A dataset with numbered fields.
  package struct Dataset: Sendable {
    package var id: String
    package var category: String
    package var fields: Int

    package init(_ id: String, category: String, fields: Int) {
      self.id = id
      self.category = category
      self.fields = fields
    }
  }

  /// What happens in place of the endpoint's duty.
  package enum Fault: Sendable {
    /// The duty is done.
    case none
    /// Nothing is done, and this is the answer.
    case answer(TwinAnswer)
    /// The duty is done, and this is said in place of its answer.
    case answerAfterActing(TwinAnswer)
  }

  struct Simulation {
    var id: String
    var body: JSONValue
    var children: [String] = []
    var parent: String?
    var pollsLeft: Int
    var alpha: String?
    var status = "COMPLETE"
    var message: String?
  }

  struct State {
    var faults: [String: [Fault]] = [:]
    var tokens: Set<String> = []
    var logins = 0
    var hasShownFace = false
    var simulations: [String: Simulation] = [:]
    var order: [String] = []
    var alphas: [String: JSONValue] = [:]
    var alphaOrder: [String] = []
    var submitted: [String] = []
    var pending: [String: Int] = [:]
  }

  package let http: HTTPTwin
  private let world: World

  /// The part that answers, apart from the server so that nothing holds itself.
  final class World: Sendable {
    let setup: Setup
    let state = Mutex(State())

    init(_ setup: Setup) { self.setup = setup }
  }

  /// Starts it.
  package init(_ setup: Setup = Setup()) throws {
    let world = World(setup)
    self.world = world
    http = try HTTPTwin { world.answer($0) }
  }

  package var address: String { http.address }
  /// How many logins succeeded.
  package var logins: Int { world.state.withLock { $0.logins } }
  /// The formulas of all simulations that were started, in order.
  package var formulas: [String] {
    world.state.withLock { state in
      state.order.compactMap { state.simulations[$0]?.body["regular"] }.compactMap(Self.text)
    }
  }
  /// The ids of alphas that were submitted to the fund.
  package var submitted: [String] { world.state.withLock { $0.submitted } }

  /// Plans what an endpoint, such as `POST /simulations`, does the next times; an endpoint is its
  /// method and the first part of its path.
  package func plan(_ endpoint: String, _ faults: [Fault]) {
    world.state.withLock { $0.faults[endpoint, default: []] += faults }
  }

  /// Ends every session, as time does.
  package func endSessions() { world.state.withLock { $0.tokens = [] } }

  /// Lets the owner of the account show a face.
  package func showFace() { world.state.withLock { $0.hasShownFace = true } }

  /// Returns the requests of an endpoint, given as in ``plan(_:_:)``.
  package func requests(_ endpoint: String) -> [TwinRequest] {
    http.requests.filter { World.endpoint(of: $0) == endpoint }
  }

  static func text(_ value: JSONValue) -> String? {
    if case .string(let text) = value { text } else { nil }
  }
}

extension BrainTwin.World {
  static func endpoint(of request: TwinRequest) -> String {
    "\(request.method) /\(request.path.split(separator: "/").first ?? "")"
  }

  func answer(_ request: TwinRequest) -> TwinAnswer {
    let fault = state.withLock { state -> BrainTwin.Fault in
      let endpoint = Self.endpoint(of: request)
      guard state.faults[endpoint]?.isEmpty == false else { return .none }
      return state.faults[endpoint]?.removeFirst() ?? .none
    }
    switch fault {
    case .none: return duty(request)
    case .answer(let answer): return answer
    case .answerAfterActing(let answer):
      _ = duty(request)
      return answer
    }
  }

  private func duty(_ request: TwinRequest) -> TwinAnswer {
    let parts = request.path.split(separator: "/").map(String.init)
    if parts.first == "authentication" { return authenticate(request, parts) }
    guard isSignedIn(request) else {
      return .json(401, "{\"detail\":\"Incorrect authentication credentials.\"}")
    }
    switch (request.method, parts.first) {
    case ("OPTIONS", "simulations"): return .json(Self.options)
    case ("POST", "simulations"): return simulate(request)
    case ("GET", "simulations") where parts.count == 2: return progress(parts[1])
    case ("GET", "operators"): return .json(Self.operators)
    case ("GET", "data-sets"): return datasets(request)
    case ("GET", "data-fields"): return fields(request)
    case (_, "alphas") where parts.count >= 2: return alpha(request, parts)
    case ("GET", "users"):
      return state.withLock { state in
        let alphas = state.alphaOrder.reversed().compactMap { state.alphas[$0] }
        let list: JSONValue = ["count": .integer(alphas.count), "results": .array(alphas)]
        return .json(list.compactText)
      }
    default: return .json(404, "{\"detail\":\"Not found.\"}")
    }
  }

  // MARK: Sessions

  private func authenticate(_ request: TwinRequest, _ parts: [String]) -> TwinAnswer {
    if request.method == "GET" {
      guard isSignedIn(request) else { return .bodiless(204) }
      let body: JSONValue = [
        "user": ["id": "AB12345"], "token": ["expiry": .number(setup.sessionSeconds)],
        "permissions": .strings(setup.permissions),
      ]
      return .json(body.compactText)
    }
    if parts.count == 2, parts[1] == "persona" {
      return state.withLock { $0.hasShownFace } && request.query["inquiry"] == "inq_1"
        ? begin() : .json(401, "{\"detail\":\"pending\"}")
    }
    let pair = Data("\(setup.email):\(setup.password)".utf8).base64EncodedString()
    guard request.header("authorization") == "Basic \(pair)" else {
      return .json(401, "{\"detail\":\"INVALID_CREDENTIALS\"}")
    }
    guard !setup.demandsPersona else {
      return .json(
        401,
        headers: [
          TwinField("WWW-Authenticate", "persona"),
          TwinField("Location", "/authentication/persona?inquiry=inq_1"),
        ], "{\"inquiry\":\"inq_1\"}")
    }
    return begin()
  }

  private func begin() -> TwinAnswer {
    let token = state.withLock { state in
      state.logins += 1
      let token = "token-\(state.logins)"
      state.tokens.insert(token)
      return token
    }
    let body: JSONValue = [
      "user": ["id": "AB12345"], "token": ["expiry": .number(setup.sessionSeconds)],
      "permissions": .strings(setup.permissions),
    ]
    return .json(
      201, headers: [TwinField("Set-Cookie", "t=\(token); HttpOnly; Path=/; Secure")],
      body.compactText)
  }

  private func isSignedIn(_ request: TwinRequest) -> Bool {
    let cookies = request.header("cookie")?.split(separator: ";") ?? []
    return state.withLock { state in
      cookies.contains { cookie in
        let pair = cookie.drop { $0 == " " }
        return pair.hasPrefix("t=") && state.tokens.contains(String(pair.dropFirst(2)))
      }
    }
  }
}
