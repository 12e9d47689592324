import Essentials
import Markets

extension ReplayPage {
  /// So many trades stand on the page without the script.
  static let writtenTradesMax = 100

  /// Every trade with its reasons.
  func writeTrades(to page: inout HTMLMarkup) {
    let count = FigureStyle.whole(content.trades.count)
    page.section(
      "trades", BilingualText("Trades", "거래 목록"),
      BilingualText(
        "Each with why it was entered and why it was left. P is the probability of profit that was "
          + "forecast at entry, t* how long it was meant to be held.",
        "들어간 이유와 나온 이유를 함께 봅니다. P는 진입할 때 예측한 이익 확률, t*는 예정한 보유 시간입니다."),
      sample: BilingualText("n = \(count)", "n = \(count)")
    ) { page in
      writeFilters(to: &page)
      table(
        "trade-table", BilingualText("Trades", "거래 목록"), "figures wide trades", Self.tradeColumns,
        on: &page
      ) { page in
        for (place, trade) in content.trades.prefix(Self.writtenTradesMax).enumerated() {
          write(trade, place, to: &page)
        }
      }
      if content.trades.count > Self.writtenTradesMax {
        page.element(
          "p", ["class": "note", "id": "trade-rest"],
          BilingualText(
            "The first \(Self.writtenTradesMax) of \(count). The others are in this file and show up "
              + "where scripts may run.",
            "\(count)건 중 처음 \(Self.writtenTradesMax)건입니다. 나머지도 이 파일에 있으며 스크립트를 켜면 보입니다."))
      }
      page.element("div", ["class": "pages", "id": "trade-pages", "hidden": ""]) { page in
        page.element(
          "button", ["type": "button", "data-page": "previous"], BilingualText("Back", "이전"))
        page.element("output", ["id": "trade-page"], "")
        page.element(
          "button", ["type": "button", "data-page": "next"], BilingualText("Further", "다음"))
      }
      page.element("script", ["type": "application/json", "id": "trade-data"]) {
        $0.insert(tradeData)
      }
    }
  }

  private static let tradeColumns: [Column] = [
    Column(BilingualText("#", "#")),
    Column(BilingualText("Market", "종목"), isNumber: false),
    Column(BilingualText("Side", "방향"), isNumber: false),
    Column(BilingualText("Entry", "진입"), isNumber: false),
    Column(BilingualText("Exit", "청산"), isNumber: false),
    Column(BilingualText("Held", "보유")), Column(BilingualText("t*", "t*")),
    Column(BilingualText("Leverage", "레버리지")), Column(BilingualText("Worth", "금액")),
    Column(BilingualText("P %", "P %")), Column(BilingualText("Return %", "수익률 %")),
    Column(BilingualText("Profit", "손익")),
  ]

  private func writeFilters(to page: inout HTMLMarkup) {
    page.element("div", ["class": "tools", "id": "trade-tools", "hidden": ""]) { page in
      page.element("label", ["class": "pick"]) { page in
        page.element("span", BilingualText("Market", "종목"))
        page.element("select", ["id": "trade-market"]) { page in
          page.element("option", ["value": "-1"], "All \u{00B7} 전체")
          for (place, symbol) in symbols.enumerated() {
            page.element("option", ["value": "\(place)"], symbol)
          }
        }
      }
      page.element("div", ["class": "choice", "role": "group", "aria-label": "Result, 결과"]) {
        page in
        for (kind, words) in [
          ("all", BilingualText("All", "전체")), ("gain", BilingualText("Gained", "이익")),
          ("loss", BilingualText("Lost", "손실")),
        ] {
          page.element(
            "button",
            [
              "type": "button", "data-result": kind,
              "aria-pressed": kind == "all" ? "true" : "false",
            ],
            words)
        }
      }
      page.element(
        "p", ["class": "note"],
        BilingualText(
          "A heading sorts. A number leads to the chart.", "제목을 누르면 정렬하고, 번호를 누르면 차트로 갑니다."))
    }
  }

  private func write(
    _ trade: ReplayPageContent.Trade, _ place: Int, to page: inout HTMLMarkup
  ) {
    page.element("tr") { page in
      cell("\(place + 1)", on: &page)
      page.element("td", ["class": "word"]) { $0.element("bdi", trade.symbol) }
      page.element("td", ["class": "word"], trade.side.word)
      writeEnd(
        trade.openedAt, trade.entryPrice, trade, trade.entryReason,
        saying: trade.entryReason.flatMap(ReplayWords.entry), to: &page)
      writeEnd(
        trade.closedAt, trade.exitPrice, trade, trade.exitKey,
        saying: trade.exitKey.flatMap(ReplayWords.exit), to: &page)
      page.element("td", ["class": "number"], QuantityText.span(trade.closedAt - trade.openedAt))
      page.element("td", ["class": "number"], QuantityText.span(trade.bestHold))
      cell(Self.times(trade.leverage), on: &page)
      cell(FigureStyle.money.text(trade.worth), on: &page)
      cell(FigureStyle.decimal(trade.profitProbability * 100, digits: 1), on: &page)
      cell(FigureStyle.decimal(trade.netReturn * 100, digits: 3), of: trade.net, on: &page)
      cell(FigureStyle.money.text(trade.net), of: trade.net, on: &page)
    }
  }

  private func writeEnd(
    _ instant: Timestamp, _ price: Double, _ trade: ReplayPageContent.Trade, _ key: String?,
    saying words: BilingualText?, to page: inout HTMLMarkup
  ) {
    page.element("td", ["class": "word"]) { page in
      page.element(
        "span", ["class": "when"],
        "\(moment(instant)) \u{00B7} "
          + FigureStyle.decimal(price, digits: decimals(of: trade.symbol)))
      if let words {
        page.element("span", ["class": "said"], words)
      } else {
        write(key, saying: nil, to: &page)
      }
    }
  }

  /// An instant to the minute, without the year where the whole replay lies in one.
  private func moment(_ instant: Timestamp) -> String {
    let date = instant.date.description
    return "\(isInOneYear ? String(date.dropFirst(5)) : date) \(TimeScale.clock(instant))"
  }

  private var isInOneYear: Bool { time.first.date.year == time.last.date.year }

  /// A leverage with the sign of multiplication.
  static func times(_ leverage: Double) -> String {
    guard leverage.isFinite else { return QuantityText.missing }
    let isWhole = leverage.rounded() == leverage
    return "\(FigureStyle.decimal(leverage, digits: isWhole ? 0 : 1))\u{00D7}"
  }

  /// The decimals of a market's prices; two where the market is not on the page.
  private func decimals(of symbol: String) -> Int {
    content.markets.first { $0.symbol == symbol }.map(CandleChart.decimals(of:)) ?? 2
  }

  /// The markets of the page in their order, then those that only trades name.
  private var symbols: [String] {
    var symbols = content.markets.map(\.symbol)
    var known = Set(symbols)
    for trade in content.trades where known.insert(trade.symbol).inserted {
      symbols.append(trade.symbol)
    }
    return symbols
  }

  // MARK: - Numbers for the script

  /// Trades as rows of numbers: market, side, entry and hold in milliseconds, end, prices, leverage,
  /// worth, net, reasons, probabilities and t*. What is not known is null.
  private var tradeData: String {
    var keys: [String] = []
    var places: [String: Int] = [:]
    var words: [JSONValue] = []
    func reason(_ key: String?, _ saying: (String) -> BilingualText?) -> JSONValue {
      guard let key else { return .null }
      let said = saying(key)
      // The same key may say one thing of an entry and another of an exit.
      let name = key + "\u{0}" + (said?.english ?? "")
      if let place = places[name] { return .integer(place) }
      places[name] = keys.count
      keys.append(key)
      words.append(
        .strings([HTMLMarkup.printable(key), said?.english ?? "", said?.korean ?? ""]))
      return .integer(keys.count - 1)
    }
    let symbols = self.symbols
    let indices = Dictionary(
      zip(symbols, symbols.indices), uniquingKeysWith: { first, _ in first })
    let rows: [JSONValue] = content.trades.map { trade in
      let decimals = decimals(of: trade.symbol) + 1
      return .array([
        .integer(indices[trade.symbol] ?? 0), .integer(trade.side == .long ? 1 : -1),
        .integer(Int(trade.openedAt.millisecondsSinceEpoch)),
        .integer(Int((trade.closedAt - trade.openedAt).milliseconds)),
        .integer(trade.end == .open ? 2 : trade.end == .liquidation ? 1 : 0),
        Self.rounded(trade.entryPrice, decimals), Self.rounded(trade.exitPrice, decimals),
        Self.rounded(trade.leverage, 2), Self.rounded(trade.worth, 4),
        Self.rounded(trade.net, 6), reason(trade.entryReason, ReplayWords.entry),
        reason(trade.exitKey, ReplayWords.exit), Self.rounded(trade.profitProbability, 4),
        Self.rounded(trade.targetProbability, 4), Self.rounded(trade.stopProbability, 4),
        trade.bestHold.map { .integer(Int($0.milliseconds)) } ?? .null,
      ])
    }
    let document: JSONValue = [
      "currency": .string(HTMLMarkup.printable(content.currency)), "inOneYear": .bool(isInOneYear),
      "symbols": .strings(symbols.map(HTMLMarkup.printable)),
      "decimals": .array(symbols.map { .integer(decimals(of: $0)) }), "reasons": .array(words),
      "trades": .array(rows),
    ]
    // Text from outside may hold what ends a script; it only occurs inside of quotes.
    return document.compactText.split(separator: "<", omittingEmptySubsequences: false)
      .joined(separator: "\\u003c")
  }

  private static func rounded(_ value: Double, _ decimals: Int) -> JSONValue {
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let scaled = value * power
    guard scaled.isFinite else { return .null }
    let whole = scaled.rounded() / power
    return .number(whole == 0 ? 0 : whole)
  }
}

extension ReplayPageContent.Trade {
  /// Why it ended: the key of its exit, or how it ended where no exit says it.
  var exitKey: String? {
    exitReason ?? (end == .order ? nil : end.rawValue)
  }
}

extension PositionSide {
  /// The side in the words of those who trade futures.
  var word: BilingualText {
    self == .long ? BilingualText("Long", "롱") : BilingualText("Short", "숏")
  }
}
