import Mathematics
import Networking
import Testing

@testable import Services

@Suite("What subscribers are sent")
struct LiveBroadcastTests {
  /// A journal in memory, and subscribers with queues, around the value that decides.
  private struct Stage {
    var broadcast: LiveBroadcast
    var journal: [LiveFrame] = []
    var outlets: [Int: FakeOutlet] = [:]
    var now = Duration.zero
    var reads = 0
    var snapshots: [Int: Int] = [:]

    init(
      kept: Int = 8, partSize: Int = 5, bytesMax: Int = 1 << 20, patience: Duration = .seconds(60)
    ) {
      var rhythm = LiveBroadcast.Rhythm()
      rhythm.partSize = partSize
      rhythm.patience = patience
      broadcast = LiveBroadcast(
        recent: RecentFrames(tail: 0, countMax: kept, bytesMax: bytesMax), rhythm: rhythm)
    }

    mutating func grow(_ runs: [String]) {
      let frames = runs.enumerated().map { place, run in
        let seq = Int64(journal.count + place + 1)
        return LiveFrame(seq: seq, run: run, text: SharedText("{\"seq\":\(seq)}"))
      }
      journal += frames
      let gap = broadcast.append(frames)
      #expect(gap == nil)
    }

    mutating func enter(
      _ id: Int, watch: String? = nil, cursor: Int64, capacity: Int = 1 << 20,
      snapshotsEvery: Duration? = nil
    ) {
      outlets[id] = FakeOutlet(capacity: capacity)
      broadcast.enter(
        id, watch: watch, cursor: cursor, notices: [SharedText("hello")],
        snapshotsEvery: snapshotsEvery, at: now)
    }

    func matching(_ run: String?, after cursor: Int64, limit: Int = .max) -> [LiveFrame] {
      Array(journal.lazy.filter { $0.seq > cursor && (run == nil || $0.run == run) }.prefix(limit))
    }

    /// Does the steps of one subscriber until there are none, at most `limit` of them.
    mutating func serve(_ id: Int, steps limit: Int = .max) {
      guard let outlet = outlets[id] else { return }
      var count = 0
      while count < limit, let step = broadcast.next(id, isDrained: outlet.backlog == 0) {
        count += 1
        switch step {
        case .send(let parcel): send(parcel, to: id, outlet)
        case .heartbeat(let behind):
          broadcast.sentHeartbeat(
            to: id, isAccepted: outlet.send(SharedText("beat \(behind)")),
            backlog: outlet.backlog, at: now)
        case .snapshot(let run):
          snapshots[id, default: 0] += 1
          broadcast.sentSnapshot(
            to: id, isAccepted: outlet.send(SharedText("snapshot \(run ?? "-")")),
            backlog: outlet.backlog, at: now)
        case .read(let reading):
          reads += 1
          let found = matching(reading.run, after: reading.after, limit: reading.limit)
          if let parcel = broadcast.parcel(for: id, reading: reading, found: found) {
            send(parcel, to: id, outlet)
          }
        }
      }
    }

    private mutating func send(_ parcel: LiveBroadcast.Parcel, to id: Int, _ outlet: FakeOutlet) {
      let accepted = parcel.texts.prefix { outlet.send($0) }.count
      broadcast.sent(parcel, to: id, accepted: accepted, backlog: outlet.backlog, at: now)
    }

    mutating func drain(_ id: Int, _ count: Int = .max) {
      if outlets[id]?.drain(count) == true { broadcast.drained(id) }
    }

    /// Lets everybody have everything.
    mutating func settle() {
      for id in outlets.keys {
        repeat {
          drain(id)
          serve(id)
        } while outlets[id]?.backlog != 0
      }
    }
  }

  @Test(
    "L1, L2: over random schedules everybody gets what matches, in order, each once",
    arguments: 0..<40 as Range<UInt64>)
  func schedules(round: UInt64) {
    for part in 0..<50 as Range<UInt64> {
      var generator = SplitMix64(seed: round << 8 | part)
      let runs = ["", "a", "b", "c"]
      let choices: [String?] = [nil, "", "a", "b", "nobody"]
      var stage = Stage(
        kept: Int.random(in: 1...12, using: &generator),
        partSize: Int.random(in: 1...6, using: &generator))
      stage.grow((0..<20).map { _ in runs[Int.random(in: 0..<4, using: &generator)] })
      // For each subscriber what it chose, and from which cursor on.
      var choice: [Int: [(run: String?, from: Int64)]] = [:]
      var gone: [Int: [Int]] = [:]
      for step in 0..<60 {
        let id = Int.random(in: 0..<4, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...2:
          let count = Int.random(in: 1...9, using: &generator)
          stage.grow((0..<count).map { _ in runs[Int.random(in: 0..<4, using: &generator)] })
        case 3 where stage.outlets[id] == nil:
          let cursor = Int64.random(in: 0...Int64(stage.journal.count), using: &generator)
          let run = choices[Int.random(in: 0..<5, using: &generator)]
          stage.enter(
            id, watch: run, cursor: cursor, capacity: Int.random(in: 11...80, using: &generator))
          choice[id] = [(run, cursor)]
        case 4 where stage.outlets[id] != nil:
          let run = choices[Int.random(in: 0..<5, using: &generator)]
          guard let cursor = stage.broadcast.watch(id, run: run) else { continue }
          choice[id]?.append((run, cursor))
        case 5 where step > 40:
          stage.broadcast.leave(id)
          gone[id] = stage.outlets[id]?.numbers
          stage.outlets[id] = nil
          choice[id] = nil
        case 6, 7: stage.drain(id, Int.random(in: 1...9, using: &generator))
        default: stage.serve(id, steps: Int.random(in: 1...4, using: &generator))
        }
      }
      stage.settle()
      for (id, choices) in choice {
        var expected: [Int] = []
        for (place, now) in choices.enumerated() {
          let end = place + 1 < choices.count ? choices[place + 1].from : .max
          expected += stage.matching(now.run, after: now.from).filter { $0.seq <= end }
            .map { Int($0.seq) }
        }
        #expect(stage.outlets[id]?.numbers == expected, "seed \(round << 8 | part), id \(id)")
        #expect(!stage.broadcast.isBehind(id))
      }
    }
  }

  @Test("who follows closely never needs the journal; who fell behind reads it from his own cursor")
  func reading() {
    var stage = Stage(kept: 10, partSize: 5)
    stage.enter(1, cursor: 0)
    stage.enter(2, watch: "a", cursor: 0, capacity: 20)
    for _ in 0..<30 {
      stage.grow(["a", "b"])
      stage.serve(1)
      stage.drain(1)
      stage.serve(2)
    }
    #expect(stage.reads == 0)
    #expect(stage.outlets[1]?.numbers == Array(1...60))
    #expect(stage.broadcast.isWaiting(2))
    stage.settle()
    #expect(stage.reads > 0)
    #expect(stage.outlets[2]?.numbers == Array(stride(from: 1, through: 60, by: 2)))
  }

  @Test("a subscriber that is not drained is asked for nothing, and after the limit it is stuck")
  func patience() {
    var stage = Stage(patience: .seconds(60))
    stage.enter(1, cursor: 0, capacity: 30)
    stage.grow(Array(repeating: "a", count: 9))
    stage.serve(1)
    let refusals = stage.outlets[1]?.now.refusals
    stage.now = .seconds(5)
    stage.broadcast.tick(at: stage.now)
    stage.serve(1)
    #expect(stage.outlets[1]?.now.refusals == refusals)
    // A queue that becomes shorter moves, however slowly.
    for (seconds, backlog, isStuck) in [
      (60, 23, false), (61, 10, false), (121, 10, false), (122, 10, true),
    ] {
      let found = stage.broadcast.isStuck(1, backlog: backlog, at: .seconds(seconds))
      #expect(found == isStuck, "\(seconds) s")
    }
    stage.broadcast.drained(1)
    let isStuck = stage.broadcast.isStuck(1, backlog: 0, at: .seconds(500))
    #expect(!isStuck)
  }

  @Test("L4: snapshots come behind the first events, never behind a backlog, and only the newest")
  func snapshots() {
    var stage = Stage()
    stage.grow(["a", "a", "a"])
    stage.enter(1, watch: "a", cursor: 1, snapshotsEvery: .milliseconds(100))
    stage.serve(1)
    stage.drain(1)
    stage.serve(1)
    stage.drain(1)
    #expect(
      stage.outlets[1]?.now.received == ["hello", "{\"seq\":2}", "{\"seq\":3}", "snapshot a"])
    // A second without room: one snapshot when there is some.
    stage.grow(["a"])
    stage.serve(1)
    for _ in 0..<10 {
      stage.now += .milliseconds(100)
      stage.broadcast.tick(at: stage.now)
      stage.serve(1)
    }
    #expect(stage.snapshots[1] == 1)
    stage.drain(1)
    stage.serve(1)
    stage.drain(1)
    stage.serve(1)
    #expect(stage.snapshots[1] == 2)
    // A steady stream does not starve them.
    for _ in 0..<10 {
      stage.now += .milliseconds(100)
      stage.broadcast.tick(at: stage.now)
      stage.grow(["a", "b"])
      stage.serve(1)
      stage.drain(1)
    }
    #expect((stage.snapshots[1] ?? 0) >= 11)
  }

  @Test("subscribers of one interval are due together, and can change it or end it")
  func pace() {
    var stage = Stage()
    stage.now = .milliseconds(130)
    stage.enter(1, cursor: 0, snapshotsEvery: .milliseconds(300))
    stage.now = .milliseconds(270)
    stage.enter(2, cursor: 0, snapshotsEvery: .milliseconds(300))
    stage.settle()
    #expect(stage.snapshots == [1: 1, 2: 1])
    #expect(stage.broadcast.nextTick == .milliseconds(300))
    stage.now = .milliseconds(300)
    stage.broadcast.tick(at: stage.now)
    stage.settle()
    #expect(stage.snapshots == [1: 2, 2: 2])
    #expect(stage.broadcast.nextTick == .milliseconds(600))
    stage.broadcast.pace(1, every: nil, at: stage.now)
    stage.broadcast.pace(2, every: .seconds(2), at: stage.now)
    stage.settle()
    #expect(stage.snapshots == [1: 2, 2: 3])
    #expect(stage.broadcast.nextTick == .seconds(2))
  }

  @Test("a heartbeat comes every five seconds and when it is asked for, and says who is behind")
  func heartbeats() {
    var stage = Stage()
    stage.enter(1, cursor: 0)
    stage.settle()
    stage.broadcast.tick(at: .milliseconds(4999))
    stage.settle()
    stage.grow(["a", "a"])
    stage.broadcast.tick(at: .seconds(5))
    stage.settle()
    stage.broadcast.ping(1)
    stage.settle()
    #expect(
      stage.outlets[1]?.now.received
        == ["hello", "beat 2", "{\"seq\":1}", "{\"seq\":2}", "beat 0"])
  }

  @Test("notices that nobody reads are bounded")
  func notices() {
    var stage = Stage()
    stage.enter(1, cursor: 0)
    let told = (0..<100).filter { stage.broadcast.tell(1, SharedText("\($0)")) }
    #expect(told == Array(0..<15))
    let other = stage.broadcast.tell(2, SharedText("nobody"))
    #expect(!other)
  }

  @Test("a gap in the journal is reported once, and the stream goes on behind it")
  func gap() {
    var stage = Stage()
    stage.grow(["a", "a"])
    let frames = (7...8).map {
      LiveFrame(seq: $0, run: "a", text: SharedText("{\"seq\":\($0)}"))
    }
    let gaps = [stage.broadcast.append(frames), stage.broadcast.append([])]
    #expect(gaps == [3...6, nil])
    #expect(stage.broadcast.tail == 8)
    stage.enter(1, cursor: 2)
    stage.broadcast.cut(1, through: 6)
    stage.broadcast.cut(1, through: 4)
    stage.settle()
    #expect(stage.outlets[1]?.numbers == [7, 8])
  }
}
