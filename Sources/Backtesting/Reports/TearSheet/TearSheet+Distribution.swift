import Essentials
import Mathematics

extension TearSheet {
  /// How often which profit was made in a day.
  func writeDistribution(to page: inout HTMLMarkup) {
    let days = history.days.filter { $0.pnl.isFinite }
    // Bars of one short session are all there is to look at in it.
    let isByDay = result.scale.rowsPerDay <= 1 || days.count >= 30
    let profits =
      isByDay ? days.map(\.pnl) : result.series.pnl.filter(\.isFinite)
    let unit = isByDay ? BilingualText("days", "일") : BilingualText("rows", "행")
    let count = FigureStyle.whole(profits.count)
    page.section(
      "distribution",
      isByDay
        ? BilingualText("Daily profits", "일별 손익") : BilingualText("Profits by row", "행별 손익"),
      BilingualText("In % of capital, which is half the book.", "자본(북의 절반) 대비 %."),
      sample: BilingualText("n = \(count) ", "n = \(count)") + unit
    ) { page in
      page.element("div", ["class": "pair wide-first"]) { page in
        writeHistogram(of: profits.map { $0 / history.capital }, to: &page)
        writeMoments(of: profits.map { $0 / history.capital }, days, isByDay, to: &page)
      }
    }
  }

  /// About so many bars stand on either side of zero.
  private static let binsPerSide = 20

  /// A share of capital below which profits are rounding errors.
  private static let reachMin = 1e-12

  private func writeHistogram(
    of returns: [Double], to page: inout HTMLMarkup
  ) {
    let title = BilingualText("How often", "빈도")
    let reach = SortedSample(returns.map(\.magnitude)).quantile(0.995)
    guard returns.count > 1, reach > Self.reachMin else {
      EmptyFigure(
        id: "histogram", title: title,
        reason: BilingualText(
          "The profits do not vary, so there is no distribution.", "손익이 변하지 않아 분포가 없습니다.")
      ).write(to: &page)
      return
    }
    let width = ValueAxis.roundStep(reach / Double(Self.binsPerSide))
    let side = max(1, Int((reach / width).rounded(.up)))
    var counts = [Double](repeating: 0, count: 2 * side)
    for value in returns {
      let place = (value / width).rounded(.down)
      counts[side + Int(min(max(place, Double(-side)), Double(side - 1)))] += 1
    }
    let bars = counts.enumerated().map { place, count in
      let bin = place - side
      let low = FigureStyle.percent.axisText(Double(bin) * width, step: width)
      let high = FigureStyle.percent.axisText(Double(bin + 1) * width, step: width)
      let range =
        place == 0 ? "< \(high)" : place == 2 * side - 1 ? "> \(low)" : "\(low) \u{2026} \(high)"
      return BarChart.Bar(
        label: bin % 5 == 0
          ? FigureStyle.percent.axisText(Double(bin) * width, step: 5 * width) : "",
        keepsLabel: bin % 10 == 0, value: count,
        hint: "\(range): \(FigureStyle.decimal(count, digits: 0))", isLoss: bin < 0)
    }
    var chart = BarChart(
      id: "histogram", title: title,
      note: BilingualText(
        "The outermost bars hold everything beyond.", "양 끝 막대는 그 너머를 모두 담습니다."),
      style: .count, bars: bars, height: 340)
    chart.showsValues = false
    chart.fullness = 0.86
    chart.labelsEdges = true
    chart.write(to: &page)
  }

  private func writeMoments(
    of returns: [Double], _ days: [(date: CalendarDate, pnl: Double)], _ isByDay: Bool,
    to page: inout HTMLMarkup
  ) {
    let rowsPerYear =
      isByDay ? result.scale.rowsPerYear / result.scale.rowsPerDay : result.scale.rowsPerYear
    let measures = PerformanceMeasures(
      of: returns, periodsPerYear: rowsPerYear, accumulation: .additive)
    let moments = Moments(of: returns)
    let gains = returns.reduce(0.0) { $0 + ($1 > 0 ? 1 : 0) } / Double(returns.count)
    func percent(_ value: Double?) -> String { FigureStyle.percent.marked(value ?? .nan) }
    func ratio(_ value: Double?) -> String { FigureStyle.ratio.text(value ?? .nan) }
    var entries: [(BilingualText, String)] = [
      (
        BilingualText("Mean", "평균"),
        FigureStyle.decimal(moments.mean * 100, digits: 4) + FigureStyle.percentSign
      ),
      (BilingualText("Standard deviation", "표준편차"), percent(moments.sampleDeviation)),
      (BilingualText("Volatility a year", "연 변동성"), percent(measures.annualVolatility)),
      (BilingualText("With a profit", "이익인 비율"), percent(gains)),
      (BilingualText("Worst", "최악"), percent(returns.min())),
      (BilingualText("Best", "최고"), percent(returns.max())),
      (BilingualText("5 % quantile", "5 % 분위"), percent(measures.valueAtRisk)),
      (
        BilingualText("Mean of the worst 5 %", "최악 5 %의 평균"),
        percent(measures.conditionalValueAtRisk)
      ),
      (BilingualText("Skewness", "왜도"), ratio(measures.skewness)),
      (BilingualText("Kurtosis (normal: 3)", "첨도 (정규: 3)"), ratio(measures.kurtosis)),
      (BilingualText("Sortino ratio", "소르티노 비율"), ratio(measures.sortino)),
      (BilingualText("Calmar ratio", "칼마 비율"), ratio(measures.calmar)),
    ]
    if isByDay, let worst = days.min(by: { $0.pnl < $1.pnl }),
      let best = days.max(by: { $0.pnl < $1.pnl })
    {
      entries[4].1 += " (\(worst.date))"
      entries[5].1 += " (\(best.date))"
    }
    page.element("dl", ["class": "facts"]) { page in
      for (name, value) in entries {
        page.element("div") { page in
          page.element("dt", name)
          page.element("dd", ["class": "number"], value)
        }
      }
    }
  }
}
