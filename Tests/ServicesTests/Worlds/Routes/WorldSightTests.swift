import Essentials
import Foundation
import Networking
import Research
import Storage
import Synchronization
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("Who is told of worlds")
struct WorldSightTests {
  /// A desk with research, a world that everybody may read, and one of ann, bob and eve.
  private final class Stage {
    let folder: ScratchFolder
    let journal: Journal
    let desk: WorldDesk
    let router: Router
    let hub: LiveHub
    let clock = ReplayClock(WorldDeskBench.start)
    private let elapsed = Mutex(Duration.zero)

    static let start = WorldDeskBench.start

    init(opening folder: ScratchFolder? = nil, kept: Int = 0) throws {
      self.folder = try folder ?? ScratchFolder()
      journal = try Journal.open(
        path: self.folder.url.path + "/journal.sqlite",
        access: .writing(
          newborn: JournalBirth(id: "sight", at: Self.start), patienceMilliseconds: 5000),
        models: [BudgetIndex(), WorldBook()])
      desk = WorldDeskBench.desk(journal, clock, TableEvidence())
      let sight = WorldSight(desk)
      var setup = DeskRoutes.Setup(
        journal: journal, budget: BudgetConfiguration(),
        library: PanelLibrary(
          folders: try DeskFolders(
            environment: [:], executable: "/nowhere/athanor",
            store: self.folder.url.path + "/panels")), version: "1", now: { Self.start })
      setup.sight = sight
      let elapsed = Elapsed()
      hub = try LiveHub(
        journal: journal, configuration: BudgetConfiguration(),
        clocks: LiveHub.Clocks(now: { Self.start }, elapsed: { elapsed.next() }), sight: sight)
      router = Router(
        routes: DeskRoutes(setup).routes(), sockets: [LiveRoute.route(to: hub)],
        guardian: StatedGuard())
    }

    private final class Elapsed: Sendable {
      private let time = Mutex(Duration.zero)
      func next() -> Duration {
        time.withLock { time in
          time += .milliseconds(60)
          return time
        }
      }
    }

    func live() throws {
      try journal.append([JournalDraft("test.step", at: Self.start, run: "research")])
      _ = try desk.publish(WorldDeskBench.policy(), reason: "", by: WorldDeskBench.owner)
      _ = try desk.submit(
        WorldDeskBench.submission("zebra"), in: "w", by: WorldDeskBench.operator)
      var open = WorldPolicy(world: "open")
      open.roles.owners = ["ann"]
      _ = try desk.publish(open, reason: "", by: WorldDeskBench.owner)
      _ = try desk.submit(WorldDeskBench.submission("horse"), in: "open", by: WorldDeskBench.owner)
      // What worlds share tells of all of them.
      try journal.append([
        JournalDraft("graph.versioned", at: Self.start, payload: ["formula": "rank(zebra)"])
      ])
    }

    func ask(_ target: String, as caller: String?) throws -> ServerResponse {
      var headers: HTTPHeaders = [:]
      if let caller { headers["X-Caller"] = caller }
      return router.answer(
        ServerRequest(
          .get, try #require(RequestTarget(target)), headers: headers,
          peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    }

    func listen(
      _ target: String, as caller: String
    ) throws -> (outlet: FakeOutlet, session: any SocketSession) {
      let outlet = FakeOutlet()
      let session = try router.open(
        ServerRequest(
          .get, try #require(RequestTarget(target)), headers: ["X-Caller": caller],
          peer: ServerPeer(address: "127.0.0.1", isLoopback: true)), outlet)
      turn()
      return (outlet, session.session)
    }

    func turn() {
      for _ in 0..<6 { _ = hub.turn() }
    }

    func say(_ number: Int) throws {
      _ = try desk.carryOut(
        number.isMultiple(of: 2) ? .freeze(reason: "zebra") : .resume(reason: "zebra"), in: "w",
        by: WorldDeskBench.operator)
    }
  }

  private static func tells(_ text: String) -> Bool {
    text.contains("zebra") || text.contains("world:w")
  }

  @Test(
    "lists leave out what is of a world that the caller may not read, and tell readers of it",
    arguments: [
      "/api/events/recent?limit=500", "/api/events/recent?limit=500&run_id=world%3Aw",
      "/api/runs", "/api/runs?limit=1", "/api/desk",
    ])
  func lists(target: String) throws {
    let stage = try Stage()
    try stage.live()
    // The last thing that happened is of the world.
    try stage.say(0)
    for stranger in ["mallory:owner", "mallory:viewer", nil] {
      let response = try stage.ask(target, as: stranger)
      #expect(response.status == 200)
      #expect(!Self.tells(response.text), "\(stranger ?? "nobody"): \(response.text)")
    }
    for reader in ["eve:viewer", "ann:owner"] {
      #expect(Self.tells(try stage.ask(target, as: reader).text))
    }
    if !target.contains("run_id"), !target.hasSuffix("=1"), target != "/api/desk" {
      let text = try stage.ask(target, as: "mallory:viewer").text
      #expect(text.contains("world:open") && text.contains("research"))
    }
  }

  @Test(
    "the run of a world is to a stranger like one that is not there",
    arguments: [
      "", "/events", "/candidates", "/candidates/k", "/lineage", "/retrieval", "/replay",
      "/candidates/k/pnl", "/candidates/k/tear_sheet", "/budget", "/kpi", "/validation_kpi",
      "/reactor_status",
    ])
  func runs(path: String) throws {
    let stage = try Stage()
    try stage.live()
    func answer(_ world: String) throws -> (Int, String) {
      let response = try stage.ask("/api/runs/world%3A\(world)\(path)", as: "mallory:owner")
      return (
        response.status, response.text.replacingOccurrences(of: "world:\(world)", with: "it")
      )
    }
    let (secret, absent) = (try answer("w"), try answer("nobody"))
    #expect(secret == absent)
    #expect(!secret.1.contains("zebra"))
    if path == "/events" {
      #expect(secret.0 == 404)
      #expect(try stage.ask("/api/runs/world%3Aw/events", as: "eve:viewer").text.contains("zebra"))
      #expect(
        try stage.ask("/api/runs/world%3Aopen/events", as: "mallory:viewer").text.contains("horse"))
    }
  }

  @Test("far more events of a world than are asked for do not hide the latest of the desk")
  func lookBack() throws {
    let stage = try Stage()
    try stage.live()
    for number in 0..<30 { try stage.say(number) }
    let text = try stage.ask("/api/events/recent?limit=3", as: "mallory:viewer").text
    #expect(text.contains("horse") && !Self.tells(text))
  }

  @Test(
    "the stream tells strangers nothing of a world: not from the journal, not live, not on resuming",
    arguments: [
      "/ws/live?after=0", "/ws/live?replay=500", "/ws/live?after=0&run_id=world%3Aw",
      "/ws/live?replay=50&run_id=world%3Aw&include_reactor=1&reactor_interval_sec=0.1",
    ])
  func stream(target: String) throws {
    let stage = try Stage()
    try stage.live()
    // A hub that begins now reads what was before it from the journal.
    let later = try Stage(opening: stage.folder)
    let stranger = try later.listen(target, as: "mallory:owner")
    let reader = try later.listen(target, as: "eve:viewer")
    for number in 0..<3 {
      try later.say(number)
      later.turn()
      _ = (stranger.outlet.drain(), reader.outlet.drain())
      stranger.session.drained()
      reader.session.drained()
    }
    stranger.session.received(.text(#"{"type":"watch","run_id":"world:w"}"#))
    try later.say(3)
    later.turn()
    let told = stranger.outlet.frames.filter {
      $0["seq"] != nil || $0["event_type"] == "reactor.status"
    }
    #expect(told.allSatisfy { !Self.tells($0.compactText) })
    #expect(reader.outlet.frames.contains { Self.tells($0.compactText) && $0["seq"] != nil })
    // Whoever sees less is nevertheless up to date.
    #expect(later.hub.statistics.behind == 0)
  }

  @Test("a policy that comes into force changes who is told from then on")
  func changes() throws {
    let stage = try Stage()
    try stage.live()
    let (stranger, _) = try stage.listen("/ws/live?replay=0", as: "mallory:viewer")
    let (reader, _) = try stage.listen("/ws/live?replay=0", as: "eve:viewer")
    func heard(_ number: Int) throws -> (Bool, Bool) {
      for outlet in [stranger, reader] { outlet.drain() }
      let before = (stranger.numbers.count, reader.numbers.count)
      try stage.say(number)
      stage.turn()
      for outlet in [stranger, reader] { outlet.drain() }
      return (stranger.numbers.count > before.0, reader.numbers.count > before.1)
    }
    #expect(try heard(0) == (false, true))
    var policy = WorldDeskBench.policy()
    policy.roles.readers = ["mallory"]
    _ = try stage.desk.publish(policy, reason: "", by: WorldDeskBench.owner)
    stage.turn()
    #expect(try heard(1) == (true, false))
  }

  @Test("without policies no world is shown to anybody")
  func blind() throws {
    let glance = WorldSight.none.glance()
    let caller = Caller(name: "ann", role: .owner)
    #expect(try glance.shows(.desk, to: nil))
    #expect(try !glance.shows(.world("w"), to: caller))
    #expect(EventPlace(run: "world:w") == .world("w"))
    #expect(EventPlace(run: "w") == .desk)
  }
}
