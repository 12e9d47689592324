import Essentials
import Foundation
import Research
import TestKit
import Testing

@testable import athanor

@Suite("athanor estimate-prompt-cost")
struct EstimatePromptCostCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    var pack = RetrievalPack(ideaID: "idea-1", query: "earnings surprise drift of analysts")
    pack.selectedSubcategories = ["analyst", "news"]
    pack.datasets = [
      .init(id: "d0", name: "Estimates", subcategoryID: "analyst", lane: .exploit, score: 1),
      .init(id: "d1", name: "Headlines", subcategoryID: "news", lane: .explore, score: 0.5),
    ]
    pack.fields = (0..<60).map {
      .init(
        id: "estimate_\($0)", datasetID: "d0", type: "MATRIX", lane: .exploit, score: 0.5,
        meaning: "Mean estimate of earnings per share, horizon \($0) quarters")
    }
    pack.fields += (0..<12).map {
      .init(
        id: "headline_\($0)", datasetID: "d1", type: "VECTOR", lane: .explore, score: 0.5,
        meaning: "Number of headlines of kind \($0)")
    }
    pack.operators = (0..<60).map {
      .init(
        name: "op_\($0)", definition: "op_\($0)(x, d)", scope: ["REGULAR"], category: "Group",
        lane: $0 < 48 ? .exploit : .explore, score: 0.5)
    }
    try write(pack.json, "pack.json")
  }

  private func path(_ name: String) -> String { folder.url.appendingPathComponent(name).path }

  private func write(_ json: JSONValue, _ name: String) throws {
    try Data(json.compactText.utf8).write(to: folder.url.appendingPathComponent(name))
  }

  private func estimate(_ arguments: String...) -> (code: Int32, Rehearsal) {
    let rehearsal = Rehearsal(width: 80)
    let code = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings).serve(
      ["estimate-prompt-cost", "--retrieval-pack", path("pack.json")] + arguments)
    return (code, rehearsal)
  }

  @Test("S2: nothing need be cut, and the keys are those that programs know")
  func usual() throws {
    try write([:], "budget.json")
    let (code, rehearsal) = estimate(
      "--llm-budget-config", path("budget.json"), "--json", "--output", path("out.json"))
    #expect(code == 0, "\(rehearsal.errors)")
    let json = try JSONValue(parsing: rehearsal.output)
    guard case .object(let members) = json else {
      Issue.record("\(json)")
      return
    }
    let known = [
      "ok", "run_id", "idea_id", "prompt_tokens_rough", "completion_tokens_budget",
      "projected_batch_tokens", "projected_day_tokens", "selected_topk", "lane_ratio",
      "coverage_kpi", "novelty_kpi", "fallback_count", "budget_exceeded", "fallback_steps",
    ]
    #expect(Array(members.map(\.name).prefix(known.count)) == known)
    #expect(json["ok"] == .bool(true) && json["run_id"] == "estimate-idea-1")
    #expect(json["fallback_count"] == 0 && json["completion_tokens_budget"] == 1_600)
    #expect(
      json["selected_topk"]
        == ["subcategories": 2, "datasets": 2, "fields": 72, "operators": 60])
    let file = try String(
      contentsOf: folder.url.appendingPathComponent("out.json"), encoding: .utf8)
    #expect(try JSONValue(parsing: file) == json)
  }

  @Test("S3: a blocked prompt ends with 2 and the object that programs know")
  func blocked() throws {
    try write(["max_prompt_tokens": 300], "budget.json")
    let (code, rehearsal) = estimate("--llm-budget-config", path("budget.json"), "--json")
    #expect(code == 2)
    let failure = try JSONValue(parsing: rehearsal.errors)
    #expect(failure["error"] == "budget_blocked")
    #expect(
      failure["message"] == "alpha generation blocked by budget policy: request_prompt")
    let json = try JSONValue(parsing: rehearsal.output)
    #expect(json["ok"] == .bool(false) && json["verdict"] == "dropped")
    #expect(json["fallback_steps"] == .array([]))
    #expect(json["budget_exceeded"]?["request_prompt"] == .bool(true))
    #expect(json["budget_exceeded"]?["explore_floor"] == .bool(false))
  }

  @Test("a shortened prompt is told in tables that fit a terminal")
  func shortened() throws {
    try write(["max_prompt_tokens": 1_700], "budget.json")
    let (code, rehearsal) = estimate("--llm-budget-config", path("budget.json"))
    #expect(code == 0, "\(rehearsal.errors)")
    for text in ["instructions", "fields", "operators", "Uncut, the prompt would have"] {
      #expect(rehearsal.output.contains(text), "\(text)")
    }
    #expect(rehearsal.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("the documented search cuts much more of the same pack")
  func compat() throws {
    try write([:], "budget.json")
    let (code, rehearsal) = estimate(
      "--llm-budget-config", path("budget.json"), "--compat", "--json")
    let json = try JSONValue(parsing: rehearsal.output)
    #expect(code == 0 && json["ok"] == .bool(true))
    #expect(json["novelty_kpi"] == 1)
    guard case .integer(let tokens)? = json["prompt_tokens_rough"] else {
      Issue.record("\(json)")
      return
    }
    let (_, ours) = estimate("--llm-budget-config", path("budget.json"), "--json")
    guard case .integer(let fewer)? = try JSONValue(parsing: ours.output)["prompt_tokens_rough"]
    else {
      Issue.record("no tokens")
      return
    }
    #expect(fewer * 2 < tokens)
  }

  @Test("an idea, a run and a knowledge pack can be named, and missing files are named too")
  func named() throws {
    try write([:], "budget.json")
    try write(["idea_id": "mine", "hypothesis": "Prices revert."], "idea.json")
    let (code, rehearsal) = estimate(
      "--llm-budget-config", path("budget.json"), "--idea", path("idea.json"), "--run-id", "r7",
      "--json")
    #expect(code == 0)
    let json = try JSONValue(parsing: rehearsal.output)
    #expect(json["idea_id"] == "mine" && json["run_id"] == "r7")
    let (missing, complaint) = estimate(
      "--llm-budget-config", path("budget.json"), "--knowledge-pack-dir", path("nowhere"))
    #expect(missing == 4)
    #expect(complaint.errors.contains("operator_signature_pack.json"))
    #expect(complaint.errors.contains("build-knowledge-pack"))
  }
}
