import Essentials

extension ReplayPage {
  /// The account as it grew, how far it fell, and how much of it was at stake.
  func writeAccount(to page: inout HTMLMarkup) {
    page.section(
      "account", BilingualText("The account", "계좌"),
      BilingualText(
        "What it was worth, and how much of it was at stake.", "계좌의 가치와 위험에 놓인 금액을 봅니다."),
      sample: BilingualText("Begins with ", "시작 금액 ")
        + BilingualText(same: quantities.money(content.capital))
    ) { page in
      guard !content.account.instants.isEmpty else {
        page.element(
          "p", ["class": "absent"],
          BilingualText("The account was not recorded.", "계좌가 기록되지 않았습니다."))
        return
      }
      writeEquity(to: &page)
      writeDrawdown(to: &page)
      guard content.account.exposure.contains(where: { $0 != 0 }) else {
        EmptyFigure(
          id: "exposure", title: BilingualText("Exposure and leverage", "노출 금액과 레버리지"),
          reason: BilingualText("Nothing was at stake.", "위험에 놓인 금액이 없습니다.")
        ).write(to: &page)
        return
      }
      page.element("div", ["class": "pair later"]) { page in
        writeExposure(to: &page)
        writeLeverage(to: &page)
      }
    }
  }

  /// The scale of the account's rows, which may begin before or end after the period of trading.
  private var accountTime: TimeScale {
    let instants = content.account.instants
    return TimeScale(
      [min(time.first, instants[0])] + instants
        + [max(time.last, instants[instants.count - 1])])
  }

  private func chart(
    _ id: String, _ title: BilingualText, _ note: BilingualText, _ style: FigureStyle,
    _ lines: [(name: BilingualText, values: [Double], look: TimeChart.Line.Look, isFilled: Bool)],
    height: Int, buckets: Int = RowThinning.buckets
  ) -> (chart: TimeChart, rows: [Int]) {
    let rows = RowThinning.rows(of: lines[0].values, buckets: buckets)
    let chart = TimeChart(
      id: id, title: title, note: note, style: style, scale: accountTime,
      stamps: rows.map { content.account.instants[$0] },
      lines: lines.map { line in
        TimeChart.Line(
          name: line.name, values: rows.map { line.values[$0] }, look: line.look,
          isFilled: line.isFilled)
      }, height: height)
    return (chart, rows)
  }

  private func writeEquity(to page: inout HTMLMarkup) {
    let account = content.account
    var lines: [(BilingualText, [Double], TimeChart.Line.Look, Bool)] = [
      (BilingualText("Equity", "자산"), account.equity, .main, false)
    ]
    let hasMarket =
      account.market.count == account.equity.count && account.market.contains(where: \.isFinite)
    if hasMarket {
      lines.append(
        (BilingualText("The markets, held", "종목을 그냥 보유"), account.market, .second, false))
    }
    var (chart, _) = chart(
      "equity", BilingualText("Equity", "자산"),
      BilingualText(
        "In \(content.currency), open positions at their mark.",
        "\(content.currency), 보유 포지션은 평가 금액."), .money, lines, height: 300)
    chart.includesZero = false
    chart.ends = [content.capital]
    chart.write(to: &page)
  }

  /// How far equity is below its highest so far, as a fraction of that; a missing row is missing.
  static func drawdown(of equity: [Double]) -> [Double] {
    var peak = -Double.infinity
    return equity.map { value in
      guard value.isFinite else { return .nan }
      peak = max(peak, value)
      return peak > 0 ? value / peak - 1 : .nan
    }
  }

  private func writeDrawdown(to page: inout HTMLMarkup) {
    let falls = Self.drawdown(of: content.account.equity)
    guard falls.contains(where: { $0 < 0 }) else {
      EmptyFigure(
        id: "drawdown", title: BilingualText("Drawdown", "낙폭"),
        reason: BilingualText("Equity never fell.", "자산이 줄어든 적이 없습니다.")
      ).write(to: &page)
      return
    }
    var (chart, rows) = chart(
      "drawdown", BilingualText("Drawdown", "낙폭"),
      BilingualText(
        "Below the highest equity so far, in % of it.", "그때까지의 최고 자산보다 낮은 정도, %."), .percent,
      [(BilingualText("Drawdown", "낙폭"), falls, .loss, true)], height: 150)
    var deepest: TimeChart.Marker?
    for (place, row) in rows.enumerated() where falls[row] < deepest?.value ?? 0 {
      deepest = TimeChart.Marker(
        place: place, value: falls[row],
        text: "\(FigureStyle.percent.marked(falls[row])), "
          + QuantityText.instant(content.account.instants[row]))
    }
    chart.marker = deepest
    chart.write(to: &page)
  }

  private func writeExposure(to page: inout HTMLMarkup) {
    chart(
      "exposure", BilingualText("Exposure", "노출 금액"),
      BilingualText(
        "All positions without sign, in \(content.currency).",
        "모든 포지션의 절대 금액, \(content.currency)."), .money,
      [(BilingualText("Exposure", "노출 금액"), content.account.exposure, .main, true)], height: 150,
      buckets: 150
    ).chart.write(to: &page)
  }

  private func writeLeverage(to page: inout HTMLMarkup) {
    chart(
      "leverage", BilingualText("Leverage", "레버리지"),
      BilingualText("Exposure over equity.", "노출 금액 ÷ 자산."), .ratio,
      [(BilingualText("Leverage", "레버리지"), content.account.leverage, .main, true)], height: 150,
      buckets: 150
    ).chart.write(to: &page)
  }
}
