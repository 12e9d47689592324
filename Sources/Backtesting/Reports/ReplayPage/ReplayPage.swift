import Essentials

/// The page of a replay: one HTML file that can be mailed, read offline in English or Korean, in
/// light or dark, on a screen, on a phone or on paper.
///
/// The file asks nothing of the network: style, script, charts and numbers are inside, and a Content
/// Security Policy forbids the rest. Without the script everything but the later rows of a long list
/// of trades can be read; with it candles are enlarged, trades are sorted, and charts are read out.
/// Text from outside (names, keys, settings) is escaped. A missing value is a gap in a line and `--`
/// in a table, never a zero.
///
/// The same content always gives the same bytes. Size: about 40 bytes a candle and 150 a trade.
package struct ReplayPage: Sendable {
  /// What is shown.
  package let content: ReplayPageContent

  package init(_ content: ReplayPageContent) {
    self.content = content
    let end = max(content.start, content.end)
    time = TimeScale([content.start, end])
    quantities = QuantityText(currency: content.currency)
  }

  /// The time from the first to the last instant of trading.
  let time: TimeScale
  let quantities: QuantityText

  /// Returns the page.
  ///
  /// - Parameter language: what is shown first; nil for Korean where the reader's browser prefers
  ///   it and English otherwise. The reader can switch at any time.
  ///
  /// Cost: a few passes over candles, trades and rows of the account.
  package func html(language: TearSheet.Language? = nil) -> String {
    frame.html(language: language) { page in
      page.insert(CandleChart.marks)
      for section in sections {
        page.insert("\n")
        section(&page)
      }
    } end: { page in
      writeProvenance(to: &page)
    }
  }

  private var frame: PageFrame {
    PageFrame(
      title: BilingualText(
        "\(content.title) \u{2013} replay", "\(content.title) \u{2013} 리플레이 보고서"),
      kind: BilingualText("Replay", "리플레이"), style: TearSheet.style + Self.style,
      script: TearSheet.script + Self.script)
  }

  /// Without a trade the first question is what refused them.
  private var sections: [(inout HTMLMarkup) -> Void] {
    content.trades.isEmpty
      ? [
        writeOverview, writeRefusals, writeTrust, writeMarkets, writeAccount, writeData,
        writeSettings, writeDefinitions,
      ]
      : [
        writeOverview, writeTrust, writeMarkets, writeTrades, writeCalibration, writeAccount,
        writeExits, writeRefusals, writeData, writeSettings, writeDefinitions,
      ]
  }

  // MARK: - What sections share

  /// Writes a table that scrolls where it is wider than the page.
  func table(
    _ id: String, _ label: BilingualText, _ look: String, _ columns: [Column],
    on page: inout HTMLMarkup, _ rows: (inout HTMLMarkup) -> Void
  ) {
    page.element("p", ["class": "spoken", "id": "\(id)-label"], label)
    page.element(
      "div",
      ["class": "scroll", "tabindex": "0", "role": "region", "aria-labelledby": "\(id)-label"]
    ) { page in
      page.element("table", ["class": look, "id": id]) { page in
        page.element("thead") { page in
          page.element("tr") { page in
            for column in columns {
              page.element(
                "th", ["scope": "col", "class": column.isNumber ? "number" : "word"], column.name)
            }
          }
        }
        page.element("tbody", [:], rows)
      }
    }
  }

  /// A column of a table.
  struct Column: Sendable {
    var name: BilingualText
    var isNumber = true

    init(_ name: BilingualText, isNumber: Bool = true) {
      self.name = name
      self.isNumber = isNumber
    }
  }

  /// Writes a cell with a number; a gain and a loss have their colors.
  func cell(_ text: String, of value: Double = .nan, on page: inout HTMLMarkup) {
    page.element("td", ["class": "number" + Self.tone(of: value)], text)
  }

  /// The class of a gain or a loss, with a space before it.
  static func tone(of value: Double) -> String {
    value > 0 ? " up" : value < 0 ? " down" : ""
  }

  /// Writes what a key says, and the key itself; `--` where there is none.
  func write(_ key: String?, saying words: BilingualText?, to page: inout HTMLMarkup) {
    guard let key else { return page.write(QuantityText.missing) }
    if let words { page.element("span", ["class": "said"], words) }
    page.element("code", key)
  }

  /// The share of a whole in percent; `--` of nothing.
  static func percent(_ part: Int, of whole: Int) -> String {
    FigureStyle.decimal(whole > 0 ? Double(part) / Double(whole) * 100 : .nan, digits: 1)
  }
}
