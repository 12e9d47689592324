import Essentials
import Foundation
import Glibc
import Mathematics
import Research
import Services
import Storage
import Synchronization
import TestKit
import Testing

/// A desk of jobs that runs the program itself, on a journal that it shares with it.
private final class ControlBench: Sendable {
  private let name: String
  private let home: ResearchHome
  let journal: Journal
  private let chance = Mutex(SplitMix64(seed: 5))
  private let start = ContinuousClock.now

  init(_ name: String) throws {
    self.name = name
    home = try ResearchHome.shared.get()
    journal = try Journal.open(
      path: home.folder.url.appendingPathComponent("\(name).sqlite").path,
      access: .writing(
        newborn: JournalBirth(
          id: "control-\(name)-\(getpid())", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 10_000), models: [BudgetIndex()])
  }

  func desk() throws -> JobDesk {
    let folder = "\(home.folder.url.path)/\(name)"
    var environment = home.environment
    for name in ["PATH", "LLVM_PROFILE_FILE"] {
      environment[name] = ProcessInfo.processInfo.environment[name]
    }
    return try JobDesk.open(
      journal: journal,
      settings: JobDeskSettings(
        executable: Program.url.path, jobs: "\(folder)/jobs", knowledge: "\(folder)/knowledge",
        journal: journal.path, environment: environment),
      effects: JobDeskEffects(
        now: { Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1000)) },
        elapsed: { [start] in ContinuousClock.now - start },
        chance: { [self] in chance.withLock { $0.next() } },
        pause: { usleep(UInt32($0 / .microseconds(1))) }, report: { Issue.record("\($0)") }))
  }

  /// Carries a job out and returns it as the wire says it.
  func carryOut(_ desk: JobDesk, _ body: String) throws -> JSONValue {
    let id = try desk.submit(JSONValue(parsing: body), by: "ada").id
    _ = desk.waitForEnd(of: id)
    return try desk.document(of: id)
  }
}

@Suite("Jobs of the program itself", .ownThread)
struct ControlJobTests {
  private func names(_ job: JSONValue) -> Set<String> {
    Set(
      (job["artifacts"]?.elements ?? []).compactMap {
        if case .string(let name)? = $0["name"] { name } else { nil }
      })
  }

  @Test("the quick loop goes from notes to a judged formula, offline, in the desk's own journal")
  func quickLoop() throws {
    let bench = try ControlBench("quick")
    let desk = try bench.desk()
    let job = try bench.carryOut(
      desk, #"{"action":"run-quick-validation-loop","params":{"panel":"tiny","run_id":"q1"}}"#)
    desk.stop()
    #expect(job["state"] == "completed", "\(job.indentedText)")
    #expect(job["return_code"] == 0)
    #expect(job["result"]?["validation_passed"] == .bool(true))
    let steps = job["result"]?["steps"]?.elements ?? []
    #expect(
      steps.compactMap { $0["step"] } == ["idea", "retrieval", "knowledge", "validation"])
    #expect(steps.allSatisfy { $0["return_code"] == 0 })
    #expect(
      names(job).isSuperset(of: [
        "notes.json", "idea_out.json", "retrieval_pack.json", "validated_candidates.json",
        "validation_report.json", "output.log",
      ]))
    let kinds = try bench.journal.events(limit: 1_000, filter: JournalFilter(run: "q1")).map(\.kind)
    #expect(kinds.first == "control.job_queued" && kinds.last == "control.job_completed")
    for kind in [
      "agent.idea_generated", "retrieval.pack_built", "agent.alpha_generated", "validation.passed",
      "simulation.started", "evaluation.completed", "run.summary",
    ] {
      #expect(kinds.contains(kind), "\(kind)")
    }
    #expect(try bench.journal.verify().findings == [])
  }

  @Test("a job works on what others left, step by step, and knowledge is built once")
  func stepByStep() throws {
    let bench = try ControlBench("steps")
    let desk = try bench.desk()
    func done(_ action: String, _ params: String) throws -> String {
      let job = try bench.carryOut(desk, #"{"action":"\#(action)","params":{\#(params)}}"#)
      #expect(job["state"] == "completed", "\(job.indentedText)")
      guard case .string(let id)? = job["job_id"] else { throw CocoaError(.featureUnsupported) }
      return id
    }
    _ = try done("build-knowledge-pack", #""panel":"tiny""#)
    let idea = try done(
      "run-idea-agent",
      #""input":{"hypothesis":"Volume spikes fade.","idea_id":"i1"},"llm_provider":"mock","seed":3"#
    )
    let pack = try done(
      "build-retrieval-pack",
      #""idea":"jobs/\#(idea)/idea_out.json","panel":"tiny","query":"volume","scoring":"bm25""#)
    let files =
      #""idea":"jobs/\#(idea)/idea_out.json","retrieval_pack":"jobs/\#(pack)/retrieval_pack.json""#
    let maker = try done(
      "run-alpha-maker",
      #"\#(files),"panel":"tiny","llm_provider":"mock","reasoning_effort":"low","idea_id":"i1""#)
    #expect(names(try desk.document(of: maker)).contains("candidate_alpha.json"))
    let loop = try done(
      "run-validation-loop",
      #"\#(files),"panel":"tiny","llm_provider":"mock","skip_simulation":true,"max_repair_attempts":0"#
    )
    #expect(try desk.document(of: loop)["result"]?["steps"] == nil, "one step needs no list")
    desk.stop()
  }

  @Test("a campaign that is stopped with its desk goes on with the next, to the same result")
  func campaign() throws {
    let bench = try ControlBench("campaign")
    let body =
      #"{"action":"research-run","params":{"panel":"tiny","take":3,"proposals":6,"children":6,"#
      + #""llm_provider":"mock","run_id":"NAME"}}"#
    var desk = try bench.desk()
    let plain = try bench.carryOut(desk, body.replacing("NAME", with: "plain"))
    #expect(plain["state"] == "completed", "\(plain.indentedText)")
    #expect(plain["result"]?["run_id"] == "plain")
    let events = try bench.journal.events(limit: 10_000, filter: JournalFilter(run: "plain"))
    let total = events.count

    let id = try desk.submit(
      JSONValue(parsing: body.replacing("NAME", with: "stopped")), by: "ada"
    ).id
    for life in 1...2 {
      func recorded() throws -> Int {
        try bench.journal.events(limit: 10_000, filter: JournalFilter(run: "stopped")).count
      }
      while try recorded() < total * life / 3, try desk.document(of: id)["state"] != "completed" {
        sched_yield()
      }
      desk.stop()
      desk = try bench.desk()
    }
    let job = try #require(desk.waitForEnd(of: id))
    #expect(job.state == .completed, "\(job)")
    #expect(job.result?["summary"]?["simulated"] == plain["result"]?["summary"]?["simulated"])
    #expect(job.result?["result"] == plain["result"]?["result"])
    #expect(try bench.journal.verify().findings == [])
    // A name that is taken is refused before anything runs.
    #expect(throws: (any Error).self) {
      _ = try desk.submit(JSONValue(parsing: body.replacing("NAME", with: "plain")), by: "ada")
    }
    desk.stop()
  }

  @Test("a run's name is its own")
  func names() throws {
    let home = try ResearchHome.shared.get()
    let run = try home.script(
      """
      $athanor research run -p tiny --take 1 --proposals 2 --generations 0 --run-id mine --json \
        | grep '"run_id": "mine"' >&2 || exit 9
      $athanor research run -p tiny --take 1 --run-id mine --json
      """, journal: "names.sqlite")
    #expect(run.exitCode == 2)
    #expect(run.errors.contains("\"error\":\"run_exists\""), "\(run.errors)")
  }
}
