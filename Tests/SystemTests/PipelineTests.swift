import Essentials
import Foundation
import TestKit
import Testing
import Twins

@Suite("The pipeline, verb by verb", .ownThread)
struct PipelineTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  /// Bars of six random walks, long enough for a test period of a year and a half.
  private func writeMarket() throws {
    var lines = ["date,symbol,open,high,low,close,volume"]
    var state: UInt64 = 11
    func draw(_ range: ClosedRange<Double>) -> Double {
      // The constants of D. Knuth's MMIX; good enough for prices that nobody believes.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound
        + Double(state >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
    }
    let symbols = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"]
    for symbol in symbols {
      var price = 100.0
      for row in 0..<640 {
        let open = price * draw(0.99...1.01)
        price = open * draw(0.98...1.02)
        let date = CalendarDate(daysSinceEpoch: Int32(17_000 + row))
        lines.append(
          "\(date),\(symbol),\(open),\(max(open, price) + 1),\(min(open, price) - 1),\(price),"
            + "\(Int(draw(1000...9000)))")
      }
    }
    let sectors = symbols.enumerated().map {
      "\($1),\($1) Inc.,\($0 < 3 ? "Iron" : "Wool"),Any,\($0 < 2 ? "Pig" : "Sheep")"
    }
    for (name, rows) in [
      ("bars.csv", lines),
      ("instruments.csv", ["symbol,name,sector,industry,subindustry"] + sectors),
      (
        "notes.json",
        [#"{"idea_id": "bounce", "overview": "Stocks that fell fast come back within a week."}"#]
      ),
    ] {
      try rows.joined(separator: "\n").write(
        to: folder.url.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
  }

  private func run(_ script: String) throws -> ShellRun {
    try Program.run(
      """
      set -e
      cd '\(folder.url.path)'
      export HOME="$PWD" ATHANOR_HOME="$PWD/home"
      """ + "\n" + script)
  }

  private func document(_ path: String) throws -> JSONValue {
    try JSONValue(
      parsing: String(contentsOf: folder.url.appendingPathComponent(path), encoding: .utf8))
  }

  @Test("from notes to judged results every verb works on what the one before it wrote")
  func whole() throws {
    try writeMarket()
    let run = try run(
      """
      $athanor data import mine --table bars.csv --instruments instruments.csv >/dev/null
      $athanor run-idea-agent --input notes.json --run-id r1
      $athanor build-retrieval-pack --idea idea_out.json -p mine >/dev/null
      $athanor build-knowledge-pack -p mine >/dev/null
      $athanor estimate-prompt-cost --retrieval-pack data/retrieval/latest_pack.json >/dev/null
      inputs="--idea idea_out.json --retrieval-pack data/retrieval/latest_pack.json --run-id r1"
      $athanor run-alpha-maker $inputs
      $athanor run-validation-loop $inputs -p mine
      $athanor simulate-candidates --input validated_candidates.json -p mine --run-id r1
      $athanor evaluate-results --input data/simulation_results/latest.json --run-id r1
      $athanor journal verify >/dev/null
      $athanor budget audit >/dev/null
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    let answers = try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    try #require(answers.count == 5)
    #expect(answers[0]["idea_id"] == "bounce")
    let loop = answers[2]
    #expect(loop["validation_passed"] == .bool(true))
    #expect(loop["event_order_violation"] == .bool(false))
    #expect(loop["simulated"] == 1 && loop["evaluated"] == 1)
    // The alpha maker's question is the loop's: asked and paid for once in their run.
    let candidate = try document("candidate_alpha.json")
    #expect(candidate["simulation_settings"]?["regular"] == loop["formula"])
    #expect(answers[3]["simulated"] == 1 && answers[4]["evaluated"] == 1)
    guard case .array(let ids)? = loop["alpha_ids"], let id = ids.first else {
      Issue.record("the loop simulated nothing")
      return
    }
    #expect(answers[4]["top_alpha_ids"] == .array([id]))
    guard case .array(let cards) = try document("data/evaluation/latest_scorecards.json") else {
      Issue.record("no cards were written")
      return
    }
    #expect(cards.first?["alpha_id"] == id)
  }

  @Test("a repair probe is mended without a model, and a blocked budget writes nothing")
  func probes() throws {
    try writeMarket()
    let run = try run(
      """
      $athanor data import mine --table bars.csv --instruments instruments.csv >/dev/null
      $athanor run-idea-agent --input notes.json >/dev/null
      $athanor build-retrieval-pack --idea idea_out.json -p mine >/dev/null
      $athanor build-knowledge-pack -p mine >/dev/null
      inputs="--idea idea_out.json --retrieval-pack data/retrieval/latest_pack.json"
      echo '{"idea_id": "i", "simulation_settings": {"settings": {}, "regular": "rank(clsoe"}}' >bad
      $athanor run-validation-loop $inputs -p mine --raw-output bad --skip-simulation
      echo '{"max_tokens_per_day": 1}' >budget.json
      set +e
      $athanor run-alpha-maker $inputs --llm-budget-config budget.json
      echo $?
      ls candidate_alpha.json 2>/dev/null | wc -l
      """)
    let lines = run.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 3, "\(run.output) \(run.errors)")
    let report = try JSONValue(parsing: lines[0])
    #expect(report["validation_attempts"] == 2 && report["formula"] == "rank(close)")
    #expect(lines[1] == "2" && lines[2] == "0")
    #expect(try run.complaint["error"] == "budget_blocked")
  }

  @Test("candidates are simulated on BRAIN, and what was sent is not sent again")
  func brain() throws {
    var setup = BrainTwin.Setup()
    setup.polls = 0
    let twin = try BrainTwin(setup)
    try Data(
      """
      [{"idea_id": "i", "simulation_settings": {"settings": {}, "regular": "rank(pv1_f1)",
        "selection": null, "combo": null}},
       {"idea_id": "i", "simulation_settings": {"settings": {}, "regular": "rank( pv1_f1 )"}},
       {"idea_id": "i", "simulation_settings": {"settings": {}, "regular": "rank(nothing)"}}]
      """.utf8
    ).write(to: folder.url.appendingPathComponent("list.json"))
    let run = try run(
      """
      export BRAIN_API_URL=\(twin.address)
      export BRAIN_CREDENTIAL_EMAIL=quant@example.com BRAIN_CREDENTIAL_PASSWORD='correct horse'
      $athanor sync-options >/dev/null
      $athanor sync-metadata >/dev/null
      $athanor simulate-candidates --input list.json --brain
      $athanor simulate-candidates --input list.json --brain
      $athanor evaluate-results --input data/simulation_results/latest.json
      $athanor submit-alpha alpha1 --json | grep '"submission"'
      $athanor journal tail --kind brain.submission_intended
      $athanor submit-alpha alpha1 --submit --json | grep '"submission"'
      $athanor journal tail --kind brain.submission_answered | grep -c accepted
      $athanor journal verify >/dev/null
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(
      lines.suffix(4) == [
        "  \"submission\": \"not_asked_for\",", "No such events.",
        "  \"submission\": \"accepted\",", "1",
      ])
    #expect(twin.submitted == ["alpha1"])
    let answers = try lines.prefix(3).map { try JSONValue(parsing: $0) }
    try #require(answers.count == 3)
    for answer in answers.prefix(2) {
      #expect(answer["simulated"] == 1)
      #expect(answer["duplicates"] == .array([["index": 1, "of": 0]]))
    }
    #expect(twin.formulas.count == 1)
    guard case .array(let results) = try document("data/simulation_results/latest.json") else {
      Issue.record("no results were written")
      return
    }
    try #require(!results.isEmpty)
    #expect(results[0]["summary_metrics"]?["turnover"] == .number(0.3512))
    #expect(results[0]["recordsets_saved"] == .strings(["data/recordsets/alpha1/pnl.json"]))
    #expect(answers[2]["passed"] == 1)
  }
}
