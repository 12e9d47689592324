import Essentials
import Foundation
import Mathematics
import Networking
import Research
import Storage
import Synchronization
import TestKit
import Testing

@testable import Services

@Suite("The hub of the live stream", .ownThread)
struct LiveHubTests {
  /// A journal that another opening writes, and a hub whose turns the test takes.
  private final class Stage: Sendable {
    let folder: ScratchFolder
    let writer: Journal
    let hub: LiveHub
    private let clock = Clock()

    init(events: Int = 0, partSize: Int = 512) throws {
      folder = try ScratchFolder()
      let path = folder.url.path + "/journal.sqlite"
      writer = try Journal.open(
        path: path,
        access: .writing(
          newborn: JournalBirth(id: "stream", at: Self.start), patienceMilliseconds: 5_000))
      if events > 0 { try writer.append((1...events).map { Stage.draft($0) }) }
      let clock = clock
      var rhythm = LiveBroadcast.Rhythm()
      rhythm.partSize = partSize
      hub = try LiveHub(
        journal: try Journal.open(path: path, access: .reading),
        configuration: BudgetConfiguration(),
        clocks: LiveHub.Clocks(
          now: {
            let (seconds, attoseconds) = clock.now.components
            return Timestamp(
              millisecondsSinceEpoch: Self.start.millisecondsSinceEpoch + seconds * 1000
                + attoseconds / 1_000_000_000_000_000)
          }, elapsed: { clock.now }), rhythm: rhythm)
    }

    static let start = Timestamp(millisecondsSinceEpoch: 1_763_000_000_000)

    /// Event `number` is of run `r0`, `r1` or `r2` in turn.
    static func draft(_ number: Int, run: String? = nil, kind: String = "test.step")
      -> JournalDraft
    {
      JournalDraft(
        kind, at: start, run: run ?? "r\(number % 3)", payload: ["number": .integer(number)])
    }

    func record(_ numbers: ClosedRange<Int>, run: String? = nil) throws {
      try writer.append(numbers.map { Stage.draft($0, run: run) })
    }

    /// Lets time pass and the hub work until it has nothing to do.
    func pass(_ duration: Duration = .milliseconds(50)) {
      clock.advance(duration)
      while hub.turn() == .zero {}
    }

    func subscribe(
      _ wish: LiveWish = LiveWish(), _ outlet: FakeOutlet = FakeOutlet()
    ) throws -> (FakeOutlet, any SocketSession) {
      (outlet, try hub.subscribe(wish, outlet))
    }
  }

  private final class Clock: Sendable {
    private let time = Mutex(Duration.zero)
    var now: Duration { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
  }

  @Test("A4: the last events of the run come first, then a snapshot about each interval")
  func replay() throws {
    let stage = try Stage(events: 30)
    let (outlet, session) = try stage.subscribe(
      LiveWish(run: "r0", replay: 3, snapshotsEvery: .seconds(1)))
    stage.pass()
    outlet.drain()
    session.drained()
    for _ in 0..<20 {
      stage.pass(.milliseconds(200))
      outlet.drain()
      session.drained()
    }
    #expect(outlet.numbers == [24, 27, 30])
    #expect(
      outlet.kinds == ["stream.hello"] + Array(repeating: "test.step", count: 3)
        + Array(repeating: "reactor.status", count: 5))
    for frame in outlet.frames {
      guard case .object(let members) = frame else { continue }
      let names = members.map(\.name).filter { $0 != "seq" }
      #expect(
        names == [
          "event_type", "run_id", "idea_id", "stage", "message", "severity", "created_at",
          "payload",
        ])
    }
    let hello = outlet.frames[0]["payload"]
    #expect(
      hello
        == [
          "protocol": 1, "journal": "stream", "head": 30, "run_id": "r0", "resume": 23,
        ])
  }

  @Test(
    "a subscriber resumes exactly behind its cursor, and a replay begins where it must",
    arguments: [
      (LiveWish(after: 0), 1...12), (LiveWish(after: 7), 8...12), (LiveWish(after: 10), 11...12),
      (LiveWish(replay: 0), 11...12), (LiveWish(replay: 4), 7...12),
      (LiveWish(replay: 500), 1...12), (LiveWish(after: 9, replay: 5), 10...12),
      (LiveWish(run: "nobody", after: 0), nil), (LiveWish(run: "desk", replay: 9), nil),
    ] as [(LiveWish, ClosedRange<Int>?)])
  func resume(wish: LiveWish, expected: ClosedRange<Int>?) throws {
    let stage = try Stage(events: 10)
    let (outlet, _) = try stage.subscribe(wish)
    stage.pass()
    try stage.record(11...12)
    stage.pass()
    outlet.drain()
    #expect(outlet.numbers == expected.map(Array.init) ?? [])
  }

  @Test("a cursor beyond the journal is said to be so, and the stream begins at the end")
  func ahead() throws {
    let stage = try Stage(events: 3)
    let (outlet, _) = try stage.subscribe(LiveWish(after: 99))
    stage.pass()
    try stage.record(4...5)
    stage.pass()
    outlet.drain()
    #expect(outlet.kinds == ["stream.hello", "stream.notice", "test.step", "test.step"])
    #expect(
      outlet.frames[1]["payload"] == ["notice": "ahead_of_journal", "cursor": 99, "head": 3])
    #expect(outlet.numbers == [4, 5])
  }

  @Test("what another opening of the journal records is seen within the pause, or when poked")
  func growth() throws {
    let stage = try Stage(events: 2)
    let (outlet, _) = try stage.subscribe(LiveWish(replay: 0))
    stage.pass()
    try stage.record(3...4)
    stage.pass(.milliseconds(10))
    outlet.drain()
    #expect(outlet.numbers == [])
    stage.hub.poke()
    stage.pass(.zero)
    outlet.drain()
    #expect(outlet.numbers == [3, 4])
    try stage.record(5...5)
    stage.pass(.milliseconds(50))
    outlet.drain()
    #expect(outlet.numbers == [3, 4, 5])
  }

  @Test("each event is encoded once for all who follow, however many they are")
  func encodedOnce() throws {
    let stage = try Stage()
    let outlets = try (0..<20).map { _ in try stage.subscribe(LiveWish(replay: 0)).0 }
    stage.pass()
    try stage.record(1...50)
    stage.pass()
    for outlet in outlets {
      outlet.drain()
      #expect(outlet.numbers == Array(1...50))
    }
    #expect(stage.hub.statistics.eventsEncoded == 50)
    #expect(stage.hub.statistics.framesSent == 20 * 51)
    #expect(stage.hub.statistics.subscribers == 20)
  }

  @Test("a snapshot is rendered once for all who watch the run, and the latest run is found")
  func snapshots() throws {
    let stage = try Stage(events: 5)
    try stage.writer.append([
      Stage.draft(6, run: "old", kind: "agent.alpha_started"),
      Stage.draft(7, run: "new", kind: "agent.alpha_started"),
      Stage.draft(8, run: "other"),
    ])
    func run(_ outlet: FakeOutlet) -> [JSONValue] {
      outlet.frames.filter { $0["event_type"] == "reactor.status" }.compactMap { $0["run_id"] }
    }
    let outlets = try (0..<9).map { _ in
      try stage.subscribe(LiveWish(replay: 0, snapshotsEvery: .milliseconds(100)))
    }
    stage.pass()
    for (outlet, session) in outlets {
      outlet.drain()
      session.drained()
    }
    stage.pass(.zero)
    for (outlet, session) in outlets {
      outlet.drain()
      session.drained()
      #expect(run(outlet) == ["new"])
    }
    #expect(stage.hub.statistics.snapshotsRendered == 1)
    try stage.writer.append(Stage.draft(9, run: "old"))
    stage.pass(.milliseconds(100))
    outlets[0].0.drain()
    #expect(run(outlets[0].0) == ["new", "old"])
    #expect(stage.hub.statistics.snapshotsRendered == 2)
  }

  @Test("without any run of research there is no snapshot, until one begins")
  func noRun() throws {
    let stage = try Stage(events: 2)
    let (outlet, session) = try stage.subscribe(
      LiveWish(replay: 0, snapshotsEvery: .milliseconds(100)))
    for _ in 0..<5 {
      stage.pass(.milliseconds(100))
      outlet.drain()
      session.drained()
    }
    #expect(outlet.kinds == ["stream.hello"])
    try stage.writer.append(Stage.draft(3, run: "r", kind: "agent.alpha_started"))
    for _ in 0..<3 {
      stage.pass(.milliseconds(100))
      outlet.drain()
      session.drained()
    }
    #expect(outlet.kinds.contains("reactor.status"))
  }

  @Test("what was recorded while nobody was there is in the snapshots of whoever comes")
  func gaugesAfterAbsence() throws {
    let stage = try Stage()
    func subscribe() throws -> (FakeOutlet, any SocketSession) {
      try stage.subscribe(LiveWish(run: "r", replay: 0, snapshotsEvery: .milliseconds(100)))
    }
    try stage.record(1...3, run: "r")
    let (first, session) = try subscribe()
    stage.pass()
    first.drain()
    session.drained()
    stage.pass()
    session.closed()
    stage.pass()
    try stage.record(4...9, run: "r")
    stage.pass(.seconds(1))
    let (second, other) = try subscribe()
    stage.pass()
    second.drain()
    other.drained()
    stage.pass(.seconds(1))
    second.drain()
    let status = try #require(second.frames.last { $0["event_type"] == "reactor.status" })
    var gauges = RunGauges(run: "r", configuration: BudgetConfiguration())
    for event in try stage.writer.events(limit: 100) { gauges.take(event) }
    let expected = gauges.reactorStatus(
      at: Timestamp(
        millisecondsSinceEpoch: Stage.start.millisecondsSinceEpoch + 3_150))
    #expect(status["payload"]?["as_of"] == expected["as_of"])
    #expect(status["payload"]?["gauges"]?.compactText == expected["gauges"]?.compactText)
    #expect(status["payload"]?["series"]?.compactText == expected["series"]?.compactText)
  }

  @Test("a long run is read in parts, between which events are sent")
  func longRun() throws {
    let stage = try Stage()
    try stage.writer.append((1...5000).map { Stage.draft($0, run: "long") })
    let (watching, session) = try stage.subscribe(
      LiveWish(run: "long", replay: 0, snapshotsEvery: .seconds(1)))
    let (other, _) = try stage.subscribe(LiveWish(replay: 0))
    stage.pass(.milliseconds(10))
    watching.drain()
    session.drained()
    var turns = 0
    while !watching.kinds.contains("reactor.status"), turns < 10 {
      turns += 1
      try stage.record(1...1, run: "r\(turns)")
      stage.hub.poke()
      stage.pass(.milliseconds(10))
      other.drain()
      #expect(other.numbers.last == 5000 + turns)
      watching.drain()
      session.drained()
    }
    #expect((2...4).contains(turns), "\(turns)")
  }

  @Test("over random schedules with slow sockets and a growing journal nothing is lost or doubled")
  func schedules() throws {
    for seed in 0..<12 as Range<UInt64> {
      var generator = SplitMix64(seed: 0x5eed + seed)
      let stage = try Stage(events: 40, partSize: Int.random(in: 3...20, using: &generator))
      var recorded = 40
      var subscribers: [(outlet: FakeOutlet, session: any SocketSession, run: String?, from: Int)] =
        []
      for _ in 0..<60 {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
          let count = Int.random(in: 1...12, using: &generator)
          try stage.record(recorded + 1...recorded + count)
          recorded += count
        case 1 where subscribers.count < 6:
          let cursor = Int.random(in: 0...recorded, using: &generator)
          let run = [nil, "r0", "r1"][Int.random(in: 0..<3, using: &generator)]
          let (outlet, session) = try stage.subscribe(
            LiveWish(run: run, after: Int64(cursor)),
            FakeOutlet(capacity: Int.random(in: 400...3000, using: &generator)))
          subscribers.append((outlet, session, run, cursor))
        case 2, 3:
          guard !subscribers.isEmpty else { continue }
          let one = subscribers[Int.random(in: 0..<subscribers.count, using: &generator)]
          if one.outlet.drain(Int.random(in: 1...9, using: &generator)) { one.session.drained() }
        case 4: stage.hub.poke()
        default: stage.pass(.milliseconds(Int.random(in: 0...60, using: &generator)))
        }
      }
      repeat {
        for one in subscribers where one.outlet.drain() { one.session.drained() }
        stage.pass()
      } while subscribers.contains { $0.outlet.backlog > 0 }
      for one in subscribers {
        let expected = (1...recorded).filter {
          $0 > one.from && (one.run == nil || one.run == "r\($0 % 3)")
        }
        #expect(one.outlet.numbers == expected, "seed \(seed)")
      }
      #expect(stage.hub.statistics.behind == 0)
    }
  }

  @Test("a choice of another run holds for every event behind the notice of it")
  func watching() throws {
    let stage = try Stage()
    let (outlet, session) = try stage.subscribe(LiveWish(run: "r0", replay: 0))
    stage.pass()
    try stage.record(1...6)
    stage.pass()
    session.received(.text(#"{"type":"watch","run_id":"r1"}"#))
    stage.pass(.zero)
    try stage.record(7...12)
    stage.pass()
    session.received(.text(#"{"type":"watch"}"#))
    stage.pass(.zero)
    try stage.record(13...14)
    stage.pass()
    outlet.drain()
    #expect(outlet.numbers == [3, 6, 7, 10, 13, 14])
    let notices = outlet.frames.filter { $0["event_type"] == "stream.notice" }
    #expect(
      notices.compactMap { $0["payload"] } == [
        ["notice": "watching", "run_id": "r1", "resume": 6],
        ["notice": "watching", "run_id": .null, "resume": 12],
      ])
  }

  @Test(
    "a message that is not understood is answered with a notice and changes nothing",
    arguments: [
      SocketMessage.text(""), .text("{"), .text("null"), .text(#"{"type":"drop"}"#),
      .binary([1, 2, 3]), .text(#"{"type":"reactor","interval_sec":-1}"#),
      .text(String(repeating: "é", count: 2048)),
    ])
  func malformed(message: SocketMessage) throws {
    let stage = try Stage()
    let (outlet, session) = try stage.subscribe()
    session.received(message)
    stage.pass()
    try stage.record(1...2)
    stage.pass()
    outlet.drain()
    #expect(outlet.kinds == ["stream.hello", "stream.notice", "test.step", "test.step"])
    #expect(outlet.frames[1]["payload"]?["notice"] == "ignored")
    #expect(outlet.now.end == nil)
  }

  @Test("a ping is answered, also by one who sends it together with others")
  func ping() throws {
    let stage = try Stage(events: 4)
    let (outlet, session) = try stage.subscribe()
    session.received(.text(#"{"type":"ping"}"#))
    session.received(.text(#"{"type":"ping"}"#))
    stage.pass()
    outlet.drain()
    #expect(outlet.kinds == ["stream.hello", "stream.heartbeat"])
    #expect(outlet.frames[1]["payload"] == ["head": 4, "behind": 0])
  }

  @Test("whoever sends too much or too long messages is closed, and only he")
  func unruly() throws {
    let stage = try Stage()
    let (many, first) = try stage.subscribe()
    let (long, second) = try stage.subscribe()
    let (quiet, _) = try stage.subscribe()
    stage.pass()
    for _ in 0..<30 { first.received(.text(#"{"type":"ping"}"#)) }
    second.received(.binary(Array(repeating: 0, count: 4097)))
    stage.pass()
    #expect(many.now.end == .policy)
    #expect(long.now.end == .tooBig)
    #expect(quiet.now.end == nil)
    first.closed()
    second.closed()
    stage.pass()
    #expect(stage.hub.statistics.subscribers == 1)
    #expect(stage.hub.statistics.closedUnruly == 2)
  }

  @Test("a subscriber that does not read for a minute is asked to come again")
  func stuck() throws {
    let stage = try Stage(events: 100)
    let (stuck, _) = try stage.subscribe(LiveWish(after: 0), FakeOutlet(capacity: 2000))
    let (fine, session) = try stage.subscribe(LiveWish(after: 0), FakeOutlet(capacity: 2000))
    for _ in 0..<100 {
      stage.pass(.seconds(1))
      fine.drain()
      session.drained()
    }
    #expect(stuck.now.end == .tryAgainLater)
    #expect(fine.now.end == nil)
    #expect(fine.numbers == Array(1...100))
    #expect(stage.hub.statistics.closedStuck == 1)
  }

  @Test("events that were archived are named, and the stream goes on behind them")
  func archived() throws {
    let stage = try Stage(events: 20)
    try stage.writer.retain(from: 11, at: Stage.start)
    let (outlet, _) = try stage.subscribe(LiveWish(after: 4))
    stage.pass()
    outlet.drain()
    #expect(
      outlet.frames.first { $0["event_type"] == "stream.notice" }?["payload"]
        == ["notice": "archived", "after": 4, "through": 10])
    // The archiving itself is event 21.
    #expect(outlet.numbers == Array(11...21))
  }

  @Test("a payload that no queue would hold is left out, and the event is not")
  func oversized() throws {
    let stage = try Stage()
    let (outlet, _) = try stage.subscribe(LiveWish(), FakeOutlet(capacity: 10_000))
    stage.pass()
    outlet.drain()
    try stage.writer.append(
      JournalDraft(
        "test.big", at: Stage.start,
        payload: ["text": .string(String(repeating: "x", count: LiveFrame.payloadBytesMax))]))
    stage.pass()
    outlet.drain()
    #expect(outlet.numbers == [1])
    #expect(outlet.frames.last?["payload"]?["omitted"] == .bool(true))
  }

  @Test("there is a limit to subscribers, and places become free")
  func full() throws {
    let stage = try Stage()
    let sessions = try (0..<LiveHub.subscribersMax).map { _ in try stage.subscribe().1 }
    #expect(throws: LiveRefusal.full(subscribers: LiveHub.subscribersMax)) {
      try stage.subscribe()
    }
    sessions[7].closed()
    #expect(throws: Never.self) { try stage.subscribe() }
  }

  @Test("its own thread delivers what is recorded, and ends when it is told to")
  func thread() throws {
    let stage = try Stage(events: 1)
    stage.hub.start()
    stage.hub.start()
    let bell = try #require(Doorbell())
    let outlet = FakeOutlet(bell: bell)
    let session = try stage.hub.subscribe(LiveWish(replay: 1), outlet)
    func wait(for count: Int) {
      var patience = 200
      while outlet.now.queue.count < count, patience > 0 {
        bell.wait(atMost: .milliseconds(50))
        patience -= 1
      }
    }
    wait(for: 2)
    try stage.record(2...3)
    stage.hub.poke()
    wait(for: 4)
    outlet.drain()
    #expect(outlet.numbers == [1, 2, 3])
    stage.hub.stop()
    #expect(outlet.now.end == .goingAway)
    session.closed()
    #expect(throws: LiveRefusal.stopped) { try stage.subscribe() }
    stage.hub.stop()
  }
}
