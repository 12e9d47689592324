import Essentials
import Markets

/// The candles of one market with the trades on them, and the numbers beside them for the script,
/// which enlarges a part.
///
/// Candles are gray, so that the colors are left for the trades: blue gained, orange lost. A
/// triangle up opens a long position, one down a short, a disk closes either.
struct CandleChart: Sendable {
  /// The place of the market on the page.
  let place: Int
  let market: ReplayPageContent.Market
  /// The trades of the market.
  let trades: [ReplayPageContent.Trade]
  /// The time that all charts of candles share.
  let time: TimeScale

  private static let height = 360
  /// So many candles are drawn before anything is enlarged; more would not be told apart.
  private static let drawnMax = 300
  /// With more trades than this a chart shows dots where they begin, and no ways from entry to exit.
  private static let waysMax = 150

  /// The most ticks that a number of the script counts exactly.
  private static let ticksMax = 9e15

  /// The shapes of the marks, which every chart uses.
  static let marks =
    "<svg class=\"spoken\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
    + "<path id=\"mark-long\" d=\"M0-6 5.5 4h-11z\"/><path id=\"mark-short\" d=\"M0 6 5.5-4h-11z\"/>"
    + "<circle id=\"mark-exit\" r=\"3.5\"/>"
    + "<path id=\"mark-liquidation\" d=\"M-4-4 4 4M4-4-4 4\"/></defs></svg>"

  /// Writes the figure; without a candle it says so instead.
  func write(to page: inout HTMLMarkup) {
    guard let axis else {
      EmptyFigure(
        id: "market-\(place)", title: BilingualText(same: market.symbol),
        reason: BilingualText("There is no bar in this period.", "이 기간에 봉이 없습니다.")
      ).write(to: &page)
      return
    }
    page.element("figure", ["class": "candles", "id": "market-\(place)"]) { page in
      page.element("figcaption") { page in
        page.element("h3", ["id": "market-\(place)-title"], market.symbol)
        page.element("p", ["class": "note"], note)
      }
      page.element(
        "div",
        [
          "class": "plot", "tabindex": "0", "role": "img",
          "aria-labelledby": "market-\(place)-title",
        ]
      ) { page in
        page.element(
          "svg",
          [
            "class": "canvas", "width": "100%", "height": "\(Self.height + 24)",
            "aria-hidden": "true",
          ]
        ) { page in
          draw(axis, on: &page)
        }
      }
      page.element("script", ["type": "application/json"]) { $0.insert(data(axis)) }
    }
  }

  private var candles: CandleColumns { market.candles }

  private var decimals: Int { Self.decimals(of: market) }

  /// The decimals of a market's prices, held within what a price can have.
  static func decimals(of market: ReplayPageContent.Market) -> Int {
    min(9, max(0, market.decimals))
  }

  private var note: BilingualText {
    let count = FigureStyle.whole(candles.count)
    let drawn = FigureStyle.whole(min(candles.count, groups.count))
    let length = QuantityText.span(candles.length)
    let base =
      BilingualText("\(count) candles of ", "\(count)개의 ") + length
      + BilingualText("", " 봉")
    guard groups.count < candles.count else { return base + BilingualText(".", ".") }
    return base + BilingualText("; \(drawn) are drawn at once.", ", 한 번에 \(drawn)개를 그립니다.")
  }

  private var axis: ValueAxis? {
    guard candles.count > 0 else { return nil }
    let prices = trades.flatMap { [$0.entryPrice, $0.exitPrice] }.filter { $0.isFinite && $0 > 0 }
    var low = candles.low.reduce(.infinity, min)
    var high = candles.high.reduce(-.infinity, max)
    low = prices.reduce(low, min)
    high = prices.reduce(high, max)
    guard low.isFinite, high.isFinite else { return nil }
    // A price that never moves still has a line in the middle of its chart.
    let pad = high > low ? 0 : low / 100
    return ValueAxis(covering: [low - pad, high + pad], zero: false, marks: 6, style: .ratio)
  }

  /// Neighbors that are drawn as one candle.
  private var groups: [Range<Int>] {
    let size = (candles.count + Self.drawnMax - 1) / Self.drawnMax
    return stride(from: 0, to: candles.count, by: max(1, size)).map {
      $0..<min($0 + max(1, size), candles.count)
    }
  }

  // MARK: - Drawing

  private func draw(_ axis: ValueAxis, on page: inout HTMLMarkup) {
    page.element("g", ["class": "frame"]) { page in
      for mark in axis.marks {
        let y = self.y(mark, axis)
        page.shape("line", ["x1": "0", "x2": "100%", "y1": y, "y2": y, "class": "grid"])
        page.element(
          "text", ["x": "100%", "y": y, "dx": "10", "dy": "4", "class": "tick"],
          FigureStyle.decimal(mark, digits: FigureStyle.decimals(of: axis.step, atMost: decimals)))
      }
      for mark in time.marks {
        page.element(
          "text",
          [
            "x": TimeChart.percent(mark.fraction), "y": "\(Self.height + 18)",
            "class": mark.isMajor ? "tick middle" : "tick middle minor",
          ], mark.text)
      }
    }
    page.element(
      "svg",
      [
        "class": "stretch", "x": "0", "y": "0", "width": "100%", "height": "\(Self.height)",
        "viewBox": "0 0 1000 \(Self.height)", "preserveAspectRatio": "none",
      ]
    ) { page in
      drawCandles(axis, on: &page)
      drawWays(axis, on: &page)
    }
    page.element("g", ["class": "marks"]) { drawMarks(axis, on: &$0) }
    page.element("g", ["class": "cursor", "visibility": "hidden"]) { page in
      page.shape("line", ["x1": "0", "x2": "0", "y1": "0", "y2": "\(Self.height)"])
    }
  }

  private func drawCandles(_ axis: ValueAxis, on page: inout HTMLMarkup) {
    var wicks = ""
    var rising = ""
    var falling = ""
    for group in groups {
      let low = candles.low[group].reduce(.infinity, min)
      let high = candles.high[group].reduce(-.infinity, max)
      let open = candles.open[group.lowerBound]
      let close = candles.close[group.upperBound - 1]
      let start = time.fraction(of: candles.instants[group.lowerBound]) * 1000
      let end =
        time.fraction(of: candles.instants[group.upperBound - 1] + candles.length) * 1000
      let width = max(0.3, (end - start) * 0.7)
      let middle = TimeChart.short((start + end) / 2)
      wicks += "M\(middle) \(y(high, axis))V\(y(low, axis))"
      let top = (1 - axis.fraction(of: max(open, close))) * Double(Self.height)
      let bottom = (1 - axis.fraction(of: min(open, close))) * Double(Self.height)
      let left = TimeChart.short((start + end - width) / 2)
      let body =
        "M\(left) \(TimeChart.short(top))h\(TimeChart.short(width))"
        + "v\(TimeChart.short(max(0.8, bottom - top)))h-\(TimeChart.short(width))z"
      if close < open { falling += body } else { rising += body }
    }
    page.shape("path", ["class": "wick", "d": wicks])
    if !rising.isEmpty { page.shape("path", ["class": "rising", "d": rising]) }
    if !falling.isEmpty { page.shape("path", ["class": "falling", "d": falling]) }
  }

  private var showsWays: Bool { trades.count <= Self.waysMax }

  /// The ways from entry to exit, or with many trades a dot for each entry.
  private func drawWays(_ axis: ValueAxis, on page: inout HTMLMarkup) {
    var paths: [Tone: String] = [:]
    for trade in drawable {
      let start = TimeChart.short(time.fraction(of: trade.openedAt) * 1000)
      let entry = y(trade.entryPrice, axis)
      let end = TimeChart.short(time.fraction(of: trade.closedAt) * 1000)
      // A line of no length with round ends is a disk whatever the page's width.
      let way = showsWays ? "L\(end) \(y(trade.exitPrice, axis))" : "h0.01"
      paths[Tone(of: trade), default: ""] += "M\(start) \(entry)\(way)"
    }
    for tone in Tone.allCases {
      guard let path = paths[tone] else { continue }
      page.shape(
        "path", ["class": "\(showsWays ? "way" : "dots") \(tone.rawValue)", "d": path])
    }
  }

  private func drawMarks(_ axis: ValueAxis, on page: inout HTMLMarkup) {
    guard showsWays else { return }
    for trade in drawable {
      let tone = Tone(of: trade)
      func mark(_ name: String, _ instant: Timestamp, _ price: Double) {
        page.shape(
          "use",
          [
            "href": "#mark-\(name)", "x": TimeChart.percent(time.fraction(of: instant)),
            "y": y(price, axis), "class": tone.rawValue,
          ])
      }
      mark(trade.side.rawValue, trade.openedAt, trade.entryPrice)
      if trade.end != .open {
        mark(
          trade.end == .liquidation ? "liquidation" : "exit", trade.closedAt, trade.exitPrice)
      }
    }
  }

  /// The trades whose place on the chart is known.
  private var drawable: [ReplayPageContent.Trade] {
    trades.filter {
      $0.entryPrice.isFinite && $0.exitPrice.isFinite && $0.openedAt >= time.first
        && $0.closedAt <= time.last
    }
  }

  /// What became of a trade.
  private enum Tone: String, CaseIterable {
    case gain, loss, open

    init(of trade: ReplayPageContent.Trade) {
      self = trade.end == .open ? .open : trade.net < 0 ? .loss : .gain
    }
  }

  private func y(_ price: Double, _ axis: ValueAxis) -> String {
    TimeChart.short((1 - axis.fraction(of: price)) * Double(Self.height))
  }

  // MARK: - Numbers for the script

  /// Candles as whole ticks: the open as the step from the close before, then how far the body, the
  /// upper and the lower wick reach. Instants as runs of neighbors, counted in candles since 1970.
  private func data(_ axis: ValueAxis) -> String {
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    func ticks(_ price: Double) -> Int {
      Int(max(-Self.ticksMax, min(Self.ticksMax, (price * power).rounded())))
    }
    var runs: [(start: Int64, count: Int)] = []
    var steps: [JSONValue] = []
    steps.reserveCapacity(candles.count * 4)
    var before = 0
    for place in 0..<candles.count {
      let index = candles.instants[place].millisecondsSinceEpoch / candles.length.milliseconds
      if let last = runs.last, last.start + Int64(last.count) == index {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((index, 1))
      }
      let open = ticks(candles.open[place])
      let close = ticks(candles.close[place])
      steps.append(.integer(open - before))
      steps.append(.integer(close - open))
      steps.append(.integer(ticks(candles.high[place]) - max(open, close)))
      steps.append(.integer(min(open, close) - ticks(candles.low[place])))
      before = close
    }
    let document: JSONValue = [
      "length": .integer(Int(candles.length.milliseconds)),
      "decimals": .integer(decimals),
      "first": .integer(Int(time.first.millisecondsSinceEpoch)),
      "last": .integer(Int(time.last.millisecondsSinceEpoch)), "height": .integer(Self.height),
      "lower": .number(axis.lower), "upper": .number(axis.upper),
      "runs": .array(runs.flatMap { [.integer(Int($0.start)), .integer($0.count)] }),
      "steps": .array(steps),
    ]
    return document.compactText
  }
}
