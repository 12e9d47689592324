import Essentials
import Foundation
import Networking
import Research
import Storage
import TestKit
import Testing

@testable import Services

@Suite("The path of the live stream", .ownThread)
struct LiveRouteTests {
  private struct OpenDoor: RequestGuard {
    func caller(
      of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
    ) throws -> Caller? { Caller(name: "test", role: .viewer) }
  }

  private func open(_ target: String, _ outlet: FakeOutlet) throws -> LiveHub {
    let folder = try ScratchFolder()
    let start = Timestamp(millisecondsSinceEpoch: 0)
    let journal = try Journal.open(
      path: folder.url.path + "/journal.sqlite",
      access: .writing(newborn: JournalBirth(id: "j", at: start), patienceMilliseconds: 100))
    try journal.append((1...30).map { _ in JournalDraft("test.step", at: start, run: "r") })
    let hub = try LiveHub(
      journal: journal, configuration: BudgetConfiguration(),
      clocks: LiveHub.Clocks(now: { start }, elapsed: { .zero }))
    let router = Router(routes: [], sockets: [LiveRoute.route(to: hub)], guardian: OpenDoor())
    _ = try router.open(
      ServerRequest(
        .get, try #require(RequestTarget(target)),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)), outlet)
    while hub.turn() == .zero {}
    outlet.drain()
    return hub
  }

  @Test(
    "the query says what is sent",
    arguments: [
      ("/ws/live", 11...30), ("/ws/live?replay=0", nil), ("/ws/live?replay=3", 28...30),
      ("/ws/live?after=25&replay=500", 26...30), ("/ws/live?after=0", 1...30),
      ("/ws/live?run_id=r&replay=1", 30...30), ("/ws/live?run_id=x", nil),
      ("/ws/live?run_id=&replay=1", 30...30),
      ("/ws/live?replay=2&include_reactor=1&reactor_interval_sec=0.1", 29...30),
    ] as [(String, ClosedRange<Int>?)])
  func query(target: String, expected: ClosedRange<Int>?) throws {
    let outlet = FakeOutlet()
    _ = try open(target, outlet)
    #expect(outlet.kinds.first == "stream.hello")
    #expect(outlet.numbers == expected.map(Array.init) ?? [])
  }

  @Test(
    "a query that is out of range is answered 422 before the handshake",
    arguments: [
      "replay=501", "replay=-1", "replay=x", "after=-1", "after=x", "after=99999999999999999999",
      "include_reactor=maybe", "reactor_interval_sec=0.05", "reactor_interval_sec=11",
      "reactor_interval_sec=nan",
    ])
  func outOfRange(query: String) throws {
    do {
      _ = try open("/ws/live?" + query, FakeOutlet())
      Issue.record("\(query) was taken")
    } catch let refusal as SocketRefusal {
      #expect(refusal.response.status == 422)
    }
  }

  @Test("a hub that has ended is answered 503 with the time to come again")
  func stopped() throws {
    let hub = try open("/ws/live", FakeOutlet())
    hub.stop()
    let router = Router(routes: [], sockets: [LiveRoute.route(to: hub)], guardian: OpenDoor())
    do {
      _ = try router.open(
        ServerRequest(
          .get, try #require(RequestTarget("/ws/live")),
          peer: ServerPeer(address: "127.0.0.1", isLoopback: true)), FakeOutlet())
      Issue.record("a socket was opened")
    } catch let refusal as SocketRefusal {
      #expect(refusal.response.status == 503)
      #expect(refusal.response.headers["Retry-After"] == "5")
    }
  }
}
