/// What a trade brought beside what the same trades bring without skill: each with its interval, on
/// one axis.
struct IntervalChart: Sendable {
  let comparisons: [ReplayPageContent.Comparison]

  /// Writes the figure; nothing without an estimate.
  func write(to page: inout HTMLMarkup) {
    let values = comparisons.flatMap { [$0.estimate, $0.lower, $0.upper] }
    guard comparisons.contains(where: { $0.estimate.isFinite }),
      let axis = ValueAxis(covering: values, zero: true, marks: 4, style: .percent)
    else { return }
    page.element("figure", ["class": "intervals", "id": "comparisons"]) { page in
      page.element("figcaption") { page in
        page.element(
          "h3", ["id": "comparisons-title"],
          BilingualText("A trade, beside trades without skill", "거래 한 건, 실력 없는 거래와 비교"))
        page.element(
          "p", ["class": "note"],
          BilingualText(
            "Mean profit of a trade after all costs, in % of its worth, with its interval. Chance: how "
              + "often trades without skill do as well.",
            "모든 비용을 뺀 거래당 평균 손익(거래 금액 대비 %)과 구간. 우연: 실력 없는 거래가 이만큼 하는 빈도."))
      }
      for comparison in comparisons { write(comparison, axis, to: &page) }
      page.element("div", ["class": "interval scale", "aria-hidden": "true"]) { page in
        page.element("span", "")
        page.element("svg", ["width": "100%", "height": "20"]) { page in
          for (place, mark) in axis.marks.enumerated() {
            let isMinor = place % 2 == 1 && axis.marks.count > 4
            page.element(
              "text",
              [
                "x": x(mark, axis), "y": "14",
                "class": isMinor ? "tick middle minor" : "tick middle",
              ],
              FigureStyle.percent.axisText(
                mark.magnitude < axis.step * 1e-9 ? 0 : mark, on: axis))
          }
        }
        page.element("span", "")
      }
    }
  }

  private func write(
    _ comparison: ReplayPageContent.Comparison, _ axis: ValueAxis, to page: inout HTMLMarkup
  ) {
    page.element("div", ["class": comparison.isReplay ? "interval own" : "interval"]) { page in
      page.element("span", ["class": "name"], comparison.name)
      page.element("svg", ["width": "100%", "height": "28", "aria-hidden": "true"]) { page in
        for mark in axis.marks {
          let isZero = mark.magnitude < axis.step * 1e-9
          page.shape(
            "line",
            [
              "x1": x(mark, axis), "x2": x(mark, axis), "y1": "0", "y2": "28",
              "class": isZero ? "grid zero" : "grid",
            ])
        }
        if comparison.lower.isFinite, comparison.upper.isFinite {
          page.shape(
            "line",
            [
              "x1": x(comparison.lower, axis), "x2": x(comparison.upper, axis), "y1": "14",
              "y2": "14", "class": "whisker",
            ])
        }
        if comparison.estimate.isFinite {
          page.shape(
            "circle",
            ["cx": x(comparison.estimate, axis), "cy": "14", "r": "5.5", "class": "estimate"])
        }
      }
      page.element("span", ["class": "figures"]) { page in
        page.element("b", Self.percent(comparison.estimate, sign: true))
        if comparison.lower.isFinite, comparison.upper.isFinite {
          page.element(
            "span", ["class": "range"],
            "\(Self.percent(comparison.lower, sign: false)) \u{2026} "
              + Self.percent(comparison.upper, sign: false))
        }
        if comparison.probability.isFinite {
          let chance = FigureStyle.decimal(comparison.probability * 100, digits: 1)
          page.element(
            "span", ["class": "range"],
            BilingualText("chance \(chance)\u{00A0}%", "우연 \(chance)\u{00A0}%"))
        }
      }
    }
  }

  /// A trade earns or loses hundredths of a percent, so three decimals.
  private static func percent(_ value: Double, sign: Bool) -> String {
    let text = FigureStyle.decimal(value * 100, digits: 3)
    return sign && value.isFinite ? text + FigureStyle.percentSign : text
  }

  private func x(_ value: Double, _ axis: ValueAxis) -> String {
    TimeChart.percent(axis.fraction(of: value))
  }
}
