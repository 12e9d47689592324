import Essentials

extension ReplayPage {
  /// The candles of each market with its trades, and what each market brought.
  func writeMarkets(to page: inout HTMLMarkup) {
    page.section(
      "markets", BilingualText("Markets and trades", "종목과 거래"),
      content.trades.isEmpty
        ? BilingualText("What the markets did meanwhile.", "그동안 시장이 어떻게 움직였는지 봅니다.")
        : BilingualText(
          "Where it entered and left. Blue trades gained, orange ones lost.",
          "어디서 들어가고 나왔는지 봅니다. 파란 거래는 이익, 주황 거래는 손실입니다."),
      sample: BilingualText("All times are UTC.", "모든 시각은 UTC입니다.")
    ) { page in
      guard !content.markets.isEmpty else {
        EmptyFigure(
          id: "no-market", title: BilingualText("Candles", "캔들"),
          reason: BilingualText("No market was replayed.", "재생한 종목이 없습니다.")
        ).write(to: &page)
        return
      }
      writeLegend(to: &page)
      writeTools(to: &page)
      page.element("div", ["id": "charts"]) { page in
        for (place, market) in content.markets.enumerated() {
          CandleChart(
            place: place, market: market,
            trades: content.trades.filter { $0.symbol == market.symbol }, time: time
          ).write(to: &page)
        }
      }
      writeReadout(to: &page)
      writeMarketTable(to: &page)
    }
  }

  /// What the marks mean.
  private func writeLegend(to page: inout HTMLMarkup) {
    guard !content.trades.isEmpty else { return }
    let marks: [(String, BilingualText)] = [
      ("long", BilingualText("Long opens", "롱 진입")),
      ("short", BilingualText("Short opens", "숏 진입")),
      ("exit", BilingualText("Closes", "청산")),
      ("liquidation", BilingualText("Liquidated", "강제 청산")),
    ]
    page.element("p", ["class": "legend marks-legend"]) { page in
      for (name, words) in marks {
        page.element("span", ["class": "key"]) { page in
          page.insert(
            "<svg width=\"16\" height=\"14\" viewBox=\"-8 -7 16 14\" aria-hidden=\"true\">")
          page.shape("use", ["href": "#mark-\(name)", "class": "plain"])
          page.insert("</svg>")
          page.write(words)
        }
      }
      for (tone, words) in [
        ("gain", BilingualText("Gained", "이익")), ("loss", BilingualText("Lost", "손실")),
        ("open", BilingualText("Still held", "보유 중")),
      ] {
        page.element("span", ["class": "key"]) { page in
          page.insert("<svg width=\"14\" height=\"10\" aria-hidden=\"true\">")
          page.shape("rect", ["width": "14", "height": "10", "rx": "2", "class": tone])
          page.insert("</svg>")
          page.write(words)
        }
      }
    }
  }

  /// Buttons that the script brings to life: which market, and which part of its time.
  private func writeTools(to page: inout HTMLMarkup) {
    page.element("div", ["class": "tools", "id": "tools", "hidden": ""]) { page in
      page.element(
        "label", ["class": "pick"]
      ) { page in
        page.element("span", ["class": "spoken"], BilingualText("Market", "종목"))
        page.element("select", ["id": "market-choice"]) { page in
          for (place, market) in content.markets.enumerated() {
            page.element(
              "option", ["value": "\(place)"],
              "\(market.symbol) (\(FigureStyle.whole(market.trades)))")
          }
        }
      }
      page.element("div", ["class": "choice", "role": "group", "aria-label": "Zoom, 확대"]) { page in
        for (action, words) in [
          ("in", BilingualText("Closer", "확대")), ("out", BilingualText("Wider", "축소")),
          ("all", BilingualText("All", "전체")),
        ] {
          page.element("button", ["type": "button", "data-zoom": action], words)
        }
      }
      if !content.trades.isEmpty {
        page.element("div", ["class": "choice", "role": "group", "aria-label": "Trades, 거래"]) {
          page in
          for (action, words) in [
            ("previous", BilingualText("\u{2190} Trade", "\u{2190} 이전 거래")),
            ("next", BilingualText("Trade \u{2192}", "다음 거래 \u{2192}")),
          ] {
            page.element("button", ["type": "button", "data-trade": action], words)
          }
        }
      }
      page.element(
        "p", ["class": "note"],
        BilingualText(
          "Drag over a part to enlarge it. Keys: arrows move, + and \u{2212} zoom, 0 shows all",
          "끌어서 구간을 확대합니다. 키: 화살표 이동, +와 \u{2212} 확대·축소, 0 전체")
          + (content.trades.isEmpty
            ? BilingualText(".", ".")
            : BilingualText(", N and P step through trades.", ", N과 P 거래 이동.")))
    }
  }

  /// Where the script says what the pointer or the keys are at.
  private func writeReadout(to page: inout HTMLMarkup) {
    page.element("div", ["class": "readout", "id": "readout", "hidden": ""]) {
      page in
      page.element("p", ["id": "readout-candle"], "")
      page.element("p", ["id": "readout-trade"], "")
    }
  }

  // MARK: - Table

  private func writeMarketTable(to page: inout HTMLMarkup) {
    page.element("h3", ["class": "later"], BilingualText("By market", "종목별"))
    table(
      "market-table", BilingualText("By market", "종목별"), "figures wide",
      [
        Column(BilingualText("Market", "종목"), isNumber: false),
        Column(BilingualText("Trades", "거래")),
        Column(BilingualText("Win / draw / loss", "승 / 무 / 패")),
        Column(BilingualText("Win %", "승률 %")),
        Column(BilingualText("Mean %", "평균 %")),
        Column(BilingualText("Profit \(content.currency)", "손익 \(content.currency)")),
        Column(BilingualText("Of capital %", "자본 대비 %")),
        Column(BilingualText("Fees", "수수료")), Column(BilingualText("Funding", "펀딩")),
        Column(BilingualText("Held", "보유 시간")),
        Column(BilingualText("Market %", "시장 변동 %")),
      ], on: &page
    ) { page in
      for market in content.markets { writeRow(of: market, to: &page) }
      if content.markets.count > 1 { writeSum(to: &page) }
    }
  }

  private func writeRow(of market: ReplayPageContent.Market, to page: inout HTMLMarkup) {
    page.element("tr") { page in
      page.element("th", ["scope": "row"]) { $0.element("bdi", market.symbol) }
      cell(FigureStyle.whole(market.trades), on: &page)
      cell("\(market.wins) / \(market.draws) / \(market.losses)", on: &page)
      cell(Self.percent(market.wins, of: market.trades), on: &page)
      cell(
        FigureStyle.decimal(market.meanReturn * 100, digits: 3), of: market.meanReturn, on: &page)
      cell(FigureStyle.money.text(market.net), of: market.net, on: &page)
      cell(ofCapital(market.net), of: market.net, on: &page)
      cell(FigureStyle.money.text(market.fees), on: &page)
      cell(FigureStyle.money.text(market.funding), on: &page)
      page.element("td", ["class": "number"], QuantityText.span(market.meanHeld))
      cell(FigureStyle.percent.text(market.change), on: &page)
    }
  }

  private func writeSum(to page: inout HTMLMarkup) {
    let markets = content.markets
    let trades = markets.reduce(0) { $0 + $1.trades }
    let wins = markets.reduce(0) { $0 + $1.wins }
    let net = markets.reduce(0) { $0 + $1.net }
    page.element("tr", ["class": "whole"]) { page in
      page.element("th", ["scope": "row"], BilingualText("All", "합계"))
      cell(FigureStyle.whole(trades), on: &page)
      cell(
        "\(wins) / \(markets.reduce(0) { $0 + $1.draws }) / \(markets.reduce(0) { $0 + $1.losses })",
        on: &page)
      cell(Self.percent(wins, of: trades), on: &page)
      let mean = markets.reduce(0.0) { sum, market in
        market.trades > 0 ? sum + market.meanReturn * Double(market.trades) : sum
      }
      let all = trades > 0 ? mean / Double(trades) : .nan
      cell(FigureStyle.decimal(all * 100, digits: 3), of: all, on: &page)
      cell(FigureStyle.money.text(net), of: net, on: &page)
      cell(ofCapital(net), of: net, on: &page)
      cell(FigureStyle.money.text(markets.reduce(0) { $0 + $1.fees }), on: &page)
      cell(FigureStyle.money.text(markets.reduce(0) { $0 + $1.funding }), on: &page)
      cell(QuantityText.missing, on: &page)
      cell(QuantityText.missing, on: &page)
    }
  }

  private func ofCapital(_ value: Double) -> String {
    FigureStyle.percent.text(content.capital > 0 ? value / content.capital : .nan)
  }
}
