import Essentials
import Networking
import Storage
import Synchronization
import Testing
import Worlds

@testable import Services

/// The routes of worlds over a desk of tests, asked through their router without any socket.
final class WorldRouteBench {
  let world: WorldDeskBench
  let meter = WorldMeter()
  let evaluator: WorldEvaluator
  let routes: WorldRoutes
  let router: Router
  let lease = Mutex<Timestamp?>(nil)
  /// Rises by a quarter of a second with every look.
  private let ticks: Ticks

  private final class Ticks: Sendable {
    private let count = Mutex(0)

    func elapsed() -> Duration {
      count.withLock { count in
        count += 1
        return .milliseconds(250 * count)
      }
    }
  }

  init() throws {
    world = try WorldDeskBench()
    let ticks = Ticks()
    self.ticks = ticks
    let clock = world.clock
    let desk = WorldDesk(
      WorldDeskSetup(
        journal: world.journal, now: { clock.now },
        evidence: MeasuredEvidence(
          world.evidence, meter: meter, elapsed: { ticks.elapsed() }),
        cutover: PromptCutover(), graph: SharedGraphLog(journal: world.journal)))
    evaluator = WorldEvaluator(desk, meter: meter, elapsed: { ticks.elapsed() })
    let holder = Holder()
    routes = WorldRoutes(
      WorldRoutes.Setup(
        desk: desk, evaluator: evaluator, now: { clock.now },
        leaseEnd: { _ in holder.bench?.lease.withLock { $0 } }))
    router = Router(routes: routes.routes, guardian: StatedGuard())
    holder.bench = self
  }

  private final class Holder: @unchecked Sendable {
    weak var bench: WorldRouteBench?
  }

  var desk: WorldDesk { routes.desk }

  /// A policy of the world `w` as its owner writes it.
  static let policy = """
    world: w
    allow_live: true
    rbac: {owners: [ann], operators: [bob], readers: [eve]}
    selection:
      gates: sharpe@mid >= 0.6
      score: sharpe@mid
      hysteresis:
        promote_after: {windows: 1}
        demote_after: {windows: 1}
        min_dwell: 0s
    """

  // MARK: - Asking

  func ask(
    _ target: String, as caller: String? = "eve:viewer", _ method: HTTPMethod = .get,
    headers: HTTPHeaders = [:], body: JSONValue? = nil
  ) throws -> ServerResponse {
    var headers = headers
    if let caller { headers["X-Caller"] = caller }
    return router.answer(
      ServerRequest(
        method, try #require(RequestTarget(target)), headers: headers,
        body: Array((body?.compactText ?? "").utf8),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
  }

  /// The body of an answer that must be well.
  func json(_ target: String, as caller: String? = "eve:viewer") throws -> JSONValue {
    let response = try ask(target, as: caller)
    #expect(response.status == 200, "\(target): \(response.text)")
    return response.json
  }

  func post(
    _ target: String, _ body: JSONValue = [:], as caller: String? = "bob:operator"
  ) throws -> (status: Int, json: JSONValue) {
    let response = try ask(target, as: caller, .post, body: body)
    return (response.status, response.json)
  }

  /// Evaluates over the route a day later.
  @discardableResult
  func evaluate(_ sharpes: [String: Double]) throws -> JSONValue {
    world.evidence.set(sharpes)
    world.pass()
    let (status, json) = try post("/worlds/w/evaluate")
    #expect(status == 200, "\(json.compactText)")
    return json
  }

  func events(_ kind: String) throws -> [JSONValue] {
    try json("/worlds/w/audit?kind=\(kind)&limit=1000")["events"]?.elements ?? []
  }
}
