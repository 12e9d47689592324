import Essentials

extension TearSheet {
  /// What was simulated, on what, and the figures that are asked for first.
  func writeOverview(to page: inout HTMLMarkup) {
    page.element("section", ["id": "overview", "aria-labelledby": "overview-heading"]) { page in
      page.element("h1", ["id": "overview-heading"]) { $0.element("bdi", heading) }
      page.element("p", ["class": "asof"]) { page in
        page.element("bdi", result.panelName)
        page.write(
          BilingualText(
            " \u{00B7} as of \(time.text(time.last))", " \u{00B7} \(time.text(time.last)) 기준"))
      }
      page.element("pre", ["class": "formula", "tabindex": "0"]) { page in
        page.element("code") { FormulaColoring.write(result.alpha.text, to: &$0) }
      }
      page.element("ul", ["class": "chips"]) { page in
        for chip in chips { page.element("li", chip) }
      }
      page.element("div", ["class": "verdicts"]) { writeVerdicts(to: &$0) }
      page.element("div", ["class": isReferenceOnly ? "tiles unsure" : "tiles"]) { page in
        for tile in tiles { write(tile, to: &page) }
      }
      page.element("p", ["class": "sample"]) { page in
        page.write(wholeSample)
        if isReferenceOnly {
          page.write(
            trust.verdict == .insufficient
              ? BilingualText(
                ". For reference only: the sample is too short to judge.",
                ". 참고용: 표본이 짧아 판단할 수 없습니다.")
              : BilingualText(
                ". For reference only: less than half a year is extrapolated to a year.",
                ". 참고용: 반년이 안 되는 표본을 1년으로 늘려 계산했습니다."))
        }
      }
    }
  }

  /// Whether the sample is too small for its figures to mean anything: too short to be judged, or so
  /// short that a figure for a year is mostly extrapolation.
  private var isReferenceOnly: Bool { trust.verdict == .insufficient || trust.years < 0.5 }

  private var chips: [BilingualText] {
    let settings = result.settings
    var chips = [
      BilingualText("Universe \(settings.universe)", "유니버스 \(settings.universe)"),
      BilingualText("Delay \(settings.delay)", "지연 \(settings.delay)"),
      BilingualText("Decay \(settings.decay)", "감쇠 \(settings.decay)"),
      BilingualText(
        "Neutralization \(settings.neutralization.rawValue)",
        "중립화 \(settings.neutralization.rawValue)"),
    ]
    let truncation = FigureStyle.percent.marked(settings.truncation)
    chips.append(
      settings.truncation > 0
        ? BilingualText("Truncation \(truncation)", "비중 한도 \(truncation)")
        : BilingualText("No truncation", "비중 한도 없음"))
    let cost = FigureStyle.decimal(settings.costRate * 1e4, digits: 1)
    chips.append(
      settings.costRate > 0
        ? BilingualText("Cost \(cost) bp", "비용 \(cost) bp")
        : BilingualText("No costs", "비용 없음"))
    let book = FigureStyle.money.text(settings.bookSize)
    chips.append(BilingualText("Book \(book)", "북 \(book)"))
    return chips
  }

  private func writeVerdicts(to page: inout HTMLMarkup) {
    func verdict(_ tone: String, _ label: BilingualText, _ value: BilingualText, _ link: String) {
      page.element("a", ["class": "verdict \(tone)", "href": link]) { page in
        page.element("span", ["class": "label"], label)
        page.element("strong", value)
      }
    }
    verdict(
      trustTone, BilingualText("Can you trust it?", "믿을 수 있는가?"), trustWord, "#trust")
    let failed = result.checks.filter { $0.verdict == .fail }.count
    let passed = result.checks.filter { $0.verdict == .pass }.count
    verdict(
      failed > 0 ? "bad" : passed == result.checks.count ? "good" : "mixed",
      BilingualText("Checks passed", "통과한 점검"),
      BilingualText(
        "\(passed) of \(result.checks.count)", "\(result.checks.count)개 중 \(passed)개"), "#checks")
    verdict(
      isReferenceOnly ? "plain unsure" : "plain", BilingualText("Grade by fitness", "적합도 등급"),
      gradeWord, "#headline-fitness")
  }

  private var gradeWord: BilingualText {
    switch result.grade {
    case .inferior: BilingualText("Inferior", "미흡")
    case .average: BilingualText("Average", "보통")
    case .good: BilingualText("Good", "좋음")
    case .excellent: BilingualText("Excellent", "우수")
    case .spectacular: BilingualText("Spectacular", "탁월")
    }
  }

  // MARK: - Headline figures

  private struct Tile {
    var id: String
    var label: BilingualText
    var style: FigureStyle
    var unit: BilingualText
    var figure: (AlphaMetrics) -> Double
    var extra: BilingualText?
  }

  private var tiles: [Tile] {
    let aYear = BilingualText("% a year", "% / 년")
    let percent = BilingualText(same: "%")
    let interval = trust.sharpeInterval.value.map { interval in
      let span =
        "\(FigureStyle.ratio.text(interval.lower)) \u{2026} "
        + FigureStyle.ratio.text(interval.upper)
      let confidence = FigureStyle.decimal(interval.confidence * 100, digits: 0)
      return BilingualText("\(confidence) % interval \(span)", "\(confidence) % 구간 \(span)")
    }
    return [
      Tile(
        id: "sharpe", label: BilingualText("Sharpe ratio", "샤프 비율"), style: .ratio,
        unit: BilingualText("annualized", "연율"), figure: \.sharpe, extra: interval),
      Tile(
        id: "returns", label: BilingualText("Returns", "수익률"), style: .percent, unit: aYear,
        figure: \.returns),
      Tile(
        id: "drawdown", label: BilingualText("Deepest drawdown", "최대 낙폭"), style: .percent,
        unit: percent, figure: \.drawdown),
      Tile(
        id: "pnl", label: BilingualText("Profit", "손익"), style: .money,
        unit: BilingualText("currency units", "통화 단위"), figure: \.pnl),
      Tile(
        id: "fitness", label: BilingualText("Fitness", "적합도"), style: .ratio,
        unit: BilingualText("", ""), figure: \.fitness),
      Tile(
        id: "turnover", label: BilingualText("Turnover", "회전율"), style: .percent,
        unit: BilingualText("% a day", "% / 일"), figure: \.turnover),
      Tile(
        id: "margin", label: BilingualText("Margin", "마진"), style: .ratio,
        unit: BilingualText("bp of traded money", "bp (거래 금액 대비)"),
        figure: { $0.margin * 1e4 }),
      Tile(
        id: "coverage", label: BilingualText("Coverage", "커버리지"), style: .percent, unit: percent,
        figure: \.coverage,
        extra: {
          let longs = FigureStyle.decimal(result.inSample.longCount, digits: 0)
          let shorts = FigureStyle.decimal(result.inSample.shortCount, digits: 0)
          return BilingualText(
            "\(longs) long, \(shorts) short on average", "평균 매수 \(longs), 매도 \(shorts)종목")
        }()),
    ]
  }

  private func write(_ tile: Tile, to page: inout HTMLMarkup) {
    page.element("div", ["class": "tile", "id": "headline-\(tile.id)"]) { page in
      page.element("p", ["class": "label"], tile.label)
      page.element("p", ["class": "figure"]) { page in
        page.element("strong", tile.style.text(tile.figure(result.inSample)))
        if !tile.unit.english.isEmpty { page.element("span", ["class": "unit"], tile.unit) }
      }
      if let train = result.train, let test = result.test {
        let before = tile.style.text(tile.figure(train))
        let after = tile.style.text(tile.figure(test))
        page.element("p", ["class": "detail parts"]) { page in
          page.element("span", BilingualText("Train \(before)", "학습 \(before)"))
          page.element("span", BilingualText("Test \(after)", "시험 \(after)"))
        }
      }
      if let extra = tile.extra { page.element("p", ["class": "detail"], extra) }
    }
  }
}
