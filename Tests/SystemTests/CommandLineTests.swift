import Foundation
import TestKit
import Testing

/// What only a process can show: streams, signals, and two programs at once.
@Suite("Commands of the program", .ownThread)
struct CommandLineTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
    var lines = ["date,symbol,open,high,low,close,volume"]
    for symbol in ["AAA", "BBB", "CCC"] {
      for day in 1...28 {
        for month in 1...3 {
          let date = "2020-0\(month)-" + (day < 10 ? "0\(day)" : "\(day)")
          let close = 100 + (day * 7 + month * 13 + symbol.utf8.reduce(0) { $0 + Int($1) }) % 17
          lines.append("\(date),\(symbol),\(close),\(close + 2),\(close - 2),\(close + 1),1000")
        }
      }
    }
    try lines.joined(separator: "\n").write(
      to: scratch.url.appendingPathComponent("bars.csv"), atomically: true, encoding: .utf8)
  }

  private func run(_ script: String) throws -> ShellRun {
    try Program.run(
      "export ATHANOR_HOME='\(scratch.url.path)/home'; cd '\(scratch.url.path)'\n"
        + script)
  }

  private static let importing = "$athanor data import mine --table bars.csv --order sort"

  @Test("a panel is imported, simulated from standard input, and a closed pipe ends it quietly")
  func pipes() throws {
    let run = try run(
      """
      \(Self.importing) >/dev/null || exit 9
      printf 'a: close\\nb: -returns\\n' | $athanor simulate -p mine | head -1 || exit 8
      echo "${PIPESTATUS[1]}"
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("panel     mine"))
    #expect(run.output.hasSuffix("\n0\n"))
    #expect(run.errors == "")
  }

  @Test("two imports at once both end well, and the panel is whole")
  func together() throws {
    let run = try run(
      """
      \(Self.importing) --replace >/dev/null & one=$!
      \(Self.importing) --replace >/dev/null & two=$!
      wait $one; echo $?; wait $two; echo $?
      $athanor data check mine >/dev/null; echo $?
      ls -A home/panels/mine | grep -c '^data-'
      """)
    #expect(run.output == "0\n0\n0\n1\n", "\(run.errors)")
  }

  @Test("an import that is killed leaves no panel, and the next one is not disturbed")
  func interrupted() throws {
    let run = try run(
      """
      mkfifo slow.csv
      $athanor data import mine --table slow.csv 2>/dev/null & job=$!
      exec 3>slow.csv; head -20 bars.csv >&3
      kill -9 $job; wait $job 2>/dev/null
      exec 3>&-
      $athanor data list | grep -c 'no panel yet'
      \(Self.importing) >/dev/null; echo $?
      ls -A home/panels/mine | grep -c '^.partial' || true
      """)
    #expect(run.output == "1\n0\n0\n", "\(run.errors)")
  }

  @Test("a store that cannot be written is a failure of the system, with its path")
  func notWritable() throws {
    let run = try run(
      "touch file; $athanor data import mine --table bars.csv --order sort --store file/panels")
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("file/panels/mine"))
    #expect(run.output == "")
  }
}
