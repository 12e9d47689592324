import Essentials
import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor replay")
struct ReplayCommandTests {
  private let scratch: ScratchFolder
  private let data = checkoutFolder.appendingPathComponent("Examples/Data/crypto-perps").path

  init() throws { scratch = try ScratchFolder() }

  private func run(
    _ arguments: [String], width: Int? = 80, isEnded: Bool = false
  ) -> (code: Int32, rehearsal: Rehearsal) {
    Rehearsal.told(["replay", "--no-journal"] + arguments, width: width, isEnded: isEnded)
  }

  private func short(_ more: String...) -> [String] {
    [
      "--data", data, "--symbols", "BTCUSDT,ETHUSDT", "--warm-up", "4h", "--to",
      "2025-05-10T07:00:00Z",
    ] + more
  }

  @Test("a replay without trades has all blocks, says why, and fits 80 columns")
  func idle() {
    let told = run(short())
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    let text = told.rehearsal.output
    for block in [
      "By symbol", "No trade was made.", "Summary", "Refused", "Can you trust this?", "result  ",
    ] {
      #expect(text.contains(block), "\(block)")
    }
    for line in text.split(separator: "\n")
    where !line.hasPrefix("orders") && !line.hasPrefix("result") {
      #expect(DisplayWidth.of(line) <= 80, "\(line)")
    }
  }

  @Test("parameters are adopted when they say, and whether they knew what came is told")
  func parameters() throws {
    let state = scratch.url.appendingPathComponent("state").path
    func fit(_ more: String...) -> Int32 {
      Rehearsal.told(
        [
          "models", "fit", "garch", "--data", data, "--bar", "1m", "--out",
          "\(state)/garch_params.json",
        ]
          + more, width: nil
      ).code
    }
    func told(_ models: String) throws -> [String: Any] {
      let told = run(short("--json", "--models", models), width: nil)
      #expect(told.code == 0, "\(told.rehearsal.errors)")
      return try told.rehearsal.object()
    }
    func known(_ document: [String: Any]) -> [[String: Any]] {
      (document["terms"] as? [String: Any])?["models"] as? [[String: Any]] ?? []
    }
    // Some fits of so few bars do not converge.
    #expect([0, 2].contains(fit("--to", "2025-05-10T06:00:00Z")))
    let fair = try told("\(state)@2025-05-10T06:00:00Z")
    #expect(known(fair).map { $0["from"] as? String } == ["2025-05-10T06:00:00Z"])
    #expect(known(fair).map { $0["fitted_through"] as? String } == ["2025-05-10T06:00:00Z"])
    #expect(
      run(short("--models", "\(state)@2025-05-10T06:00:00Z")).rehearsal.output
        .contains("garch"))
    func foresight(_ models: String) -> String {
      let text = run(short("--models", models)).rehearsal.output
      return text.split(separator: "\n").first { $0.contains("Sees the future") }.map(String.init)
        ?? text
    }
    #expect(foresight("\(state)@2025-05-10T06:00:00Z").contains(" no "))
    #expect(foresight("\(state)@2025-05-10T05:59:00Z").contains(" yes "))
    #expect(foresight(state).contains(" yes "))
    let path = "\(state)/garch_params.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let silent = text.split(separator: "\n").filter { !$0.contains("fitted_through_ms") }
    try silent.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(foresight("\(state)@2025-05-10T06:00:00Z").contains("not known"))
    let missing = run(short("--models", "\(state)@noon"))
    #expect(missing.code == 4 && missing.rehearsal.errors.contains("There is no file or folder"))
  }

  @Test("the same command gives the same bytes, and a program reads the same figures")
  func document() throws {
    let first = run(short("--json"), width: nil)
    let second = run(short("--json"), width: nil)
    #expect(first.code == 0 && first.rehearsal.output == second.rehearsal.output)
    let document = try first.rehearsal.object()
    #expect((document["result"] as? String)?.count == 64)
    #expect((document["symbols"] as? [Any])?.count == 2)
    #expect((document["trust"] as? [String: Any])?["verdict"] as? String == "didNotTrade")
    #expect(document["interrupted"] as? Bool == false)
  }

  @Test("a page is written beside the report, and nothing in it comes from elsewhere")
  func page() throws {
    let path = scratch.url.appendingPathComponent("replay.html").path
    let told = run(short("--html", path))
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.contains("<html") && page.contains("BTCUSDT"))
    #expect(!page.contains("src=\"http") && !page.contains("href=\"http"))
  }

  @Test("whoever ends it early gets the report and exit code 1")
  func ended() {
    let told = run(short(), isEnded: true)
    // One slice holds what is short, so it may be over before it is asked.
    #expect(told.code == 0 || told.rehearsal.errors.contains("ended_early"))
    let long = run(["--data", data, "--symbols", "BTCUSDT"], isEnded: true)
    #expect(long.code == 1 && long.rehearsal.errors.contains("ended_early"))
    #expect(long.rehearsal.output.contains("early, because somebody asked for it"))
  }

  @Test(
    "what cannot be replayed is refused with exit code 4",
    arguments: [
      (["--data", "nowhere"], "unreadable_file"), ([], "no_files"),
      (["--symbols", "BTCUSD"], "unknown_symbol"),
      (["--set", "entry.nothing=1"], "unknown_setting"),
      (["--from", "2030-01-01"], "empty_period"),
      (["--models", "nothing.json"], "no_parameters"),
      (["--models", "/dev/null"], "unknown_parameters"),
      (["--contracts", "nowhere.json"], "unreadable_file"),
    ])
  func refused(arguments: [String], key: String) {
    let data = arguments.first == "--data" || arguments.isEmpty ? [] : ["--data", data]
    let told = run(data + arguments + ["--json"], width: nil)
    #expect(told.code == 4)
    #expect(told.rehearsal.errors.contains(key), "\(told.rehearsal.errors)")
  }
}
