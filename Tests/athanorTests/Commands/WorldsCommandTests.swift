import Essentials
import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor world")
struct WorldsCommandTests {
  private let scratch: ScratchFolder
  private let market: TinyMarket

  init() throws {
    scratch = try ScratchFolder()
    market = try TinyMarket.shared.get()
  }

  private var journal: String { scratch.url.appendingPathComponent("journal.sqlite").path }

  /// A policy under which everybody goes live who has traded on paper for two cycles.
  private static let policy = """
    schema: world/v1
    world: lab
    allow_live: true
    interval: 1d
    data_currency: {max_lag: 1d, halt_after: 30d, min_history: 10d}
    metrics: {annualise: 252, windows: {short: 5d, mid: 20d, long: 60d}}
    selection:
      gates: [sample_days >= 10]
      score: sharpe@long
      topk: {total: 2, by_side: {long: 1, short: 1}}
      hysteresis: {promote_after: {windows: 2}, min_dwell: 1d, cooldown: 1d}
    cutover: {monitor_ticks: 1}
    instances:
      - {strategy: reversal, side: long, params: {formula: rank(-returns), panel: tiny}}
      - {strategy: trend, side: short, params: {formula: "ts_delta(close, 5)", panel: tiny, decay: 2}}

    """

  private func file(_ text: String, _ name: String = "world.yml") throws -> String {
    let url = scratch.url.appendingPathComponent(name)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }

  @discardableResult
  private func serve(
    _ arguments: [String], on rehearsal: Rehearsal
  ) -> Int32 {
    FrontDoor(root: .athanor, surroundings: rehearsal.surroundings).serve(["world"] + arguments)
  }

  private func rehearse(width: Int? = nil, isTerminal: Bool = false) -> Rehearsal {
    market.rehearse(width: width, isTerminal: isTerminal, journal: journal)
  }

  /// Runs a command that must succeed, and returns what it said.
  @discardableResult
  private func said(_ arguments: String..., width: Int? = nil) throws -> String {
    let rehearsal = rehearse(width: width, isTerminal: width != nil)
    let code = serve(arguments, on: rehearsal)
    try #require(code == 0, "\(arguments): \(rehearsal.errors)")
    return rehearsal.output
  }

  private func document(_ arguments: String...) throws -> JSONValue {
    let rehearsal = rehearse()
    let code = serve(arguments + ["--json"], on: rehearsal)
    try #require(code == 0, "\(arguments): \(rehearsal.errors)")
    return try JSONValue(parsing: rehearsal.output)
  }

  /// A command that must not succeed.
  private func refused(_ arguments: String...) -> (code: Int32, errors: String) {
    let rehearsal = rehearse()
    let code = serve(arguments, on: rehearsal)
    return (code, rehearsal.errors)
  }

  private func prepare() throws {
    try said("apply", "-f", try file(Self.policy))
  }

  private func instances() throws -> [String] {
    guard case .array(let items)? = try document("get", "lab")["instances"] else { return [] }
    return items.compactMap { if case .string(let id)? = $0["id"] { id } else { nil } }
  }

  // MARK: - Policies

  @Test("a policy with mistakes is shown like a compiler does, exits with 4 and records nothing")
  func validate() throws {
    let path = try file(Self.policy.replacing("sharpe@long", with: "sharp@long"))
    let rehearsal = rehearse()
    #expect(serve(["validate", path], on: rehearsal) == 4)
    #expect(rehearsal.output.contains("world.yml:9:"))
    #expect(rehearsal.output.contains("^"))
    #expect(rehearsal.errors.contains("[invalid_policy]"))
    let wrong = refused("apply", "-f", path)
    #expect(wrong.code == 4)
    #expect(!FileManager.default.fileExists(atPath: journal))

    let good = try document("validate", try file(Self.policy))
    #expect(good["valid"] == .bool(true) && good["world"] == "lab")
    let schema = try JSONValue(parsing: try said("validate", "--schema"))
    #expect(schema["$schema"] != nil)
    #expect(refused("validate").code == 4)
  }

  @Test("a policy creates its world once, shows what a later one changes, and can be taken back")
  func apply() throws {
    let path = try file(Self.policy)
    let dry = try said("apply", "-f", path, "--dry-run")
    #expect(dry.contains("would be created"))
    let first = try document("apply", "-f", path)
    #expect(first["created"] == .bool(true) && first["version"] == 1)
    guard case .array(let entered)? = first["submitted"] else {
      Issue.record("no list of instances")
      return
    }
    #expect(entered.count == 2)
    let again = try document("apply", "-f", path)
    #expect(again["changed"] == .bool(false) && again["submitted"] == .array([]))

    let other = try file(Self.policy.replacing("total: 2", with: "total: 1"))
    let second = try said("apply", "-f", other, "--reason", "one is enough", width: 60)
    #expect(second.contains("~ selection.topk.total: 2 -> 1"))
    #expect(second.contains("Version 2"))
    #expect(try said("rollback", "lab", "--to", "1").contains("version 3"))
    #expect(refused("rollback", "lab", "--to", "9").code == 2)
    #expect(try said("list").contains("lab"))
  }

  @Test("a declared formula that may not run is refused before anything is recorded")
  func formulas() throws {
    let path = try file(Self.policy.replacing("rank(-returns)", with: "rnak(-returns)"))
    let wrong = refused("apply", "-f", path)
    #expect(wrong.code == 2)
    #expect(wrong.errors.contains("rank"))
    #expect(!FileManager.default.fileExists(atPath: journal))
  }

  // MARK: - Instances

  @Test("a formula enters once, whatever it is written like, and no other side of it is the same")
  func submit() throws {
    try prepare()
    let first = try document(
      "submit", "lab", "--formula", "rank( volume )", "--side", "long", "--panel", "tiny",
      "--strategy", "size")
    guard case .string(let id)? = first["instance"] else {
      Issue.record("no id")
      return
    }
    #expect(id.hasPrefix("size.long.") && first["changed"] == .bool(true))
    let same = try document(
      "submit", "lab", "--formula", "rank(volume)", "--side", "long", "--panel", "tiny",
      "--strategy", "size")
    #expect(same["instance"] == .string(id) && same["changed"] == .bool(false))
    let other = try document(
      "submit", "lab", "--formula", "rank(volume)", "--side", "short", "--panel", "tiny",
      "--strategy", "size")
    #expect(other["instance"] != .string(id))
    #expect(try instances().count == 4)

    #expect(refused("submit", "lab", "--side", "long").code == 4)
    #expect(refused("submit", "lab", "--alpha", "nobody", "--side", "long").code == 4)
    #expect(
      refused("submit", "lab", "--formula", "rnak(volume)", "--side", "long", "--panel", "tiny")
        .code == 2)
    #expect(
      refused("submit", "nowhere", "--formula", "volume", "--side", "long", "--panel", "tiny")
        .code == 2)
  }

  // MARK: - Evaluations

  @Test("a replay promotes, is explained, is proven, and stands in the tree")
  func replay() throws {
    try prepare()
    let run = try document("run", "lab", "--replay", "2016-08-10", "--to", "2016-09-30")
    guard case .array(let moves)? = run["moves"] else {
      Issue.record("no moves")
      return
    }
    #expect(moves.contains { $0["to"] == "live" })
    let risen = moves.compactMap { move -> String? in
      if case .string(let id)? = move["instance"], move["to"] == "live" { id } else { nil }
    }
    let live = try #require(risen.first)

    let tree = try said("get", "lab", width: 50)
    #expect(tree.contains("live: ") && tree.contains("gate "))
    #expect(tree.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 50 })
    let explained = try said("explain", "lab", live, width: 40)
    #expect(explained.contains("├─ ") || explained.contains("└─ "))
    #expect(explained.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 40 })
    #expect(try said("explain", "lab", live, "--cycle", "3", "--lang", "ko").contains("사이클"))
    #expect(refused("explain", "lab", live, "--cycle", "9999").code == 4)
    #expect(refused("explain", "lab", "nobody").code == 2)

    let proof = try document("audit", "lab", "--prove")
    #expect(proof["is_proven"] == .bool(true) && proof["proven"] == proof["plans"])
    #expect(try said("audit", "lab", "--limit", "3").contains("There is more"))
    let switches = try document("audit", "lab", "--kind", "cutover.switched", "--limit", "1")
    #expect(switches["events"]?.compactText.contains(#""kind":"cutover.switched""#) == true)
    #expect(try said("wait", "lab", live, "--for", "live").contains(live))
    #expect(try said("graph", "lab").contains("saved"))
    #expect(try said("activation", "show", "lab").contains("open"))

    // What was lived through cannot be lived through again, except in a copy.
    #expect(refused("run", "lab", "--replay", "2016-08-10", "--to", "2016-08-20").code == 2)
    let copy = scratch.url.appendingPathComponent("copy.sqlite").path
    try said(
      "run", "lab", "--replay", "2016-08-10", "--to", "2016-08-20", "--scratch", copy)

    // People close and demote at once.
    let closed = try said(
      "activation", "set", "lab", "--instance", live, "--side",
      live.contains(".long.") ? "long" : "short", "--active", "false")
    #expect(closed.contains("closed"))
    try said("demote", "lab", live, "--reason", "test")
    #expect(try said("get", "lab").contains("inactive: 1"))
    #expect(refused("promote", "lab", live, "--reason", "test").code == 2)
  }

  @Test("an evaluation at an instant of the data judges, one before it is refused")
  func eval() throws {
    try prepare()
    let first = try document("eval", "lab", "--now", "2016-09-20")
    #expect(first["cycle"] == 1)
    #expect(first["plan"]?["currency"]?["standing"] == "CURRENT")
    let back = refused("eval", "lab", "--now", "2016-09-19")
    #expect(back.code == 2 && back.errors.contains("[clock_went_back]"))
    let text = try said("eval", "lab", "--now", "2016-09-21T12:00:00Z", width: 60)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("not shown") }
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 60 })
    // The clock of the machine is months behind the data, which is stale by then.
    #expect(try document("eval", "lab")["plan"]?["currency"]?["standing"] == "STALE")
    #expect(refused("eval", "nowhere").code == 2)
    #expect(refused("eval", "lab", "--now", "yesterday").code == 4)
  }

  @Test("what came is traded once, without anybody moving, and only where somebody trades")
  func advance() throws {
    try prepare()
    let idle = try said("advance", "lab", "--to", "2016-09-01", width: 60)
    #expect(idle.contains("No row of prices came"))
    for day in ["2016-09-01", "2016-09-02", "2016-09-03"] { try said("eval", "lab", "--now", day) }
    let before = try document("get", "lab")
    #expect(before["counts"]?["dryrun"] == 2)

    let first = try document("advance", "lab", "--to", "2016-09-20")
    let traded = try #require(first["traded"])
    #expect(first["world"] == "lab")
    // Nothing that is complete at the instant is left, and nothing later is touched.
    guard case .integer(let rows)? = traded["rows"], case .string(let last)? = traded["through"]
    else {
      Issue.record("no progress: \(traded.compactText)")
      return
    }
    #expect((8...18).contains(rows), "\(rows)")
    #expect(("2016-09-17"..."2016-09-20").contains(last), "\(last)")
    #expect(traded["paper_fills"] != 0 && traded["live_fills"] == 0)
    // The same rows again, or some of them, are nothing new.
    for day in ["2016-09-20", "2016-09-10"] {
      #expect(try document("advance", "lab", "--to", day)["traded"]?["rows"] == 0)
    }
    let text = try said("advance", "lab", "--to", "2016-09-22", width: 60)
    #expect(text.hasPrefix("Traded ") && text.contains(" with money"))
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 60 })

    let after = try document("get", "lab")
    #expect(after["cycle"] == before["cycle"] && after["counts"] == before["counts"])
    #expect(after["traded_through"] != .null)
    #expect(refused("advance", "nowhere").code == 2)
    #expect(refused("advance", "lab", "--to", "yesterday").code == 4)
  }

  // MARK: - People

  @Test("what people stop stays stopped until they resume it")
  func stops() throws {
    try prepare()
    try said("freeze", "lab", "--reason", "test")
    #expect(try said("get", "lab").contains("frozen"))
    try said("resume", "lab", "--reason", "test")
    try said("pause", "lab", "--reason", "test")
    #expect(refused("eval", "lab", "--now", "2016-09-20").code == 2)
    try said("resume", "lab", "--reason", "test")
    #expect(refused("resume", "lab", "--reason", "test").code == 2)
    #expect(try said("reset-breaker", "lab").contains("Nothing changed"))
    #expect(refused("freeze", "lab").code == 4, "a reason is asked for")
    try said("delete", "lab", "--reason", "test")
    #expect(refused("freeze", "lab", "--reason", "test").code == 2)
    #expect(try said("audit", "lab").contains("deleted"))
    #expect(!(try said("list")).contains("lab"))
    #expect(try said("list", "--all").contains("deleted"))
  }

  @Test("waiting ends with 5 when time runs out, and at once where there is nothing to wait for")
  func wait() throws {
    try prepare()
    let known = try instances()
    let id = try #require(known.first)
    let rehearsal = market.rehearse(journal: journal)
    var surroundings = rehearsal.surroundings
    surroundings.pause = { _ in rehearsal.pass(.seconds(1)) }
    let code = FrontDoor(root: .athanor, surroundings: surroundings).serve(
      ["world", "wait", "lab", id, "--for", "live", "--timeout", "5s"])
    #expect(code == 5)
    #expect(rehearsal.errors.contains("[timed_out]"))
    #expect(try said("wait", "lab", id, "--for", "submitted").contains("submitted"))
    #expect(refused("wait", "lab", "nobody", "--for", "live").code == 2)
  }

  @Test("a promotion that a person must let happen exits with 3 and says who may")
  func approval() throws {
    try said(
      "apply", "-f",
      try file(
        Self.policy.replacing(
          "  score:", with: "  approval: {to_live: manual, approvers: [\"cli:chief\"]}\n  score:")))
    try said("run", "lab", "--replay", "2016-08-10", "--to", "2016-09-30")
    let known = try instances()
    let id = try #require(known.first)
    let refusal = refused("promote", "lab", id, "--reason", "test")
    #expect(refusal.code == 3)
    #expect(refusal.errors.contains("cli:chief"))
    #expect(refused("approve", "lab", id).code == 2)
  }

  @Test("watching shows the tree, then each event as a line, until nobody reads")
  func watch() throws {
    try prepare()
    let journal = journal
    let rehearsal = Rehearsal(
      closesAfter: 2,
      environment: ["ATHANOR_HOME": market.folder.url.path, "ATHANOR_JOURNAL": journal],
      pausing: { _ in
        let other = Rehearsal(environment: ["ATHANOR_JOURNAL": journal, "USER": "eve"])
        _ = FrontDoor(root: .athanor, surroundings: other.surroundings).serve(
          ["world", "freeze", "lab", "--reason", "test"])
        _ = FrontDoor(root: .athanor, surroundings: other.surroundings).serve(
          ["world", "resume", "lab", "--reason", "test"])
      })
    #expect(serve(["get", "lab", "--watch"], on: rehearsal) == 0)
    #expect(rehearsal.output.contains("lab: "))
    #expect(rehearsal.output.contains("cli:eve"))
  }

  @Test("without a journal questions say so, and make nothing")
  func noJournal() throws {
    for arguments in [["list"], ["get", "lab"], ["audit", "lab"], ["explain", "lab", "x"]] {
      let rehearsal = rehearse()
      #expect(serve(arguments, on: rehearsal) == 4)
      #expect(rehearsal.errors.contains("[no_journal]"))
    }
    #expect(!FileManager.default.fileExists(atPath: journal))
  }
}
