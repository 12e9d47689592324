import Essentials
import Networking
import Research
import Storage

/// What the hub's thread holds: the broadcast, the sockets, and what is read from the journal.
struct LiveTurns: Sendable {
  private let journal: Journal
  private let clocks: LiveHub.Clocks
  private let sight: WorldSight
  /// What the policies of worlds said at the beginning of the turn.
  private var glance: WorldSight.Glance
  private var broadcast: LiveBroadcast
  private var lines: [Line] = []
  private var gauges: StreamGauges
  /// True where the journal grew while nobody was there, of which the gauges were not told.
  private var hasSkipped = false
  private var pollAt = Duration.zero
  private(set) var statistics = LiveStatistics()

  /// How long the hub does not look for new events while it is not poked: while somebody subscribes,
  /// while nobody does, and after the journal could not be read.
  private static let pause = Duration.milliseconds(50)
  private static let idlePause = Duration.milliseconds(250)
  private static let failurePause = Duration.milliseconds(500)
  /// The events that are read at once.
  private static let partSize = 512

  /// The way to a subscriber.
  private struct Line: Sendable {
    let id: LiveBroadcast.ID
    let outlet: any SocketOutlet
    let flag: DrainFlag
    let caller: Caller?
  }

  init(
    journal: Journal, configuration: BudgetConfiguration, clocks: LiveHub.Clocks,
    sight: WorldSight, rhythm: LiveBroadcast.Rhythm
  ) throws {
    self.journal = journal
    self.clocks = clocks
    self.sight = sight
    glance = sight.glance()
    let head = try journal.head.seq
    broadcast = LiveBroadcast(recent: RecentFrames(tail: head), rhythm: rhythm)
    gauges = StreamGauges(journal: journal, configuration: configuration)
    statistics.tail = head
  }

  /// Does everything that there is to do and returns how long nothing will be, nil when the hub has
  /// ended.
  mutating func turn(_ mails: [LiveHub.Mail], isPoked: Bool, isStopped: Bool) -> Duration? {
    let now = clocks.elapsed()
    glance = sight.glance()
    var hasMore = false
    let comes = mails.contains { if case .opened = $0 { true } else { false } }
    if isPoked || comes || pollAt <= now { hasMore = poll(at: now) }
    for mail in mails { take(mail, at: now) }
    if isStopped {
      for line in lines {
        line.outlet.close(.goingAway, "the server is ending")
        broadcast.leave(line.id)
      }
      lines = []
      count()
      return nil
    }
    broadcast.tick(at: now)
    closeStuck(at: now)
    for line in lines where serve(line, at: now) { hasMore = true }
    count()
    if hasMore { return .zero }
    let next = min(broadcast.nextTick ?? pollAt, pollAt)
    return max(.zero, next - clocks.elapsed())
  }

  // MARK: - The journal

  /// Reads what is new. True where there is more.
  private mutating func poll(at now: Duration) -> Bool {
    do throws(JournalFailure) {
      guard !lines.isEmpty else {
        let head = try journal.head.seq
        if head != broadcast.tail { hasSkipped = true }
        broadcast.skip(to: head)
        pollAt = now + Self.idlePause
        return false
      }
      pollAt = now + Self.pause
      let events = try journal.events(after: broadcast.tail, limit: Self.partSize)
      let gap = broadcast.append(events.map(LiveFrame.init))
      statistics.eventsEncoded += events.count
      for event in events { gauges.take(event) }
      if let gap {
        for line in lines {
          tell(line.id, .archived(after: gap.lowerBound - 1, through: gap.upperBound))
        }
      }
      return events.count == Self.partSize
    } catch {
      note(error)
      pollAt = now + Self.failurePause
      return false
    }
  }

  private mutating func note(_ failure: any Error) {
    statistics.failures += 1
    statistics.lastFailure =
      (failure as? any ExplainedFailure)?.explanation ?? "an unexpected failure"
  }

  // MARK: - Subscribers

  private mutating func take(_ mail: LiveHub.Mail, at now: Duration) {
    switch mail {
    case .opened(let id, let wish, let outlet, let flag):
      open(Line(id: id, outlet: outlet, flag: flag, caller: wish.caller), wish, at: now)
    case .drained(let id): broadcast.drained(id)
    case .closed(let id):
      broadcast.leave(id)
      lines.removeAll { $0.id == id }
    case .unruly(let id):
      guard broadcast.watch(of: id) != nil else { return }
      broadcast.leave(id)
      lines.removeAll { $0.id == id }
      statistics.closedUnruly += 1
    case .receivedBytes(let id): tell(id, .ignored(reason: "it is binary"))
    case .received(let id, let text):
      do throws(LiveRequest.Defect) {
        obey(try LiveRequest(text), of: id, at: now)
      } catch {
        tell(id, .ignored(reason: error.reason))
      }
    }
  }

  private mutating func obey(_ request: LiveRequest, of id: LiveBroadcast.ID, at now: Duration) {
    switch request {
    case .ping: broadcast.ping(id)
    case .reactor(let interval): broadcast.pace(id, every: interval, at: now)
    case .watch(let run):
      guard let cursor = broadcast.watch(id, run: run) else { return }
      tell(id, .watching(resume: cursor))
    }
  }

  private mutating func open(
    _ line: Line, _ wish: LiveWish, at now: Duration
  ) {
    do throws(JournalFailure) {
      if hasSkipped { gauges.findLatest() }
      hasSkipped = false
      let watch = LiveRequest.watched(wish.run)
      let head = try journal.head.seq
      var cursor = head
      if let after = wish.after {
        cursor = min(max(0, after), head)
      } else if wish.replay > 0,
        let first = try journal.lastEvents(wish.replay, filter: JournalFilter(run: watch)).first
      {
        cursor = min(first.seq - 1, head)
      }
      let instant = clocks.now()
      var notices = [
        LiveNotice(
          subject: .hello(journal: journal.birth.id, head: head, resume: cursor), watch: watch,
          at: instant)
      ]
      if let after = wish.after, after > head {
        notices.append(
          LiveNotice(
            subject: .aheadOfJournal(cursor: after, head: head), watch: watch, at: instant))
      }
      broadcast.enter(
        line.id, watch: watch, cursor: cursor, notices: notices.map(\.text),
        snapshotsEvery: wish.snapshotsEvery, at: now)
      lines.append(line)
      pollAt = min(pollAt, now + Self.pause)
    } catch {
      note(error)
      line.outlet.close(.tryAgainLater, "the journal cannot be read at present")
    }
  }

  private mutating func tell(_ id: LiveBroadcast.ID, _ subject: LiveNotice.Subject) {
    guard let watch = broadcast.watch(of: id) else { return }
    broadcast.tell(id, LiveNotice(subject: subject, watch: watch, at: clocks.now()).text)
  }

  private mutating func closeStuck(at now: Duration) {
    for line in lines where broadcast.isWaiting(line.id) {
      guard broadcast.isStuck(line.id, backlog: line.outlet.backlog, at: now) else { continue }
      broadcast.leave(line.id)
      lines.removeAll { $0.id == line.id }
      statistics.closedStuck += 1
      line.outlet.close(
        .tryAgainLater, "nothing was read for too long; resume after your last event")
    }
  }

  // MARK: - Sending

  /// Does what there is to do for one subscriber at present. True where more could be done.
  private mutating func serve(_ line: Line, at now: Duration) -> Bool {
    let hasMore = work(line, at: now)
    guard broadcast.waitsForRoom(line.id) else { return hasMore }
    line.flag.want()
    guard line.outlet.backlog == 0 else { return hasMore }
    broadcast.drained(line.id)
    return work(line, at: now)
  }

  /// Does the steps of one subscriber up to one part of events. True where more could be done.
  private mutating func work(_ line: Line, at now: Duration) -> Bool {
    let (id, outlet, glance) = (line.id, line.outlet, glance)
    var failure: JournalFailure?
    func sees(_ place: EventPlace) -> Bool? {
      do throws(JournalFailure) {
        return try glance.shows(place, to: line.caller)
      } catch {
        failure = error
        return nil
      }
    }
    while let step = broadcast.next(id, isDrained: outlet.backlog == 0, sees: sees) {
      switch step {
      case .send(let parcel):
        send(parcel, to: id, outlet, at: now)
        if parcel.hasEvents { return broadcast.isBehind(id) && !broadcast.isWaiting(id) }
      case .heartbeat(let behind):
        let notice = LiveNotice(
          subject: .heartbeat(head: broadcast.tail, behind: behind),
          watch: broadcast.watch(of: id) ?? nil, at: clocks.now())
        broadcast.sentHeartbeat(
          to: id, isAccepted: send(notice.text, outlet), backlog: outlet.backlog, at: now)
      case .snapshot(let run):
        // Of a run that the subscriber does not see there is nothing to show.
        if run.map({ sees(EventPlace(run: $0)) ?? false }) ?? true {
          sendSnapshot(of: run, to: id, outlet, at: now)
        } else {
          broadcast.sentSnapshot(to: id, isAccepted: true, backlog: outlet.backlog, at: now)
        }
      case .read(let reading):
        do throws(JournalFailure) {
          if let parcel = try read(reading, for: line) { send(parcel, to: id, outlet, at: now) }
        } catch {
          note(error)
          return false
        }
        return broadcast.isBehind(id) && !broadcast.isWaiting(id)
      }
    }
    if let failure { note(failure) }
    return false
  }

  private mutating func read(
    _ reading: LiveBroadcast.Reading, for line: Line
  ) throws(JournalFailure) -> LiveBroadcast.Parcel? {
    let id = line.id
    let events = try journal.events(
      after: reading.after, limit: reading.limit, filter: JournalFilter(run: reading.run))
    // Asked behind the reading, since events may be archived at any time.
    let archived = try journal.archivedThrough
    guard archived <= reading.after else {
      broadcast.cut(id, through: archived)
      tell(id, .archived(after: reading.after, through: archived))
      return nil
    }
    statistics.eventsEncoded += events.count
    let frames = events.map(LiveFrame.init)
    var seen: [EventPlace: Bool] = [:]
    for frame in frames where seen[frame.place] == nil {
      seen[frame.place] = try glance.shows(frame.place, to: line.caller)
    }
    return broadcast.parcel(for: id, reading: reading, found: frames, sees: { seen[$0] })
  }

  private mutating func send(
    _ parcel: LiveBroadcast.Parcel, to id: LiveBroadcast.ID, _ outlet: any SocketOutlet,
    at now: Duration
  ) {
    var accepted = 0
    for text in parcel.texts {
      guard send(text, outlet) else { break }
      accepted += 1
    }
    broadcast.sent(parcel, to: id, accepted: accepted, backlog: outlet.backlog, at: now)
  }

  private mutating func sendSnapshot(
    of run: String?, to id: LiveBroadcast.ID, _ outlet: any SocketOutlet, at now: Duration
  ) {
    var isAccepted = true
    do {
      let snapshot = try gauges.snapshot(
        of: run, at: clocks.now(), elapsed: now, rendered: &statistics.snapshotsRendered)
      switch snapshot {
      case .text(let text): isAccepted = send(text, outlet)
      case .none: break
      case .later(let time): return broadcast.postponeSnapshot(of: id, until: time)
      }
    } catch {
      note(error)
    }
    broadcast.sentSnapshot(to: id, isAccepted: isAccepted, backlog: outlet.backlog, at: now)
  }

  private mutating func send(_ text: SharedText, _ outlet: any SocketOutlet) -> Bool {
    guard outlet.send(text) else { return false }
    statistics.framesSent += 1
    statistics.bytesSent += text.bytes.count
    return true
  }

  private mutating func count() {
    statistics.subscribers = lines.count
    statistics.behind = lines.count { broadcast.isBehind($0.id) }
    statistics.backlog = lines.reduce(0) { $0 + $1.outlet.backlog }
    statistics.tail = broadcast.tail
  }
}
