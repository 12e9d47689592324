import Essentials
import Foundation
import Markets
import Networking
import Research
import Services
import Storage
import TestKit
import Testing

/// A guard that lets everybody do everything, as a viewer from the machine itself.
struct OpenGuard: RequestGuard {
  func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) -> Caller? {
    access == .open ? nil : Caller(name: "loopback", role: .viewer)
  }
}

/// A desk with a journal and a store of panels, asked through its router without any socket.
final class DeskBench: Sendable {
  let journal: Journal
  let library: PanelLibrary
  let clock: SteppingClock
  let routes: DeskRoutes
  let router: Router
  private let folder: ScratchFolder

  /// - Parameter change: what is set up otherwise than usual.
  init(
    clock: SteppingClock = SteppingClock(), _ change: (inout DeskRoutes.Setup) -> Void = { _ in }
  ) throws {
    folder = try ScratchFolder()
    self.clock = clock
    journal = try Journal.open(
      path: folder.url.path + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(
          id: "bench", at: Timestamp(millisecondsSinceEpoch: SteppingClock.friday)),
        patienceMilliseconds: 0), models: [BudgetIndex()])
    library = PanelLibrary(
      folders: try DeskFolders(
        environment: [:], executable: "/nowhere/athanor", store: folder.url.path + "/panels"))
    var setup = DeskRoutes.Setup(
      journal: journal, budget: BudgetConfiguration(), library: library, version: "1.0.0",
      now: { clock.now() })
    change(&setup)
    routes = DeskRoutes(setup)
    router = Router(routes: routes.routes(), guardian: OpenGuard())
  }

  /// A desk whose journal holds the campaign of two ideas on a stored panel, run once for all tests.
  static func afterCampaign() async throws -> DeskBench { try await campaign.value }

  /// The run of that campaign.
  var run: String {
    get throws {
      let runs = try journal.read { tables throws(JournalFailure) in
        try RunIndex().latest(1, in: tables)
      }
      return try #require(runs.first).run
    }
  }

  private static let campaign = Task {
    let desk = try DeskBench(clock: SteppingClock(step: 1))
    var bench = CampaignBench()
    _ = try desk.library.store.write(bench.panel, provenance: PanelProvenance())
    bench.panel = try desk.library.store.open(bench.panel.name)
    bench.clock = desk.clock
    try await bench.run(in: desk.journal)
    return desk
  }

  // MARK: - Asking

  func ask(
    _ target: String, _ method: HTTPMethod = .get, headers: HTTPHeaders = [:], body: String = ""
  ) throws -> ServerResponse {
    router.answer(
      ServerRequest(
        method, try #require(RequestTarget(target)), headers: headers, body: Array(body.utf8),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
  }

  /// The body of an answer that must be well.
  func json(_ target: String) throws -> JSONValue {
    let response = try ask(target)
    #expect(response.status == 200, "\(target): \(response.text)")
    return try JSONValue(parsing: response.text)
  }

  func check(_ body: String) throws -> ServerResponse {
    try ask("/api/formulas/check", .post, body: body)
  }

  /// Records a fact of a run.
  @discardableResult
  func record(
    _ fact: ResearchFact, run: String = "r1", idea: String = "i1", at seconds: Double = 0
  ) throws -> Int64 {
    try journal.append(
      ResearchEvent(at: Self.at(seconds), run: run, idea: idea, fact).draft()
    ).seq
  }

  /// An instant of the bench's day.
  static func at(_ seconds: Double) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: SteppingClock.friday + Int64(seconds * 1000))
  }
}

extension ServerResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
  var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
}

extension JSONValue {
  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  var number: Double? {
    switch self {
    case .integer(let whole): Double(whole)
    case .number(let number): number
    default: nil
    }
  }

  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }
}
