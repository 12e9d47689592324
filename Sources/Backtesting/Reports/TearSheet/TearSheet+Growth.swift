import Essentials

extension TearSheet {
  /// Profit as it grew, how far it fell, and how good the last year was at any time.
  func writeGrowth(to page: inout HTMLMarkup) {
    page.section(
      "growth", BilingualText("Profit over time", "시간에 따른 손익"),
      BilingualText(
        "The book keeps its size and nothing is reinvested, so profits add up.",
        "북의 크기는 일정하고 재투자하지 않으므로 손익은 더해집니다."),
      sample: wholeSample
    ) { page in
      writeEquity(to: &page)
      writeDrawdown(to: &page)
      writeRollingSharpe(to: &page)
    }
  }

  private func writeEquity(to page: inout HTMLMarkup) {
    let net = history.netProfit
    let rows = RowThinning.rows(of: net)
    var lines = [
      TimeChart.Line(
        name: history.hasCosts
          ? BilingualText("After costs", "비용 차감 후") : BilingualText("Profit", "손익"),
        values: rows.map { net[$0] }, isFilled: true)
    ]
    if history.hasCosts {
      let gross = history.grossProfit
      lines.append(
        TimeChart.Line(
          name: BilingualText("Before costs", "비용 차감 전"), values: rows.map { gross[$0] },
          look: .second))
    }
    TimeChart(
      id: "equity", title: BilingualText("Cumulative profit", "누적 손익"),
      note: BilingualText("In units of the book's currency.", "북의 통화 단위."),
      style: .money, scale: time, stamps: stamps(rows), lines: lines, height: 300, bands: bands,
      namesBands: true
    ).write(to: &page)
  }

  private func writeDrawdown(to page: inout HTMLMarkup) {
    let falls = history.underwater
    let rows = RowThinning.rows(of: falls)
    let values = rows.map { falls[$0] }
    var deepest: TimeChart.Marker?
    for (place, value) in values.enumerated() where value < deepest?.value ?? 0 {
      deepest = TimeChart.Marker(
        place: place, value: value,
        text:
          "\(FigureStyle.percent.marked(value)), \(time.text(result.series.stamps[rows[place]]))"
      )
    }
    TimeChart(
      id: "drawdown", title: BilingualText("Drawdown", "낙폭"),
      note: BilingualText(
        "Below the highest cumulative profit so far, in % of capital, which is half the book.",
        "그때까지의 최고 누적 손익보다 낮은 정도. 자본(북의 절반) 대비 %."),
      style: .percent, scale: time, stamps: stamps(rows),
      lines: [
        TimeChart.Line(
          name: BilingualText("Drawdown", "낙폭"), values: values, look: .loss, isFilled: true)
      ], height: 150, bands: bands, marker: deepest
    ).write(to: &page)
  }

  private func writeRollingSharpe(to page: inout HTMLMarkup) {
    let title = BilingualText("Sharpe ratio of the last year", "최근 1년 샤프 비율")
    let count = result.series.count
    let year = FigureStyle.whole(history.yearRows)
    guard count >= history.yearRows else {
      EmptyFigure(
        id: "rolling-sharpe", title: title,
        reason: BilingualText(
          "Unknown: a year has \(year) rows and the sample only \(FigureStyle.whole(count)).",
          "알 수 없음: 1년은 \(year)행인데 표본은 \(FigureStyle.whole(count))행뿐입니다.")
      ).write(to: &page)
      return
    }
    // The line begins where the chart of profits does: rows before a year has passed are a gap.
    let rows = RowThinning.evenRows(count: count, limit: 600)
    TimeChart(
      id: "rolling-sharpe", title: title,
      note: BilingualText(
        "Annualized, over the \(year) rows that end at each date.", "각 날짜까지의 \(year)행, 연율."),
      style: .ratio, scale: time, stamps: stamps(rows),
      lines: [
        TimeChart.Line(
          name: BilingualText("Sharpe ratio", "샤프 비율"), values: history.yearlySharpe(at: rows))
      ], height: 150, bands: bands
    ).write(to: &page)
  }
}
