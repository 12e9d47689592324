import Essentials

/// Lines over time, drawn as SVG that stretches with the page, with the numbers beside it for the
/// script that reads them out.
struct TimeChart: Sendable {
  /// A series of the chart, with a value for each of the chart's rows.
  struct Line: Sendable {
    /// Which color a line has, and whether the area between it and zero is filled.
    enum Look: String, Sendable {
      case main, second, loss
    }

    var name: BilingualText
    var values: [Double]
    var look = Look.main
    var isFilled = false
  }

  /// A stretch of the time axis with a name.
  struct Band: Hashable, Sendable {
    /// What stands at the start of the stretch.
    var name: BilingualText
    var fractions: ClosedRange<Double>
    /// Whether the stretch is set off from the one before.
    var isShaded: Bool
  }

  /// A point with something to say.
  struct Marker: Hashable, Sendable {
    /// A position within the chart's rows.
    var place: Int
    var value: Double
    var text: String
  }

  let id: String
  let title: BilingualText
  var note: BilingualText?
  let style: FigureStyle
  let scale: TimeScale
  /// The instants of the chart's rows, ascending.
  let stamps: [Timestamp]
  var lines: [Line]
  var height = 180
  var includesZero = true
  /// The ends of the value axis where they are not those of the values.
  var ends: [Double] = []
  var bands: [Band] = []
  /// Whether the bands carry their names; in a stack of charts the first one says it for all.
  var namesBands = false
  var marker: Marker?
  /// Whether the chart is one of many small ones: few marks and a small heading.
  var isSmall = false

  /// Writes the figure; without a single value it says so instead.
  func write(to markup: inout HTMLMarkup) {
    let values = lines.flatMap(\.values) + ends
    guard lines.contains(where: { $0.values.contains(where: \.isFinite) }),
      let axis = ValueAxis(
        covering: values, zero: includesZero, marks: isSmall ? 2 : max(3, height / 50),
        style: style)
    else {
      EmptyFigure(
        id: id, title: title,
        reason: BilingualText("There is no value to draw.", "그릴 값이 없습니다.")
      ).write(to: &markup)
      return
    }
    markup.element("figure", ["class": isSmall ? "chart small" : "chart", "id": id]) { markup in
      markup.element("figcaption") { writeCaption(to: &$0) }
      markup.element(
        "div", ["class": "plot", "tabindex": "0", "role": "img", "aria-labelledby": "\(id)-title"]
      ) { markup in
        markup.element("svg", ["width": "100%", "height": "\(height + 24)", "aria-hidden": "true"])
        { markup in
          draw(axis, on: &markup)
        }
      }
      markup.element("script", ["type": "application/json"]) { $0.insert(data(axis)) }
    }
  }

  private func writeCaption(to markup: inout HTMLMarkup) {
    markup.element(isSmall ? "h4" : "h3", ["id": "\(id)-title"], title)
    if let note { markup.element("p", ["class": "note"], note) }
    let last = stamps.indices.last { row in lines.contains { $0.values[row].isFinite } } ?? 0
    markup.element("p", ["class": "legend"]) { markup in
      markup.element("time", scale.text(stamps[last]))
      for line in lines {
        markup.element("span", ["class": "key \(line.look.rawValue)"]) { markup in
          if !isSmall {
            markup.insert("<svg width=\"14\" height=\"10\" aria-hidden=\"true\">")
            markup.shape(
              "line",
              ["x1": "0", "x2": "14", "y1": "5", "y2": "5", "class": "line \(line.look.rawValue)"])
            markup.insert("</svg>")
            markup.write(line.name)
            markup.write(" ")
          }
          markup.element("output", style.marked(line.values[last]))
        }
      }
    }
  }

  // MARK: - Drawing

  private func draw(_ axis: ValueAxis, on markup: inout HTMLMarkup) {
    for band in bands { draw(band, on: &markup) }
    for mark in axis.marks {
      let y = self.y(mark, axis)
      let isZero = mark == 0 || mark.magnitude < axis.step * 1e-9
      markup.shape(
        "line",
        [
          "x1": "0", "x2": "100%", "y1": y, "y2": y, "class": isZero ? "grid zero" : "grid",
        ])
      markup.element("text", ["x": "100%", "y": y, "dx": "10", "dy": "4", "class": "tick"]) {
        $0.write(style.axisText(isZero ? 0 : mark, on: axis))
      }
    }
    for mark in scale.marks {
      let place = mark.isMajor ? "tick middle" : "tick middle minor"
      markup.element(
        "text", ["x": Self.percent(mark.fraction), "y": "\(height + 18)", "class": place], mark.text
      )
      if !isSmall {
        markup.shape(
          "line",
          [
            "x1": Self.percent(mark.fraction), "x2": Self.percent(mark.fraction),
            "y1": "\(height)", "y2": "\(height + 4)",
            "class": mark.isMajor ? "grid" : "grid minor",
          ])
      }
    }
    markup.element(
      "svg",
      [
        "x": "0", "y": "0", "width": "100%", "height": "\(height)",
        "viewBox": "0 0 1000 \(height)", "preserveAspectRatio": "none",
      ]
    ) { markup in
      let baseline = axis.lower > 0 ? axis.lower : axis.upper < 0 ? axis.upper : 0
      for line in lines.reversed() {
        let stretches = self.stretches(of: line)
        if line.isFilled {
          let area = stretches.map { self.area($0, line.values, axis, baseline) }.joined()
          if !area.isEmpty {
            markup.shape("path", ["d": area, "class": "area \(line.look.rawValue)"])
          }
        }
        let path = stretches.map { self.path($0, line.values, axis) }.joined()
        markup.shape("path", ["d": path, "class": "line \(line.look.rawValue)"])
      }
    }
    for line in lines { drawLonePoints(of: line, axis, on: &markup) }
    if let marker { draw(marker, axis, on: &markup) }
    markup.element("g", ["class": "cursor", "visibility": "hidden"]) { markup in
      markup.shape("line", ["x1": "0", "x2": "0", "y1": "0", "y2": "\(height)"])
      for line in lines {
        markup.shape(
          "circle", ["cx": "0", "cy": "0", "r": "4", "class": "dot \(line.look.rawValue)"])
      }
    }
  }

  private func draw(_ band: Band, on markup: inout HTMLMarkup) {
    let start = band.fractions.lowerBound
    let width = band.fractions.upperBound - start
    markup.shape(
      "rect",
      [
        "x": Self.percent(start), "width": Self.percent(width), "y": "0", "height": "\(height)",
        "class": band.isShaded ? "band shaded" : "band",
      ])
    if band.isShaded {
      markup.shape(
        "line",
        [
          "x1": Self.percent(start), "x2": Self.percent(start), "y1": "0", "y2": "\(height)",
          "class": "border",
        ])
    }
    guard namesBands else { return }
    markup.element(
      "text", ["x": Self.percent(start), "y": "14", "dx": "7", "class": "band-name"]
    ) { markup in
      markup.element("tspan", ["lang": "en"], band.name.english)
      markup.element("tspan", ["lang": "ko"], band.name.korean)
    }
  }

  private func draw(_ marker: Marker, _ axis: ValueAxis, on markup: inout HTMLMarkup) {
    let fraction = scale.fraction(of: stamps[marker.place])
    let isLate = fraction > 0.6
    markup.shape(
      "circle",
      [
        "cx": Self.percent(fraction), "cy": y(marker.value, axis), "r": "4", "class": "marker",
      ])
    markup.element(
      "text",
      [
        "x": Self.percent(fraction), "y": y(marker.value, axis), "dx": isLate ? "-10" : "10",
        "dy": "4", "class": isLate ? "callout end" : "callout",
      ], marker.text)
  }

  /// A value between two gaps has no line to be seen by.
  private func drawLonePoints(
    of line: Line, _ axis: ValueAxis, on markup: inout HTMLMarkup
  ) {
    for stretch in stretches(of: line) where stretch.count == 1 {
      markup.shape(
        "circle",
        [
          "cx": Self.percent(scale.fraction(of: stamps[stretch.lowerBound])),
          "cy": y(line.values[stretch.lowerBound], axis), "r": "2",
          "class": "dot \(line.look.rawValue)",
        ])
    }
  }

  /// The runs of neighbors that have values: a missing one leaves a gap.
  private func stretches(of line: Line) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start: Int?
    for (place, value) in line.values.enumerated() {
      if value.isFinite {
        if start == nil { start = place }
      } else if let begun = start {
        stretches.append(begun..<place)
        start = nil
      }
    }
    if let start { stretches.append(start..<line.values.count) }
    return stretches
  }

  private func path(_ stretch: Range<Int>, _ values: [Double], _ axis: ValueAxis) -> String {
    var path = ""
    for place in stretch {
      path += path.isEmpty ? "M" : "L"
      path += x(place) + " " + y(values[place], axis)
    }
    return path
  }

  private func area(
    _ stretch: Range<Int>, _ values: [Double], _ axis: ValueAxis, _ baseline: Double
  ) -> String {
    guard stretch.count > 1 else { return "" }
    let floor = y(baseline, axis)
    return "M\(x(stretch.lowerBound)) \(floor)"
      + path(stretch, values, axis).replacingFirst(with: "L")
      + "L\(x(stretch.upperBound - 1)) \(floor)Z"
  }

  private func x(_ place: Int) -> String {
    Self.short(scale.fraction(of: stamps[place]) * 1000)
  }

  private func y(_ value: Double, _ axis: ValueAxis) -> String {
    Self.short((1 - axis.fraction(of: value)) * Double(height))
  }

  /// Returns a fraction as a length of SVG.
  static func percent(_ fraction: Double) -> String {
    FixedDecimal.text(fraction * 100, digits: 2) + "%"
  }

  /// Returns a coordinate with at most one decimal.
  static func short(_ value: Double) -> String {
    let text = FixedDecimal.text(value, digits: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  // MARK: - Numbers for the script

  /// Instants as steps of `unit` milliseconds from the one before, beginning at 1970; values in the
  /// order of `lines`; and what places a value on the screen.
  private func data(_ axis: ValueAxis) -> String {
    let units: [Int64] = [Timestamp.millisecondsPerDay, 60_000, 1000, 1]
    let unit =
      units.first { unit in stamps.allSatisfy { $0.millisecondsSinceEpoch % unit == 0 } } ?? 1
    var before: Int64 = 0
    let steps = stamps.map { stamp in
      let count = stamp.millisecondsSinceEpoch / unit
      defer { before = count }
      return JSONValue.integer(Int(count - before))
    }
    let document: JSONValue = [
      "unit": .integer(Int(unit)), "steps": .array(steps),
      "first": .integer(Int(scale.first.millisecondsSinceEpoch)),
      "last": .integer(Int(scale.last.millisecondsSinceEpoch)), "style": .string(style.rawValue),
      "lower": .number(axis.lower), "upper": .number(axis.upper), "height": .integer(height),
      "lines": .array(lines.map { .array($0.values.map(style.datum)) }),
    ]
    // Nothing in it is text from outside, and no number has a character that ends a script.
    return document.compactText
  }
}

/// A figure that cannot be drawn, and why.
struct EmptyFigure: Sendable {
  let id: String
  let title: BilingualText
  let reason: BilingualText

  func write(to markup: inout HTMLMarkup) {
    markup.element("figure", ["class": "chart", "id": id]) { markup in
      markup.element("figcaption") { $0.element("h3", ["id": "\(id)-title"], title) }
      markup.element("p", ["class": "absent"], reason)
    }
  }
}

extension String {
  /// The text with another first character.
  fileprivate func replacingFirst(with character: Character) -> String {
    String(character) + dropFirst()
  }
}
