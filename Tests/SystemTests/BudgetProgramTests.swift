import Essentials
import Foundation
import TestKit
import Testing

@Suite("The budget at the command line", .ownThread)
struct BudgetProgramTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func file(_ name: String, _ text: String = "") throws -> String {
    let url = folder.url.appendingPathComponent(name)
    if !text.isEmpty { try Data(text.utf8).write(to: url) }
    return url.path
  }

  private func whole(_ json: JSONValue, _ name: String) -> Int? {
    if case .integer(let number)? = json[name] { number } else { nil }
  }

  @Test("processes that are killed with kill -9 on the way overspend nothing")
  func killed() throws {
    let journal = try file("race.sqlite")
    let run = try Program.run(
      "$athanor budget race --journal \(journal) --reservations 600 --threads 16 --crashes --json")
    #expect(run.exitCode == 0, "\(run.errors)")
    let answer = try JSONValue(parsing: run.output)
    #expect(whole(answer, "over_spend_tokens") == 0)
    #expect(whole(answer, "over_spend_usd") == 0)
    #expect(try #require(whole(answer, "attempted")) >= 600)
    #expect(try #require(whole(answer, "process_lives")) > 2)
    #expect(try #require(whole(answer, "outcome_unknown")) > 0)
    #expect(answer["replay_exact"] == .bool(true))

    let audit = try Program.run("$athanor budget audit --journal \(journal)")
    #expect(audit.exitCode == 0, "\(audit.errors)")
    #expect(audit.output.contains("say the same"))
    let verified = try Program.run("$athanor journal verify --journal \(journal)")
    #expect(verified.exitCode == 0, "\(verified.errors)")
    let shown = try Program.run("$athanor budget show --journal \(journal) --run run-0 --json")
    #expect(shown.exitCode == 0, "\(shown.errors)")
    #expect(shown.output.contains(#""scope": "run:run-0""#))
    let missing = try Program.run("$athanor budget show --journal \(journal) --run nobody")
    #expect(missing.exitCode == 4 && missing.errors.contains("no_such_budget"))
  }

  @Test("a table of the budget that a foreign hand changed is found, and the exit code is 6")
  func tampered() throws {
    let journal = try file("race.sqlite")
    let race = try Program.run(
      "$athanor budget race --journal \(journal) --reservations 40 --threads 4")
    #expect(race.exitCode == 0, "\(race.errors)")
    let change = try ShellRun(
      "python3", "-c",
      """
      import sqlite3
      c = sqlite3.connect("\(journal)")
      c.execute("UPDATE budget_index_account SET exploit_spent_tokens = 0 WHERE kind = 'week'")
      c.commit()
      """)
    #expect(change.exitCode == 0, "\(change.errors)")
    let audit = try Program.run("$athanor budget audit --journal \(journal) --json")
    #expect(audit.exitCode == 6)
    #expect(audit.errors.contains(#""error":"budget_violated""#))
    #expect(audit.output.contains("week:2026-W01"))
  }

  @Test("a budget that can be used is explained, one that cannot exits with 4 and names every key")
  func checking() throws {
    let good = try Program.run(
      "$athanor budget check --budget \(checkoutFolder.path)/configs/llm_budget.json --json")
    #expect(good.exitCode == 0, "\(good.errors)")
    let answer = try JSONValue(parsing: good.output)
    #expect(answer["configuration"]?["max_prompt_tokens"] == 12_000)
    #expect(answer["prices"]?["date"] == "2026-11")
    let bad = try file("bad.json", #"{"max_promt_tokens": 1, "max_tokens_per_day": -5}"#)
    let run = try Program.run("$athanor budget check --budget \(bad) --json")
    #expect(run.exitCode == 4 && run.output == "")
    let failure = try run.complaint
    #expect(failure["error"] == "bad_budget_configuration")
    #expect(run.errors.contains("max_promt_tokens") && run.errors.contains("max_tokens_per_day"))
  }

  @Test("a rank file that the budget names is read, and its models are counted exactly")
  func rankFiles() throws {
    let lines = (0...255).map { "\(Data([UInt8($0)]).base64EncodedString()) \($0)" }
    _ = try file("bytes.tiktoken", lines.joined(separator: "\n"))
    let budget = try file(
      "budget.json",
      """
      {"rank_files": [
        {"models": ["gpt-5"], "path": "bytes.tiktoken", "encoding": "o200k_base"}]}
      """)
    let run = try Program.run("$athanor budget check --budget \(budget)")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("begin with gpt-5"))
    _ = try file("bytes.tiktoken", "nonsense")
    let broken = try Program.run("$athanor budget check --budget \(budget)")
    #expect(broken.exitCode == 4 && broken.errors.contains("bad_rank_file"))
  }

  @Test("a journal that holds another budget is not raced on")
  func foreign() throws {
    let run = try Program.run("$athanor budget race --journal /proc/nowhere/j.sqlite")
    #expect(run.exitCode != 0 && run.output == "")
  }
}
