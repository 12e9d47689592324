import Essentials

extension TearSheet {
  /// The figures of each calendar year, drawn and in a table, and the profit of each month.
  func writeYears(to page: inout HTMLMarkup) {
    page.section(
      "years", BilingualText("Year by year", "연도별 성과"),
      BilingualText(
        "Pale bars are years with less than half a year of rows."
          + (result.test == nil ? "" : " T stands for test."),
        "옅은 막대는 행이 반년치에 못 미치는 해입니다."
          + (result.test == nil ? "" : " T는 시험 구간입니다.")), sample: wholeSample
    ) { page in
      page.element("div", ["class": "pair"]) { page in
        yearlyChart(
          "yearly-returns", BilingualText("Returns by year", "연도별 수익률"),
          BilingualText("In % of capital, annualized.", "자본 대비 %, 연율."), .percent, \.returns
        ).write(to: &page)
        yearlyChart(
          "yearly-sharpe", BilingualText("Sharpe ratio by year", "연도별 샤프 비율"),
          BilingualText("Annualized.", "연율."), .ratio, \.sharpe
        ).write(to: &page)
      }
      writeMonths(to: &page)
      writeYearTable(to: &page)
    }
  }

  private func yearlyChart(
    _ id: String, _ title: BilingualText, _ note: BilingualText, _ style: FigureStyle,
    _ figure: (AlphaMetrics) -> Double
  ) -> BarChart {
    BarChart(
      id: id, title: title, note: note, style: style,
      bars: result.yearly.map { year in
        let label = year.stage == .test ? "\(year.year)T" : "\(year.year)"
        let value = figure(year.metrics)
        return BarChart.Bar(
          label: label, value: value, hint: "\(label): \(style.marked(value))",
          isPale: Double(year.metrics.rows) < result.scale.rowsPerYear / 2)
      })
  }

  // MARK: - Months

  private func writeMonths(to page: inout HTMLMarkup) {
    let months = history.months
    guard months.count > 1 else { return }
    let largest = months.reduce(0.0) { $1.pnl.isNaN ? $0 : max($0, $1.pnl.magnitude) }
    let years = months.reduce(into: [Int]()) { if $0.last != $1.year { $0.append($1.year) } }
    page.element("figure", ["class": "chart", "id": "months"]) { page in
      page.element("figcaption") { page in
        page.element("h3", ["id": "months-title"], BilingualText("Profit by month", "월별 손익"))
        page.element(
          "p", ["class": "note"],
          BilingualText("In % of capital, not annualized.", "자본 대비 %, 연율 아님."))
      }
      page.element(
        "div",
        ["class": "scroll", "tabindex": "0", "role": "region", "aria-labelledby": "months-title"]
      ) { page in
        page.element("table", ["class": "heat"]) { page in
          page.element("thead") { page in
            page.element("tr") { page in
              page.element("th", ["scope": "col"], BilingualText("Year", "연도"))
              for month in 1...12 { page.element("th", ["scope": "col"], "\(month)") }
              page.element("th", ["scope": "col", "class": "sum"], BilingualText("Sum", "합계"))
            }
          }
          page.element("tbody") { page in
            for year in years {
              writeMonths(of: year, months.filter { $0.year == year }, largest, to: &page)
            }
          }
        }
      }
    }
  }

  private func writeMonths(
    of year: Int, _ months: [(year: Int, month: Int, pnl: Double)], _ largest: Double,
    to page: inout HTMLMarkup
  ) {
    page.element("tr") { page in
      page.element("th", ["scope": "row"], "\(year)")
      for month in 1...12 {
        guard let entry = months.first(where: { $0.month == month }), !entry.pnl.isNaN else {
          page.element("td", ["class": "h0"], "")
          continue
        }
        let level =
          largest > 0 ? min(4, Int((entry.pnl.magnitude / largest * 4).rounded(.up))) : 0
        let tone = level == 0 ? "h0" : entry.pnl < 0 ? "loss h\(level)" : "gain h\(level)"
        page.element(
          "td", ["class": tone], FigureStyle.decimal(entry.pnl / history.capital * 100, digits: 1))
      }
      let present = months.map(\.pnl).filter { !$0.isNaN }
      let sum = present.isEmpty ? Double.nan : present.reduce(0, +)
      page.element(
        "td", ["class": "sum"], FigureStyle.decimal(sum / history.capital * 100, digits: 1))
    }
  }

  // MARK: - Table

  private func writeYearTable(to page: inout HTMLMarkup) {
    let columns: [(BilingualText, (AlphaMetrics) -> String)] = [
      (BilingualText("Rows", "행"), { FigureStyle.whole($0.rows) }),
      (BilingualText("Sharpe", "샤프"), { FigureStyle.ratio.text($0.sharpe) }),
      (BilingualText("Returns %/year", "수익률 %/년"), { FigureStyle.percent.text($0.returns) }),
      (BilingualText("Profit", "손익"), { FigureStyle.money.text($0.pnl) }),
      (BilingualText("Drawdown %", "낙폭 %"), { FigureStyle.percent.text($0.drawdown) }),
      (BilingualText("Turnover %/day", "회전율 %/일"), { FigureStyle.percent.text($0.turnover) }),
      (BilingualText("Margin bp", "마진 bp"), { FigureStyle.ratio.text($0.margin * 1e4) }),
      (BilingualText("Fitness", "적합도"), { FigureStyle.ratio.text($0.fitness) }),
      (BilingualText("Long", "매수"), { FigureStyle.decimal($0.longCount, digits: 0) }),
      (BilingualText("Short", "매도"), { FigureStyle.decimal($0.shortCount, digits: 0) }),
      (
        BilingualText("Coverage %", "커버리지 %"), { FigureStyle.decimal($0.coverage * 100, digits: 1) }
      ),
    ]
    page.element("h3", ["id": "year-table-title"], BilingualText("All figures", "모든 수치"))
    page.element(
      "div",
      ["class": "scroll", "tabindex": "0", "role": "region", "aria-labelledby": "year-table-title"]
    ) { page in
      page.element("table", ["class": "figures"]) { page in
        page.element("thead") { page in
          page.element("tr") { page in
            page.element("th", ["scope": "col"], BilingualText("Sample", "표본"))
            for column in columns {
              page.element("th", ["scope": "col", "class": "number"], column.0)
            }
          }
        }
        page.element("tbody") { page in
          writeRow(
            BilingualText("Whole sample", "전체 표본"), result.inSample, "whole", columns, to: &page)
          if let train = result.train {
            writeRow(BilingualText("Train", "학습"), train, "whole", columns, to: &page)
          }
          if let test = result.test {
            writeRow(BilingualText("Test", "시험"), test, "whole", columns, to: &page)
          }
          for year in result.yearly {
            let stage =
              switch year.stage {
              case .inSample: BilingualText("", "")
              case .train: BilingualText(" train", " 학습")
              case .test: BilingualText(" test", " 시험")
              }
            writeRow(
              BilingualText(same: "\(year.year)") + stage, year.metrics, "", columns, to: &page)
          }
        }
      }
    }
  }

  private func writeRow(
    _ name: BilingualText, _ metrics: AlphaMetrics, _ look: String,
    _ columns: [(BilingualText, (AlphaMetrics) -> String)], to page: inout HTMLMarkup
  ) {
    page.element("tr", ["class": look]) { page in
      page.element("th", ["scope": "row"], name)
      for column in columns { page.element("td", ["class": "number"], column.1(metrics)) }
    }
  }
}
