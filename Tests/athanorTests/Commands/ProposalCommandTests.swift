import Essentials
import Foundation
import Research
import TestKit
import Testing

@testable import athanor

@Suite("Single steps of research at the command line")
struct ProposalCommandTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
  }

  private func path(_ name: String) -> String { scratch.url.appendingPathComponent(name).path }

  private func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: scratch.url.appendingPathComponent(name))
    return path(name)
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }

  /// Runs a command before the tiny store and this test's journal.
  private func run(_ arguments: [String], isTerminal: Bool = false) async throws
    -> (Int32, Rehearsal)
  {
    let rehearsal = try TinyMarket.shared.get().rehearse(
      isTerminal: isTerminal, journal: path("j.sqlite"))
    return (await rehearsal.serveAside(arguments), rehearsal)
  }

  private func kinds() async throws -> [String] {
    let (code, rehearsal) = try await run(["journal", "tail", "--json"])
    guard code == 0, case .array(let events) = try JSONValue(parsing: rehearsal.output) else {
      return []
    }
    return events.compactMap { event in
      if case .string(let kind)? = event["kind"] { kind } else { nil }
    }
  }

  private static let notes = #"{"category": "pv", "overview": "Stocks that fell come back."}"#

  /// An idea, its pack and the knowledge pack of the tiny panel.
  private func prepare() async throws -> [String] {
    let notes = try write("notes.json", Self.notes)
    for arguments in [
      ["run-idea-agent", "--input", notes, "-o", path("idea.json")],
      [
        "build-retrieval-pack", "--idea", path("idea.json"), "-p", "tiny", "-o", path("pack.json"),
        "--no-journal",
      ],
      ["build-knowledge-pack", "-p", "tiny", "-o", path("index")],
    ] {
      let (code, rehearsal) = try await run(arguments)
      try #require(code == 0, "\(rehearsal.errors)")
    }
    return [
      "--idea", path("idea.json"), "--retrieval-pack", path("pack.json"), "--knowledge-pack-dir",
      path("index"),
    ]
  }

  @Test("notes become an idea, and the answer is one line of JSON without --json too")
  func idea() async throws {
    let notes = try write("notes.json", Self.notes)
    let (code, rehearsal) = try await run(
      ["run-idea-agent", "--input", notes, "-o", path("deep/idea.json"), "--run-id", "r1"])
    #expect(code == 0, "\(rehearsal.errors)")
    #expect(rehearsal.output.split(separator: "\n").count == 1)
    let answer = try JSONValue(parsing: rehearsal.output)
    #expect(answer["ok"] == .bool(true) && answer["run_id"] == "r1")
    #expect(answer["llm_provider"] == "mock")
    let idea = try IdeaSpec(
      text: String(contentsOfFile: path("deep/idea.json"), encoding: .utf8), document: "idea")
    #expect(answer["idea_id"] == .string(idea.ideaID))
    let kinds = try await kinds()
    #expect(kinds.first == "agent.idea_started" && kinds.last == "agent.idea_generated")
    #expect(kinds.contains("budget.check_passed") && kinds.contains("llm.usage_point"))
  }

  @Test("S3: a tight budget ends with 2, the object that programs know, and no file")
  func blocked() async throws {
    let inputs = try await prepare()
    let budget = try write("budget.json", #"{"max_prompt_tokens": 50}"#)
    let (code, rehearsal) = try await run(
      ["run-alpha-maker", "-o", path("candidate.json"), "--llm-budget-config", budget] + inputs)
    #expect(code == 2 && rehearsal.output == "")
    let failure = try JSONValue(parsing: rehearsal.errors)
    #expect(failure["error"] == "budget_blocked")
    #expect(
      failure["message"] == "alpha generation blocked by budget policy: request_prompt")
    #expect(!exists("candidate.json"))
    let kinds = try await kinds()
    #expect(kinds.suffix(3).prefix(2) == ["budget.check_failed", "budget.blocked"])
  }

  @Test("S9: a provider without its key is a refusal with the documented words")
  func keyless() async throws {
    let notes = try write("notes.json", Self.notes)
    let (code, rehearsal) = try await run([
      "run-idea-agent", "--input", notes, "-o", path("idea.json"), "--llm-provider", "openai",
    ])
    #expect(code == 2)
    let failure = try JSONValue(parsing: rehearsal.errors)
    #expect(failure["error"] == "openai_provider_error")
    #expect(failure["message"] == "OPENAI_API_KEY is not set")
    #expect(!exists("idea.json"))
  }

  @Test("a person at a terminal reads failures as text")
  func person() async throws {
    let (code, rehearsal) = try await run(
      ["run-idea-agent", "--input", path("nowhere.json")], isTerminal: true)
    #expect(code == 4)
    #expect(rehearsal.errors.hasPrefix("error: "))
    let (_, program) = try await run(["run-idea-agent", "--input", path("nowhere.json")])
    #expect(try JSONValue(parsing: program.errors)["exit"] == 4)
  }

  @Test("S6: a knowledge pack that is missing is named with its remedy")
  func missingKnowledge() async throws {
    let inputs = try await prepare()
    let (code, rehearsal) = try await run(
      ["run-alpha-maker", "-o", path("c.json")] + inputs.dropLast() + [path("empty")])
    #expect(code == 4)
    #expect(rehearsal.errors.contains("operator_signature_pack.json"))
    #expect(rehearsal.errors.contains("build-knowledge-pack"))
  }

  @Test("W35: a place that takes no file is found before a model is asked")
  func unwritable() async throws {
    let notes = try write("notes.json", Self.notes)
    let (code, rehearsal) = try await run(["run-idea-agent", "--input", notes, "-o", "/dev/null/x"])
    #expect(code == 4)
    #expect(rehearsal.errors.contains("unwritable_file"))
    #expect(try await kinds().isEmpty)
    let (folder, _) = try await run(["run-idea-agent", "--input", notes, "-o", scratch.url.path])
    #expect(folder == 4)
  }

  @Test("a formula that cannot be mended ends with 2 and an empty list, a good one with 0")
  func loop() async throws {
    let inputs = try await prepare()
    let answer = try write(
      "answer.txt",
      """
      {"idea_id": "x", "simulation_settings": {"settings": {}, "regular": "5"}}
      """)
    let common =
      ["run-validation-loop", "-p", "tiny", "--skip-simulation", "-o", path("out.json")] + inputs
    let (code, rehearsal) = try await run(common + ["--raw-output", answer])
    #expect(code == 2)
    let report = try JSONValue(parsing: rehearsal.output)
    #expect(report["validation_passed"] == .bool(false))
    #expect(report["llm_provider"] == .null)
    #expect(try JSONValue(parsing: rehearsal.errors)["error"] == "validation_failed")
    #expect(
      try JSONValue(parsing: String(contentsOfFile: path("out.json"), encoding: .utf8))
        == .array([]))
    let (good, passed) = try await run(common + ["--report-output", path("deep/report.json")])
    #expect(good == 0, "\(passed.errors)")
    #expect(
      try JSONValue(
        parsing: String(contentsOfFile: path("deep/report.json"), encoding: .utf8))
        == JSONValue(parsing: passed.output))
  }

  @Test("contradictions of the command line are refused before anything is done")
  func contradictions() async throws {
    let inputs = try await prepare()
    let before = try await kinds().count
    let (contrary, rehearsal) = try await run(
      [
        "run-validation-loop", "-p", "tiny", "--stop-on-repeated-error",
        "--no-stop-on-repeated-error",
      ] + inputs)
    #expect(contrary == 4 && rehearsal.errors.contains("contrary_flags"))
    let (metadata, _) = try await run(
      ["run-validation-loop", "--meta-dir", scratch.url.path, "-o", path("o.json")] + inputs)
    #expect(metadata == 4)
    let list = try write("list.json", #"{"idea_id": "i", "simulation_settings": {"settings": {}}}"#)
    let (unrecorded, second) = try await run([
      "simulate-candidates", "--input", list, "--brain", "--no-journal", "-o", path("r.json"),
    ])
    #expect(unrecorded == 4, "\(second.errors)")
    #expect(try await kinds().count == before)
  }

  @Test("an empty list is a mistake with its reason, for candidates and for results")
  func empty() async throws {
    let list = try write("list.json", "[]")
    for command in ["simulate-candidates", "evaluate-results"] {
      let (code, rehearsal) = try await run([command, "--input", list, "-o", path("o.json")])
      #expect(code == 4)
      #expect(rehearsal.errors.contains("is empty"))
      #expect(!exists("o.json"))
    }
  }

  @Test("results in percent are refused with a hint, and judged where the policy says so")
  func percent() async throws {
    let results = try write(
      "results.json",
      """
      [{"idea_id": "i", "alpha_id": "a7", "summary_metrics":
        {"sharpe": 1.32, "fitness": 1.05, "turnover": 25.1}}]
      """)
    let (code, rehearsal) = try await run(
      ["evaluate-results", "--input", results, "-o", path("cards.json"), "--no-journal"])
    #expect(code == 4 && rehearsal.errors.contains("turnover_unit"))
    let policy = try write("judging.json", #"{"turnover_unit": "percent"}"#)
    let (good, second) = try await run([
      "evaluate-results", "--input", results, "-o", path("cards.json"), "--judging", policy,
      "--no-journal",
    ])
    #expect(good == 0, "\(second.errors)")
    #expect(try JSONValue(parsing: second.output)["passed"] == 1)
    #expect(try await kinds().isEmpty)
  }
}
