import AlphaLanguage
import Essentials
import Markets
import Mathematics
import Testing

@testable import Research

@Suite("Repair of formulas")
struct FormulaRepairTests {
  static let repair = FormulaRepair(checker: DeskFields.checker)

  struct Case: Sendable, CustomTestStringConvertible {
    var broken: String
    var whole: String?
    var testDescription: String { "\(broken) to \(whole ?? "nothing")" }

    init(_ broken: String, _ whole: String?) {
      self.broken = broken
      self.whole = whole
    }
  }

  static let names: [Case] = [
    Case("rnak(clsoe)", "rank(close)"),
    Case("ts_stddev(close, 20)", "ts_std_dev(close, 20)"),
    Case("delta(close, 5)", "ts_delta(close, 5)"),
    Case("ts_stdev(close, 20)", "ts_std_dev(close, 20)"),
    Case("zscroe(volume)", "zscore(volume)"),
    Case("rank(return)", "rank(returns)"),
    Case("rank(close_price)", "rank(close)"),
    Case("rank(CLOSE)", "rank(close)"),
    Case("IF(close > open, 1, -1) * volume", "if_else(close > open, 1, -1) * volume"),
    Case("group_rank(close, sectr)", "group_rank(close, sector)"),
    Case("delay(close(), 1)", "ts_delay(close, 1)"),
    Case("df.close / np.log(volume)", "close / log(volume)"),
    Case("alhpa = rank(close); alpha * 2", "alhpa = rank(close); alhpa * 2"),
    Case("rank(\"close\")", "rank(close)"),
    Case("clsoe + rank(clsoe)", "close + rank(close)"),
    Case("if_else(close > open, None, 1)", "if_else(close > open, nan, 1)"),
  ]

  static let arguments: [Case] = [
    Case("ts_delta(close)", "ts_delta(close, 5)"),
    Case("ts_mean(volume)", "ts_mean(volume, 20)"),
    Case("rank(ts_delta(close), 5)", "rank(ts_delta(close, 5))"),
    Case("rank(close, volume, 5)", nil),
    Case("log(close, 5)", "log(close)"),
    Case("hump(close, 0.001)", "hump(close, hump=0.001)"),
    Case("ts_mean(close, window=20)", "ts_mean(close, 20)"),
    Case("ts_mean(d=20, close)", "ts_mean(close, d=20)"),
    Case("ts_mean(20, close)", "ts_mean(close, 20)"),
    Case("ts_mean(close, -5)", "ts_mean(close, 5)"),
    Case("ts_mean(close, 20.5)", "ts_mean(close, 21)"),
    Case("ts_mean(close, 0)", "ts_mean(close, 1)"),
    Case("ts_mean(close, 99999)", "ts_mean(close, 5000)"),
    Case("ts_delta(close, -5)", "ts_delta(close, 5)"),
    Case("rank(close,)", "rank(close)"),
    Case("rank(,close)", "rank(close)"),
    Case("ts_corr(close,, volume, 20)", "ts_corr(close, volume, 20)"),
    Case("group_mean(close, sector)", "group_mean(close, 1, sector)"),
    Case("trade_when(close > open, volume)", "trade_when(close > open, volume, -1)"),
    Case("ts_mean(close 5)", "ts_mean(close, 5)"),
    Case("quantile(close, driver=\"cauchi\")", "quantile(close, driver=\"cauchy\")"),
    Case(
      "group_neutralize(close, bucket(rank(cap)))",
      "group_neutralize(close, bucket(rank(cap), range=\"0,1,0.1\"))"),
    Case("ts_percentage(close, 20, percentage=95)", "ts_percentage(close, 20, percentage=0.95)"),
  ]

  static let kinds: [Case] = [
    Case("rank(nws)", "rank(vec_avg(nws))"),
    Case("nws", "vec_avg(nws)"),
    Case("ts_mean(nws, 5)", "ts_mean(vec_avg(nws), 5)"),
    Case("vec_avg(close)", "close"),
    Case("group_neutralize(rank(close), returns)", "group_neutralize(rank(close), industry)"),
    Case("group_neutralize(sector, rank(close))", "group_neutralize(rank(close), sector)"),
    Case("ts_delta(sector, 5)", nil),
    Case("rank(sector)", nil),
  ]

  static let syntax: [Case] = [
    Case("rank(close", "rank(close)"),
    Case("rank(ts_delta(close, 5)", "rank(ts_delta(close, 5))"),
    Case("ts_corr(rank(close, rank(volume), 20)", "ts_corr(rank(close), rank(volume), 20)"),
    Case("rank(ts_mean(close, 5", "rank(ts_mean(close, 5))"),
    Case("rank(close))", "rank(close)"),
    Case("rank close)", "rank( close)"),
    Case("rank close", "rank( close)"),
    Case("close ** 2", "close ^ 2"),
    Case("close > open and volume > 5", "close > open && volume > 5"),
    Case("not close > open", "!close > open"),
    Case("if_else(close = open, 1, 0) * volume", "if_else(close == open, 1, 0) * volume"),
    Case("close & volume", "close && volume"),
    Case("close \u{2212} open", "close - open"),
    Case("close \u{00D7} open \u{2265} 3", "close * open >= 3"),
    Case("\u{201C}close\u{201D}", "close"),
    Case("ts_mean(close, 20d)", "ts_mean(close, 20)"),
    Case("return rank(close)", " rank(close)"),
    Case("alpha = rank(close)", "alpha = rank(close); alpha"),
    Case("a = rank(close)\na * 2", "a = rank(close);\na * 2"),
    Case("close <> open", "close != open"),
    Case("quantile(close, driver=\"cauchy)", "quantile(close, driver=\"cauchy\")"),
    Case("close > open ? 1", "close > open ? 1 : nan"),
    Case("`rank(close)`", "rank(close)"),
    Case("rank(close) -", "rank(close) "),
    Case("rank(close) if volume > 5 else 0", "volume > 5 ? rank(close) : 0"),
    Case(
      "ts_mean(close if volume > 5 else -open, 5)", "ts_mean(volume > 5 ? close : -open, 5)"),
    Case("2(close)", "2 * (close)"),
    Case("ts_mean(close; 5)", "ts_mean(close, 5)"),
  ]

  static let hopeless: [Case] = [
    Case("", nil), Case("foo(close)", nil), Case("rank(nope)", nil), Case("foo(nope, 3)", nil),
    Case("close volume", nil), Case("* / +", nil), Case("5", nil), Case("rank()", nil),
    Case("rank(rank)", nil), Case("rank(close; volume)", nil), Case("close if else", nil),
    Case("combo_a(close)", nil), Case("the alpha buys low", nil),
    Case(String(repeating: "(", count: 5_000), nil),
    Case(String(repeating: "rnak(", count: 1_500) + "close", nil),
    Case(String(repeating: "zz,", count: 2_700), nil),
  ]

  @Test(
    "a broken formula is repaired to the nearest one, or left where none is near",
    arguments: names + arguments + kinds + syntax + hopeless)
  func repairs(_ test: Case) {
    let result = Self.repair.repair(test.broken)
    switch result {
    case .valid: Issue.record("the case is valid")
    case .repaired(let repaired):
      #expect(repaired.text == test.whole, "\(repaired.edits)")
      #expect(repaired.cost <= Self.repair.limits.costMax)
      #expect(!repaired.edits.isEmpty)
      #expect(
        repaired.edits.allSatisfy { $0.cost > 0 && !$0.reason.isEmpty && $0.before != $0.after })
    case .unrepairable(let reason):
      #expect(test.whole == nil, "\(reason)")
      #expect(reason.hasSuffix("."))
    }
  }

  @Test(
    "what checks is left alone",
    arguments: [
      "close > 1", "rank(close)", "a = rank(close); a", "not(close > 1)", "and(close, open)",
      "ts_mean(vec_avg(nws), 5)", "hump(close, hump=0.001)", "close  -  open # a comment",
    ])
  func leavesValid(_ formula: String) {
    guard case .valid = Self.repair.repair(formula) else {
      Issue.record("\(formula) was touched")
      return
    }
  }

  @Test("an edit says what stood there, what stands there and why")
  func edits() throws {
    guard case .repaired(let repaired) = Self.repair.repair("rank(clsoe + nws)") else {
      Issue.record("not repaired")
      return
    }
    #expect(repaired.text == "rank(close + vec_avg(nws))")
    #expect(repaired.edits.map(\.before) == ["clsoe", "nws"])
    #expect(repaired.edits.map(\.after) == ["close", "vec_avg(nws)"])
    #expect(repaired.edits.map(\.key) == ["unknown_data_field", "vector_used_in_non_vec"])
    #expect(repaired.edits[0].json["reason"] == "clsoe is no field; close is one.")
  }

  @Test("without a grouping in the panel the numbers themselves become classes")
  func bucketed() {
    let bare = FormulaRepair(
      checker: FormulaChecker(
        schema: PanelSchema(fields: [
          FieldDescription(name: "close", kind: .matrix),
          FieldDescription(name: "returns", kind: .matrix),
        ])))
    guard case .repaired(let repaired) = bare.repair("group_neutralize(rank(close), returns)")
    else {
      Issue.record("not repaired")
      return
    }
    #expect(
      repaired.text
        == "group_neutralize(rank(close), bucket(rank(returns), range=\"0,1,0.1\"))")
  }

  // MARK: - Mutilation

  static let valid: [String] = [
    "rank(ts_delta(log(close), 5))", "group_neutralize(rank(close), sector)",
    "ts_mean(vec_avg(nws), 10) * rank(volume)", "-ts_corr(rank(close), rank(volume), 20)",
    "hump(ts_decay_linear(rank(returns), 5), hump=0.001)",
    "abs(returns) < 0.08 ? rank(close) : 0", "zscore(ts_std_dev(returns, 60)) - rank(cap)",
    "group_rank(ts_rank(volume, 40), industry)",
    "signal = rank(ts_delta(close, 3)); group_zscore(signal, sector)",
    "trade_when(volume > ts_mean(volume, 20), -rank(returns), -1)",
    "ts_zscore(close / vwap, 30) && returns > 0", "scale(winsorize(ts_av_diff(close, 25), std=4))",
    #"quantile(rank(open), driver="cauchy")"#,
    #"group_neutralize(ts_sum(returns, 15), bucket(rank(cap), range="0,1,0.1"))"#,
    "if_else(close > open, ts_delay(volume, 2), ts_median(volume, 7))",
  ]

  /// Breaks a formula in one of the ways in which people and models do; nil where the formula has no
  /// place for the way.
  static func mutilated(
    _ formula: String, _ way: Int, using generator: inout SplitMix64
  ) -> String? {
    let outline = FormulaOutline(formula)
    func random(_ kind: FormulaOutline.Token.Kind, _ isWanted: (String) -> Bool = { _ in true })
      -> SourceSpan?
    {
      outline.tokens.filter { $0.kind == kind && isWanted(outline.text($0.span)) }
        .randomElement(using: &generator)?.span
    }
    func patched(_ span: SourceSpan?, _ change: (String) -> String) -> String? {
      guard let span else { return nil }
      let patch = TextPatch.replace(span, by: change(outline.text(span)))
      return TextPatch.apply([patch], to: outline.bytes).map { String(decoding: $0, as: UTF8.self) }
    }
    let cut = Int.random(in: 1..<4, using: &generator)
    switch way {
    case 0:
      return patched(random(.name) { $0.count > 4 }) { word in
        var letters = Array(word)
        letters.swapAt(cut, cut - 1)
        return String(letters)
      }
    case 1:
      return patched(random(.name) { $0.count > 4 }) { word in
        var letters = Array(word)
        letters.remove(at: cut)
        return String(letters)
      }
    case 2: return patched(random(.name) { $0.count > 4 }) { $0 + "s" }
    case 3: return patched(random(.close)) { _ in "" }
    case 4: return patched(random(.close)) { _ in "))" }
    case 5: return patched(random(.comma)) { _ in ",," }
    case 6: return patched(random(.comma)) { _ in "" }
    case 7: return patched(random(.number)) { "-" + $0 }
    case 8: return patched(random(.number)) { $0 + "d" }
    case 9: return patched(random(.symbol) { $0 == "-" }) { _ in "\u{2212}" }
    case 10: return patched(random(.symbol) { $0 == "&&" }) { _ in "and" }
    case 11: return patched(random(.name) { $0.contains("_") }) { $0.replacing("_", with: "") }
    case 12: return patched(random(.name) { $0 == "vec_avg" }) { _ in "" }
    case 13: return patched(random(.name) { ["sector", "industry"].contains($0) }) { _ in "cap" }
    case 14: return patched(random(.close)) { _ in ", 5)" }
    case 15: return patched(random(.open)) { _ in " " }
    case 16: return patched(random(.name)) { $0.uppercased() }
    default: return patched(random(.text)) { String($0.dropLast()) }
    }
  }

  @Test(
    "mutilated formulas are repaired to formulas that check, most of them to the original",
    arguments: 1...4)
  func mutilations(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var broken = 0
    var repairedCount = 0
    var recovered = 0
    var lost: [Int: Int] = [:]
    let limits = Self.repair.limits
    while broken < 300 {
      let formula = Self.valid.randomElement(using: &generator) ?? ""
      let original = try DeskFields.checker.check(formula)
      let way = Int.random(in: 0..<18, using: &generator)
      guard let text = Self.mutilated(formula, way, using: &generator),
        (try? DeskFields.checker.check(text)) == nil
      else { continue }
      broken += 1
      switch Self.repair.repair(text) {
      case .valid: Issue.record("\(text) is called valid")
      case .unrepairable: lost[way, default: 0] += 1
      case .repaired(let repaired):
        repairedCount += 1
        let again = try DeskFields.checker.check(repaired.text)
        #expect(again.fingerprint == repaired.formula.fingerprint)
        #expect(repaired.cost <= limits.costMax)
        let others = repaired.edits.filter { $0.key != "spelling" }
        #expect(others.count <= limits.editsMax)
        guard case .valid = Self.repair.repair(repaired.text) else {
          Issue.record("\(repaired.text) is repaired twice")
          continue
        }
        if again.fingerprint == original.fingerprint {
          recovered += 1
        } else {
          lost[way, default: 0] += 1
        }
      }
    }
    let share = Double(recovered) / Double(broken)
    print(
      """
      Of \(broken) mutilated formulas \(repairedCount) were repaired and \(recovered) recovered; \
      not recovered by way: \(lost.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
      """)
    #expect(share > 0.9)
    #expect(Double(repairedCount) / Double(broken) > 0.97)
  }

  @Test("a mistyped operator is found again, whichever of the catalog it is")
  func everyOperator() throws {
    var recovered = 0
    var count = 0
    for entry in DeskFields.checker.catalog.entries where entry.code != nil {
      let inputs = entry.inputs.map { parameter in
        switch parameter.kind {
        case .group, .groupOrMatrix: "sector"
        case .vector: "nws"
        default: "close"
        }
      }
      var parts = inputs
      for option in entry.options where option.standard == nil {
        switch option.kind {
        case .window: parts.append("\(option.name)=10")
        default: parts.append("\(option.name)=0.5")
        }
      }
      let call = "\(entry.name)(\(parts.joined(separator: ", ")))"
      let whole =
        entry.result == .matrix || entry.result == .truth ? call : "group_rank(cap, \(call))"
      guard let original = try? DeskFields.checker.check(whole), entry.name.count > 3 else {
        continue
      }
      var letters = Array(entry.name)
      letters.swapAt(1, 2)
      let broken = whole.replacing(entry.name + "(", with: String(letters) + "(")
      guard (try? DeskFields.checker.check(broken)) == nil else { continue }
      count += 1
      let repaired = Self.repair.repair(broken).repairedFormula
      if repaired?.formula.fingerprint == original.fingerprint { recovered += 1 }
    }
    #expect(count > 100)
    #expect(Double(recovered) / Double(count) > 0.95, "\(recovered) of \(count)")
  }

  @Test("the loop repairs a typing mistake by the tree and asks no model")
  func inTheLoop() {
    var shell = ValidationMachineTests.Shell("rank(ts_delta(clsoe, 5)")
    shell.repair = { Self.repair.repair($0).repairedFormula }
    let verdict = shell.run()
    #expect(verdict?.passed == true)
    #expect(verdict?.text == "rank(ts_delta(close, 5))")
    #expect(verdict?.edits.map(\.key) == ["unbalanced_parentheses", "unknown_data_field"])
    #expect(shell.questions.isEmpty)
  }

  @Test("no text of random pieces crashes a repair, and what it gives checks")
  func randomPieces() throws {
    let pieces = [
      "rank", "close", "ts_mean", "(", ")", ",", "5", "=", "==", ";", "\n", " ", "-", "?", ":",
      "\"", "nws", "sector", "and", "not", "\u{2212}", ".", "*", "vec_avg(", "d=", "/*", "#", "'",
    ]
    var generator = SplitMix64(seed: 5)
    for _ in 0..<400 {
      let count = Int.random(in: 1...14, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      if case .repaired(let repaired) = Self.repair.repair(text) {
        #expect((try? DeskFields.checker.check(repaired.text)) != nil, "\(text)")
      }
    }
  }
}
