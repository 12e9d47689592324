import Essentials
import Foundation
import Glibc
import Networking
import Research
import Services
import Storage
import TestKit
import Testing

@Suite("The desk of jobs", .ownThread)
struct JobDeskTests {
  private func refusal(_ work: () throws -> Void) throws -> any RouteRefusal {
    do {
      try work()
    } catch let refusal as any RouteRefusal {
      return refusal
    }
    throw CocoaError(.featureUnsupported)
  }

  @Test("a job runs in its own folder, and the journal has its whole story")
  func story() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      """
      test -f notes.json || exit 9
      echo '{"idea_id":"i1"}' > idea_out.json
      echo '{"ok":true,"verb":"'$1'"}'
      """)
    let job = try desk.submit(.idea(), by: "ada")
    #expect(job.id.count == 32 && job.id.allSatisfy(\.isHexDigit))
    #expect(job.runID == "control-run-idea-agent-\(job.id.prefix(8))")
    let ended = try #require(desk.waitForEnd(of: job.id))
    #expect(ended.state == .completed, "\(ended)")
    #expect(ended.returnCode == 0)
    #expect(ended.result == ["ok": .bool(true), "verb": "run-idea-agent"])
    let names = ended.artifacts.elements.compactMap { $0["name"] }
    #expect(names == ["idea_out.json", "notes.json", "output.log"])
    #expect(
      try bench.events.map(\.kind) == [
        "control.job_queued", "control.job_started", "control.job_completed",
      ])
    for event in try bench.events {
      #expect(event.subject == job.id && event.run == job.runID)
    }
    let document = try desk.document(of: job.id)
    #expect(document["state"] == "completed")
    #expect(document["requested_by"] == "ada")
    #expect(document["output"]?.elements.first.map { "\($0)".contains("run-idea-agent") } == true)
    desk.stop()
  }

  @Test(
    "a request that cannot be carried out is refused with every defect named",
    arguments: [
      (#"{}"#, 400, "Missing action"),
      (#"{"action":""}"#, 400, "Missing action"),
      (#"{"action":"rm -rf"}"#, 400, "Unsupported action: rm -rf"),
      (#"[]"#, 400, "no JSON object"),
      (#"{"action":"run-alpha-maker"}"#, 400, "Missing required param 'idea' of run-alpha-maker."),
      (#"{"action":"run-alpha-maker","params":[]}"#, 400, "The document is an array."),
      (#"{"action":"run-alpha-maker","params":{"idea":7}}"#, 400, "idea is of the type number"),
      (
        #"{"action":"run-alpha-maker","params":{"idea":{},"retrieval_pack":{}}}"#, 400,
        "idea cannot be used"
      ),
      (
        #"{"action":"run-idea-agent","params":{"input":"../../etc/passwd"}}"#, 400,
        "names no file of a job"
      ),
      (
        #"{"action":"run-idea-agent","params":{"input":"jobs/00000000000000000000000000000000/a"}}"#,
        400, "There is no JSON document"
      ),
      (#"{"action":"run-idea-agent","params":{"input":{}}}"#, 400, "holds no notes"),
      (
        #"{"action":"research-run","params":{"seed":-1,"take":"2","generatons":1}}"#, 400,
        "take is a text. seed is -1. generatons is no known key."
      ),
      (
        #"{"action":"research-run","params":{"llm_provider":"openia","llm_base_url":"http://x"}}"#,
        400, "llm_provider is \"openia\". llm_base_url is no known key."
      ),
      (#"{"action":"research-run","params":{"panel":"../x"}}"#, 400, "panel is no name."),
      (#"{"action":"research-run","params":{"llm_model":"-x"}}"#, 400, "llm_model is no name."),
      (#"{"action":"research-run","params":{"run_id":"a\nb"}}"#, 400, "run_id is no name."),
      (#"{"action":"research-run","params":{"timeout_sec":0}}"#, 400, "timeout_sec is 0."),
      (#"{"action":"research-run","parms":{}}"#, 400, "parms is no known key."),
      (#"{"action":"research-run","idempotency_key":"a b"}"#, 400, "idempotency_key is no key."),
      (#"{"action":"research-resume","params":{"run_id":"r9"}}"#, 404, "began a campaign r9"),
      (
        #"{"action":"run-idea-agent","params":{"input":{"overview":"sk-live-0123456789abcdef"}}}"#,
        400, "holds a key or a password"
      ),
    ])
  func refused(body: String, status: Int, words: String) throws {
    let bench = try JobBench()
    let desk = try bench.desk("exit 0")
    let refusal = try refusal { _ = try desk.submit(JSONValue(parsing: body), by: "ada") }
    #expect(refusal.status == status)
    #expect(refusal.message.contains(words), "\(refusal.message)")
    #expect(!refusal.remedy.isEmpty)
    #expect(try bench.events.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: bench.jobs))
    desk.stop()
  }

  @Test("a refused name comes with the nearest one")
  func nearest() throws {
    let desk = try JobBench().desk("exit 0")
    let refusal = try refusal { _ = try desk.submit(["action": "research-runn"], by: "ada") }
    #expect(refusal.remedy == "Did you mean research-run?")
    desk.stop()
  }

  @Test("no repair attempts are none, and false is false")
  func zero() throws {
    let bench = try JobBench()
    let desk = try bench.desk(#"for a in "$@"; do echo "$a" >> $home/arguments; done; echo 1"#)
    let request = try JSONValue(
      parsing: """
        {"action":"run-quick-validation-loop","params":{"max_repair_attempts":0,\
        "stop_on_repeated_error":false,"skip_simulation":true}}
        """)
    let job = try #require(desk.waitForEnd(of: desk.submit(request, by: "ada").id))
    #expect(job.state == .completed, "\(job)")
    let words = try #require(bench.text("arguments")).split(separator: "\n")
    #expect(words.contains("--max-repair-attempts=0"))
    #expect(words.contains("--no-stop-on-repeated-error"))
    #expect(words.contains("--skip-simulation"))
    #expect(words.contains("--llm-provider=mock"))
    #expect(
      job.result?["steps"]?.elements.compactMap { $0["step"] }
        == ["idea", "retrieval", "knowledge", "validation"])
    desk.stop()
  }

  @Test("the first failing step ends a job, and its failure is told in its own words")
  func failingStep() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      """
      test $1 = build-retrieval-pack || exit 0
      echo '{"error":"no_panel","explanation":"There is no panel x.","exit":4}' >&2
      exit 4
      """)
    let job = try #require(
      desk.waitForEnd(of: desk.submit(["action": "run-quick-validation-loop"], by: "ada").id))
    #expect(job.state == .failed)
    #expect(job.returnCode == 4)
    #expect(job.error == "retrieval: There is no panel x.")
    #expect(
      job.result
        == [
          "steps": .array([
            ["step": "idea", "return_code": 0], ["step": "retrieval", "return_code": 4],
          ])
        ])
    desk.stop()
  }

  @Test("a program that is not there fails the job and not the desk")
  func noProgram() throws {
    let bench = try JobBench()
    var settings = try bench.settings("exit 0")
    settings.executable = bench.path + "/nothing"
    let desk = try JobDesk.open(
      journal: bench.journal, settings: settings, effects: bench.effects)
    let job = try #require(desk.waitForEnd(of: desk.submit(.knowledge, by: "ada").id))
    #expect(job.state == .failed)
    #expect(job.error?.contains("could not be started: No such file") == true, "\(job)")
    desk.stop()
  }

  @Test("equal requests by one key are one job; another request by it is refused")
  func idempotency() throws {
    let bench = try JobBench()
    let desk = try bench.desk("echo 1 >> $home/runs")
    let first = try desk.submit(.idea(key: "k1"), by: "ada")
    let reordered = try JSONValue(
      parsing: """
        {"idempotency_key":"k1","params":{"input":{"hypothesis":"Surprises drift."}},\
        "action":"run-idea-agent"}
        """)
    #expect(try desk.submit(reordered, by: "ada").id == first.id)
    let refusal = try refusal { _ = try desk.submit(.idea(hypothesis: "B.", key: "k1"), by: "ada") }
    #expect(refusal.status == 409)
    let other = try desk.submit(.idea(hypothesis: "B.", key: "k1"), by: "bob")
    #expect(other.id != first.id)
    _ = desk.waitForEnd(of: first.id)
    _ = desk.waitForEnd(of: other.id)
    #expect(bench.text("runs") == "1\n1\n")
    desk.stop()
    let next = try bench.desk("echo 1 >> $home/runs")
    #expect(try next.submit(.idea(key: "k1"), by: "ada").id == first.id)
    next.stop()
    #expect(bench.text("runs") == "1\n1\n")
  }

  @Test("one key sent by many threads at once is one job")
  func concurrentKeys() throws {
    let bench = try JobBench()
    let desk = try bench.desk("echo 1 >> $home/runs")
    let ids = try bench.together(8) { _ in try desk.submit(.idea(key: "k1"), by: "ada").id }
    #expect(Set(ids).count == 1)
    _ = desk.waitForEnd(of: ids[0])
    #expect(bench.text("runs") == "1\n")
    desk.stop()
  }

  @Test("of ten jobs at once one at a time spends, and others do not wait for it")
  func tenAtOnce() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      """
      if test $1 = run-idea-agent; then
        mkdir $home/spending || exit 9
        echo 1 >> $home/spent
        rmdir $home/spending
      fi
      echo '{}'
      """)
    let ids = try bench.together(10) { place in
      try desk.submit(place % 2 == 0 ? .idea() : .knowledge, by: "ada").id
    }
    for id in ids {
      let job = try #require(desk.waitForEnd(of: id))
      #expect(job.state == .completed, "\(job)")
    }
    #expect(bench.text("spent") == "1\n1\n1\n1\n1\n")
    #expect(desk.counts == [.completed: 10])
    #expect(desk.documents(limit: 3).count == 3)
    desk.stop()
  }

  @Test("a flood fills the queue and no more, and everything that was taken is carried out")
  func flood() throws {
    let bench = try JobBench()
    var settings = try bench.settings("until test -f $home/go; do sleep 0.02; done")
    settings.waitingMax = 5
    let desk = try JobDesk.open(
      journal: bench.journal, settings: settings, effects: bench.effects)
    let first = try desk.submit(.idea(), by: "ada").id
    _ = desk.waitForStart(of: first)
    var taken = [first]
    var refused = 0
    for _ in 0..<40 {
      do {
        taken.append(try desk.submit(.idea(), by: "ada").id)
      } catch let refusal as any RouteRefusal {
        #expect(refusal.status == 429)
        #expect(refusal.headers["Retry-After"] != nil)
        refused += 1
      }
    }
    #expect(taken.count == 6 && refused == 35)
    let folders = try FileManager.default.contentsOfDirectory(atPath: bench.jobs)
    #expect(folders.count == 6, "a refused job leaves nothing behind")
    bench.create("go")
    for id in taken { #expect(desk.waitForEnd(of: id)?.state == .completed) }
    desk.stop()
  }

  @Test("a job that waits is cancelled at once, one that runs when its programs have ended")
  func cancel() throws {
    let bench = try JobBench()
    let desk = try bench.desk("sleep 1000 & sleep 1000")
    let running = try desk.submit(.idea(), by: "ada").id
    let waiting = try desk.submit(.idea(), by: "ada").id
    _ = desk.waitForStart(of: running)
    #expect(try desk.cancel(waiting, by: "bob").state == .cancelled)
    #expect(try desk.cancel(waiting, by: "bob").state == .cancelled)
    _ = try desk.cancel(running, by: "bob")
    let job = try #require(desk.waitForEnd(of: running))
    #expect(job.state == .cancelled)
    #expect(job.returnCode == 128 + 15)
    #expect(bench.processes.isEmpty)
    #expect(try bench.events.last?.payload?["requested_by"] == "bob")
    #expect(try refusal { _ = try desk.cancel("x", by: "bob") }.message == "Job not found")
    let done = try desk.submit(.idea(), by: "ada").id
    _ = desk.waitForStart(of: done)
    _ = try desk.cancel(done, by: "ada")
    _ = desk.waitForEnd(of: done)
    desk.stop()
  }

  @Test("a job that has ended by itself cannot be cancelled")
  func cancelEnded() throws {
    let desk = try JobBench().desk("exit 0")
    let id = try desk.submit(.idea(), by: "ada").id
    _ = desk.waitForEnd(of: id)
    #expect(try refusal { _ = try desk.cancel(id, by: "bob") }.status == 409)
    desk.stop()
  }

  @Test("a job that does not end in its time is ended with everything that it started")
  func timeOut() throws {
    let bench = try JobBench()
    // Neither the program nor its child listens to the first signal.
    let desk = try bench.desk(
      "trap '' TERM; sh -c 'trap \"\" TERM; sleep 1000' & sleep 1000; sleep 1000",
      grace: .milliseconds(200))
    let id = try desk.submit(.idea(params: [.init("timeout_sec", 60)]), by: "ada").id
    _ = desk.waitForStart(of: id)
    bench.skip(.seconds(61))
    let job = try #require(desk.waitForEnd(of: id))
    #expect(job.state == .timedOut)
    #expect(job.returnCode == 128 + 9)
    #expect(job.error == "The job did not end within 60 s.")
    #expect(bench.processes.isEmpty)
    #expect(try desk.document(of: id)["state"] == "timed_out")
    desk.stop()
  }

  @Test("of a hundred megabytes of output the beginning and the end are kept")
  func largeOutput() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      """
      echo beginning
      head -c 50000000 /dev/zero | tr '\\0' x
      head -c 50000000 /dev/zero | tr '\\0' y >&2
      echo; echo '{"ok":true}'
      """)
    let job = try #require(desk.waitForEnd(of: desk.submit(.idea(), by: "ada").id))
    #expect(job.state == .completed)
    #expect(job.result == ["ok": .bool(true)])
    let log = try #require(bench.text("jobs/\(job.id)/output.log"))
    #expect(log.utf8.count < 2 << 20)
    #expect(log.contains("beginning") && log.contains("bytes are left out"))
    desk.stop()
  }

  @Test("a result that is too large for the journal is a file of the job")
  func largeResult() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      #"printf '{"long":"'; head -c 300000 /dev/zero | tr '\0' x; printf '"}'"#)
    let job = try #require(desk.waitForEnd(of: desk.submit(.idea(), by: "ada").id))
    #expect(job.result?["artifact"] == "result.json")
    #expect(job.artifacts.elements.contains { $0["name"] == "result.json" })
    desk.stop()
  }

  @Test("keys go to programs that ask a model, and into nothing that anybody reads")
  func secrets() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      """
      env > $home/$1.env
      echo "{\\"key\\":\\"$OPENAI_API_KEY\\"}" | tee stolen.json
      printf 'sk-live-' >&2; printf '0123456789abcdef\\n' >&2
      echo "{\\"progress\\":{\\"work\\":\\"$OPENAI_API_KEY\\",\\"done\\":1,\\"total\\":2,\\"unit\\":\\"x\\"}}" >&2
      exit 3
      """)
    let ids = [
      try desk.submit(.idea(), by: "ada").id, try desk.submit(.knowledge, by: "ada").id,
    ]
    for id in ids {
      let job = try #require(desk.waitForEnd(of: id))
      #expect(job.state == .failed)
      #expect(!"\(job) \(try desk.document(of: id).compactText)".contains(JobBench.key))
      #expect(bench.text("jobs/\(id)/output.log")?.contains(JobBench.key) == false)
    }
    for event in try bench.journal.events(limit: 100) {
      #expect(!event.payloadText.contains(JobBench.key))
    }
    let asking = try #require(bench.text("run-idea-agent.env"))
    #expect(asking.contains("OPENAI_API_KEY=\(JobBench.key)"))
    #expect(!asking.contains("t0ken-of-the-server") && !asking.contains("UNRELATED"))
    #expect(bench.text("build-knowledge-pack.env")?.contains("OPENAI") == false)
    desk.stop()
  }

  @Test("a job reads what an earlier one left, and nothing outside of its folder")
  func references() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      """
      test $1 = run-idea-agent || { cp idea.json $home/read.json; exit 0; }
      echo '{"idea_id":"i1","hypothesis":"A."}' > idea_out.json
      echo '{"idea_id":"i2","hypothesis":"B."}' > $home/outside.json
      ln -s $home/outside.json link.json
      mkdir inner; ln -s $home inner/out
      """)
    let id = try desk.submit(.idea(), by: "ada").id
    _ = desk.waitForEnd(of: id)
    func retrieve(_ file: String) throws -> ControlJob {
      try desk.submit(
        ["action": "build-retrieval-pack", "params": ["idea": .string("jobs/\(id)/\(file)")]],
        by: "ada")
    }
    #expect(desk.waitForEnd(of: try retrieve("idea_out.json").id)?.state == .completed)
    #expect(bench.text("read.json")?.contains("i1") == true)
    for file in ["link.json", "inner/out/outside.json", "../\(id)/idea_out.json", ".lock", "inner"]
    {
      #expect(try refusal { _ = try retrieve(file) }.status == 400, "\(file)")
    }
    desk.stop()
  }

  @Test("a job that runs tells its progress and its last lines")
  func progress() throws {
    let bench = try JobBench()
    let desk = try bench.desk(
      """
      echo '{"progress":{"work":"Simulating","done":3,"total":7,"unit":"alphas"}}' >&2
      echo hello >&2
      until test -f $home/go; do sleep 0.02; done
      """)
    let id = try desk.submit(.idea(), by: "ada").id
    var progress: JSONValue?
    while progress?["done"] == nil { progress = try desk.document(of: id)["progress"] }
    // The output of a job that runs is shown once a second.
    bench.skip(.seconds(2))
    while try desk.document(of: id)["output"]?.elements.contains("hello") != true {}
    #expect(
      progress
        == [
          "step": "idea", "step_number": 1, "steps": 1, "work": "Simulating", "done": 3,
          "total": 7, "unit": "alphas",
        ])
    bench.create("go")
    let job = try #require(desk.waitForEnd(of: id))
    #expect(job.state == .completed)
    let document = try desk.document(of: id)
    #expect(document["progress"] == .null)
    #expect(document["output"]?.elements.contains("hello") == true)
    #expect("\(document)".contains("Simulating") == false)
    desk.stop()
  }

  @Test("two desks do not carry out the jobs of one journal")
  func twoDesks() throws {
    let bench = try JobBench()
    let desk = try bench.desk("exit 0")
    #expect(throws: JournalFailure.self) {
      _ = try bench.desk("exit 0")
    }
    desk.stop()
  }
}
