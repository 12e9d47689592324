import Essentials

extension ReplayPage {
  /// What was replayed, what it shows, and the figures that are asked for first.
  func writeOverview(to page: inout HTMLMarkup) {
    page.element("section", ["id": "overview", "aria-labelledby": "overview-heading"]) { page in
      page.element("h1", ["id": "overview-heading"]) { $0.element("bdi", content.title) }
      page.element("p", ["class": "asof"], period)
      page.element("ul", ["class": "chips"]) { page in
        for chip in chips { page.element("li", chip) }
      }
      page.element("div", ["class": "verdicts"]) { writeVerdicts(to: &$0) }
      // A figure that is not known equals nothing, not even itself, so places tell figures apart.
      let tiles = content.summary.indices.filter { content.summary[$0].isHeadline }
        .prefix(Self.headlinesMax)
      if !tiles.isEmpty {
        page.element("div", ["class": "tiles"]) { page in
          for place in tiles { writeTile(content.summary[place], to: &page) }
        }
      }
      let others = content.summary.indices.filter { !tiles.contains($0) }
      writeSummary(others.map { content.summary[$0] }, to: &page)
    }
  }

  /// Two rows of four tiles.
  private static let headlinesMax = 8

  /// First and last instant, and how long it was.
  private var period: BilingualText {
    BilingualText(
      same: "\(QuantityText.instant(content.start)) \u{2013} \(QuantityText.instant(content.end)), "
    )
      + QuantityText.span(content.end - content.start)
  }

  private var chips: [BilingualText] {
    let markets = FigureStyle.whole(content.markets.count)
    let trades = FigureStyle.whole(content.trades.count)
    return [
      BilingualText(
        content.markets.count == 1 ? "1 market" : "\(markets) markets", "종목 \(markets)개"),
      BilingualText(content.trades.count == 1 ? "1 trade" : "\(trades) trades", "거래 \(trades)건"),
      BilingualText("Capital ", "자본 ") + BilingualText(same: quantities.money(content.capital)),
      content.warmUp > .zero
        ? BilingualText("Warm-up ", "예열 ") + QuantityText.span(content.warmUp)
        : BilingualText("No warm-up", "예열 없음"),
      BilingualText("Seed \(content.seed)", "시드 \(content.seed)"),
    ]
  }

  private func writeVerdicts(to page: inout HTMLMarkup) {
    func verdict(_ tone: String, _ label: BilingualText, _ value: BilingualText, _ link: String) {
      page.element("a", ["class": "verdict \(tone)", "href": link]) { page in
        page.element("span", ["class": "label"], label)
        page.element("strong", value)
      }
    }
    verdict(
      content.verdict.tone, BilingualText("What does it show?", "무엇을 보여 주는가?"),
      content.verdict.word, "#trust")
    let against = content.trust.filter { $0.leaning == .doubts || $0.leaning == .refutes }.count
    let asked = content.trust.filter { $0.leaning != .neutral && $0.leaning != .unknown }.count
    let isRefuted = content.trust.contains { $0.leaning == .refutes }
    verdict(
      asked == 0 || content.trades.isEmpty
        ? "plain" : isRefuted ? "bad" : against > 0 ? "mixed" : "good",
      BilingualText("Findings that object", "반대하는 근거"),
      asked == 0
        ? BilingualText(same: QuantityText.missing)
        : BilingualText("\(against) of \(asked)", "\(asked)개 중 \(against)개"), "#trust")
    verdict(
      content.gaps.isEmpty ? "good" : "mixed", BilingualText("Gaps in the data", "자료의 빈 구간"),
      content.gaps.isEmpty
        ? BilingualText("None", "없음") : BilingualText(same: FigureStyle.whole(content.gaps.count)),
      "#data")
  }

  private func writeTile(_ figure: ReplayPageContent.Figure, to page: inout HTMLMarkup) {
    page.element("div", ["class": "tile"]) { page in
      page.element("p", ["class": "label"], figure.name)
      page.element("p", ["class": "figure"]) { page in
        switch figure.value {
        case .money(let value) where value.isFinite:
          page.element("strong", FigureStyle.money.text(value))
          page.element("span", ["class": "unit"], content.currency)
        case .share(let value) where value.isFinite:
          page.element("strong", FigureStyle.percent.text(value))
          page.element("span", ["class": "unit"], "%")
        default: page.element("strong", quantities.text(figure.value))
        }
      }
      if let note = figure.note { page.element("p", ["class": "detail"], note) }
    }
  }

  private func writeSummary(_ figures: [ReplayPageContent.Figure], to page: inout HTMLMarkup) {
    guard !figures.isEmpty else { return }
    page.element("h2", ["class": "later"], BilingualText("Summary", "요약"))
    page.element("dl", ["class": "facts columns"]) { page in
      for figure in figures {
        page.element("div") { page in
          page.element("dt") { page in
            page.write(figure.name)
            if let note = figure.note { page.element("span", ["class": "aside"], note) }
          }
          page.element("dd", ["class": "number"], quantities.text(figure.value))
        }
      }
    }
  }
}

extension ReplayPageContent.Verdict {
  /// The class that colors the verdict.
  var tone: String {
    switch self {
    case .earns: "good"
    case .chance, .unfinished: "mixed"
    case .loses: "bad"
    case .didNotTrade: "plain"
    }
  }

  /// The verdict in a few words.
  var word: BilingualText {
    switch self {
    case .earns: BilingualText("Earns after costs", "비용을 빼고도 수익")
    case .chance: BilingualText("Cannot be told from chance", "우연과 구별되지 않음")
    case .loses: BilingualText("Loses after costs", "비용을 빼면 손실")
    case .didNotTrade: BilingualText("Did not trade", "거래하지 않음")
    case .unfinished: BilingualText("Stopped before its end", "끝나기 전에 중단됨")
    }
  }

  /// What the verdict means.
  var meaning: BilingualText {
    switch self {
    case .earns:
      BilingualText(
        "On this data it earned more than its costs, and more than chance explains. That is "
          + "evidence, not a promise.",
        "이 자료에서 비용보다 많이 벌었고, 우연으로 설명되는 것보다 많습니다. 근거일 뿐 약속은 아닙니다.")
    case .chance:
      BilingualText(
        "What it rests on does not show that it earns, nor that it loses.",
        "아래 근거로는 수익을 낸다고도, 손실을 낸다고도 말할 수 없습니다.")
    case .loses:
      BilingualText(
        "On this data it lost, and more than chance explains.",
        "이 자료에서 손실을 냈고, 우연으로 설명되는 것보다 큽니다.")
    case .didNotTrade:
      BilingualText(
        "No entry passed every gate, so nothing was earned and nothing was lost.",
        "모든 관문을 통과한 진입이 없어 벌지도 잃지도 않았습니다.")
    case .unfinished:
      BilingualText(
        "The figures cover what was replayed until it was stopped.",
        "중단될 때까지 재생한 구간의 수치입니다.")
    }
  }
}

extension ReplayGround.Bearing {
  /// The color in which a ground is marked.
  var tone: String {
    switch self {
    case .speaksForEarning: "good"
    case .leavesOpen: "mixed"
    case .speaksAgainstEarning: "bad"
    }
  }
}
