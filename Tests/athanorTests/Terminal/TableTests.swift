import Testing

@testable import athanor

@Suite("Tables")
struct TableTests {
  private static let alphas = Table(
    [
      .text("Alpha", narrowest: 8), .number("Return", unit: "%"),
      .number("Turnover", unit: "%", rank: 1), .text("Name", rank: 2),
    ],
    rows: [
      ["rank(-returns)", .percent(0.1234), .percent(0.4), "reversal"],
      ["ts_mean(close, 5)", .percent(-0.05), .missing, "삼성전자"],
    ])

  @Test("columns stand aligned, units in brackets, a missing value as two dashes")
  func layout() {
    #expect(
      Self.alphas.rendered(width: nil) == """
        Alpha              Return [%]  Turnover [%]  Name
        rank(-returns)          12.34         40.00  reversal
        ts_mean(close, 5)       -5.00            --  삼성전자
        """)
  }

  @Test("a narrow table shrinks what may shrink, drops what matters least, and fills the room")
  func fitting() {
    #expect(
      Self.alphas.rendered(width: 50) == """
        Alpha           Return [%]  Turnover [%]  Name
        rank(-returns)       12.34         40.00  reversal
        ts_mean(close…       -5.00            --  삼성전자
        """)
    #expect(
      Self.alphas.rendered(width: 36) == """
        Alpha       Return [%]  Turnover [%]
        rank(-ret…       12.34         40.00
        ts_mean(c…       -5.00            --
        not shown for lack of width: Name; --json has everything
        """)
    #expect(
      Self.alphas.rendered(width: 20) == """
        Alpha     Return [%]
        rank(-r…       12.34
        ts_mean…       -5.00
        not shown for lack of width: Turnover [%], Name; --json has everything
        """)
  }

  @Test("a table without rows is its heading")
  func empty() {
    #expect(Table([.text("Panel"), .number("Rows")]).rendered(width: 80) == "Panel  Rows")
  }

  @Test(
    "numbers are written with fixed decimals and without a negative zero",
    arguments: [
      (Table.Cell.number(1.005), "1.00"), (.number(-0.001), "0.00"), (.number(.nan), "--"),
      (.number(.infinity), "--"), (.number(nil), "--"), (.number(2.5, decimals: 0), "2"),
      (.percent(0.12345, decimals: 1), "12.3"), (.count(0), "0"), (.count(-1234), "-1,234"),
      (.count(123), "123"), (.count(20_000_000), "20,000,000"), (.count(nil), "--"),
      (.count(.min), "-9,223,372,036,854,775,808"),
    ])
  func numbers(cell: Table.Cell, expected: String) {
    #expect(cell.text == expected)
  }

  @Test("a name with escape sequences cannot reach the terminal")
  func controlCharacters() {
    #expect(Table.Cell("a\u{1B}[2Jb\n").text == "a\u{FFFD}[2Jb\u{FFFD}")
  }

  @Test(
    "the width of a text is counted in terminal cells",
    arguments: [
      ("abc", 3), ("삼성", 4), ("日本 株", 7), ("e\u{301}", 1), ("각", 2), ("\u{1F600}", 2), ("", 0),
      ("π", 1), ("…", 1), ("\u{1112}\u{1161}\u{11AB}", 2),
    ])
  func widths(text: String, cells: Int) {
    #expect(DisplayWidth.of(text) == cells)
  }

  @Test("a truncated text never takes more cells than it may", arguments: 0...8)
  func truncation(limit: Int) {
    let cut = DisplayWidth.truncated("삼a성b전자", to: limit)
    #expect(DisplayWidth.of(cut) <= limit)
    #expect(cut.isEmpty == (limit == 0))
  }

  @Test("a paragraph breaks at spaces and a long word stands alone")
  func paragraph() {
    #expect(
      Paragraph("one two  threefourfive 여섯 일곱").lines(width: 9) == [
        "one two", "threefourfive", "여섯 일곱",
      ])
    #expect(Paragraph("").lines(width: 9) == [""])
  }

  @Test(
    "the terminal is what its environment says",
    arguments: [
      (true, 120, [:], 120, Paint.ansi), (false, 120, [:], nil, .none),
      (false, nil, ["COLUMNS": "60"], 60, .none), (true, 120, ["COLUMNS": "nonsense"], 120, .ansi),
      (true, 120, ["NO_COLOR": "1"], 120, .none), (true, 120, ["NO_COLOR": ""], 120, .ansi),
      (true, 120, ["TERM": "dumb"], 120, .none), (true, nil, ["COLUMNS": "3"], nil, .ansi),
    ] as [(Bool, Int?, [String: String], Int?, Paint)])
  func facts(
    isTerminal: Bool, window: Int?, environment: [String: String], width: Int?, paint: Paint
  ) {
    let facts = TerminalFacts(
      isTerminal: isTerminal, windowWidth: window, environment: environment)
    #expect(facts.width == width)
    #expect(facts.paint == paint)
  }
}
