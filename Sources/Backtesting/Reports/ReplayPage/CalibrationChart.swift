/// Forecast probabilities against how often the outcome came: on the diagonal they agree.
struct CalibrationChart: Sendable {
  let calibration: ReplayPageContent.Calibration

  private static let height = 260

  /// Writes the chart and the table of its numbers.
  func write(to page: inout HTMLMarkup) {
    let id = "calibration-\(calibration.outcome.rawValue)"
    let bins = calibration.bins.filter {
      $0.count > 0 && $0.forecast.isFinite && $0.observed.isFinite
    }
    guard !bins.isEmpty else {
      EmptyFigure(
        id: id, title: title,
        reason: BilingualText(
          "No trade with such a forecast has ended.", "이 예측이 있는 끝난 거래가 없습니다.")
      ).write(to: &page)
      return
    }
    page.element("figure", ["class": "calibration", "id": id]) { page in
      page.element("figcaption") { page in
        page.element("h3", ["id": "\(id)-title"], title)
        page.element("p", ["class": "note"], note(bins))
      }
      let axis = Self.axis(of: bins)
      page.element("div", ["class": "plot", "role": "img", "aria-labelledby": "\(id)-title"]) {
        page in
        page.element("svg", ["width": "100%", "height": "\(Self.height + 24)"]) { page in
          drawFrame(axis, on: &page)
          for bin in bins { draw(bin, axis, largest: bins.map(\.count).max() ?? 1, on: &page) }
        }
      }
      writeTable(bins, to: &page)
    }
  }

  private var title: BilingualText {
    switch calibration.outcome {
    case .profit: BilingualText("Ends with a profit", "이익으로 끝남")
    case .target: BilingualText("Reaches its target first", "목표가에 먼저 도달")
    case .stop: BilingualText("Reaches its stop first", "손절가에 먼저 도달")
    }
  }

  private func note(_ bins: [ReplayPageContent.Calibration.Bin]) -> BilingualText {
    let count = FigureStyle.whole(bins.reduce(0) { $0 + $1.count })
    let brier = FigureStyle.decimal(calibration.brier, digits: 4)
    let base = FigureStyle.decimal(calibration.brierOfBaseRate, digits: 4)
    return BilingualText(
      "\(calibration.outcome.rawValue), n = \(count). Brier score \(brier); always saying the overall "
        + "rate scores \(base). Lower is better.",
      "\(calibration.outcome.rawValue), n = \(count). 브라이어 점수 \(brier), 늘 전체 비율로 답하면 \(base). "
        + "낮을수록 좋습니다.")
  }

  /// The same for both directions, so that agreement is the diagonal; within 0 and 1.
  private static func axis(of bins: [ReplayPageContent.Calibration.Bin]) -> ValueAxis {
    let values = bins.flatMap { [$0.forecast, $0.observed, $0.lower, $0.upper] }
      .map { min(1, max(0, $0)) }
    let axis = ValueAxis(covering: values, zero: false, marks: 4, style: .percent)
    guard let axis, axis.lower >= 0, axis.upper <= 1 else { return whole }
    return axis
  }

  private static let whole: ValueAxis = {
    guard let axis = ValueAxis(covering: [0, 1], zero: true, marks: 4, style: .percent) else {
      preconditionFailure("no axis from 0 to 1")
    }
    return axis
  }()

  private func drawFrame(_ axis: ValueAxis, on page: inout HTMLMarkup) {
    for (place, mark) in axis.marks.enumerated() {
      let text = FigureStyle.percent.axisText(mark, on: axis)
      page.shape(
        "line",
        ["x1": "0", "x2": "100%", "y1": y(mark, axis), "y2": y(mark, axis), "class": "grid"])
      page.element(
        "text", ["x": "100%", "y": y(mark, axis), "dx": "10", "dy": "4", "class": "tick"], text)
      let isMinor = place % 2 == 1 && axis.marks.count > 4
      page.element(
        "text",
        [
          "x": x(mark, axis), "y": "\(Self.height + 18)",
          "class": isMinor ? "tick middle minor" : "tick middle",
        ], text)
    }
    page.shape(
      "line", ["x1": "0", "y1": "\(Self.height)", "x2": "100%", "y2": "0", "class": "diagonal"])
  }

  private func draw(
    _ bin: ReplayPageContent.Calibration.Bin, _ axis: ValueAxis, largest: Int,
    on page: inout HTMLMarkup
  ) {
    page.element("g", ["class": "bin"]) { page in
      page.element("title", hint(bin))
      if bin.lower.isFinite, bin.upper.isFinite {
        page.shape(
          "line",
          [
            "x1": x(bin.forecast, axis), "x2": x(bin.forecast, axis), "y1": y(bin.lower, axis),
            "y2": y(bin.upper, axis), "class": "whisker",
          ])
      }
      let share = Double(bin.count) / Double(max(1, largest))
      page.shape(
        "circle",
        [
          "cx": x(bin.forecast, axis), "cy": y(bin.observed, axis),
          "r": TimeChart.short(3.5 + 4.5 * share.squareRoot()), "class": "estimate",
        ])
    }
  }

  private func hint(_ bin: ReplayPageContent.Calibration.Bin) -> String {
    "\(Self.percent(bin.forecast))% \u{2192} \(Self.percent(bin.observed))% "
      + "(\(Self.percent(bin.lower)) \u{2026} \(Self.percent(bin.upper))), n = \(bin.count)"
  }

  private func writeTable(
    _ bins: [ReplayPageContent.Calibration.Bin], to page: inout HTMLMarkup
  ) {
    let confidence = FigureStyle.decimal(calibration.confidence * 100, digits: 0)
    page.element("table", ["class": "bins"]) { page in
      page.element("thead") { page in
        page.element("tr") { page in
          for name in [
            BilingualText("Forecast %", "예측 %"), BilingualText("Came %", "실현 %"),
            BilingualText("\(confidence) % interval", "\(confidence) % 구간"),
            BilingualText("Trades", "거래"),
          ] {
            page.element("th", ["scope": "col", "class": "number"], name)
          }
        }
      }
      page.element("tbody") { page in
        for bin in bins {
          page.element("tr") { page in
            page.element("td", ["class": "number"], Self.percent(bin.forecast))
            page.element("td", ["class": "number"], Self.percent(bin.observed))
            page.element(
              "td", ["class": "number"],
              "\(Self.percent(bin.lower)) \u{2026} \(Self.percent(bin.upper))")
            page.element("td", ["class": "number"], FigureStyle.whole(bin.count))
          }
        }
      }
    }
  }

  private static func percent(_ share: Double) -> String {
    FigureStyle.decimal(share * 100, digits: 1)
  }

  private func x(_ value: Double, _ axis: ValueAxis) -> String {
    TimeChart.percent(axis.fraction(of: min(1, max(0, value))))
  }

  private func y(_ value: Double, _ axis: ValueAxis) -> String {
    TimeChart.short((1 - axis.fraction(of: min(1, max(0, value)))) * Double(Self.height))
  }
}
