import Essentials
import Foundation
import TestKit
import Testing

@Suite("Worlds at the command line", .ownThread)
struct WorldProgramTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    var lines = ["date,symbol,open,high,low,close,volume"]
    for (place, symbol) in ["AAA", "BBB", "CCC", "DDD"].enumerated() {
      for day in 0..<90 {
        let date = CalendarDate(daysSinceEpoch: Int32(17_000 + day))
        let close = 100 + (day * 7 + place * 13) % 17
        lines.append("\(date),\(symbol),\(close),\(close + 2),\(close - 2),\(close + 1),1000")
      }
    }
    try write("bars.csv", lines.joined(separator: "\n"))
    try write(
      "world.yml",
      """
      schema: world/v1
      world: lab
      allow_live: true
      interval: 1d
      data_currency: {max_lag: 1d, halt_after: 30d, min_history: 10d}
      metrics: {annualise: 252, windows: {short: 5d, mid: 20d, long: 60d}}
      selection:
        gates: [sample_days >= 10]
        score: sharpe@long
        hysteresis: {promote_after: {windows: 2}, min_dwell: 1d, cooldown: 1d}
      cutover: {monitor_ticks: 1}
      instances:
        - strategy: reversal
          side: long
          params: {formula: rank(-returns), panel: mine}
        - strategy: reversal
          side: short
          params: {formula: rank(-returns), panel: mine}

      """)
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(
      to: folder.url.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  private func run(_ script: String) throws -> ShellRun {
    try Program.run(
      "export ATHANOR_HOME='\(folder.url.path)/desk'; cd '\(folder.url.path)'\n" + script)
  }

  /// A world with two instances.
  private func prepare() throws {
    let start = try run(
      """
      $athanor data import mine --table bars.csv >/dev/null &&
        $athanor world apply -f world.yml >/dev/null
      """)
    try #require(start.exitCode == 0, "\(start.errors)")
  }

  @Test("a world is applied, led through history, explained and proven by the program")
  func whole() throws {
    try prepare()
    let replay = try run("$athanor world run lab --replay 2016-08-10 --to 2016-09-20")
    #expect(replay.exitCode == 0, "\(replay.errors)")
    #expect(replay.output.contains("promotions"))
    let proof = try run("$athanor world audit lab --prove --json")
    #expect(proof.exitCode == 0, "\(proof.errors)")
    let tally = try JSONValue(parsing: proof.output)
    #expect(tally["is_proven"] == .bool(true))
    #expect(tally["proven"] == tally["plans"] && tally["proven"] != 0)
    #expect(tally["differing"] == 0 && tally["unprovable"] == 0)
    let verified = try run("$athanor journal verify")
    #expect(verified.exitCode == 0, "\(verified.errors)")
    let actor = try run(
      "USER=eve $athanor world freeze lab --reason test >/dev/null; $athanor world audit lab")
    #expect(actor.output.contains("cli:eve"))
  }

  @Test("a replay that is killed leaves a world that is whole and can be led on")
  func killed() throws {
    try prepare()
    let killed = try run(
      """
      $athanor world run lab --replay 2016-08-10 --to 2016-10-10 >/dev/null 2>&1 &
      id=$!
      until [ "$($athanor world list --json 2>/dev/null | grep -c '"last_at": "')" = 1 ]; do :; done
      kill -9 $id
      wait $id
      $athanor journal verify >/dev/null && $athanor world audit lab --prove
      """)
    #expect(killed.exitCode == 0, "\(killed.errors)")
    let after = try run(
      "$athanor world eval lab --now 2016-10-11 --json && $athanor world get lab")
    #expect(after.exitCode == 0, "\(after.errors)")
  }

  @Test("a journal whose snapshot a foreign hand changed is not believed, and the exit code is 6")
  func tampered() throws {
    try prepare()
    let replay = try run("$athanor world run lab --replay 2016-08-10 --to 2016-08-20")
    #expect(replay.exitCode == 0, "\(replay.errors)")
    let change = try ShellRun(
      "python3", "-c",
      """
      import sqlite3
      c = sqlite3.connect("\(folder.url.path)/desk/journal.sqlite")
      c.execute("UPDATE event SET payload = replace(payload, 'reversal.long', 'reversal.lung') "
                "WHERE kind = 'world.evaluated'")
      c.commit()
      """)
    #expect(change.exitCode == 0, "\(change.errors)")
    let verdict = try run("$athanor world audit lab --prove")
    #expect(verdict.exitCode == 6, "\(verdict.output) \(verdict.errors)")
  }
}
