import Essentials
import Networking
import Research
import Synchronization
import TestKit
import Testing
import Twins

@Suite("Simulating on BRAIN", .ownThread, .timeLimit(.minutes(10)))
struct BrainSimulatorTests {
  private func simulator(
    _ rehearsal: BrainRehearsal, _ record: KeptRecord = KeptRecord(), session: BrainSession? = nil,
    limits: BrainSimulator.Limits = .init(), options: BrainOptions? = nil,
    tell: @escaping @Sendable (BrainSimulator.News) -> Void = { _ in }
  ) -> BrainSimulator {
    BrainSimulator(
      session: session ?? rehearsal.session, record: record, options: options, limits: limits,
      object: { $0.formula.contains("forbidden") ? ["It is forbidden."] : [] }, tell: tell)
  }

  private func alpha(_ outcome: BrainOutcome) -> String? {
    if case .simulated(let alpha, _, _) = outcome { alpha } else { nil }
  }

  private func posts(_ rehearsal: BrainRehearsal) -> Int {
    rehearsal.twin.requests("POST /simulations").count
  }

  // MARK: The usual course

  @Test("one candidate goes alone and comes back with its alpha")
  func single() async throws {
    let rehearsal = try BrainRehearsal()
    let shares = Mutex<[Double?]>([])
    let simulator = simulator(rehearsal) { news in
      if case .progress(_, let share) = news { shares.withLock { $0.append(share) } }
    }
    let outcomes = try await simulator.simulate(candidates("rank(close)"))
    #expect(outcomes == [.simulated(alpha: "alpha1", simulation: "sim1", warning: nil)])
    #expect(shares.withLock { $0 } == [0.35])
    #expect(rehearsal.waits == [5, 2.5])
    let posted = try #require(rehearsal.twin.requests("POST /simulations").first)
    let body = try JSONValue(parsing: posted.text)
    #expect(body == candidates("rank(close)")[0].simulation.json)
    #expect(rehearsal.twin.submitted == [])
  }

  @Test("many candidates go in arrays of up to ten, and each gets what belongs to it")
  func arrays() async throws {
    let rehearsal = try BrainRehearsal()
    let all = (0..<23).map { CandidateAlpha(ideaID: "i", formula: "ts_mean(close, \($0 + 2))") }
    let outcomes = try await simulator(rehearsal).simulate(all)
    let sizes = try rehearsal.twin.requests("POST /simulations").map { request -> Int in
      if case .array(let elements) = try JSONValue(parsing: request.text) {
        elements.count
      } else {
        1
      }
    }
    #expect(sizes.sorted() == [3, 10, 10])
    // The twin numbers alphas by their simulations, and tells children backwards.
    for (candidate, outcome) in zip(all, outcomes) {
      let place = try #require(rehearsal.twin.formulas.firstIndex(of: candidate.formula))
      #expect(alpha(outcome) == "alpha\(place + 1)")
    }
  }

  @Test("an account that may not send arrays sends one by one")
  func noArrays() async throws {
    var setup = BrainTwin.Setup()
    setup.permissions = []
    let rehearsal = try BrainRehearsal(setup)
    let outcomes = try await simulator(rehearsal).simulate(candidates("a", "b", "c"))
    #expect(outcomes.allSatisfy { alpha($0) != nil })
    #expect(posts(rehearsal) == 3)
  }

  @Test("what BRAIN does not let be mixed is not mixed")
  func mixtures() async throws {
    let rehearsal = try BrainRehearsal()
    var all = candidates("a", "b", "c", "d", "e")
    all[1].simulation.settings.region = "EUR"
    all[2].simulation.settings.delay = 0
    all[3].simulation.settings.universe = "TOP1000"
    all[4].simulation.settings.region = "EUR"
    let outcomes = try await simulator(rehearsal).simulate(all)
    #expect(outcomes.allSatisfy { alpha($0) != nil })
    let groups = try rehearsal.twin.requests("POST /simulations").map { request -> [String] in
      let body = try JSONValue(parsing: request.text)
      let bodies: [JSONValue] = if case .array(let bodies) = body { bodies } else { [body] }
      return bodies.compactMap { if case .string(let text)? = $0["regular"] { text } else { nil } }
    }
    #expect(
      groups.sorted { $0.lexicographicallyPrecedes($1) } == [["a", "d"], ["b", "e"], ["c"]])
  }

  @Test("candidates that ask for the same are simulated once")
  func duplicates() async throws {
    let rehearsal = try BrainRehearsal()
    let outcomes = try await simulator(rehearsal).simulate(
      candidates("rank(close)", "rank( close )", "rank(open)"))
    #expect(outcomes[0] == outcomes[1])
    #expect(rehearsal.twin.formulas == ["rank(close)", "rank(open)"])
  }

  @Test("what was computed before is remembered and not computed again, unless that is wanted")
  func remembered() async throws {
    let rehearsal = try BrainRehearsal()
    let record = KeptRecord()
    let simulator = simulator(rehearsal, record)
    let first = try await simulator.simulate(candidates("rank(close)", "clse"))
    #expect(try await simulator.simulate(candidates("rank(close)", "clse")) == first)
    let count = rehearsal.twin.formulas.count
    let key = BrainSimulation(candidates("rank(close)")[0].simulation).key
    let again = try await simulator.simulate(candidates("rank(close)"), again: [key])
    #expect(rehearsal.twin.formulas.count == count + 1)
    #expect(alpha(again[0]) != alpha(first[0]))
  }

  // MARK: Refusals

  @Test("what the options or the caller object to is never sent")
  func objections() async throws {
    let rehearsal = try BrainRehearsal()
    let options = try await BrainOptions.fetch(from: rehearsal.session).options
    var all = candidates("rank(close)", "forbidden", " ", "rank(open)")
    all[3].simulation.settings.universe = "TOP300"
    let outcomes = try await simulator(rehearsal, options: options).simulate(all)
    #expect(alpha(outcomes[0]) != nil)
    #expect(outcomes[1] == .refused(["It is forbidden."]))
    #expect(outcomes[2] == .refused(["There is no formula."]))
    #expect(
      outcomes[3]
        == .refused(["BRAIN does not offer universe TOP300 here; did you mean TOP3000?"]))
    #expect(rehearsal.twin.formulas == ["rank(close)"])
  }

  @Test("of an array that BRAIN refuses for one member the others are sent without it")
  func refusedMember() async throws {
    let rehearsal = try BrainRehearsal()
    let refusal = TwinAnswer.json(
      400, "[{},{\"regular\":[\"This field is required.\"]},{}]")
    rehearsal.twin.plan("POST /simulations", [.answer(refusal)])
    let outcomes = try await simulator(rehearsal).simulate(candidates("a", "b", "c"))
    #expect(outcomes[1] == .refused(["regular: This field is required."]))
    #expect(alpha(outcomes[0]) != nil && alpha(outcomes[2]) != nil)
    #expect(rehearsal.twin.formulas == ["a", "c"])
  }

  @Test("a refusal of the whole is a refusal of each")
  func refusedWhole() async throws {
    let rehearsal = try BrainRehearsal()
    var all = candidates("a", "b")
    for place in all.indices { all[place].simulation.settings.region = "XXX" }
    let outcomes = try await simulator(rehearsal).simulate(all)
    let expected = BrainOutcome.refused(["settings.region: \"XXX\" is not a valid choice."])
    #expect(outcomes == [expected, expected])
    #expect(posts(rehearsal) == 1)
  }

  @Test("a formula that BRAIN cannot compute fails with its message and place")
  func error() async throws {
    let rehearsal = try BrainRehearsal()
    let outcomes = try await simulator(rehearsal).simulate(candidates("rank(clse)"))
    #expect(
      outcomes == [
        .failed(
          message: "Attempted to use unknown variable \"clse\"",
          place: .init(property: "regular", line: 1, start: 5, end: 9))
      ])
  }

  @Test("one bad member of an array fails alone; its siblings, which BRAIN cancels, are sent again")
  func spoiledArray() async throws {
    let rehearsal = try BrainRehearsal()
    let outcomes = try await simulator(rehearsal).simulate(candidates("a", "rank(clse)", "c"))
    #expect(alpha(outcomes[0]) != nil && alpha(outcomes[2]) != nil)
    guard case .failed = outcomes[1] else {
      Issue.record("\(outcomes[1])")
      return
    }
    #expect(rehearsal.twin.formulas == ["a", "rank(clse)", "c", "a", "c"])
  }

  // MARK: Limits

  @Test("no more submissions run at once than are allowed")
  func concurrency() async throws {
    var setup = BrainTwin.Setup()
    setup.concurrency = 2
    setup.polls = 3
    let rehearsal = try BrainRehearsal(setup)
    let noRoom = Mutex(0)
    var limits = BrainSimulator.Limits()
    limits.submissions = 2
    limits.arraySize = 1
    let outcomes = try await simulator(rehearsal, limits: limits) { news in
      if case .noRoom = news { noRoom.withLock { $0 += 1 } }
    }.simulate(candidates("a", "b", "c", "d", "e"))
    #expect(outcomes.allSatisfy { alpha($0) != nil })
    #expect(noRoom.withLock { $0 } == 0)
    #expect(posts(rehearsal) == 5)
  }

  @Test("a submission that finds no room waits its turn, and none is lost or sent twice")
  func noRoom() async throws {
    var setup = BrainTwin.Setup()
    setup.concurrency = 1
    setup.polls = 2
    let rehearsal = try BrainRehearsal(setup)
    var limits = BrainSimulator.Limits()
    limits.arraySize = 1
    let outcomes = try await simulator(rehearsal, limits: limits).simulate(
      candidates("a", "b", "c", "d"))
    #expect(outcomes.allSatisfy { alpha($0) != nil })
    #expect(rehearsal.twin.formulas.sorted() == ["a", "b", "c", "d"])
  }

  @Test("a busy BRAIN is asked again, since it did nothing")
  func busy() async throws {
    let rehearsal = try BrainRehearsal()
    rehearsal.twin.plan(
      "POST /simulations",
      [.answer(.busy(503, retryAfter: "20")), .answer(.busy(429, retryAfter: nil))])
    let outcomes = try await simulator(rehearsal).simulate(candidates("a"))
    #expect(alpha(outcomes[0]) == "alpha1")
    #expect(rehearsal.waits == [20, 4, 5, 2.5])
  }

  @Test("when the day's quota is used up the rest is not sent, and that is said")
  func quota() async throws {
    var setup = BrainTwin.Setup()
    setup.quota = 2
    let rehearsal = try BrainRehearsal(setup)
    var limits = BrainSimulator.Limits()
    limits.arraySize = 1
    limits.submissions = 1
    let outcomes = try await simulator(rehearsal, limits: limits).simulate(
      candidates("a", "b", "c", "d"))
    #expect(outcomes.prefix(2).allSatisfy { alpha($0) != nil })
    #expect(
      outcomes.suffix(2)
        == [
          .notSent(.quotaUsedUp(reset: .seconds(3600))),
          .notSent(.quotaUsedUp(reset: .seconds(3600))),
        ])
    #expect(posts(rehearsal) == 3)
  }

  @Test("a session that has ended is begun again before a simulation is lost")
  func expiry() async throws {
    let rehearsal = try BrainRehearsal()
    _ = try await rehearsal.session.document(BrainQuestion(.get, "operators"))
    rehearsal.twin.endSessions()
    let outcomes = try await simulator(rehearsal).simulate(candidates("a"))
    #expect(alpha(outcomes[0]) == "alpha1")
    #expect(rehearsal.twin.formulas == ["a"])
  }

  @Test("without a session nothing is sent, and the demand for a face reaches every candidate")
  func persona() async throws {
    var setup = BrainTwin.Setup()
    setup.demandsPersona = true
    let rehearsal = try BrainRehearsal(setup)
    let outcomes = try await simulator(rehearsal).simulate(candidates("a", "b"))
    #expect(outcomes.count == 2)
    for outcome in outcomes {
      guard case .notSent(.personMustAct) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
    #expect(posts(rehearsal) == 0)
  }

  // MARK: Lost answers and crashes

  @Test(
    "a submission whose answer was lost is unknown, and is not sent again by itself",
    arguments: [TwinAnswer.hangUp, .answer(504, "gateway timeout"), .answer(201, "no location")])
  func lostAnswer(answer: TwinAnswer) async throws {
    let rehearsal = try BrainRehearsal()
    let record = KeptRecord()
    rehearsal.twin.plan("POST /simulations", [.answerAfterActing(answer)])
    let simulator = simulator(rehearsal, record)
    for _ in 0..<2 {
      let outcomes = try await simulator.simulate(candidates("a"))
      guard case .unknown = outcomes[0] else {
        Issue.record("\(outcomes[0])")
        continue
      }
    }
    #expect(posts(rehearsal) == 1)
    let simulation = BrainSimulation(candidates("a")[0].simulation)
    let found = try await BrainAlphas(session: rehearsal.session).matching(simulation)
    #expect(found.map(\.id) == ["alpha1"])
    let again = try await simulator.simulate(candidates("a"), again: [simulation.key])
    #expect(alpha(again[0]) == "alpha2")
  }

  @Test("a connection that never stood lost nothing, so the submission is sent again")
  func neverSent() async throws {
    let rehearsal = try BrainRehearsal()
    let record = KeptRecord()
    _ = try await rehearsal.session.document(BrainQuestion(.get, "operators"))
    rehearsal.twin.http.stop()
    let outcomes = try await simulator(rehearsal, record).simulate(candidates("a"))
    guard case .notSent(.unreachable(.couldNotConnect)) = outcomes[0] else {
      Issue.record("\(outcomes[0])")
      return
    }
    #expect(rehearsal.waits.count == 8)
    let key = BrainSimulation(candidates("a")[0].simulation).key
    #expect(BrainHistory(record.steps).state(of: key) == .unsent)
  }

  @Test("a process that starts after a crash waits for what was sent and does not send it again")
  func crash() async throws {
    let rehearsal = try BrainRehearsal()
    // The record breaks after the location was noted, as if the process had died there.
    let record = KeptRecord(room: 2)
    await #expect {
      try await simulator(rehearsal, record).simulate(candidates("a", "b"))
    } throws: {
      if case BrainFailure.notRecorded = $0 { true } else { false }
    }
    record.makeRoom()
    #expect(posts(rehearsal) == 1)
    let outcomes = try await simulator(rehearsal, record, session: rehearsal.restarted())
      .simulate(candidates("b", "a", "c"))
    #expect(outcomes.allSatisfy { alpha($0) != nil })
    #expect(rehearsal.twin.formulas == ["a", "b", "c"])
  }

  @Test("a crash between sending and hearing leaves the submission unknown")
  func crashBeforeAnswer() async throws {
    let rehearsal = try BrainRehearsal()
    let record = KeptRecord(room: 1)
    await #expect(throws: BrainFailure.self) {
      try await simulator(rehearsal, record).simulate(candidates("a"))
    }
    record.makeRoom()
    let outcomes = try await simulator(rehearsal, record, session: rehearsal.restarted())
      .simulate(candidates("a"))
    guard case .unknown(_, let reason) = outcomes[0] else {
      Issue.record("\(outcomes[0])")
      return
    }
    #expect(reason.contains("ended before it heard"))
    #expect(posts(rehearsal) == 1)
  }

  @Test("what cannot be recorded is not sent")
  func recordFirst() async throws {
    let rehearsal = try BrainRehearsal()
    await #expect(throws: BrainFailure.self) {
      try await simulator(rehearsal, KeptRecord(room: 0)).simulate(candidates("a"))
    }
    #expect(posts(rehearsal) == 0)
  }

  @Test("a simulation that outlasts patience keeps running, and is waited for the next time")
  func patienceEnds() async throws {
    var setup = BrainTwin.Setup()
    setup.polls = 10
    let rehearsal = try BrainRehearsal(setup)
    let record = KeptRecord()
    var limits = BrainSimulator.Limits()
    limits.waiting = .seconds(10)
    let simulator = simulator(rehearsal, record, limits: limits)
    let outcomes = try await simulator.simulate(candidates("a"))
    guard case .running(let location, _) = outcomes[0] else {
      Issue.record("\(outcomes[0])")
      return
    }
    #expect(location.hasSuffix("/simulations/sim1"))
    _ = try await simulator.simulate(candidates("a"))
    let end = try await simulator.simulate(candidates("a"))
    #expect(alpha(end[0]) == "alpha1")
    #expect(posts(rehearsal) == 1)
  }

  @Test("a poll that BRAIN answers with 404 for a moment is asked again")
  func absentForAMoment() async throws {
    let rehearsal = try BrainRehearsal()
    rehearsal.twin.plan(
      "GET /simulations",
      [.answer(.json(404, "{\"detail\":\"Not found.\"}")), .answer(.answer(500, ""))])
    let outcomes = try await simulator(rehearsal).simulate(candidates("a", "b"))
    #expect(outcomes.allSatisfy { alpha($0) != nil })
  }

  @Test("a task that is cancelled stops waiting, and what was sent is gone on with later")
  func cancelled() async throws {
    var setup = BrainTwin.Setup()
    setup.polls = 1000
    let rehearsal = try BrainRehearsal(setup)
    let record = KeptRecord()
    let sent = TwinGate()
    let simulator = simulator(rehearsal, record) { news in
      if case .progress = news { sent.open() }
    }
    let task = Task { try await simulator.simulate(candidates("a", "b")) }
    await sent.passed()
    task.cancel()
    let outcomes = try await task.value
    #expect(outcomes.count == 2)
    for outcome in outcomes {
      guard case .running = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
    #expect(posts(rehearsal) == 1)
  }
}
