package import Essentials
import Foundation
import Glibc
import Research
package import Storage

/// The desk at which people start work: every job is a program of its own, and the journal remembers
/// all of them.
///
/// 1. A job is queued in the journal before anybody is told of it, and nothing of it runs before.
/// 2. Every process of a job carries the journal's name and the job's id in its environment, and so
///    does everything that it starts. A desk that opens ends the processes that one before it left behind before it starts
///    anything, whatever state the journal has them in: no job ever runs twice at once.
/// 3. A job that was running then goes on where it stopped if it is a campaign, and is failed with
///    the reason `interrupted` otherwise. Jobs that waited are run.
/// 4. Jobs that ask a model run one at a time, others a few at a time, each kind in the order in
///    which it was queued.
/// 5. What a requester names by an idempotency key is carried out once.
/// 6. No key of a model is in an argument, an event or an answer.
///
/// Callable from any thread; a call may wait for the disk.
package final class JobDesk: @unchecked Sendable {
  // Sendable: everything that changes is read and written only while `condition` is held.
  private let condition = NSCondition()
  private let journal: Journal
  private let settings: JobDeskSettings
  private let effects: JobDeskEffects
  private let secrets: SecretWords
  /// Held until the desk has stopped.
  private var claim: JournalClaim?
  private var table: JobTable
  private var waiting: [String]
  private var active: [String: ActiveJob] = [:]
  private var isStopping = false

  /// A campaign that was interrupted so often is not resumed by itself.
  package static let attemptsMax = 20
  /// What is asked of a journal that cannot be written, until it can or the desk stops.
  private static let patience = Duration.seconds(1)
  /// Lines of output that are shown with a job.
  static let shownLinesMax = 200

  /// Opens the desk of a journal's jobs, ends what one before it left behind, and goes on with its
  /// jobs. Throws where another desk carries them out, or its processes cannot be ended.
  ///
  /// - Parameter journal: opened for writing.
  package static func open(
    journal: Journal, settings: JobDeskSettings, effects: JobDeskEffects
  ) throws -> JobDesk {
    let claim = try journal.claim("jobs", for: "carrying out the jobs of this desk")
    let desk = JobDesk(
      journal: journal, settings: settings, effects: effects, claim: claim,
      table: try JobTable(journal))
    try LeftProcesses(journal: journal.birth, grace: settings.grace, effects: effects).end()
    try desk.recover()
    desk.condition.withLock { desk.schedule() }
    return desk
  }

  private init(
    journal: Journal, settings: JobDeskSettings, effects: JobDeskEffects, claim: JournalClaim,
    table: JobTable
  ) {
    self.journal = journal
    self.settings = settings
    self.effects = effects
    self.claim = claim
    self.table = table
    secrets = SecretWords(environment: settings.environment)
    waiting = []
  }

  private func recover() throws {
    var resumed: [String] = []
    for job in table.open {
      let action = Self.action(of: job)
      if job.state == .queued, action != nil {
        waiting.append(job.id)
      } else if action?.isResumable == true, job.attempts < Self.attemptsMax {
        table.requeue(job.id)
        resumed.append(job.id)
      } else {
        var ending = JobEnding(outcome: .interrupted)
        if action == nil { ending.error = "This program does not know the action." }
        ending.artifacts = folder(of: job).artifacts
        try record(ending.fact(of: job), job)
      }
    }
    waiting = resumed + waiting
  }

  private static func action(of job: ControlJob) -> ControlAction? {
    ControlAction.all.first { $0.name == job.action }
  }

  private func folder(of job: ControlJob) -> JobFolder { JobFolder(settings.jobs, job: job.id) }

  // MARK: - Asking

  /// Queues the job that a request's body asks for, or returns the one that the same requester
  /// queued by the same key.
  package func submit(_ body: JSONValue, by requester: String) throws -> ControlJob {
    guard !secrets.stand(in: body.compactText) else { throw JobRefusal.holdsSecret }
    var request = try JobRequest(body)
    if let known = try condition.withLock({ try known(request, requester) }) { return known }
    request = try resuming(request)
    let id = (0..<2).map { _ in
      let digits = String(effects.chance(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    let run = try runID(of: request, job: id)
    let folder = JobFolder(settings.jobs, job: id)
    let parameters = try JobDocuments(jobs: settings.jobs).place(request, in: folder, run: run)

    var facts = ControlJobFacts(jobID: id, action: request.action.name)
    facts.runID = run
    facts.parameters = parameters
    facts.requestedBy = requester
    facts.idempotencyKey = request.key
    facts.request = request.fingerprint
    return try condition.withLock { () throws -> ControlJob in
      do {
        if let known = try known(request, requester) {
          folder.remove()
          return known
        }
        try admit(run, request.action)
        guard let job = try record(.jobQueued(facts), run: run, id: id) else {
          preconditionFailure("a job that was queued is not in the table")
        }
        waiting.append(id)
        schedule()
        return job
      } catch {
        folder.remove()
        throw error
      }
    }
  }

  /// The job that the request's key names, nil where there is none.
  private func known(_ request: JobRequest, _ requester: String) throws(JobRefusal) -> ControlJob? {
    guard let key = request.key, let job = table.job(named: key, by: requester) else { return nil }
    guard job.request == request.fingerprint else { throw .keyReused(key) }
    return job
  }

  private func admit(_ run: String, _ action: ControlAction) throws(JobRefusal) {
    guard !isStopping else { throw .stopping }
    guard waiting.count < settings.waitingMax else { throw .queueFull(waiting: waiting.count) }
    if action.isResumable, table.open.contains(where: { $0.runID == run }) {
      throw .runIsActive(run)
    }
  }

  /// Gives a request to resume a campaign the parameters that it was begun with.
  private func resuming(_ request: JobRequest) throws -> JobRequest {
    guard request.action.name == ControlAction.resumption.name,
      case .string(let run)? = request.value(ControlAction.run)
    else { return request }
    let filter = JournalFilter(run: run, kind: ResearchEventKind.jobQueued.rawValue)
    guard let beginning = try journal.events(limit: 1, filter: filter).first,
      let job = ControlJob(beginning), Self.action(of: job)?.isResumable == true,
      case .object(let parameters) = job.parameters
    else { throw JobRefusal.unknownRun(run) }
    return request.adding(
      parameters.map { parameter in
        // Documents are copied from the folder of that job.
        guard case .string(let file)? = parameter.value["file"] else { return parameter }
        return .init(parameter.name, .string("jobs/\(job.id)/\(file)"))
      })
  }

  private func runID(of request: JobRequest, job id: String) throws -> String {
    guard case .string(let run)? = request.value(ControlAction.run) else {
      return "control-\(request.action.name)-\(id.prefix(8))"
    }
    if request.action.name == ControlAction.campaign.name, try isBegun(run) {
      throw JobRefusal.runExists(run)
    }
    return run
  }

  private func isBegun(_ run: String) throws(JournalFailure) -> Bool {
    try !journal.events(limit: 1, filter: JournalFilter(run: run, kind: "run.started")).isEmpty
  }

  /// Ends a job that waits or runs. One that runs is asked to end, and is cancelled when it has; one
  /// that was cancelled before stays so.
  package func cancel(_ id: String, by requester: String) throws -> ControlJob {
    try condition.withLock { () throws -> ControlJob in
      guard let job = try find(id) else { throw JobRefusal.unknownJob }
      if job.state == .cancelled { return job }
      guard !job.state.isEnded else { throw JobRefusal.hasEnded(job.state) }
      if let active = active[id] {
        active.want(.cancel(by: requester))
        return job
      }
      waiting.removeAll { $0 == id }
      let ending = JobEnding(outcome: .cancelled(by: requester))
      return try record(ending.fact(of: job), job) ?? job
    }
  }

  private func find(_ id: String) throws -> ControlJob? {
    if let job = table[id] { return job }
    guard JobReference.isJobID(id) else { return nil }
    return try JobTable.job(id, in: journal)
  }

  /// What works on a job, nil where nothing does any more.
  private func running(_ job: ControlJob) -> ActiveJob? {
    job.state.isEnded ? nil : active[job.id]
  }

  /// A job as the wire says it, with the last lines of its output.
  package func document(of id: String) throws -> JSONValue {
    let (job, work) = try condition.withLock { () throws -> (ControlJob, ActiveJob?) in
      guard let job = try find(id) else { throw JobRefusal.unknownJob }
      return (job, running(job))
    }
    let lines =
      work.map { JobFolder.lastLines($0.output, Self.shownLinesMax) }
      ?? folder(of: job).lastLines(Self.shownLinesMax)
    guard case .object(let members) = job.json(work?.progress) else { return .null }
    return .object(members + [.init("output", .strings(lines))])
  }

  /// A job as the wire says it.
  package func document(of job: ControlJob) -> JSONValue {
    job.json(condition.withLock { running(job) }?.progress)
  }

  /// The last jobs as the wire says them, the newest first.
  package func documents(limit: Int) -> [JSONValue] {
    condition.withLock { table.latest(limit).map { $0.json(running($0)?.progress) } }
  }

  /// How many of the remembered jobs are in each state.
  package var counts: [JobState: Int] { condition.withLock { table.counts } }

  /// Waits until a job has ended; returns at once where it is not known.
  package func waitForEnd(of id: String) -> ControlJob? {
    condition.withLock {
      while let job = table[id], !job.state.isEnded, !isStopping || active[id] != nil {
        condition.wait()
      }
      return table[id]
    }
  }

  /// Waits until a job runs or has ended, or the desk stops.
  package func waitForStart(of id: String) -> ControlJob? {
    condition.withLock {
      while let job = table[id], job.state == .queued, !isStopping { condition.wait() }
      return table[id]
    }
  }

  /// Ends the desk: no job is taken or started any more, and the programs that run are ended. Jobs
  /// that wait stay queued, campaigns stay running, and the next desk goes on with both; other jobs
  /// fail as interrupted. Returns when all programs have ended.
  package func stop() {
    condition.withLock {
      isStopping = true
      for job in active.values { job.want(.interrupt) }
      while !active.isEmpty { condition.wait() }
      condition.broadcast()
      claim = nil
    }
  }

  // MARK: - Working

  /// Starts what may be started. Called with the condition held.
  private func schedule() {
    guard !isStopping else { return }
    for id in waiting {
      guard let job = table[id], let action = Self.action(of: job) else { continue }
      let peers = active.values.filter { Self.action(of: $0.job)?.spends == action.spends }.count
      guard peers < (action.spends ? 1 : settings.othersMax) else { continue }
      waiting.removeAll { $0 == id }
      let work = ActiveJob(job)
      active[id] = work
      Thread.detachNewThread { [self] in perform(work, action) }
    }
  }

  private func perform(_ work: ActiveJob, _ action: ControlAction) {
    let ending: JobEnding?
    do {
      ending = try run(work, action).run { process in
        var facts = ControlJobFacts(jobID: work.job.id, action: work.job.action)
        facts.attempt = work.job.attempts + 1
        facts.process = process?.json
        try condition.withLock { _ = try record(.jobStarted(facts), work.job) }
      }
    } catch {
      effects.report("Job \(work.job.id) could not be started: \(error)")
      ending = nil
    }
    conclude(work, action, ending)
  }

  private func run(_ work: ActiveJob, _ action: ControlAction) throws -> JobRun {
    let job = work.job
    var order = JobOrder(
      parameters: job.parameters, runID: job.runID, isRunBegun: try isBegun(job.runID),
      hasKnowledge: false, knowledgeFolder: settings.knowledge, store: settings.store,
      budget: settings.budget)
    order.hasKnowledge = KnowledgeFile.allCases.allSatisfy {
      FileManager.default.fileExists(atPath: "\(order.knowledge)/\($0.fileName)")
    }
    var seconds = Int.max
    if case .integer(let limit)? = job.parameters[ControlAction.timeLimit] { seconds = limit }
    return JobRun(
      active: work, steps: action.steps(order), folder: folder(of: job), settings: settings,
      effects: effects, secrets: secrets,
      environment: settings.environment(
        mark: JobDeskSettings.mark(of: job.id, in: journal.birth), asksModel: action.spends),
      secondsMax: seconds)
  }

  /// Records how a job ended and lets the next begin. What cannot be recorded is tried until it can
  /// or the desk stops: nothing has ended that the journal does not know of. A job that could not be
  /// recorded as started waits again.
  private func conclude(_ work: ActiveJob, _ action: ControlAction, _ ending: JobEnding?) {
    if let ending {
      // A campaign that was interrupted stays running in the journal, so that it is gone on with.
      let isRecorded = ending.outcome != .interrupted || !action.isResumable
      while isRecorded, !keeps(ending, work.job) { effects.pause(Self.patience) }
    } else {
      effects.pause(Self.patience)
    }
    condition.withLock {
      active[work.job.id] = nil
      if ending == nil { waiting.insert(work.job.id, at: 0) }
      schedule()
      condition.broadcast()
    }
  }

  /// Records an ending; false where it is to be tried again.
  private func keeps(_ ending: JobEnding, _ job: ControlJob) -> Bool {
    condition.withLock {
      do {
        try record(ending.fact(of: job), job)
        return true
      } catch {
        effects.report("The end of job \(job.id) could not be recorded: \(error)")
        return isStopping
      }
    }
  }

  // MARK: - Recording

  @discardableResult
  private func record(_ fact: ResearchFact, _ job: ControlJob) throws -> ControlJob? {
    try record(fact, run: job.runID, id: job.id)
  }

  /// Records a fact about a job; what the journal then holds is what the table takes in. Called with
  /// the condition held, or before anybody else knows the desk.
  private func record(_ fact: ResearchFact, run: String, id: String) throws -> ControlJob? {
    let event = ResearchEvent(at: effects.now(), run: run, idea: Self.idea, fact)
    table.apply(try journal.append(event.draft()))
    condition.broadcast()
    return table[id]
  }

  /// The idea that events of jobs belong to.
  private static let idea = "control"
}
