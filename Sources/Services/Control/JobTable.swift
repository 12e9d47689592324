import Essentials
import Research
import Storage

/// The jobs of a desk: a fold of the journal's events about them.
///
/// Every job that has not ended is in the table, and of those that have as many as are remembered;
/// the journal has the others.
struct JobTable: Sendable {
  /// Jobs that have ended and are remembered, with their idempotency keys.
  static let endedMax = 500

  private var jobs: [String: ControlJob] = [:]
  /// The ids of all jobs in the order in which they were queued.
  private var order: [String] = []
  private var endedCount = 0
  private var keys: [RequestKey: String] = [:]

  private struct RequestKey: Hashable {
    let requester: String
    let key: String
  }

  init() {}

  /// Reads the jobs of a journal. Cost: the events that queue or end jobs, and all events of the jobs
  /// that are kept.
  init(_ journal: Journal) throws(JournalFailure) {
    var ended: Set<String> = []
    for kind in [ResearchEventKind.jobCompleted, .jobFailed, .jobCancelled] {
      try Self.read(journal, kind) { ended.insert($0.subject) }
    }
    var last: [String] = []
    var kept: Set<String> = []
    var queued: [String] = []
    try Self.read(journal, .jobQueued) { event in
      queued.append(event.subject)
      if ended.contains(event.subject) {
        last.append(event.subject)
      } else {
        kept.insert(event.subject)
      }
    }
    kept.formUnion(last.suffix(Self.endedMax))
    for id in queued where kept.contains(id) {
      for event in try Self.events(of: id, in: journal) { apply(event) }
    }
  }

  private static func read(
    _ journal: Journal, _ kind: ResearchEventKind, _ body: (JournalEvent) -> Void
  ) throws(JournalFailure) {
    var cursor = try JournalCursor(journal, filter: JournalFilter(kind: kind.rawValue))
    while let part = try cursor.next() { part.forEach(body) }
  }

  /// More events than a job can have.
  private static let eventsMax = 1_000

  private static func events(
    of id: String, in journal: Journal
  ) throws(JournalFailure) -> [JournalEvent] {
    try journal.events(limit: eventsMax, filter: JournalFilter(subject: id))
  }

  /// Reads one job, nil where the journal does not know it.
  static func job(_ id: String, in journal: Journal) throws(JournalFailure) -> ControlJob? {
    var table = JobTable()
    for event in try events(of: id, in: journal) { table.apply(event) }
    return table[id]
  }

  subscript(id: String) -> ControlJob? { jobs[id] }

  /// Takes in an event; one that is not about a job changes nothing.
  mutating func apply(_ event: JournalEvent) {
    if let job = ControlJob(event) {
      guard jobs[job.id] == nil else { return }
      jobs[job.id] = job
      order.append(job.id)
      if let key = job.idempotencyKey {
        keys[RequestKey(requester: job.requestedBy, key: key)] = job.id
      }
      return
    }
    guard let job = jobs[event.subject], !job.state.isEnded else { return }
    jobs[event.subject]?.apply(event)
    if jobs[event.subject]?.state.isEnded == true {
      endedCount += 1
      forget()
    }
  }

  private mutating func forget() {
    guard endedCount > Self.endedMax,
      let place = order.firstIndex(where: { jobs[$0]?.state.isEnded == true }),
      let job = jobs.removeValue(forKey: order.remove(at: place))
    else { return }
    endedCount -= 1
    if let key = job.idempotencyKey {
      keys[RequestKey(requester: job.requestedBy, key: key)] = nil
    }
  }

  /// Puts a job that runs back among those that wait.
  mutating func requeue(_ id: String) { jobs[id]?.requeue() }

  /// The job that a requester named so.
  func job(named key: String, by requester: String) -> ControlJob? {
    keys[RequestKey(requester: requester, key: key)].flatMap { jobs[$0] }
  }

  /// The last jobs, the newest first.
  func latest(_ count: Int) -> [ControlJob] {
    order.suffix(count).reversed().compactMap { jobs[$0] }
  }

  /// The jobs that have not ended, the oldest first.
  var open: [ControlJob] { order.compactMap { jobs[$0] }.filter { !$0.state.isEnded } }

  /// How many jobs of the table are in each state.
  var counts: [JobState: Int] {
    jobs.values.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }
}
