import Networking

/// Decides what every subscriber of the stream is sent next.
///
/// A value without threads, clocks, sockets or files: it is told what happened and asked for the next
/// step of each subscriber.
///
/// ```
///              sent, all accepted                    refused: the queue is full
///          ┌────────────────────────┐     ┌─────────────────────────────────────────┐
///          ▼                        │     │                                         ▼
///   follows the tail ──▶ next event ┴─────┘          drained ◀── waits, asked for nothing
///          ▲                                            │              │ longer than the limit
///          └── frames that are kept, then the journal ◀─┘              ▼
///                        from its own cursor                         closed
/// ```
///
/// Invariants, by number; tests cite them.
///
///  L1  The events that a subscriber was sent are those after its first cursor that match what it
///      watched, in the order of the journal, each once.
///  L2  Whatever one subscriber does changes no other's steps.
///  L3  Memory is bounded by the frames that are kept and some notices for each subscriber.
///  L4  Of snapshots only the newest is sent, and none behind other frames that wait.
///  L5  A subscriber is sent no event of a place that it does not see.
struct LiveBroadcast: Sendable {
  /// A subscriber, numbered in the order of arrival.
  typealias ID = Int

  /// What is to be done for one subscriber.
  enum Step: Hashable, Sendable {
    case send(Parcel)
    case heartbeat(behind: Int64)
    /// A snapshot of the run, or of the latest where it is nil, as it is at present.
    case snapshot(run: String?)
    /// Read events of the run, or of all where it is nil, and hand them to ``parcel(for:reading:)``.
    case read(Reading)
  }

  /// Where the journal is to be read.
  struct Reading: Hashable, Sendable {
    let after: Int64
    let run: String?
    let limit: Int
  }

  /// Texts to be sent in their order, and what each of them says of the cursor.
  struct Parcel: Hashable, Sendable {
    let texts: [SharedText]
    /// The cursor behind each text; empty for notices, which move none.
    fileprivate let cursors: [Int64]
    /// The cursor when all texts are sent.
    fileprivate let end: Int64

    /// True for events, false for notices.
    var hasEvents: Bool { !cursors.isEmpty }
  }

  /// How often things happen, and how long is waited for them.
  struct Rhythm: Hashable, Sendable {
    var heartbeat: Duration = .seconds(5)
    /// A subscriber whose queue does not move for so long is closed.
    var patience: Duration = .seconds(60)
    /// The events of one step.
    var partSize = 512
    /// The notices that wait for one subscriber; more of them are dropped.
    var noticesMax = 16
  }

  private struct Member: Sendable {
    var watch: String?
    /// Every event up to here was sent or does not match.
    var cursor: Int64
    var notices: [SharedText]
    /// Until when its queue had moved, nil while there is room.
    var stuckSince: Duration?
    var stuckBacklog = 0
    var heartbeatAt: Duration
    var isHeartbeatDue = false
    var snapshots: Pace?
    /// True until it was sent the first events that it waits for; snapshots come behind them.
    var isFresh = true
  }

  private struct Pace: Sendable {
    var interval: Duration
    var at: Duration
    var isDue: Bool

    init(every interval: Duration, from now: Duration) {
      self.interval = interval
      at = LiveBroadcast.following(now, every: interval)
      isDue = true
    }
  }

  let rhythm: Rhythm
  private(set) var recent: RecentFrames
  private var members: [ID: Member] = [:]

  init(recent: RecentFrames, rhythm: Rhythm = Rhythm()) {
    self.recent = recent
    self.rhythm = rhythm
  }

  /// The number of the last event that was told.
  var tail: Int64 { recent.tail }

  var count: Int { members.count }

  // MARK: - What happened

  /// A subscriber came. `hello` is sent first; the events after `cursor` follow.
  mutating func enter(
    _ id: ID, watch: String?, cursor: Int64, notices: [SharedText], snapshotsEvery: Duration?,
    at now: Duration
  ) {
    members[id] = Member(
      watch: watch, cursor: cursor, notices: notices, heartbeatAt: now + rhythm.heartbeat,
      snapshots: snapshotsEvery.map { Pace(every: $0, from: now) })
  }

  /// A subscriber is gone.
  mutating func leave(_ id: ID) { members[id] = nil }

  /// The journal grew by these events, which follow the tail. Where they do not, some between were
  /// archived, and that range is returned.
  mutating func append(_ frames: [LiveFrame]) -> ClosedRange<Int64>? {
    guard let first = frames.first else { return nil }
    let before = tail
    recent.append(frames)
    return first.seq > before + 1 ? before + 1...first.seq - 1 : nil
  }

  /// The journal grew up to `tail` while nobody was there.
  mutating func skip(to tail: Int64) { recent.clear(tail: tail) }

  /// Everything that waited for a subscriber was handed to the system.
  mutating func drained(_ id: ID) { members[id]?.stuckSince = nil }

  /// A subscriber is to be told something. False where too much waits for it already.
  @discardableResult
  mutating func tell(_ id: ID, _ notice: SharedText) -> Bool {
    guard let count = members[id]?.notices.count, count < rhythm.noticesMax else { return false }
    members[id]?.notices.append(notice)
    return true
  }

  /// A subscriber wants the events of another run, or of all where it is nil. Returns its cursor.
  mutating func watch(_ id: ID, run: String?) -> Int64? {
    members[id]?.watch = run
    members[id]?.snapshots?.isDue = true
    return members[id]?.cursor
  }

  /// What a subscriber watches; nil twice over where there is no such subscriber.
  func watch(of id: ID) -> String?? { members[id].map(\.watch) }

  /// A subscriber wants snapshots so often, or none.
  mutating func pace(_ id: ID, every interval: Duration?, at now: Duration) {
    members[id]?.snapshots = interval.map { Pace(every: $0, from: now) }
  }

  /// A subscriber asks for a sign of life.
  mutating func ping(_ id: ID) { members[id]?.isHeartbeatDue = true }

  /// Events up to `through` cannot be had any more for a subscriber.
  mutating func cut(_ id: ID, through: Int64) {
    guard let cursor = members[id]?.cursor, cursor < through else { return }
    members[id]?.cursor = through
  }

  /// Time went on.
  mutating func tick(at now: Duration) {
    for id in members.keys {
      if let at = members[id]?.heartbeatAt, at <= now {
        members[id]?.isHeartbeatDue = true
        members[id]?.heartbeatAt = now + rhythm.heartbeat
      }
      if let pace = members[id]?.snapshots, pace.at <= now {
        members[id]?.snapshots?.isDue = true
        members[id]?.snapshots?.at = Self.following(now, every: pace.interval)
      }
    }
  }

  /// When time is next to be told; nil while nobody is there.
  var nextTick: Duration? {
    members.values.lazy.flatMap { [$0.heartbeatAt] + ($0.snapshots.map { [$0.at] } ?? []) }.min()
  }

  /// Whether a subscriber has waited too long for its queue to move; `backlog` is its present length.
  mutating func isStuck(_ id: ID, backlog: Int, at now: Duration) -> Bool {
    guard let member = members[id], let since = member.stuckSince else { return false }
    if backlog < member.stuckBacklog {
      members[id]?.stuckSince = now
      members[id]?.stuckBacklog = backlog
      return false
    }
    return now - since > rhythm.patience
  }

  // MARK: - What is to be done

  /// The next step for a subscriber, nil where there is none at present. `isDrained` says that
  /// nothing waits in its queue, `sees` whether it may be told of a place; nil where that cannot be
  /// said at present, and then its events wait.
  mutating func next(
    _ id: ID, isDrained: Bool, sees: (EventPlace) -> Bool? = { _ in true }
  ) -> Step? {
    guard let member = members[id], member.stuckSince == nil else { return nil }
    if !member.notices.isEmpty {
      return .send(Parcel(texts: member.notices, cursors: [], end: member.cursor))
    }
    let snapshot: Step? =
      isDrained && member.snapshots?.isDue == true ? .snapshot(run: member.watch) : nil
    if !member.isFresh, let snapshot { return snapshot }
    if member.isHeartbeatDue { return .heartbeat(behind: max(0, tail - member.cursor)) }
    if let events = nextEvents(id, member, sees) { return events }
    members[id]?.isFresh = false
    return snapshot
  }

  private mutating func nextEvents(
    _ id: ID, _ member: Member, _ sees: (EventPlace) -> Bool?
  ) -> Step? {
    var cursor = member.cursor
    while cursor < tail {
      guard let frames = recent.frames(after: cursor, limit: rhythm.partSize),
        let last = frames.last
      else {
        return .read(Reading(after: cursor, run: member.watch, limit: rhythm.partSize))
      }
      let matching =
        member.watch.map { run in frames.filter { $0.run == run } } ?? Array(frames)
      guard let wanted = Self.visible(matching, sees) else { return nil }
      if !wanted.isEmpty { return .send(Self.parcel(wanted, end: last.seq)) }
      cursor = last.seq
      members[id]?.cursor = cursor
    }
    return nil
  }

  /// The frames that may be sent; nil where that cannot be said of one of them.
  private static func visible(
    _ frames: [LiveFrame], _ sees: (EventPlace) -> Bool?
  ) -> [LiveFrame]? {
    var visible: [LiveFrame] = []
    visible.reserveCapacity(frames.count)
    for frame in frames {
      guard let isSeen = frame.place == .desk ? true : sees(frame.place) else { return nil }
      if isSeen { visible.append(frame) }
    }
    return visible
  }

  /// What is to be sent of the events that were read; nil where none of them matches, or where it cannot
  /// be said at present whether the subscriber sees them.
  mutating func parcel(
    for id: ID, reading: Reading, found frames: [LiveFrame],
    sees: (EventPlace) -> Bool? = { _ in true }
  ) -> Parcel? {
    guard let member = members[id], member.cursor == reading.after, member.watch == reading.run
    else { return nil }
    // Fewer than were asked for are all that there were, and the tail was there to be read.
    let last = frames.last?.seq ?? reading.after
    let end = frames.count < reading.limit ? max(last, tail) : last
    guard let visible = Self.visible(frames, sees) else { return nil }
    guard visible.isEmpty else { return Self.parcel(visible, end: end) }
    members[id]?.cursor = end
    return nil
  }

  /// So many texts of a parcel were accepted.
  mutating func sent(_ parcel: Parcel, to id: ID, accepted: Int, backlog: Int, at now: Duration) {
    guard var member = members[id] else { return }
    if parcel.hasEvents {
      if accepted == parcel.texts.count {
        member.cursor = parcel.end
        member.isFresh = false
      } else if accepted > 0 {
        member.cursor = parcel.cursors[accepted - 1]
      }
    } else {
      member.notices.removeFirst(min(accepted, member.notices.count))
    }
    members[id] = member
    if accepted < parcel.texts.count { stick(id, backlog: backlog, at: now) }
  }

  /// A heartbeat was accepted or not.
  mutating func sentHeartbeat(to id: ID, isAccepted: Bool, backlog: Int, at now: Duration) {
    if isAccepted {
      members[id]?.isHeartbeatDue = false
    } else {
      stick(id, backlog: backlog, at: now)
    }
  }

  /// A snapshot was accepted or not; one that there is none of counts as accepted.
  mutating func sentSnapshot(to id: ID, isAccepted: Bool, backlog: Int, at now: Duration) {
    if isAccepted {
      members[id]?.snapshots?.isDue = false
    } else {
      stick(id, backlog: backlog, at: now)
    }
  }

  /// The snapshot of a subscriber cannot be had yet; it is due at that time.
  mutating func postponeSnapshot(of id: ID, until time: Duration) {
    members[id]?.snapshots?.isDue = false
    members[id]?.snapshots?.at = time
  }

  // MARK: - For the statistics

  /// True for a subscriber that was not sent everything up to the tail.
  func isBehind(_ id: ID) -> Bool { members[id].map { $0.cursor < tail } ?? false }

  /// True for a subscriber for which there is something to do when its queue is empty.
  func waitsForRoom(_ id: ID) -> Bool {
    members[id].map { $0.stuckSince != nil || $0.snapshots?.isDue == true } ?? false
  }

  /// True for a subscriber whose queue is full.
  func isWaiting(_ id: ID) -> Bool { members[id]?.stuckSince != nil }

  private mutating func stick(_ id: ID, backlog: Int, at now: Duration) {
    members[id]?.stuckSince = now
    members[id]?.stuckBacklog = backlog
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }

  private static func parcel(_ frames: [LiveFrame], end: Int64) -> Parcel {
    Parcel(texts: frames.map(\.text), cursors: frames.map(\.seq), end: end)
  }

  /// The first multiple of `interval` after `now`: subscribers of one interval are due together.
  private static func following(_ now: Duration, every interval: Duration) -> Duration {
    let length = max(1, milliseconds(interval))
    return .milliseconds((milliseconds(now) / length + 1) * length)
  }
}
