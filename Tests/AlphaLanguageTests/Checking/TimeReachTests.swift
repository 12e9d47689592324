import AlphaLanguage
import Essentials
import Markets
import Mathematics
import Testing

@Suite("The reach of a formula in time")
struct TimeReachTests {
  @Test(
    "the look-back is the number of rows before its own that a value depends on",
    arguments: [
      ("close", 0), ("rank(close) + 1", 0), ("ts_mean(close, 1)", 0), ("ts_mean(close, 5)", 4),
      ("ts_delay(close, 5)", 5), ("ts_delta(close, 5)", 5), ("log_diff(close)", 1),
      ("ts_mean(ts_delay(close, 3), 5)", 7), ("ts_mean(close, 5) - ts_delta(open, 9)", 9),
      ("ts_corr(ts_delta(close, 2), volume, 20)", 21), ("inst_tvr(close, 5)", 5),
      ("ts_regression(close, open, 10, lag=3)", 12), ("jump_decay(close, 1)", 1),
      ("multi_regression(close, open, volume, days=2, lag=3)", 5), ("keep(close, open)", 6),
      ("group_backfill(close, sector, 4)", 3), ("ts_step(1)", 0), ("inst_pnl(close)", 1),
      ("a = ts_mean(close, 5); ts_mean(a, 5) + a", 8),
    ])
  func lookBack(_ source: String, _ rows: Int) throws {
    #expect(try DeskSchema.check(source).lookBack == .rows(rows))
  }

  @Test(
    "a formula that holds state depends on all of history",
    arguments: [
      "hump(close)", "trade_when(close > open, rank(close), -1)", "ts_mean(hump_decay(close), 5)",
      "days_from_last_change(close)", "filter(close)", "ts_target_tvr_hump(close)",
    ])
  func unbounded(_ source: String) throws {
    #expect(try DeskSchema.check(source).lookBack == .unbounded)
  }

  @Test("a formula leads by the largest lead of its fields less the delays above each")
  func leadOfRandomTrees() throws {
    let schema = PanelSchema(
      fields: (0...3).map { FieldDescription(name: "x\($0)", kind: .matrix, leadRows: $0) })
    let checker = FormulaChecker(schema: schema)
    var generator = SplitMix64(seed: 7)
    func grow(_ depth: Int) -> (text: String, lead: Int) {
      if depth == 0 {
        let lead = Int.random(in: 0...3, using: &generator)
        return ("x\(lead)", lead)
      }
      let (text, lead) = grow(depth - 1)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0, 1:
        let delay = Int.random(in: 0...2, using: &generator)
        return ("ts_delay(\(text), \(delay))", lead - delay)
      case 2: return ("ts_delta(\(text), 2)", lead)
      case 3:
        let (other, otherLead) = grow(depth - 1)
        return ("(\(text) + \(other))", max(lead, otherLead))
      default: return ("ts_mean(rank(\(text)), 3)", lead)
      }
    }
    var refused = 0
    for round in 0..<600 {
      let (text, lead) = grow(round % 6)
      do {
        let formula = try checker.check(text)
        #expect(formula.latestLead == lead && lead <= 0, "\(text) leads by \(lead)")
      } catch {
        refused += 1
        #expect(lead > 0, "\(text) leads by \(lead)")
        let guilty = try #require(error.errors.first)
        #expect(error.errors.map(\.code) == ["look_ahead"])
        let name = DeskSchema.text(of: guilty.span, in: text)
        #expect(name.hasPrefix("x") && name.utf8.count == 2)
        #expect(guilty.message.contains("`\(name)`"))
        #expect(guilty.message.contains(lead == 1 ? "1 row " : "\(lead) rows "))
      }
    }
    #expect(refused > 100 && refused < 500)
  }
}
