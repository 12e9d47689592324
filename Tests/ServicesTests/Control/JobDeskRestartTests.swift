import Essentials
import Foundation
import Glibc
import Research
import Services
import Storage
import TestKit
import Testing

@Suite("A desk of jobs that begins again", .ownThread)
struct JobDeskRestartTests {
  @Test("jobs that waited are run by the next desk, in their order")
  func waiting() throws {
    let bench = try JobBench()
    let first = try bench.desk("sleep 1000")
    let running = try first.submit(.idea(), by: "ada").id
    let waiting = try (0..<3).map { _ in try first.submit(.idea(), by: "ada").id }
    _ = first.waitForStart(of: running)
    first.stop()
    #expect(bench.processes.isEmpty)
    let second = try bench.desk("basename $ATHANOR_JOB >> $home/order")
    for id in waiting { #expect(second.waitForEnd(of: id)?.state == .completed) }
    #expect(bench.text("order") == waiting.map { $0 + "\n" }.joined())
    let interrupted = try second.document(of: running)
    #expect(interrupted["state"] == "failed")
    #expect(interrupted["error"] == "The desk stopped while the job ran.")
    #expect(try bench.events.contains { $0.payload?["reason"] == "interrupted" })
    second.stop()
  }

  @Test("a stopped desk takes no more jobs")
  func stopped() throws {
    let desk = try JobBench().desk("exit 0")
    desk.stop()
    #expect(throws: (any Error).self) { _ = try desk.submit(.idea(), by: "ada") }
  }

  @Test("a campaign is gone on with where it stopped, by its own options, and so often only")
  func campaign() throws {
    let bench = try JobBench()
    let script = #"echo "$@" >> $home/words; touch $home/started; sleep 1000"#
    let id: String
    do {
      let desk = try bench.desk(script)
      id = try desk.submit(.campaign("r1"), by: "ada").id
      while bench.text("started") == nil { _ = desk.counts }
      _ = desk.waitForStart(of: id)
      desk.stop()
      #expect(try desk.document(of: id)["state"] == "running")
    }
    // What the campaign itself would have recorded.
    try bench.journal.append(
      JournalDraft(
        "run.started", at: Timestamp(millisecondsSinceEpoch: 0), run: "r1",
        payload: ["command": "research"]))
    for attempt in 2...JobDesk.attemptsMax {
      try FileManager.default.removeItem(atPath: bench.path + "/started")
      let desk = try bench.desk(script)
      while bench.text("started") == nil { _ = desk.counts }
      _ = desk.waitForStart(of: id)
      #expect(try desk.document(of: id)["attempts"] == .integer(attempt))
      desk.stop()
    }
    let desk = try bench.desk(script)
    #expect(try desk.document(of: id)["state"] == "failed")
    let words = try #require(bench.text("words")).split(separator: "\n")
    try #require(words.count == JobDesk.attemptsMax)
    #expect(words[0].hasSuffix("--run-id=r1"))
    #expect(words[1].hasSuffix("--resume=r1") && Set(words[1...]).count == 1)
    // A person may go on with it nevertheless.
    try FileManager.default.removeItem(atPath: bench.path + "/started")
    let resumed = try desk.submit(
      ["action": "research-resume", "params": ["run_id": "r1"]], by: "ada")
    while bench.text("started") == nil { _ = desk.counts }
    #expect(try #require(bench.text("words")).split(separator: "\n").last == words[1])
    #expect(resumed.runID == "r1")
    #expect(throws: (any Error).self) {
      _ = try desk.submit(["action": "research-resume", "params": ["run_id": "r1"]], by: "ada")
    }
    #expect(throws: (any Error).self) { _ = try desk.submit(.campaign("r1"), by: "ada") }
    desk.stop()
  }

  @Test("the ideas of a campaign go with it when it is resumed")
  func resumedIdeas() throws {
    let bench = try JobBench()
    let desk = try bench.desk("cp ideas.json $home/$(basename $ATHANOR_JOB); exit 3")
    let request = try JSONValue(
      parsing: """
        {"action":"research-run","params":{"run_id":"r1","seed":7,\
        "ideas":[{"idea_id":"i1","hypothesis":"A."}]}}
        """)
    let first = try desk.submit(request, by: "ada").id
    #expect(desk.waitForEnd(of: first)?.state == .failed)
    let second = try desk.submit(
      ["action": "research-resume", "params": ["run_id": "r1"]], by: "ada")
    #expect(desk.waitForEnd(of: second.id)?.state == .failed)
    #expect(second.parameters["seed"] == 7)
    #expect(bench.text(first) != nil && bench.text(first) == bench.text(second.id))
    desk.stop()
  }

  /// A program that somebody started for a job and left behind.
  private func orphan(of job: String, in bench: JobBench) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "trap '' TERM; echo >> \(bench.path)/ready; exec sleep 1000"]
    process.environment = [
      "ATHANOR_JOB": "\(bench.journal.birth.id)/\(job)", "PATH": "/usr/bin:/bin",
    ]
    try process.run()
    while bench.text("ready") == nil { usleep(1_000) }
    return process
  }

  /// A job as the journal has it when its desk was killed after an event.
  private func record(_ kinds: [ResearchEventKind], of job: String, in bench: JobBench) throws {
    for kind in kinds {
      var facts = ControlJobFacts(jobID: job, action: "run-idea-agent")
      let fact: ResearchFact
      switch kind {
      case .jobQueued:
        facts.runID = "r"
        facts.parameters = [:]
        facts.requestedBy = "ada"
        facts.request = "0"
        fact = .jobQueued(facts)
      case .jobStarted:
        facts.attempt = 1
        fact = .jobStarted(facts)
      case .jobCompleted: fact = .jobCompleted(facts)
      case .jobFailed: fact = .jobFailed(facts)
      default: fact = .jobCancelled(facts)
      }
      try bench.journal.append(
        ResearchEvent(
          at: Timestamp(millisecondsSinceEpoch: 0), run: "r", idea: "control", fact
        ).draft())
    }
    try FileManager.default.createDirectory(
      atPath: "\(bench.jobs)/\(job)", withIntermediateDirectories: true)
  }

  private static let job = String(repeating: "a", count: 32)

  @Test(
    "whatever state a killed desk left a job in, what it started is ended and nothing runs twice",
    arguments: [
      ([ResearchEventKind.jobQueued], "completed"),
      ([.jobQueued, .jobStarted], "failed"),
      ([.jobQueued, .jobStarted, .jobCompleted], "completed"),
      ([.jobQueued, .jobStarted, .jobFailed], "failed"),
      ([.jobQueued, .jobCancelled], "cancelled"),
    ])
  func everyState(kinds: [ResearchEventKind], state: String) throws {
    let bench = try JobBench()
    try record(kinds, of: Self.job, in: bench)
    let left = try orphan(of: Self.job, in: bench)
    let desk = try bench.desk(
      "echo >> $home/runs; kill -0 \(left.processIdentifier) 2>/dev/null && exit 9; exit 0",
      grace: .milliseconds(100))
    left.waitUntilExit()
    #expect(left.terminationReason == .uncaughtSignal)
    _ = desk.waitForEnd(of: Self.job)
    #expect(try desk.document(of: Self.job)["state"] == .string(state))
    #expect((bench.text("runs") ?? "").count == (kinds.count == 1 ? 1 : 0))
    desk.stop()
    // Another desk finds the same.
    let again = try bench.desk("echo >> $home/runs")
    #expect(try again.document(of: Self.job)["state"] == .string(state))
    again.stop()
  }

  @Test("a job of an action that is no more known fails and keeps nobody waiting")
  func unknownAction() throws {
    let bench = try JobBench()
    var facts = ControlJobFacts(jobID: Self.job, action: "brew-coffee")
    facts.runID = "r"
    facts.parameters = [:]
    facts.requestedBy = "ada"
    facts.request = "0"
    try bench.journal.append(
      ResearchEvent(
        at: Timestamp(millisecondsSinceEpoch: 0), run: "r", idea: "control", .jobQueued(facts)
      ).draft())
    let desk = try bench.desk("exit 0")
    #expect(desk.waitForEnd(of: Self.job)?.error == "This program does not know the action.")
    desk.stop()
  }

  @Test("processes of the jobs of other journals are left alone")
  func strangers() throws {
    let bench = try JobBench()
    let stranger = try orphan(of: Self.job, in: bench)
    let desk = try JobBench().desk("exit 0", grace: .milliseconds(100))
    #expect(stranger.isRunning)
    kill(stranger.processIdentifier, SIGKILL)
    stranger.waitUntilExit()
    desk.stop()
  }

  @Test("jobs beyond those that are remembered are found in the journal")
  func old() throws {
    let bench = try JobBench()
    let ids = (0..<503).map { place in
      let digits = String(place, radix: 16)
      return String(repeating: "0", count: 32 - digits.count) + digits
    }
    let at = Timestamp(millisecondsSinceEpoch: 0)
    try bench.journal.append(
      ids.flatMap { id in
        var facts = ControlJobFacts(jobID: id, action: "run-idea-agent")
        facts.runID = "r"
        facts.parameters = [:]
        facts.requestedBy = "ada"
        facts.request = "0"
        return [ResearchFact.jobQueued(facts), .jobCancelled(facts)].map {
          ResearchEvent(at: at, run: "r", idea: "control", $0).draft()
        }
      })
    let desk = try bench.desk("exit 0")
    #expect(desk.counts == [.cancelled: 500])
    #expect(try desk.document(of: ids[0])["state"] == "cancelled")
    #expect(desk.documents(limit: 500).first?["job_id"] == .string(ids[502]))
    desk.stop()
  }

  @Test("a desk that is killed while a job runs leaves nothing that the next one does not end")
  func killed() async throws {
    let folder = try ScratchFolder()
    let path = folder.url.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let bench = try JobBench(in: path)
      let desk = try bench.desk(
        "trap '' TERM; echo >> $home/runs; sleep 1000 & sleep 1000; sleep 1")
      let running = try desk.submit(.idea(key: "k1"), by: "ada").id
      _ = try desk.submit(.idea(key: "k2"), by: "ada")
      _ = desk.waitForStart(of: running)
      while bench.text("runs") == nil { usleep(1_000) }
      kill(getpid(), SIGKILL)
    }
    let bench = try JobBench(seed: 2, in: path)
    #expect(bench.processes.count >= 2, "the programs outlived their desk")
    let desk = try bench.desk(
      "echo >> $home/runs; echo '{\"ok\":true}'", grace: .milliseconds(100))
    let jobs = desk.documents(limit: 10)
    #expect(jobs.count == 2)
    let first = try desk.submit(.idea(key: "k1"), by: "ada")
    #expect(first.state == .failed && first.error == "The desk stopped while the job ran.")
    let second = try desk.submit(.idea(key: "k2"), by: "ada")
    #expect(desk.waitForEnd(of: second.id)?.state == .completed)
    #expect(bench.processes.isEmpty)
    #expect(bench.text("runs") == "\n\n")
    desk.stop()
  }
}
