import Essentials
import Foundation
import Storage
import TestKit
import Testing
import Twins

/// Several processes that act on one world at once.
@Suite("A world that several processes act on", .ownThread)
struct WorldRaceTests {
  private let home: ResearchHome
  private let folder: ScratchFolder

  init() throws {
    home = try ResearchHome.shared.get()
    folder = try ScratchFolder()
  }

  private var path: String { folder.url.appendingPathComponent("journal.sqlite").path }

  private var environment: [String: String] {
    home.environment.merging([
      "ATHANOR_JOURNAL": path, "HOME": folder.url.path, "USER": "eve",
    ]) { $1 }
  }

  private func run(_ script: String) throws -> ShellRun {
    let exports = environment.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)'" }
    return try Program.run(
      (exports + ["cd '\(folder.url.path)'", script]).joined(separator: "\n"))
  }

  /// A policy under which what was traded long ago is proof enough, so that a world lives by the clock.
  private func write(_ name: String, cycle: String = "1d", score: String = "1") throws {
    try """
    world: lab
    allow_live: true
    interval: 1s
    data_currency: {max_lag: 90000d, halt_after: 90001d, min_history: 10d}
    evaluation: {schedule: every \(cycle)}
    selection:
      gates: [trades@90000d >= 10]
      score: "\(score)"
      hysteresis: {promote_after: {windows: 2}, demote_after: {windows: 2}, min_dwell: 0s,
        cooldown: \(cycle)}
    cutover: {monitor_ticks: 1, gate_lease: 3s}
    instances:
      - {strategy: up, side: long, params: {formula: rank(returns), panel: tiny}}
      - {strategy: down, side: short, params: {formula: rank(-returns), panel: tiny}}
    """.write(to: folder.url.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  /// How one of several processes ended.
  private struct Ending {
    var code: Int
    /// What it says is wrong, empty where nothing is.
    var key: String
  }

  /// Runs commands at once and waits for all of them.
  private func together(_ commands: [String]) throws -> [Ending] {
    let script =
      commands.enumerated().map { place, command in
        "( $athanor \(command) --json >/dev/null 2>errors\(place); echo $? >code\(place) ) &"
      }.joined(separator: "\n") + "\nwait"
    let run = try run(script)
    #expect(run.exitCode == 0, "\(run.errors)")
    return try commands.indices.map { place in
      func text(_ name: String) throws -> String {
        try String(
          contentsOf: folder.url.appendingPathComponent("\(name)\(place)"), encoding: .utf8)
      }
      let code = try #require(Int(try text("code").trimmingCharacters(in: .whitespacesAndNewlines)))
      let line = try text("errors").split(separator: "\n").first { $0.hasPrefix("{") }
      let failure = try line.map { try JSONValue(parsing: String($0)) } ?? .null
      return Ending(code: code, key: failure["error"]?.text ?? "")
    }
  }

  private func events(_ kind: String) throws -> [JournalEvent] {
    try Journal.open(path: path, access: .reading)
      .events(limit: 1_000, filter: JournalFilter(kind: kind))
  }

  private func expectIntact() throws {
    #expect(try Journal.open(path: path, access: .reading).verify().findings == [])
    let proof = try run("$athanor world audit lab --prove")
    #expect(proof.exitCode == 0, "\(proof.errors)")
  }

  private func must(_ script: String) throws {
    let run = try run(script)
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  // MARK: - Policies

  @Test("of policies that are applied at once each comes into force once, and a world is made once")
  func policies() throws {
    let names = ["a.yml", "b.yml", "a.yml", "c.yml", "b.yml", "c.yml"]
    for (place, name) in ["a.yml", "b.yml", "c.yml"].enumerated() {
      try write(name, score: "\(place)")
    }
    let ends = try together(names.map { "world apply -f \($0)" })
    #expect(ends.map(\.code) == names.map { _ in 0 })
    #expect(try events("world.created").count == 1)
    #expect(try events("world.instance_submitted").count == 2)
    let published = try events("world.policy_published").compactMap(\.payload)
    #expect(published.map { $0["version"]?.whole } == Array(1...published.count))
    // The same policy twice in a row is once; each of the three came at least once.
    let prints = published.compactMap { $0["fingerprint"]?.text }
    #expect(Set(prints).count == 3)
    #expect(zip(prints, prints.dropFirst()).allSatisfy { $0 != $1 })
    // What a version differs in is told against the version before it.
    for (before, after) in zip(published, published.dropFirst()) {
      let change = after["diff"]?.elements.first { $0["path"] == "selection.score" }
      #expect(change?["before"] == before["policy"]?["selection"]?["score"])
      #expect(change?["after"] == after["policy"]?["selection"]?["score"])
    }
    try expectIntact()
  }

  // MARK: - Evaluations and cutovers

  @Test(
    "of evaluations of one instant by several processes one is made, and the others say why not")
  func evaluations() throws {
    try write("world.yml")
    try must("$athanor world apply -f world.yml >/dev/null")
    for (cycle, day) in ["01", "02", "03", "04"].enumerated() {
      let ends = try together(
        (0..<4).map { _ in "world eval lab --now 2016-09-\(day)" })
      #expect(ends.count { $0.code == 0 } == 1, "\(ends)")
      #expect(ends.filter { $0.code != 0 }.allSatisfy { $0.key == "clock_went_back" }, "\(ends)")
      #expect(try events("world.evaluated").count == cycle + 1)
    }
    // The last one let both go live: one switch, whoever made it.
    #expect(try events("cutover.planned").count == 1)
    #expect(try events("cutover.switched").count == 1)
    try expectIntact()
  }

  @Test("a cutover that several processes ask for is carried out once")
  func cutovers() throws {
    try write("world.yml")
    try must(
      """
      $athanor world apply -f world.yml >/dev/null && for day in 1 2 3 4 5; do
        $athanor world eval lab --now 2016-09-0$day >/dev/null || exit 1
      done
      """)
    #expect(try events("cutover.completed").count == 1)
    let ids = try events("world.instance_submitted").map(\.subject)
    try #require(ids.count == 2)
    // Under one name: all have its outcome.
    let same = try together(
      (0..<4).map { _ in "world demote lab \(ids[0]) --reason enough --run-id back" })
    #expect(same.allSatisfy { $0.code == 0 }, "\(same)")
    #expect(try events("cutover.planned").map { $0.payload?["run_id"] }.last == "back")
    #expect(try events("cutover.switched").count == 2)
    let planned = try #require(try events("cutover.planned").last?.payload)
    #expect(planned["actor"] == "cli:eve" && planned["reason"] == "enough")
    // Under names of their own: one does it, and the others find it done, or are told why not.
    let others = try together(
      (0..<4).map { "world demote lab \(ids[1]) --reason enough --run-id back-\($0)" })
    #expect(others.contains { $0.code == 0 }, "\(others)")
    let reasons = ["wrong_phase", "run_in_progress", "stale_plan"]
    #expect(others.filter { $0.code != 0 }.allSatisfy { reasons.contains($0.key) }, "\(others)")
    #expect(try events("cutover.switched").count == 3)
    #expect(try events("cutover.completed").count == 3)
    // The same name with another wish is another run, and refused.
    let conflict = try together(["world demote lab \(ids[1]) --reason enough --run-id back"])
    #expect(conflict.map(\.key) == ["run_conflict"])
    try expectIntact()
  }

  // MARK: - A server and the command line

  @Test("a server that keeps the schedule and the command line share a world without a loss")
  func served() throws {
    try write("world.yml", cycle: "1s")
    try must("$athanor world apply -f world.yml >/dev/null")
    let ids = try events("world.instance_submitted").map(\.subject)
    let server = try ServedProgram(["serve"], environment: environment, folder: folder.url)
    var ends: [Ending] = []
    func evaluationsByServer() throws -> Int {
      try events("world.evaluated").count { $0.payload?["actor"] == "desk" }
    }
    // The command line evaluates, and then lets the server do so while it does other things.
    for round in 1...2 {
      ends += try together(["world eval lab", "world eval lab"])
      let known = try evaluationsByServer()
      var turns = 0
      while try evaluationsByServer() == known, turns < 1_000 {
        turns += 1
        ends += try together([
          "world demote lab \(ids[turns % 2]) --reason test",
          "world \(turns % 2 == 0 ? "freeze" : "resume") lab --reason test",
        ])
        #expect(try server.ask("GET", "/worlds/lab").status == 200)
      }
      #expect(turns < 1_000, "\(round)")
    }
    #expect(try server.end().code == 0)
    // Where the command line takes long, the schedule does not wait for it; and what the command line
    // evaluated in between needs no evaluation for an earlier instant.
    let complaints = server.errors.split(separator: "\n")
    #expect(
      complaints.allSatisfy {
        $0.contains("Another process is trading for the world lab")
          || $0.contains("is not after the last one")
      }, "\(complaints)")
    let allowed = [
      "", "clock_went_back", "wrong_phase", "run_in_progress", "stale_plan", "frozen",
      "nothing_to_lift", "journal_claimed",
    ]
    let strange = ends.filter { !allowed.contains($0.key) || ($0.code == 0) != $0.key.isEmpty }
    #expect(strange.map { "\($0.code) \($0.key)" } == [])
    #expect(ends.contains { $0.code == 0 })
    // Whatever happened, each instant was judged once and in order, and each run has at most one end.
    let instants = try events("world.evaluated").compactMap { $0.payload?["at"]?.whole }
    #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 < $1 })
    for kind in ["planned", "switched", "completed"] {
      let runs = try events("cutover.\(kind)").compactMap { $0.payload?["run_id"]?.text }
      #expect(Set(runs).count == runs.count, "\(kind)")
    }
    try expectIntact()
  }
}
