import AlphaLanguage
import Backtesting
import Dispatch
package import Essentials
import Foundation
package import Markets
package import Networking
import Research
import Storage
import Synchronization

/// The WorldQuant BRAIN interface on top of the local simulator, so that tools which were written for
/// BRAIN run offline: login, options, catalogue, simulations with their limits, alphas, tables,
/// checks, correlations and submissions.
///
/// The shapes, statuses and headers are those that BRAIN documents or was seen to send; the numbers
/// are the local simulator's, on one panel that stands for the region USA. What the simulator cannot
/// compute, such as an investability-constrained result, is absent rather than invented. Alphas of
/// others do not exist, so the correlation with production is the one with all alphas of this server.
///
/// Every request is answered under one lock, in microseconds but for tables and correlations, which
/// may simulate an alpha anew; simulations themselves run one batch after another beside it.
package final class BrainServer: Sendable {
  let setup: BrainServerSetup
  let simulator: BrainWorkbench
  let offer: BrainOffer
  let catalogue: MetadataCatalogue
  let shelf: BrainShelf
  let runLog: BrainRunLog
  /// Nil where nothing is kept.
  private let lock: BrainFolderLock?
  let now: @Sendable () -> Timestamp
  private let chance: @Sendable () -> UInt64
  let state: Mutex<State>
  private let queue = DispatchQueue(label: "brain-server.simulations")

  struct State: Sendable {
    var logins = BrainLogins()
    var runs: [String: BrainRun] = [:]
    /// Runs in the order in which they were posted.
    var runOrder: [String] = []
    var alphas: [String: BrainAlphaRecord] = [:]
    var alphaOrder: [String] = []
    /// Simulations by the day of Eastern time.
    var simulationsByDay: [CalendarDate: Int] = [:]
    /// Alphas whose checks were asked for, with the instant when they are ready.
    var checksReady: [String: Timestamp] = [:]
  }

  /// So many runs are remembered; the ones that ended first are forgotten.
  static let runsMax = 20_000

  /// Opens the server. Alphas and simulations that were kept are there again, and simulations that
  /// had not ended are computed. Throws where another server keeps its alphas in the same folder.
  ///
  /// - Parameters:
  ///   - panel: what formulas are simulated on.
  ///   - chance: bits that nobody can foretell, for sessions and names.
  package init(
    panel: Panel, setup: BrainServerSetup, now: @escaping @Sendable () -> Timestamp,
    chance: @escaping @Sendable () -> UInt64
  ) throws {
    self.setup = setup
    self.now = now
    self.chance = chance
    simulator = BrainWorkbench(panel: panel, audience: setup.audience, threads: setup.threads)
    offer = BrainOffer(panel)
    catalogue = MetadataCatalogue(panel: panel)
    shelf = BrainShelf(folder: setup.folder)
    runLog = BrainRunLog(path: setup.folder.map { "\($0)/simulations.jsonl" })
    lock = try setup.folder.map { try BrainFolderLock(folder: $0) }
    var state = State()
    for record in try shelf.load() {
      state.alphas[record.id] = record
      state.alphaOrder.append(record.id)
    }
    let contents = try runLog.load()
    state.simulationsByDay = contents.countsByDay
    var unfinished: [(BrainRunLog.Posting, [BrainSimulationRequest])] = []
    for posting in contents.postings {
      let requests = posting.bodies.compactMap { [offer] in
        try? BrainSimulationRequest($0, offer: offer)
      }
      // Another panel may not offer what was asked for then.
      guard requests.count == posting.bodies.count else {
        state.simulationsByDay[posting.day, default: 0] += posting.ids.count
        continue
      }
      state.enter(posting, requests)
      if posting.endings == nil { unfinished.append((posting, requests)) }
    }
    self.state = Mutex(state)
    for (posting, requests) in unfinished {
      enqueue { [weak self] in self?.run(posting, requests) }
    }
  }

  /// A name of letters and digits that nobody can guess.
  func freshName(_ count: Int) -> String {
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    var letters: [UInt8] = []
    while letters.count < count {
      var bits = chance()
      for _ in 0..<10 where letters.count < count {
        // 62 of 64 values are letters, so that each is as likely as the others.
        if bits & 63 < 62 { letters.append(alphabet[Int(bits & 63)]) }
        bits >>= 6
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }

  /// Runs work behind what was handed in before.
  func enqueue(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  /// Waits until everything that was handed in has run.
  package func drain() { queue.sync {} }

  // MARK: - Routes

  /// What the server answers.
  package var routes: [Route] {
    let routes = sessionRoutes + catalogueRoutes + simulationRoutes + alphaRoutes + userRoutes
    return routes + [description(of: routes)]
  }

  private func description(of routes: [Route]) -> Route {
    let contract = Route(
      .get, "/openapi.json", "Describes everything that is answered, as OpenAPI 3.1.",
      group: "BRAIN", access: .open,
      answers: [AnswerContract(200, "The description.", schema: ["type": "object"])]
    ) { _ in ServerResponse() }
    let document = OpenAPIDocument(
      title: "WorldQuant BRAIN, as Athanor answers it", version: "1",
      summary: "The interface of WorldQuant BRAIN on top of a local simulator.",
      routes: routes + [contract])
    var route = contract
    route.handle = { _ in .json(document.json) }
    return route
  }

  /// A route that needs a session, which is renewed by nothing but a login.
  func member(
    _ method: HTTPMethod, _ pattern: String, _ summary: String,
    parameters: [ParameterContract] = [], status: Int = 200,
    _ handle: @escaping @Sendable (BrainServer, RouteCall) throws -> ServerResponse
  ) -> Route {
    Route(
      method, pattern, summary, group: "BRAIN", access: .open, parameters: parameters,
      answers: [AnswerContract(status, summary, schema: [:])]
    ) { [self] call in
      guard session(of: call.request) != nil else { return .unauthorized }
      return try handle(self, call)
    }
  }

  /// The token of a request whose session lasts, and the seconds that it has left.
  func session(of request: ServerRequest) -> (token: String, seconds: Double)? {
    let instant = now()
    for cookie in request.headers.all("Cookie").flatMap({ $0.split(separator: ";") }) {
      let pair = cookie.drop { $0 == " " }
      guard pair.hasPrefix("t=") else { continue }
      let token = String(pair.dropFirst(2))
      if let seconds = state.withLock({ $0.logins.secondsLeft(of: token, at: instant) }) {
        return (token, seconds)
      }
    }
    return nil
  }
}

extension ServerResponse {
  static let unauthorized = detail(401, "Incorrect authentication credentials.")
  static let unknown = detail(404, "Not found.")

  /// An answer of the form `{"detail": ...}`.
  static func detail(
    _ status: Int, _ sentence: String, headers: HTTPHeaders = [:]
  ) -> ServerResponse {
    json(["detail": .string(sentence)], status: status, headers: headers)
  }

  /// Something that is not computed yet: no body, and when to ask again.
  static func busy(retryAfter seconds: Double) -> ServerResponse {
    ServerResponse(
      headers: ["Retry-After": FixedSeconds.text(seconds), "Content-Type": "text/html"])
  }
}

/// Seconds as BRAIN writes them in `Retry-After`.
enum FixedSeconds {
  /// With one decimal, at least 0.1.
  static func text(_ seconds: Double) -> String {
    let tenths = Int((max(0.1, seconds) * 10).rounded(.up))
    return "\(tenths / 10).\(tenths % 10)"
  }
}
