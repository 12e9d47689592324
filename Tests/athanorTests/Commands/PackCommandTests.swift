import Essentials
import Foundation
import Research
import TestKit
import Testing

@testable import athanor

@Suite("athanor build-retrieval-pack and build-knowledge-pack")
struct PackCommandTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
  }

  private var ideas: String {
    checkoutFolder.appendingPathComponent("Examples/Ideas/ideas.json").path
  }

  private func path(_ name: String) -> String { scratch.url.appendingPathComponent(name).path }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  private func whole(_ json: JSONValue?, _ name: String) -> Int? {
    if case .integer(let number)? = json?[name] { number } else { nil }
  }

  private func rehearse() throws -> Rehearsal { try TinyMarket.shared.get().rehearse() }

  @Test("S1: the first bundled idea gets a pack in both lanes, which the journal records")
  func retrieval() throws {
    let rehearsal = try rehearse()
    let code = rehearsal.serve(
      "build-retrieval-pack", "--idea", ideas, "--output", path("deep/pack.json"), "--journal",
      path("j.sqlite"), "--json")
    #expect(code == 0, "\(rehearsal.errors)")
    let answer = try JSONValue(parsing: rehearsal.output)
    #expect(answer["built"] == .bool(true))
    #expect(answer["idea_id"] == "short-term-reversal")
    #expect(answer["output"] == .string(path("deep/pack.json")))
    #expect(answer["remarks"] == .array([]))
    #expect(whole(answer["candidate_counts"], "operators") == 60)
    #expect(whole(answer["token_estimate"], "input_tokens_rough") ?? 0 > 1_000)
    let pack = try RetrievalPack(text: text("deep/pack.json"), document: "pack")
    #expect(pack.fields.contains { $0.lane == .explore })
    #expect(answer["candidate_counts"] == pack.candidateCounts)

    let tail = try rehearse()
    #expect(tail.serve("journal", "tail", "--journal", path("j.sqlite"), "--json") == 0)
    let events = try JSONValue(parsing: tail.output)
    guard case .array(let list) = events, let event = list.last else {
      Issue.record("nothing was recorded")
      return
    }
    #expect(event["kind"] == "retrieval.pack_built")
    #expect(event["run"] == "retrieval-short-term-reversal")
    let payload = event["payload"]
    #expect(payload?["idea_id"] == "short-term-reversal")
    #expect(payload?["candidate_counts"] == pack.candidateCounts)
    #expect(payload?["output"] == .string(path("deep/pack.json")))
    for name in [
      "query", "selected_subcategories", "token_estimate", "budget_policy", "expansion_policy",
    ] {
      #expect(payload?[name] != nil, "\(name)")
    }
  }

  @Test("every bundled idea hints only at what the bundled stocks have, and gets its own pack")
  func bundledIdeas() throws {
    let all = try IdeaFile.ideas(
      text: String(contentsOfFile: ideas, encoding: .utf8), path: "ideas.json")
    #expect(all.count == 12)
    #expect(
      all.count { $0.hypothesis.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) } }
        == 2)
    var fields: Set<[String]> = []
    for idea in all {
      let rehearsal = try rehearse()
      let code = rehearsal.serve(
        "build-retrieval-pack", "--idea", ideas, "--idea-id", idea.ideaID, "--output",
        path("\(idea.ideaID).json"), "--no-journal", "--json")
      #expect(code == 0, "\(rehearsal.errors)")
      #expect(try JSONValue(parsing: rehearsal.output)["remarks"] == .array([]), "\(idea.ideaID)")
      let pack = try RetrievalPack(text: text("\(idea.ideaID).json"), document: idea.ideaID)
      fields.insert(pack.fields.prefix(8).map(\.id))
    }
    #expect(fields.count == 12)
  }

  @Test("the same command writes the same bytes, but for how long it took")
  func deterministic() throws {
    var texts: [String] = []
    for name in ["a.json", "b.json"] {
      let rehearsal = try rehearse()
      #expect(
        rehearsal.serve(
          "build-retrieval-pack", "--idea", ideas, "--seed", "7", "-o", path(name), "--no-journal")
          == 0, "\(rehearsal.errors)")
      #expect(rehearsal.output.contains("Pack of short-term-reversal"))
      texts.append(try text(name))
    }
    #expect(texts[0] == texts[1])
  }

  @Test("what cannot be built says why, and writes nothing")
  func failures() throws {
    func fails(_ code: Int32, _ words: String, _ arguments: String...) throws {
      let rehearsal = try rehearse()
      let all =
        ["build-retrieval-pack", "--output", path("no.json"), "--no-journal"] + arguments
      #expect(
        FrontDoor(root: .athanor, surroundings: rehearsal.surroundings).serve(all) == code,
        "\(arguments)")
      #expect(rehearsal.errors.contains(words), "\(rehearsal.errors)")
      #expect(!FileManager.default.fileExists(atPath: path("no.json")))
    }
    func file(_ name: String, _ text: String) throws -> String {
      try Data(text.utf8).write(to: scratch.url.appendingPathComponent(name))
      return path(name)
    }
    try fails(4, "--idea")
    try fails(4, "does not exist", "--idea", path("nowhere.json"))
    try fails(4, "hypothesis is missing", "--idea", file("i.json", #"{"idea_id": "x"}"#))
    try fails(4, "steady-dividend-value", "--idea", ideas, "--idea-id", "steady-dividend-valu")
    try fails(4, "sync-metadata", "--idea", ideas, "--meta-dir", path("empty"))
    try fails(
      4, "explot is no known key", "--idea", ideas, "--budget-config",
      file("b.json", #"{"explot": {}}"#))
    let rehearsal = try rehearse()
    #expect(
      rehearsal.serve(
        "build-retrieval-pack", "--idea", ideas, "-o", "/dev/null/x.json", "--no-journal") == 4)
    #expect(rehearsal.errors.contains("unwritable_file"))
  }

  @Test("S10: the knowledge pack of the bundled stocks is whole and reads back")
  func knowledge() throws {
    let rehearsal = try rehearse()
    let code = rehearsal.serve("build-knowledge-pack", "--output-dir", path("index"), "--json")
    #expect(code == 0, "\(rehearsal.errors)")
    let answer = try JSONValue(parsing: rehearsal.output)
    #expect(answer["success"] == .bool(true) && answer["fallback_used"] == .bool(false))
    #expect(answer["failed_parts"] == .array([]))
    let pack = try KnowledgePack(folder: path("index"))
    #expect(whole(answer["counts"], "operators") == pack.operators.count)
    #expect(whole(answer["counts"], "visual_operators") == pack.operators.count)
    #expect(whole(answer["counts"], "examples") == pack.examples.count && pack.examples.count >= 40)
    #expect(whole(answer["counts"], "counterexamples") == pack.counterexamples.count)
    #expect(pack.counterexamples.allSatisfy { !$0.errorKey.isEmpty && !$0.fixHint.isEmpty })
    let spoken = try rehearse()
    #expect(spoken.serve("build-knowledge-pack", "-o", path("again")) == 0)
    #expect(spoken.output.contains("examples that check"))
  }

  @Test("without options of BRAIN the settings part fails by name with exit 2, the rest is written")
  func missingOptions() throws {
    let market = scratch.url.appendingPathComponent("EQUITY-EUR-D1-TOP1200/fields")
    try FileManager.default.createDirectory(at: market, withIntermediateDirectories: true)
    try Data(#"{"rows": [{"id": "pv1", "name": "PV"}]}"#.utf8).write(
      to: market.deletingLastPathComponent().appendingPathComponent("datasets.json"))
    try Data(#"{"rows": [{"id": "close", "type": "MATRIX"}]}"#.utf8).write(
      to: market.appendingPathComponent("pv1.json"))
    let arguments = [
      "build-knowledge-pack", "--meta-dir", scratch.url.path, "--region", "EUR", "--universe",
      "TOP1200", "--output-dir", path("index"), "--json",
    ]
    let rehearsal = try rehearse()
    #expect(FrontDoor(root: .athanor, surroundings: rehearsal.surroundings).serve(arguments) == 2)
    #expect(rehearsal.errors.contains("simulation_settings_allowed_pack"))
    let answer = try JSONValue(parsing: rehearsal.output)
    #expect(answer["success"] == .bool(false))
    guard case .array(let files)? = answer["generated_files"] else {
      Issue.record("no files are listed")
      return
    }
    #expect(files.count == 4)
    try Data(
      #"{"date": "20260211", "allowed": {"region": ["USA", "EUR"]}, "raw": {}}"#.utf8
    ).write(to: scratch.url.appendingPathComponent("simulations_options.json"))
    let whole = try rehearse()
    #expect(
      FrontDoor(root: .athanor, surroundings: whole.surroundings).serve(arguments) == 0,
      "\(whole.errors)")
  }
}
