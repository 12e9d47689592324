package import Essentials
import Networking

/// Simulates candidates on WorldQuant BRAIN.
///
/// 1. Nothing is sent that the options or the caller object to: one bad formula of an array spoils it.
/// 2. What may be mixed is sent in arrays of up to ten, where the account may do that; at most so many submissions run at once, and
///    one that BRAIN has no room for waits its turn anew.
/// 3. A submission is remembered before it is sent, and where BRAIN tells of it before anything else
///    is done; so a process that starts after a crash waits for it and does not send it again.
/// 4. A submission whose answer was lost is ``BrainOutcome/unknown(submission:reason:)``. It is never
///    sent again by itself, because it may be running.
/// 5. A simulation that was computed before is not computed again; its outcome is remembered.
/// 6. Results belong to candidates by their formulas and settings, never by their positions.
/// 7. Nothing is submitted to the fund here; see ``BrainAlphas/submit(_:)``.
///
/// ```swift
/// let simulator = BrainSimulator(session: session, record: JournalBrainRecord(journal: journal))
/// let outcomes = try await simulator.simulate(candidates)
/// ```
package struct BrainSimulator: Sendable {
  /// How much is done at once, and for how long a simulation is waited for.
  package struct Limits: Hashable, Sendable {
    /// Submissions that run at once: three for users, eight for consultants.
    package var submissions: Int
    /// Simulations in one array.
    package var arraySize: Int
    /// How long to wait for one submission before it is left to run.
    package var waiting: Duration
    /// How often in a row a submission may find no room.
    package var refusals: Int

    package init(
      submissions: Int = 3, arraySize: Int = 10, waiting: Duration = .seconds(7200),
      refusals: Int = 60
    ) {
      precondition(submissions >= 1, "at least one submission must run, not \(submissions)")
      precondition((1...10).contains(arraySize), "an array of \(arraySize) is none of BRAIN's")
      self.submissions = submissions
      self.arraySize = arraySize
      self.waiting = waiting
      self.refusals = refusals
    }
  }

  /// News of a simulation under way.
  package enum News: Hashable, Sendable {
    case submitted(submission: String, location: String, count: Int)
    /// BRAIN has no room; the submission waits for so long.
    case noRoom(wait: Duration)
    /// How far it is, from 0 to 1, nil where BRAIN does not say.
    case progress(submission: String, share: Double?)
    case settled(key: Fingerprint, BrainOutcome)
  }

  private let session: BrainSession
  private let record: any BrainRecord
  private let options: BrainOptions?
  private let limits: Limits
  private let object: @Sendable (CandidateAlpha) -> [String]
  private let tell: @Sendable (News) -> Void

  /// - Parameters:
  ///   - options: what BRAIN offers, nil where it is not known.
  ///   - object: what else speaks against a candidate, such as the finding of a formula checker.
  ///   - tell: is told what happens, from any thread.
  package init(
    session: BrainSession, record: any BrainRecord, options: BrainOptions? = nil,
    limits: Limits = Limits(),
    object: @escaping @Sendable (CandidateAlpha) -> [String] = { _ in [] },
    tell: @escaping @Sendable (News) -> Void = { _ in }
  ) {
    self.session = session
    self.record = record
    self.options = options
    self.limits = limits
    self.object = object
    self.tell = tell
  }

  /// Simulates candidates and returns what became of each, in their order.
  ///
  /// Candidates that ask for the same are simulated once.
  /// - Parameter again: the keys of simulations that are sent although they were computed before or
  ///   may be running.
  /// - Throws: ``BrainFailure/notRecorded(reason:)`` where the record fails, since nothing may be sent
  ///   that cannot be remembered. Everything else is an outcome of its candidates.
  package func simulate(
    _ candidates: [CandidateAlpha], again: Set<Fingerprint> = []
  ) async throws(BrainFailure) -> [BrainOutcome] {
    let simulations = candidates.map { BrainSimulation($0.simulation) }
    let history = BrainHistory(try await remembered())
    var outcomes: [Fingerprint: BrainOutcome] = [:]
    var unsent: [BrainSimulation] = []
    var open: [(submission: String, location: String)] = []
    for (candidate, simulation) in zip(candidates, simulations)
    where outcomes[simulation.key] == nil && !unsent.contains(where: { $0.key == simulation.key }) {
      switch history.state(of: simulation.key) {
      case .open(let submission, let location) where !again.contains(simulation.key):
        if !open.contains(where: { $0.submission == submission }) {
          open.append((submission, location))
        }
        continue
      case .settled(let outcome) where !again.contains(simulation.key):
        outcomes[simulation.key] = outcome
        continue
      case .unknown(let submission, let reason) where !again.contains(simulation.key):
        outcomes[simulation.key] = .unknown(submission: submission, reason: reason)
        continue
      case .unsent, .open, .settled, .unknown: break
      }
      let objections = objections(to: candidate)
      if objections.isEmpty {
        unsent.append(simulation)
      } else {
        outcomes[simulation.key] = .refused(objections)
      }
    }
    let queue = SimulationQueue(
      wanted: Set(simulations.map(\.key)),
      open: open.map { ($0.submission, $0.location, history.simulations(of: $0.submission)) })
    do throws(BrainFailure) {
      for batch in try await batches(of: unsent) { await queue.putBack(batch) }
    } catch {
      await queue.stop(error)
    }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<limits.submissions {
        group.addTask { await work(on: queue) }
      }
    }
    let (settled, failure) = await queue.end
    if case .notRecorded? = failure { throw failure ?? .cancelled }
    outcomes.merge(settled) { $1 }
    return simulations.map { simulation in
      outcomes[simulation.key] ?? .notSent(failure ?? .cancelled)
    }
  }

  // MARK: Before sending

  private func objections(to candidate: CandidateAlpha) -> [String] {
    var objections = options?.objections(to: candidate.simulation.settings) ?? []
    switch candidate.simulation.type {
    case "SUPER":
      if candidate.simulation.selection == nil || candidate.simulation.combo == nil {
        objections.append("A super alpha needs a selection and a combination.")
      }
    default:
      if candidate.formula.allSatisfy(\.isWhitespace) {
        objections.append("There is no formula.")
      }
    }
    return objections + object(candidate)
  }

  /// Cuts simulations into arrays, if the account may send any.
  private func batches(
    of simulations: [BrainSimulation]
  ) async throws(BrainFailure) -> [SimulationBatch] {
    guard simulations.count > 1, limits.arraySize > 1 else {
      return SimulationBatch.batches(of: simulations, sizeMax: 1)
    }
    let mayBatch = try await session.may("MULTI_SIMULATION")
    return SimulationBatch.batches(of: simulations, sizeMax: mayBatch ? limits.arraySize : 1)
  }

  // MARK: Work

  private func work(on queue: SimulationQueue) async {
    while let task = await queue.next() {
      do throws(BrainFailure) {
        switch task {
        case .follow(let submission, let location, let simulations):
          try await follow(submission, at: location, simulations, queue)
        case .send(let batch): try await send(batch, queue)
        }
      } catch {
        await queue.stop(error)
      }
    }
  }

  /// Sends a batch and follows it to its end. Throws only what stands against all simulations.
  private func send(_ batch: SimulationBatch, _ queue: SimulationQueue) async throws(BrainFailure) {
    let submission = name()
    let body: JSONValue =
      batch.simulations.count == 1
      ? batch.simulations[0].body : .array(batch.simulations.map(\.body))
    let question = BrainQuestion(.post, "simulations", body: body, repeatability: .onlyOnce)
    try await note(submission, .prepared(batch.simulations))
    let response: HTTPResponse
    do throws(BrainFailure) {
      response = try await session.answer(to: question)
    } catch {
      try await endUnsent(submission, batch, error, queue)
      return
    }
    switch response.status {
    case 200...299:
      guard let location = response.headers["Location"],
        let address = try? session.address(location, from: question)
      else {
        return try await lose(
          submission, batch, "BRAIN took it and did not say where it tells of it", queue)
      }
      try await note(submission, .accepted(location: address.text))
      tell(
        .submitted(
          submission: submission, location: address.text, count: batch.simulations.count))
      try await follow(
        submission, at: address.text, batch.simulations,
        after: RetryAfter.wait(in: response.headers, at: session.effects.now()), queue)
    case 500, 502, 504:
      try await lose(submission, batch, "BRAIN answered with status \(response.status)", queue)
    default: try await endRefused(submission, batch, response, queue)
    }
  }

  /// Ends a submission that brought no answer.
  private func endUnsent(
    _ submission: String, _ batch: SimulationBatch, _ failure: BrainFailure,
    _ queue: SimulationQueue
  ) async throws(BrainFailure) {
    if case .unreachable(let broken) = failure, broken.mayHaveBeenReceived {
      return try await lose(submission, batch, broken.explanation, queue)
    }
    try await note(submission, .refused(reason: failure.explanation))
    throw failure
  }

  private func lose(
    _ submission: String, _ batch: SimulationBatch, _ reason: String, _ queue: SimulationQueue
  ) async throws(BrainFailure) {
    try await note(submission, .lost(reason: reason))
    for simulation in batch.simulations {
      await settle(simulation.key, .unknown(submission: submission, reason: reason), queue)
    }
  }

  /// Ends a submission that BRAIN did not take: for want of room, for good, or for some of its
  /// simulations.
  private func endRefused(
    _ submission: String, _ batch: SimulationBatch, _ response: HTTPResponse,
    _ queue: SimulationQueue
  ) async throws(BrainFailure) {
    let complaint = BrainComplaint(body: response.body)
    try await note(
      submission, .refused(reason: "status \(response.status): \(complaint)"))
    let now = session.effects.now()
    let allowance = RateLimitState(response.headers, at: now)["requests"]
    let isOfQuota = response.status == 429 && allowance?.remaining == 0
    if isOfQuota, !complaint.isOfConcurrency { throw .quotaUsedUp(reset: allowance?.reset) }
    if complaint.isOfConcurrency || RetryPolicy.isTemporary(response.status) {
      var batch = batch
      batch.refusals += 1
      let asked = RetryAfter.wait(in: response.headers, at: now)
      guard batch.refusals <= limits.refusals else {
        throw .busy(status: response.status, endpoint: "POST /simulations", wait: asked)
      }
      let wait = max(asked ?? .zero, BrainPatience.step(min(batch.refusals, 6)))
      await queue.putBack(batch)
      tell(.noRoom(wait: wait))
      return try await session.pause(wait)
    }
    guard response.status == 400 else {
      throw .refused(
        status: response.status, endpoint: "POST /simulations", detail: complaint.description)
    }
    // An array is refused with one object for each simulation, empty where nothing is wrong with it.
    var verdicts = batch.simulations.map { _ in complaint }
    var rest: [BrainSimulation] = []
    if case .array(let elements)? = try? JSONValue(parsing: response.text),
      batch.simulations.count > 1, elements.count == batch.simulations.count,
      elements.contains(where: { $0 != .object([]) })
    {
      verdicts = elements.map { BrainComplaint($0) }
      rest = zip(batch.simulations, elements).filter { $1 == .object([]) }.map(\.0)
    }
    for (simulation, verdict) in zip(batch.simulations, verdicts) where !rest.contains(simulation) {
      await settle(simulation.key, .refused(verdict.sentences), queue)
    }
    // Nothing was started, so the others are sent without those that spoil them.
    if !rest.isEmpty { await queue.putBack(SimulationBatch(simulations: rest)) }
  }

  // MARK: After sending

  /// Waits until a submission has ended and settles its simulations; BRAIN is first asked about it
  /// after `rest`.
  private func follow(
    _ submission: String, at location: String, _ simulations: [BrainSimulation],
    after rest: Duration? = nil, _ queue: SimulationQueue
  ) async throws(BrainFailure) {
    do throws(BrainFailure) {
      if let rest { try await session.pause(rest) }
      let answer = try await ended(at: location, submission)
      if simulations.count == 1, answer["children"] == nil {
        return try await settle(
          submission, simulations[0].key, BrainOutcome(ended: answer), queue)
      }
      try await settleChildren(of: answer, submission, simulations, queue)
    } catch {
      if case .notRecorded = error { throw error }
      for simulation in simulations {
        await queue.settleUnlessSettled(
          simulation.key, .running(location: location, reason: error.explanation))
      }
      if error.standsAgainstAll { throw error }
    }
  }

  /// Waits until BRAIN tells of an end. While an array is read by others, BRAIN may say for a moment
  /// that it is not there.
  private func ended(
    at location: String, _ submission: String
  ) async throws(BrainFailure) -> JSONValue {
    let question = BrainQuestion(.get, .given(try session.address(location, from: .init())))
    var absences = 0
    while true {
      do throws(BrainFailure) {
        let response = try await session.ready(question, longest: limits.waiting) { response in
          let answer = try? JSONValue(parsing: response.text)
          tell(
            .progress(submission: submission, share: answer.flatMap(BrainProgress.share(of:))))
        }
        return try BrainSession.document(response, of: question)
      } catch {
        guard case .refused(status: 404, _, _) = error, absences < 3 else { throw error }
        absences += 1
        try await session.pause(BrainPatience.step(absences))
      }
    }
  }

  /// Settles the simulations of an array by what BRAIN says of each child.
  private func settleChildren(
    of parent: JSONValue, _ submission: String, _ simulations: [BrainSimulation],
    _ queue: SimulationQueue
  ) async throws(BrainFailure) {
    var rest = simulations
    var cancelled: [BrainSimulation] = []
    for id in Self.children(of: parent) {
      let child = try await ended(at: session.base.appending("simulations", id).text, submission)
      guard let place = rest.firstIndex(where: { $0.isDescribed(by: child) }) else { continue }
      let simulation = rest.remove(at: place)
      if child["status"] == .string(BrainStatus.cancelled.rawValue) {
        cancelled.append(simulation)
      } else {
        try await settle(submission, simulation.key, BrainOutcome(ended: child), queue)
      }
    }
    if rest.count == simulations.count {
      // Nothing is known of any of them, so one of them spoiled all: each is sent alone.
      for simulation in rest where queue.wanted.contains(simulation.key) {
        await queue.putBack(SimulationBatch(simulations: [simulation]))
      }
      return
    }
    // Those that were cancelled for a sibling's sake were not computed and are sent again. At least
    // one of the array was settled, so this comes to an end.
    let isSpoiled = rest.count + cancelled.count < simulations.count
    if isSpoiled, !cancelled.isEmpty {
      let wanted = simulations.filter { cancelled.contains($0) && queue.wanted.contains($0.key) }
      if !wanted.isEmpty { await queue.putBack(SimulationBatch(simulations: wanted)) }
    }
    for simulation in rest + (isSpoiled ? [] : cancelled) {
      let message =
        parent["message"].flatMap(Row.text) ?? "BRAIN ended the array without computing it"
      try await settle(
        submission, simulation.key,
        .failed(message: message, place: BrainOutcome.Place(parent["location"])), queue)
    }
  }

  private static func children(of parent: JSONValue) -> [String] {
    guard case .array(let children)? = parent["children"] else { return [] }
    return children.compactMap { Row.text($0) ?? $0["id"].flatMap(Row.text) }
  }

  private func settle(
    _ submission: String, _ key: Fingerprint, _ outcome: BrainOutcome, _ queue: SimulationQueue
  ) async throws(BrainFailure) {
    try await note(submission, .settled(key, outcome))
    await settle(key, outcome, queue)
  }

  private func settle(
    _ key: Fingerprint, _ outcome: BrainOutcome, _ queue: SimulationQueue
  ) async {
    await queue.settle(key, outcome)
    tell(.settled(key: key, outcome))
  }

  // MARK: Record

  private func name() -> String {
    let text = String(session.effects.chance(), radix: 16)
    return "sub-" + String(repeating: "0", count: 16 - text.count) + text
  }

  private func note(
    _ submission: String, _ kind: BrainStep.Kind
  ) async throws(BrainFailure) {
    do {
      try await record.note([
        BrainStep(submission: submission, at: session.effects.now(), kind: kind)
      ])
    } catch {
      throw .notRecorded(reason: Self.reason(error))
    }
  }

  private func remembered() async throws(BrainFailure) -> [BrainStep] {
    do {
      return try await record.history()
    } catch {
      throw .notRecorded(reason: Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    (error as? any ExplainedFailure)?.explanation ?? "\(error)"
  }
}

extension BrainFailure {
  /// Whether the next simulation would meet the same.
  fileprivate var standsAgainstAll: Bool {
    switch self {
    case .refused, .strangeAnswer, .notReady, .badAddress, .busy: false
    case .noCredentials, .credentialsExposed, .credentialsMalformed, .wrongCredentials,
      .personMustAct, .insecureAddress, .unreachable, .quotaUsedUp, .file, .notRecorded, .cancelled:
      true
    }
  }
}
