import Essentials

extension ReplayPage {
  /// Why trades ended, and what became of them.
  func writeExits(to page: inout HTMLMarkup) {
    page.section(
      "exits", BilingualText("Why trades ended", "청산 이유"),
      BilingualText(
        "Regret is what the best fixed time of holding would have brought beyond what it brings at "
          + "random instants.",
        "후회는 가장 좋은 고정 보유 시간이 무작위 시점보다 더 벌었을 몫입니다.")
    ) { page in
      guard !content.exitReasons.isEmpty else {
        page.element(
          "p", ["class": "absent"], BilingualText("No trade has ended.", "끝난 거래가 없습니다."))
        return
      }
      let most = content.exitReasons.map(\.trades).max() ?? 0
      table(
        "exit-table", BilingualText("Why trades ended", "청산 이유"), "figures wide reasons",
        [
          Column(BilingualText("Reason", "이유"), isNumber: false),
          Column(BilingualText("Trades", "거래")), Column(BilingualText("Win %", "승률 %")),
          Column(BilingualText("Mean %", "평균 %")),
          Column(BilingualText("Profit \(content.currency)", "손익 \(content.currency)")),
          Column(BilingualText("Held", "보유 시간")), Column(BilingualText("Regret %", "후회 %")),
        ], on: &page
      ) { page in
        for reason in content.exitReasons {
          page.element("tr") { page in
            page.element("th", ["scope": "row"]) { page in
              write(reason.reason, saying: ReplayWords.exit(reason.reason), to: &page)
              writeBar(reason.trades, of: most, to: &page)
            }
            cell(FigureStyle.whole(reason.trades), on: &page)
            cell(Self.percent(reason.wins, of: reason.trades), on: &page)
            cell(
              FigureStyle.decimal(reason.meanReturn * 100, digits: 3), of: reason.meanReturn,
              on: &page)
            cell(FigureStyle.money.text(reason.net), of: reason.net, on: &page)
            page.element("td", ["class": "number"], QuantityText.span(reason.meanHeld))
            cell(FigureStyle.decimal(reason.regret * 100, digits: 3), on: &page)
          }
        }
      }
    }
  }

  /// What refused entries.
  func writeRefusals(to page: inout HTMLMarkup) {
    let refused = content.refusals.reduce(0) { $0 + $1.count }
    let considered = content.entriesConsidered
    let counts =
      considered > 0
      ? BilingualText(
        "Asked \(FigureStyle.whole(considered)) times, refused \(FigureStyle.whole(refused)) times.",
        "\(FigureStyle.whole(considered))번 물어 \(FigureStyle.whole(refused))번 거절했습니다.")
      : BilingualText(
        "Refused \(FigureStyle.whole(refused)) times.", "\(FigureStyle.whole(refused))번 거절했습니다.")
    page.section(
      "refusals",
      content.trades.isEmpty
        ? BilingualText("Why it did not trade", "거래하지 않은 이유")
        : BilingualText("Refused entries", "거절된 진입"),
      BilingualText(
        "A refusal counts for the first gate that objects.", "거절은 처음 반대한 관문에 셉니다."),
      sample: counts
    ) { page in
      guard !content.refusals.isEmpty else {
        page.element(
          "p", ["class": "absent"],
          BilingualText("No gate refused an entry.", "진입을 거절한 관문이 없습니다."))
        return
      }
      let most = content.refusals.map(\.count).max() ?? 0
      table(
        "refusal-table", BilingualText("Refused entries by gate", "관문별 거절"), "figures reasons",
        [
          Column(BilingualText("Gate", "관문"), isNumber: false),
          Column(BilingualText("Refusals", "거절")), Column(BilingualText("Share %", "비율 %")),
        ], on: &page
      ) { page in
        for refusal in content.refusals {
          page.element("tr") { page in
            page.element("th", ["scope": "row"]) { page in
              write(refusal.gate, saying: ReplayWords.gate(refusal.gate), to: &page)
              writeBar(refusal.count, of: most, to: &page)
            }
            cell(FigureStyle.whole(refusal.count), on: &page)
            cell(Self.percent(refusal.count, of: refused), on: &page)
          }
        }
      }
      if !content.waits.isEmpty { writeWaits(to: &page) }
    }
  }

  /// The most rows that a table of waiting has.
  private static let waitsMax = 60

  /// Why nothing was wanted of each market, and how near it came to something.
  private func writeWaits(to page: inout HTMLMarkup) {
    let title = BilingualText("Why nothing was wanted", "원하지 않은 이유")
    page.element("h3", ["class": "later"], title)
    table(
      "wait-table", title, "figures wide",
      [
        Column(BilingualText("Market", "종목"), isNumber: false),
        Column(BilingualText("Reason", "이유"), isNumber: false),
        Column(BilingualText("Decisions", "결정")),
        Column(BilingualText("Came nearest", "가장 가까웠던 때"), isNumber: false),
        Column(BilingualText("Was", "값")), Column(BilingualText("Needed", "필요한 값")),
      ], on: &page
    ) { page in
      for wait in content.waits.prefix(Self.waitsMax) {
        page.element("tr") { page in
          page.element("th", ["scope": "row"]) { $0.element("bdi", wait.symbol) }
          page.element("td", ["class": "word"]) {
            write(wait.reason, saying: ReplayWords.gate(wait.reason), to: &$0)
          }
          cell(FigureStyle.whole(wait.looks), on: &page)
          page.element("td", ["class": "word"], QuantityText.instant(wait.nearest))
          cell(FigureStyle.decimal(wait.value, digits: 5), on: &page)
          cell(FigureStyle.decimal(wait.limit, digits: 5), on: &page)
        }
      }
    }
    if content.waits.count > Self.waitsMax {
      let more = FigureStyle.whole(content.waits.count - Self.waitsMax)
      page.element(
        "p", ["class": "note"], BilingualText("And \(more) more.", "그 밖에 \(more)개가 더 있습니다."))
    }
    page.element(
      "p", ["class": "note"],
      BilingualText(
        "Was and Needed are of the decision that missed by least: net returns, as shares of what would "
          + "be traded, or scores.",
        "값과 필요한 값은 가장 적게 모자란 결정의 것으로, 거래할 금액 대비 순수익률 또는 점수입니다."))
  }

  /// A bar as long as a count is beside the largest.
  private func writeBar(_ count: Int, of most: Int, to page: inout HTMLMarkup) {
    guard most > 0 else { return }
    page.element("svg", ["class": "share", "width": "100%", "height": "4", "aria-hidden": "true"]) {
      $0.shape(
        "rect",
        [
          "width": TimeChart.percent(Double(max(0, count)) / Double(most)), "height": "4",
          "rx": "2",
        ])
    }
  }
}
