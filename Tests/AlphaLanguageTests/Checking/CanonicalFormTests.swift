import AlphaLanguage
import Essentials
import Markets
import Testing

@Suite("The canonical form of a formula")
struct CanonicalFormTests {
  @Test(
    "a formula has one canonical text",
    arguments: [
      ("rank(close) ", "rank(close)"),
      ("-close^2", "reverse(power(close, 2))"),
      ("2^-returns^2", "power(2, reverse(power(returns, 2)))"),
      ("close^2^returns", "power(close, power(2, returns))"),
      ("open - close - low", "subtract(subtract(open, close), low)"),
      ("open - (close - low)", "subtract(open, subtract(close, low))"),
      ("open + close * low", "add(open, multiply(close, low))"),
      ("2 * close", "multiply(close, 2)"),
      ("close > open", "less(open, close)"),
      ("!close >= open", "less_equal(open, not(close))"),
      ("close > 1 && open > 1 || low > 1", "or(and(less(1, close), less(1, open)), less(1, low))"),
      (
        "close>1 ? open : low > 1 ? 0 : -1",
        "if_else(less(1, close), open, if_else(less(1, low), 0, -1))"
      ),
      ("- - close", "close"), ("purify(is_finite(close))", "is_not_nan(close)"),
      ("ts_mean(close, 2*5)", "ts_mean(close, 10)"),
      ("ts_mean(close, d=10)", "ts_mean(close, 10)"),
      (
        "ts_regression(close, open, 20, rettype=2, lag=0)",
        "ts_regression(close, open, 20, rettype=2)"
      ),
      ("quantile(close, driver=Cauchy)", "quantile(close, driver=\"cauchy\")"),
      ("quantile(close, driver=gaussian)", "quantile(close)"),
      (
        "group_rank(close, bucket(rank(cap), range='0, 1,0.1', NANGroup=true))",
        "group_rank(close, bucket(rank(cap), range=\"0,1,0.1\", NANGroup=true))"
      ),
      ("hump(close, hump=1e-3)", "hump(close, hump=0.001)"),
      ("ts_backfill(close, 5, 2, ignore='NAN 0')", "ts_backfill(close, 5, k=2, ignore=\"NAN 0\")"),
      ("vec_sum(vec_filter(nws, value=0))", "vec_sum(vec_filter(nws, value=0))"),
      ("vec_sum(vec_filter(nws, value=nan))", "vec_sum(vec_filter(nws))"),
      ("add(close, open, low)", "add(low, add(close, open))"),
      ("add(close, open, filter=true)", "add(close, open, filter=true)"),
      ("if_else(nan == close, nan, 1.5)", "if_else(equal(close, nan), nan, 1.5)"),
      ("close * -0.0", "multiply(close, -0)"), ("close * 1e-7", "multiply(close, 1e-07)"),
      ("close + (1 / 0)", "add(close, nan)"),
      ("close * 5 / 0.1", "divide(multiply(close, 5), 0.1)"),
      ("a = close; b = a + open; b / a", "divide(add(close, open), close)"),
      ("inst_pnl(close)", "inst_pnl(close)"),
      ("group_mean(returns, 1, sector)", "group_mean(returns, 1, sector)"),
      ("rank_gmean_amean_diff(open, close, low)", "rank_gmean_amean_diff(open, close, low)"),
    ])
  func canonical(_ source: String, _ text: String) throws {
    let formula = try DeskSchema.check(source)
    #expect(formula.canonicalText == text)
    #expect(formula.fingerprint == Fingerprint(of: text))
    let again = try DeskSchema.check(text)
    #expect(again.graph == formula.graph)
    #expect(again.canonicalText == text)
  }

  @Test(
    "formulas that mean the same have one fingerprint",
    arguments: [
      ("rank(close) + rank(open)", "rank(open) + rank(close)"),
      ("rank(open) * (close - low)", "multiply(subtract(close, low), rank(open))"),
      ("close > open ? 1 : 0", "if_else(less(open, close), true, false)"),
      ("# why\nx = ts_mean(close, 5);\nx / open", "ts_mean(close,5)/open"),
      ("max(close, ts_mean(low, 5))", "max(ts_mean(low, 5), close)"),
      ("-rank(close)", "reverse(rank(close, rate=2))"),
      ("(close == open) + 1", "1 + equal(open, close)"),
    ])
  func equal(_ left: String, _ right: String) throws {
    #expect(try DeskSchema.check(left).fingerprint == DeskSchema.check(right).fingerprint)
    #expect(try DeskSchema.check(left).graph == DeskSchema.check(right).graph)
  }

  @Test(
    "formulas that round differently have two fingerprints",
    arguments: [
      ("close + open + low", "low + open + close"), ("close - open", "open - close"),
      ("close / open", "close * inverse(open)"), ("ts_mean(close, 5)", "ts_mean(close, 6)"),
      ("rank(close)", "rank(close, rate=0)"),
    ])
  func differ(_ left: String, _ right: String) throws {
    #expect(try DeskSchema.check(left).fingerprint != DeskSchema.check(right).fingerprint)
  }

  @Test("repeated doubling by sixty names stays a small graph and a short text that is read back")
  func doubling() throws {
    var source = "a0 = rank(close);\n"
    for level in 1...60 { source += "a\(level) = a\(level - 1) + a\(level - 1);\n" }
    let formula = try DeskSchema.check(source + "a60")
    #expect(formula.graph.nodes.count == 62)
    #expect(formula.complexity.depth == 61)
    #expect(formula.complexity.operators == 61)
    #expect(formula.canonicalText.utf8.count < 3000)
    let again = try DeskSchema.check(formula.canonicalText)
    #expect(again.graph == formula.graph)
    #expect(again.fingerprint == formula.fingerprint)
  }

  @Test("a sum of a thousand terms and a tower of names are read back from their text")
  func deep() throws {
    let sum = try DeskSchema.check(Array(repeating: "close", count: 1000).joined(separator: "-"))
    #expect(try DeskSchema.check(sum.canonicalText).graph == sum.graph)
    var source = "a = close;"
    for window in 1...300 { source += "a = ts_mean(a, \(window));" }
    let tower = try DeskSchema.check(source + "a")
    #expect(tower.complexity.depth == 300)
    #expect(try DeskSchema.check(tower.canonicalText).graph == tower.graph)
  }

  @Test("the names of a canonical text keep clear of fields")
  func names() throws {
    let schema = PanelSchema(
      fields: (1...3).map { FieldDescription(name: "v\($0)", kind: .matrix) })
    let checker = FormulaChecker(schema: schema)
    var source = "a = v1 + v2;"
    for _ in 0..<12 { source += "a = a * a - v2;" }
    let formula = try checker.check(source + "a")
    #expect(formula.canonicalText.hasPrefix("v3 = add(v1, v2); v4 = "))
    #expect(try checker.check(formula.canonicalText).graph == formula.graph)
  }

  @Test("every operator of the catalogue is read back from its canonical text")
  func everyOperator() throws {
    for entry in OperatorCatalog.fastexpr.entries where entry.code != nil {
      let source = RandomFormula.call(of: entry) { parameter in
        switch parameter.kind {
        case .group: "sector"
        case .vector: "nws"
        default: "close"
        }
      }
      let wrapped =
        switch entry.result {
        case .group: "group_rank(close, \(source))"
        case .vector: "vec_avg(\(source))"
        case .matrix, .truth: source
        }
      let formula = try DeskSchema.check(wrapped)
      let again = try DeskSchema.check(formula.canonicalText)
      #expect(again.graph == formula.graph, "\(wrapped)")
      #expect(again.canonicalText == formula.canonicalText)
      for node in formula.graph.nodes {
        guard case .apply(let code) = node.operation else { continue }
        let entry = OperatorCatalog.fastexpr.entry(of: code)
        #expect(node.options.count == entry.options.count)
      }
    }
  }

  @Test("random formulas are read back from their canonical text", arguments: 0..<8)
  func randomFormulas(_ seed: UInt64) throws {
    var formulas = RandomFormula(seed: seed)
    for _ in 0..<60 {
      let source = formulas.script()
      let formula: CheckedFormula
      do {
        formula = try DeskSchema.check(source)
      } catch {
        Issue.record("seed \(seed): \(error.rendered())")
        continue
      }
      let again = try DeskSchema.check(formula.canonicalText)
      #expect(again.graph == formula.graph, "seed \(seed): \(source)")
      #expect(again.canonicalText == formula.canonicalText, "seed \(seed): \(source)")
      #expect(again.fingerprint == formula.fingerprint)
      #expect(again.lookBack == formula.lookBack)
      #expect(again.unit == formula.unit)
      #expect(!formula.canonicalText.contains("\n"))
    }
  }
}
