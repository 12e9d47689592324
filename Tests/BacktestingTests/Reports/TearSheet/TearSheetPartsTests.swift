import Essentials
import TestKit
import Testing

@testable import Backtesting

@Suite("Parts of the tear sheet")
struct TearSheetPartsTests {
  @Test("numbers carry commas, a true minus sign and their decimals")
  func numbers() {
    let cases: [(FigureStyle, Double, String)] = [
      (.money, 1_234_567.6, "1,234,568"), (.money, -1000, "\u{2212}1,000"),
      (.money, 999.994, "999.99"), (.money, 0, "0"), (.money, .nan, "--"),
      (.percent, 0.12345, "12.35"), (.percent, -0.00001, "0.00"),
      (.ratio, -1.005e3, "\u{2212}1,005.00"),
      (.count, 41.26, "41.3"), (.ratio, .infinity, "--"), (.money, 1e18, "1e+18"),
    ]
    for (style, value, text) in cases { #expect(style.text(value) == text) }
    #expect(FigureStyle.percent.marked(0.5) == "50.00\u{00A0}%")
    #expect(FigureStyle.percent.marked(.nan) == "--")
  }

  @Test("an axis ends at round numbers beyond its values and shares one unit")
  func axes() throws {
    let cases: [([Double], FigureStyle, [String])] = [
      ([-950_000, 880_000], .money, ["\u{2212}1.0M", "\u{2212}0.5M", "0", "0.5M", "1.0M"]),
      ([0, 0.37], .percent, ["0%", "10%", "20%", "30%", "40%"]),
      ([0.2, 1.9], .ratio, ["0.0", "0.5", "1.0", "1.5", "2.0"]),
    ]
    for (values, style, texts) in cases {
      let axis = try #require(ValueAxis(covering: values, zero: true, marks: 4, style: style))
      #expect(axis.marks.map { style.axisText($0, on: axis) } == texts)
      #expect(values.allSatisfy { (0...1).contains(axis.fraction(of: $0)) })
    }
    #expect(ValueAxis(covering: [.nan], zero: true, marks: 4, style: .ratio) == nil)
    let flat = try #require(ValueAxis(covering: [5, 5], zero: false, marks: 4, style: .ratio))
    #expect(flat.lower < 5 && flat.upper > 5)
  }

  @Test("marks of time stand at the turns of years, months, days and hours")
  func times() {
    func marks(_ first: String, _ count: Int, _ step: Int64) -> [String] {
      let start = Timestamp(startOf: CalendarDate(first)!).millisecondsSinceEpoch
      return TimeScale(
        [0, count].map { Timestamp(millisecondsSinceEpoch: start + Int64($0) * step) }
      ).marks.map(\.text)
    }
    let day = Timestamp.millisecondsPerDay
    #expect(
      marks("2015-06-01", 1200, day) == [
        "2015-07", "2016-01", "2016-07", "2017-01", "2017-07", "2018-01", "2018-07",
      ])
    #expect(marks("2010-01-04", 2900, day) == (2011...2017).map(String.init))
    #expect(marks("2020-02-27", 3, day).contains("02-29"))
    #expect(
      marks("2020-02-27", 300, 60_000) == ["02-27", "01:00", "02:00", "03:00", "04:00", "05:00"])
    #expect(marks("1969-12-30", 4, day).contains("01-01"))
    #expect(marks("2020-01-01", 0, day).count == 1)
  }

  @Test("a thinned series keeps its ends, peaks, troughs and gaps, in order")
  func thinning() {
    var values = Noise.normal(10_000, seed: 4)
    values[1234] = 99
    values[5678] = -99
    values[7777] = .nan
    let rows = RowThinning.rows(of: values, buckets: 100)
    #expect(rows.count <= 302 && zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Set([0, 1234, 5678, 7777, 9999]).isSubset(of: rows))
    #expect(RowThinning.rows(of: [1, 2, 3]) == [0, 1, 2])
    #expect(RowThinning.evenRows(count: 11, limit: 3) == [0, 5, 10])
  }

  @Test("a colored formula reads as it was written")
  func coloring() {
    let formulas = [
      "rank(ts_delta(close, 5)) / 1.5e-3 # note <b>\nx = .5; y = \"a'b\"; x+y",
      "/* open", "'open", "a/b//c\nd", "", "가격 + é", "1..2 ?:^", "//", "/*/ x */ y",
    ]
    for formula in formulas {
      var markup = HTMLMarkup()
      FormulaColoring.write(formula, to: &markup)
      let scan = MarkupScanner("<p>" + markup.text + "</p>")
      #expect(scan.faults == [])
      #expect(scan.texts.joined() == HTMLMarkup.escaped(formula))
    }
    var markup = HTMLMarkup()
    FormulaColoring.write("rank (close) + 20", to: &markup)
    #expect(
      markup.text
        == "<span class=\"f-call\">rank</span> (<span class=\"f-field\">close</span>) + "
        + "<span class=\"f-number\">20</span>")
  }

  @Test("the digest of a text is that of RFC 4648 over FIPS 180-4")
  func digests() {
    #expect(ContentPolicy.digest("") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    #expect(ContentPolicy.digest("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  }

  @Test("every objection is known in Korean with its numbers")
  func objections() throws {
    let objections: [TrustObjection] = [
      .seesTheFuture(.init(row: 3, column: 4, truncation: 9, value: 1.5, truncatedValue: nil)),
      .luckIsNotExcluded(probability: 0.4, needed: 0.95, trials: 1, yearsNeeded: nil),
      .luckIsNotExcluded(probability: 0.4, needed: 0.95, trials: 1, yearsNeeded: 12.34),
      .luckIsNotExcluded(probability: 0.4, needed: 0.95, trials: 77, yearsNeeded: nil),
      .luckIsNotExcluded(probability: 0.4, needed: 0.95, trials: 77, yearsNeeded: 12.34),
      .intervalHoldsZero(
        ConfidenceInterval(estimate: 1, lower: -0.25, upper: 2, confidence: 0.95)),
      .winnersFade(probability: 0.6, allowed: 0.2), .doesNotLast(efficiency: 0.1, needed: 0.5),
      .dataIsMissing(share: 0.3, allowed: 0.2), .profitsAreMissing(share: 0.3, allowed: 0.2),
    ]
    for objection in objections {
      let english = "\(objection)"
      let korean = try #require(EngineSentence.korean(english), "\(english)")
      #expect(!korean.contains("{}"))
      for number in english.split(whereSeparator: { !"0123456789.".contains($0) })
      where number.contains(where: \.isNumber) {
        let digits = number.hasSuffix(".") ? number.dropLast() : number
        #expect(korean.contains(digits), "\(digits) in \(korean)")
      }
    }
    #expect(
      EngineSentence.inBoth("\(objections[5])").english.contains("\u{2212}0.25 to 2.00"))
  }

  @Test("every reason, note and warning that the engine gives is known in Korean")
  func reasons() throws {
    var sentences: Set<String> = []
    for length in [0, 10, 70, 300] {
      for pnl in [
        Array(repeating: 0, count: length), Noise.normal(length, seed: 9),
        Noise.normal(length, seed: 9, mean: 0.3),
      ] {
        let report = TrustReport.assess(TrustEvidence(dailyPnL: pnl, trials: 9))
        sentences.formUnion(report.objections.map(\.description))
        sentences.formUnion(
          [
            report.sharpe.reason, report.sharpeInterval.reason, report.probabilisticSharpe.reason,
            report.deflatedSharpe.reason, report.luckySharpe.reason,
            report.minimumTrackRecordYears.reason, report.minimumBacktestYears.reason,
            report.overfitting.reason, report.walkForwardEfficiency.reason,
            report.purgedFoldDispersion.reason, report.lookAhead.reason,
            report.missingDataShare.reason,
          ].compactMap { $0 })
      }
    }
    let simulated = try AlphaDocumentTests.result()
    sentences.formUnion(simulated.checks.compactMap(\.note))
    sentences.formUnion(simulated.warnings.map(\.message))
    for sentence in sentences.sorted() {
      #expect(EngineSentence.korean(sentence) != nil, "\(sentence)")
    }
    #expect(sentences.count > 8)
    #expect(EngineSentence.korean("A sentence that nobody wrote.") == nil)
    #expect(
      EngineSentence.inBoth("A sentence that nobody wrote.").korean
        == "A sentence that nobody wrote.")
  }
}
