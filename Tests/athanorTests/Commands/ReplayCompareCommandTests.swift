import Essentials
import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor replay compare")
struct ReplayCompareCommandTests {
  private let data = checkoutFolder.appendingPathComponent("Examples/Data/crypto-perps").path

  private func run(
    _ arguments: [String], width: Int? = 80, isEnded: Bool = false
  ) -> (code: Int32, rehearsal: Rehearsal) {
    Rehearsal.told(["replay", "compare"] + arguments, width: width, isEnded: isEnded)
  }

  private var period: [String] {
    ["--data", data, "--symbols", "BTCUSDT", "--warm-up", "2h", "--to", "2025-05-10T11:00:00Z"]
  }

  private func short(_ more: String...) -> [String] {
    period + ["--resamples", "200"] + more
  }

  @Test("a comparison fits 80 columns, names every variant and gives a verdict with its reason")
  func text() {
    let told = run(
      short(
        "--with", "entry.costs.net_min=0.002", "--with",
        "exit.time.after=5m,entry.overrides=cap,top_n"))
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    let text = told.rehearsal.output
    for part in [
      "What each came to", "Verdicts", "very same orders", "exit.time.after=5m", "result  ",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    for line in text.split(separator: "\n") where !line.hasPrefix("result") {
      #expect(DisplayWidth.of(line) <= 80, "\(line)")
    }
  }

  @Test("a program reads the same bytes twice")
  func document() throws {
    let arguments = short("--with", "entry.costs.net_min=0.002", "--json")
    let first = run(arguments, width: nil)
    let second = run(arguments + ["--threads", "2"], width: nil)
    #expect(first.code == 0 && first.rehearsal.output == second.rehearsal.output)
    let document = try first.rehearsal.object()
    #expect(document["differences_of"] as? String == "variants")
    #expect((document["variants"] as? [Any])?.count == 1)
  }

  @Test("whoever replays later counts base and variants as trials on the same data, each once")
  func trials() throws {
    let scratch = try ScratchFolder()
    let journal = ["--journal", scratch.url.appendingPathComponent("journal.db").path]
    for _ in 0..<2 {
      let told = run(short("--with", "exit.time.after=5m", "--json") + journal, width: nil)
      #expect(told.code == 0, "\(told.rehearsal.errors)")
      #expect((try told.rehearsal.object()["run"] as? String)?.hasPrefix("replay-compare-") == true)
    }
    let replayed = Rehearsal.told(
      ["replay"] + period + ["--set", "exit.time.after=9m", "--json"] + journal, width: nil)
    let trust = try replayed.rehearsal.object()["trust"] as? [String: Any]
    #expect(trust?["trials"] as? Int == 3, "\(replayed.rehearsal.errors)")
    let runs = Rehearsal.told(["journal", "runs", "--json"] + journal, width: nil)
    let listed = try JSONSerialization.jsonObject(with: Data(runs.rehearsal.output.utf8))
    let kinds = (listed as? [[String: Any]])?.last?["kinds"] as? [String: Int]
    #expect(kinds?["replay.completed"] == 2, "\(runs.rehearsal.output)")
  }

  @Test(
    "what cannot be compared is refused with exit code 4",
    arguments: [
      ([], "no_variants"), (["--rules", "--with", "exit.time.after=5"], "two_questions"),
      (["--with", "exit.time.after=0"], "repeated_variant"),
      (["--with", "exit.time.after=5", "--with", "exit.time.after=5s"], "repeated_variant"),
      (["--with", "exit.nothing=5"], "unknown_setting"), (["--with", "nonsense"], "bad_value"),
      (["--with", "exit.time.after=9d"], "out_of_range"),
      (["--margin", "0", "--rules"], "bad_value"),
    ])
  func refused(arguments: [String], key: String) {
    let told = run(short() + arguments + ["--json"], width: nil)
    #expect(told.code == 4 && told.rehearsal.errors.contains(key), "\(told.rehearsal.errors)")
  }

  @Test("whoever ends it early is told that nothing was compared")
  func ended() {
    let told = run(short("--with", "exit.time.after=5m"), isEnded: true)
    #expect(told.code == 1 && told.rehearsal.errors.contains("ended before"))
  }
}
