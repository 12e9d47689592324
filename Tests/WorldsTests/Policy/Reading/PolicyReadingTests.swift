import Essentials
import Testing

@testable import Worlds

@Suite("Reading a policy")
struct PolicyReadingTests {
  private func read(_ text: String) -> PolicyReading {
    WorldPolicy.read(text: text, named: "world.yml")
  }

  private func codes(_ text: String) -> [String] { read(text).diagnostics.map(\.code) }

  /// A sound policy with some keys besides.
  private func with(_ keys: String) -> String {
    "world: w\nselection:\n  gates: sharpe@mid >= 1\n" + keys
  }

  @Test("a key that is not known is an error with its place and the nearest name")
  func unknownKey() throws {
    let reading = read(
      "world: w\nselection:\n  gates: true\n  topk: {total: 8, by_sides: {long: 5, short: 3}}\n")
    let finding = try #require(reading.findings.first)
    #expect(reading.findings.count == 1 && reading.policy == nil)
    #expect(finding.diagnostic.code == "unknown_key")
    #expect(finding.line == 4 && finding.column == 20)
    #expect(finding.diagnostic.remedy == "Did you mean `by_side`?")
    #expect(finding.rendered.contains("world.yml:4:20"))
  }

  @Test("a key that stands at the wrong place is sent to its own")
  func misplacedKey() {
    #expect(
      read(with("promote_after: {windows: 2}\n")).diagnostics.first?.remedy
        == "`promote_after` belongs under `selection.hysteresis`.")
  }

  @Test(
    "a value of the wrong kind, unit or range is an error at its place that says what to write",
    arguments: [
      ("allow_live: yes\n", "wrong_kind", "Write true."),
      ("allow_live: \"true\"\n", "wrong_kind", "Write true or false."),
      ("state: activ\n", "unknown_choice", "Did you mean active?"),
      ("interval: 60\n", "missing_unit", "Write a whole number with a unit"),
      ("interval: 1.5h\n", "wrong_kind", "Write a whole number with a unit"),
      ("interval: 0s\n", "out_of_range", "from 1s to 31d"),
      ("data_currency: {max_lag: 5 m}\n", "wrong_kind", "Write a whole number with a unit"),
      ("risk: {limits: {net: 101%%}}\n", "wrong_kind", "Write a fraction"),
      ("risk: {limits: {var_99_1d: 101%}}\n", "out_of_range", "from 0 to 1"),
      ("risk: {limits: {net: .nan}}\n", "wrong_kind", "Write a fraction"),
      ("risk: {limits: {net: .inf}}\n", "wrong_kind", "Write a fraction"),
      ("risk: [1]\n", "wrong_kind", "Write keys and values"),
      ("metrics: {annualise: many}\n", "wrong_kind", "Write a number"),
      ("version: 1.5\n", "wrong_kind", "Write a whole number"),
      ("schema: world/v2\n", "unknown_choice", "Write world/v1."),
      ("evaluation: {schedule: sometimes}\n", "unknown_schedule", "every interval"),
      ("evaluation: {schedule: \"7 3 * * 1\"}\n", "unknown_schedule", "cron"),
      ("evaluation: {schedule: \"every 1h at +1h\"}\n", "offset_beyond_cycle", "below 1h"),
      ("robustness: {trials: 0}\n", "out_of_range", "from 1"),
      ("robustness: {deflated_sharpe: {window: mid}}\n", "missing_key", "`min:`"),
      ("cutover: {verify: [account, acount]}\n", "unknown_choice", "Did you mean account?"),
      ("alerts: [{on: promotd, level: info}]\n", "unknown_choice", "Did you mean promoted?"),
      ("alerts: [{on: [], level: info}]\n", "empty_list", "at least one"),
      ("alerts: [{level: info}]\n", "missing_key", "`on:`"),
      ("instances: [{strategy: a}]\n", "missing_key", "`side:`"),
      ("instances: [{strategy: a, side: up}]\n", "unknown_choice", "long, short"),
      ("instances: [{strategy: a, side: long, params: 3}]\n", "wrong_kind", "{fast: 12}"),
      ("instances: [{strategy: a, side: long, params: {a: .nan}}]\n", "wrong_kind", "finite"),
      ("rbac: {owners: [\"a\\u0007\"]}\n", "unprintable_text", "Remove"),
      ("rbac: {owners: [\"*\"]}\n", "everybody_decides", "readers"),
      ("metrics: {samples: {sharp: {min_days: 1}}}\n", "unknown_metric", "sharpe"),
      ("metrics: {external: [sharpe]}\n", "metric_exists", "another name"),
      ("metrics: {external: [mood_mid]}\n", "invalid_metric_name", "no window"),
    ])
  func wrongValues(keys: String, code: String, remedy: String) throws {
    let findings = read(with(keys)).findings
    #expect(findings.map(\.diagnostic.code) == [code])
    let finding = try #require(findings.first)
    #expect(finding.line == 4)
    #expect(finding.diagnostic.remedy?.contains(remedy) == true)
  }

  @Test(
    "rules that cannot hold together are found",
    arguments: [
      (
        "selection: {gates: true, topk: {total: 1, by_side: {long: 1, short: 0}}}\nrisk: {limits: {per_symbol: 25%}}",
        "slot_exceeds_cap"
      ),
      (
        "selection: {gates: true, topk: {total: 1, by_side: {long: 1, short: 0}}}\nrisk: {limits: {per_sector: 25%}}",
        "slot_exceeds_cap"
      ),
      (
        "selection: {gates: true, topk: {total: 1, by_side: {long: 0, short: 1}}}\nrisk: {budgets: {max_weight: 25%}}",
        "slot_exceeds_cap"
      ),
      (
        "selection: {gates: sharpe_mid >= 0.6, keep: sharpe@mid >= 0.7}", "keep_stricter_than_gates"
      ),
      ("selection: {gates: sharpe_mid >= 0.6, keep: sharpe@mid > 0.6}", "keep_stricter_than_gates"),
      (
        "selection: {gates: [max_dd@long <= 30%], keep: [0.25 >= max_dd@long]}",
        "keep_stricter_than_gates"
      ),
      (
        "selection: {gates: {side: {long: sharpe@mid > 1}}, keep: sharpe@mid > 2}",
        "keep_stricter_than_gates"
      ),
      ("selection: {gates: [data_age < 2h], keep: [data_age < 1h]}", "keep_stricter_than_gates"),
      ("selection: {gates: [sharpe@mid > 2, sharpe@mid < 1]}", "impossible_gate"),
      ("selection: {gates: true, hysteresis: {cooldown: 1h}}", "cooldown_below_cycle"),
      ("selection: {gates: true, hysteresis: {promote_after: {windows: 0}}}", "out_of_range"),
      ("selection: {gates: true, hysteresis: {demote_after: {windows: 0}}}", "out_of_range"),
      ("selection: {gates: true, approval: {to_live: manual}}", "missing_approvers"),
      ("selection: {gates: true, approval: {approvers: [a]}}", "needless_approvers"),
      (
        "selection: {gates: true}\ndata_currency: {max_lag: 1h, halt_after: 10m}",
        "halt_before_stale"
      ),
      ("selection: {gates: true}\nmetrics: {windows: {short: 60d}}", "windows_out_of_order"),
      (
        "selection: {gates: true}\ninstances: [{strategy: a, side: long}, {side: long, strategy: a}]",
        "duplicate_instance"
      ),
      (
        "selection: {gates: true}\nrisk: {reset: {mode: auto, auto_reset_after: 0s}}",
        "reset_at_once"
      ),
    ])
  func contradictions(keys: String, code: String) {
    let reading = read("world: w\n" + keys + "\n")
    #expect(reading.diagnostics.map(\.code) == [code])
    #expect(reading.policy == nil)
    #expect(reading.findings.allSatisfy { $0.line > 1 })
  }

  @Test(
    "what can hold together but hardly was meant is a warning, and the policy is read",
    arguments: [
      (
        "selection: {gates: true, topk: {total: 9, by_side: {long: 5, short: 3}}}",
        "unreachable_slots"
      ),
      ("selection: {gates: \"borrow_cost@mid < 8%\"}", "measure_never_known"),
      ("selection: {gates: true, score: -borrow_cost@mid}", "measure_never_known"),
      (
        "selection: {gates: {side: {short: mood > 1}}}\nmetrics: {external: [mood]}",
        "measure_never_known"
      ),
      ("selection: {gates: []}", "open_gates"), ("version: 2", "open_gates"),
      ("selection: {gates: true}\nallow_live: true", "no_owner"),
      ("selection: {gates: true}\naudit: {chain: blake3}", "tolerated_value"),
      ("selection: {gates: true}\nrisk: {limits: {gross: 50%}}", "budget_exceeds_limit"),
      ("selection: {gates: true}\ncutover: {gate_lease: 60s}", "lease_outlives_freeze"),
    ])
  func warnings(keys: String, code: String) {
    let reading = read("world: w\n" + keys + "\n")
    #expect(reading.diagnostics.map(\.code) == [code])
    #expect(reading.diagnostics.map(\.severity) == [.warning])
    #expect(reading.policy != nil)
  }

  @Test(
    "a measure that is never known and that nothing depends on is no warning",
    arguments: [
      "coalesce(borrow_cost@mid, 0) < 8%", "known(mood) or sharpe@mid > 1", "sharpe@mid > 1",
    ])
  func neverKnown(gate: String) {
    let reading = read(
      "world: w\nmetrics: {external: [mood]}\nselection: {gates: \"\(gate)\"}\n")
    #expect(reading.diagnostics.isEmpty, "\(reading.report)")
  }

  @Test("nine places of which eight can be taken are told as one unreachable slot")
  func unreachableSlot() {
    let reading = read(
      "world: w\nselection: {gates: true, topk: {total: 9, by_side: {long: 5, short: 3}}}\n")
    #expect(reading.diagnostics.first?.message.hasPrefix("1 slot unreachable") == true)
  }

  @Test(
    "bounds that cannot be compared, weaker bounds and absent caps are no contradiction",
    arguments: [
      "selection: {gates: sharpe_mid >= 0.6, keep: sharpe@mid >= 0.6}",
      "selection: {gates: sharpe_mid > 0.6, keep: sharpe@mid >= 0.6}",
      "selection: {gates: sharpe_mid >= 0.6, keep: {or: [sharpe@mid >= 0.7, true]}}",
      "selection: {gates: sharpe_mid >= 0.6, keep: {not: sharpe@mid >= 0.7}}",
      "selection: {gates: sharpe_mid >= 0.6, keep: sharpe@long >= 0.7}",
      "selection: {gates: {side: {long: sharpe@mid > 2, short: sharpe@mid > 1}}, keep: {side: {short: sharpe@mid > 1}}}",
      "selection: {gates: true, topk: {total: 1, by_side: {long: 1, short: 0}}}",
      "selection: {gates: true, topk: {total: 9, by_side: {long: 5, short: 3}, spill: true}}",
    ])
  func consistent(keys: String) {
    #expect(codes("world: w\n" + keys + "\n") == [])
  }

  @Test("mistakes in expressions point into the file, in lists, flow and quotes")
  func expressionPlaces() throws {
    let reading = read(
      """
      world: w
      selection:
        gates:
          - sharpe_mid = 0.6
          - {or: ["a_mid > 1", 'sharpe_mid > 1d']}
          - side: {long: sharpe_mid >= .nan}
        score: |
          sharpe_mid +
      """)
    let places = reading.findings.map { "\($0.line):\($0.column) \($0.diagnostic.code)" }
    #expect(
      places == [
        "4:18 single_equals", "5:14 unknown_metric", "5:40 mixed_units", "6:34 invalid_number",
        "7:10 unfinished_expression",
      ])
  }

  @Test("all defects of a document are found at once, duplicate keys too")
  func allDefects() {
    #expect(
      codes("wurld: w\nstate: on\nstate: active\nrisk: {limits: {gros: 1, net: x}}\nversion: 0\n")
        == [
          "missing_key", "unknown_key", "unknown_choice", "duplicate_key", "unknown_key",
          "wrong_kind", "out_of_range",
        ])
  }

  @Test("a document of ten megabytes, an alias bomb and a scalar are refused, and none crashes")
  func hostile() {
    #expect(codes(String(repeating: "world: aaaaa\n", count: 800_000)) == ["yaml_too_long"])
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      bomb +=
        "a\(level): &a\(level) ["
        + Array(repeating: "*a\(level - 1)", count: 10)
        .joined(separator: ",") + "]\n"
    }
    #expect(codes(bomb) == ["yaml_too_large"])
    #expect(codes("42") == ["wrong_kind"])
    #expect(codes("") == ["empty_document"])
    let many = (0..<20_000).map { "k\($0): 1\n" }.joined()
    #expect(read(many).findings.count == PolicyReader.findingsMax)
  }

  @Test("anchors may repeat a part of a policy")
  func aliases() throws {
    let policy = try #require(
      read(
        """
        world: w
        selection:
          gates: &demand [sharpe@mid >= 1]
          keep: *demand
        """
      ).policy)
    #expect(policy.selection.keep == policy.selection.gates)
  }

  @Test(
    "gates are written as expressions, lists, and, or, not and side",
    arguments: [
      ("true", #""true""#), ("[]", "[]"), ("[known(ulcer_mid)]", #"{"and":["known(ulcer@mid)"]}"#),
      ("{not: {or: [true, false]}}", #"{"not":{"or":["true","false"]}}"#),
      ("{side: {short: true}}", #"{"side":{"short":"true"}}"#),
    ])
  func gates(text: String, canonical: String) throws {
    let policy = try #require(read("world: w\nselection: {gates: \(text)}\n").policy)
    #expect(policy.selection.gates.json.compactText == canonical)
  }

  @Test(
    "a gate of another shape is refused",
    arguments: [
      ("{and: []}", "empty_gate"), ("{or: true}", "empty_gate"), ("{side: {}}", "empty_gate"),
      ("{and: [true], or: [true]}", "ambiguous_gate"), ("{nor: [true]}", "unknown_key"),
      ("{side: {both: true}}", "unknown_key"), ("null", "wrong_kind"), ("0.5", "wrong_type"),
    ])
  func refusedGates(text: String, code: String) {
    #expect(codes("world: w\nselection: {gates: \(text)}\n") == [code])
  }

  @Test(
    "schedules mean what they say",
    arguments: [
      ("every interval", "every interval"), ("every 1h at +2m", "every 1h at +2m"),
      ("2 * * * *", "every 1h at +2m"), ("30 9 * * *", "every 1d at +570m"),
      ("*/15 * * * *", "every 15m"), ("every interval at +60s", "every interval at +1m"),
    ])
  func schedules(text: String, canonical: String) throws {
    let policy = try #require(
      read(with("evaluation: {schedule: \"\(text)\"}\n")).policy)
    #expect(policy.json["evaluation"]?["schedule"] == .string(canonical))
  }

  @Test("a finding is told to programs with its place and its remedy")
  func findingJSON() {
    #expect(
      read("world: w\nstat: active\nselection: {gates: true}\n").findings.map(\.json.compactText)
        == [
          #"{"severity":"error","code":"unknown_key","source":"world.yml","line":2,"column":1,"#
            + #""message":"The document knows no key `stat`.","remedy":"Did you mean `state`?"}"#
        ])
  }

  @Test("a refusal has every finding in its explanation and the first in its message")
  func failure() {
    #expect {
      try WorldPolicy(reading: "world: w\nstat: active\nversion: 0\n", named: "w.yml")
    } throws: { error in
      guard let failure = error as? PolicyFailure else { return false }
      return failure.explanation.contains("w.yml:2:1") && failure.explanation.contains("w.yml:3:10")
        && failure.message.hasPrefix("w.yml:2:1: ") && failure.outcome == .badConfiguration
    }
  }
}
