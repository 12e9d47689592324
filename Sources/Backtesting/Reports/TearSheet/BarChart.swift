/// Bars beside each other, up for gains and down for losses.
struct BarChart: Sendable {
  struct Bar: Sendable {
    /// What stands below the bar; empty for none.
    var label: String
    /// Whether the label stays where there is room for few; nil lets the chart choose.
    var keepsLabel: Bool?
    var value: Double
    /// What a pointer that rests on the bar reads.
    var hint: String
    /// Whether the bar stands for less than the others.
    var isPale = false
    /// Whether the bar has the color of losses; nil for the color of its sign.
    var isLoss: Bool?
  }

  let id: String
  let title: BilingualText
  var note: BilingualText?
  let style: FigureStyle
  var bars: [Bar]
  var height = 180
  /// Room for at least so many bars, so that few do not become slabs.
  var slotsMin = 6
  /// Whether values stand above the bars.
  var showsValues = true
  /// The share of its slot that a bar fills.
  var fullness = 0.62
  /// Whether labels stand at the left edges of their bars, as those of bins do, or below the middle.
  var labelsEdges = false

  func write(to markup: inout HTMLMarkup) {
    guard bars.contains(where: { $0.value.isFinite }),
      let axis = ValueAxis(
        covering: bars.map { $0.value * headroom }, zero: true, marks: max(3, height / 50),
        style: style)
    else {
      EmptyFigure(
        id: id, title: title,
        reason: BilingualText("There is no value to draw.", "그릴 값이 없습니다.")
      ).write(to: &markup)
      return
    }
    markup.element("figure", ["class": "chart", "id": id]) { markup in
      markup.element("figcaption") { markup in
        markup.element("h3", ["id": "\(id)-title"], title)
        if let note { markup.element("p", ["class": "note"], note) }
      }
      markup.element(
        "div", ["class": "plot", "role": "img", "aria-labelledby": "\(id)-title"]
      ) { markup in
        markup.element("svg", ["width": "100%", "height": "\(height + 24)"]) { markup in
          drawGrid(axis, on: &markup)
          drawBars(axis, on: &markup)
        }
      }
    }
  }

  private var hasRoomForValues: Bool { showsValues && bars.count <= 12 }

  /// How far the axis reaches beyond the bars, so that their values have a place.
  private var headroom: Double { hasRoomForValues ? 1.1 : 1 }

  private func drawGrid(_ axis: ValueAxis, on markup: inout HTMLMarkup) {
    for mark in axis.marks {
      let y = self.y(mark, axis)
      let isZero = mark.magnitude < axis.step * 1e-9
      markup.shape(
        "line",
        [
          "x1": "0", "x2": "100%", "y1": y, "y2": y, "class": isZero ? "grid zero" : "grid",
        ])
      markup.element(
        "text", ["x": "100%", "y": y, "dx": "10", "dy": "4", "class": "tick"],
        style.axisText(isZero ? 0 : mark, on: axis))
    }
  }

  private func drawBars(_ axis: ValueAxis, on markup: inout HTMLMarkup) {
    let slots = Double(max(slotsMin, bars.count))
    let labels = bars.filter { !$0.label.isEmpty }.count
    let wideStride = max(1, (labels + 11) / 12)
    let narrowStride = max(1, (labels + 4) / 5)
    var label = 0
    for (place, bar) in bars.enumerated() {
      let middle = (Double(place) + 0.5) / slots
      if !bar.label.isEmpty {
        if label % wideStride == 0 {
          let isMajor = bar.keepsLabel ?? (label % narrowStride == 0)
          let place = labelsEdges ? middle - 0.5 / slots : middle
          markup.element(
            "text",
            [
              "x": TimeChart.percent(place), "y": "\(height + 18)",
              "class": isMajor ? "tick middle" : "tick middle minor",
            ], bar.label)
        }
        label += 1
      }
      guard bar.value.isFinite else { continue }
      let top = (1 - axis.fraction(of: max(0, bar.value))) * Double(height)
      let bottom = (1 - axis.fraction(of: min(0, bar.value))) * Double(height)
      let look = (bar.isLoss ?? (bar.value < 0) ? "loss" : "gain") + (bar.isPale ? " pale" : "")
      markup.element("g", ["class": "bar \(look)"]) { markup in
        markup.element("title", bar.hint)
        markup.shape(
          "rect",
          [
            "x": TimeChart.percent(middle - fullness / 2 / slots),
            "width": TimeChart.percent(fullness / slots), "y": TimeChart.short(top),
            "height": TimeChart.short(max(0.5, bottom - top)),
          ])
        if hasRoomForValues {
          markup.element(
            "text",
            [
              "x": TimeChart.percent(middle),
              "y": TimeChart.short(bar.value < 0 ? bottom : top),
              "dy": bar.value < 0 ? "13" : "-5", "class": "value",
            ],
            style == .percent
              ? FigureStyle.decimal(bar.value * 100, digits: 1) : style.text(bar.value))
        }
      }
    }
  }

  private func y(_ value: Double, _ axis: ValueAxis) -> String {
    TimeChart.short((1 - axis.fraction(of: value)) * Double(height))
  }
}
