import Essentials

extension ReplayPage {
  /// As many gaps are listed; the others are counted.
  static let gapsMax = 60

  /// What was wrong with the data, and what was assumed.
  func writeData(to page: inout HTMLMarkup) {
    page.section(
      "data", BilingualText("Data and assumptions", "자료와 가정"),
      BilingualText(
        "What the data did not say, and what was taken instead.", "자료에 없는 것과 대신 쓴 것입니다.")
    ) { page in
      let assumptions = BilingualText("Assumptions", "가정")
      if content.makeups.isEmpty {
        page.element("h3", assumptions)
      } else {
        writeMakeups(to: &page)
        page.element("h3", ["class": "later"], assumptions)
      }
      if content.assumptions.isEmpty {
        page.element("p", ["class": "absent"], BilingualText("None.", "없습니다."))
      } else {
        page.element("ul", ["class": "warnings"]) { page in
          for assumption in content.assumptions { page.element("li", assumption) }
        }
      }
      page.element("h3", ["class": "later"], BilingualText("Gaps in the data", "자료의 빈 구간"))
      guard !content.gaps.isEmpty else {
        page.element("p", ["class": "absent"], BilingualText("None.", "없습니다."))
        return
      }
      table(
        "gap-table", BilingualText("Gaps in the data", "자료의 빈 구간"), "figures",
        [
          Column(BilingualText("Market", "종목"), isNumber: false),
          Column(BilingualText("From", "시작"), isNumber: false),
          Column(BilingualText("Length", "길이")),
          Column(BilingualText("What was done", "처리"), isNumber: false),
        ], on: &page
      ) { page in
        for gap in content.gaps.prefix(Self.gapsMax) {
          page.element("tr") { page in
            page.element("th", ["scope": "row"]) { $0.element("bdi", gap.symbol) }
            page.element("td", ["class": "word"], QuantityText.instant(gap.start))
            page.element("td", ["class": "number"], QuantityText.span(gap.length))
            page.element("td", ["class": "word"], gap.text)
          }
        }
      }
      if content.gaps.count > Self.gapsMax {
        let more = FigureStyle.whole(content.gaps.count - Self.gapsMax)
        page.element(
          "p", ["class": "note"], BilingualText("And \(more) more.", "그 밖에 \(more)개가 더 있습니다."))
      }
    }
  }

  /// What was told of the markets that have a feed.
  private func writeMakeups(to page: inout HTMLMarkup) {
    let title = BilingualText("What was told", "들은 것")
    page.element("h3", title)
    table(
      "makeup-table", title, "figures",
      [
        Column(BilingualText("Market", "종목"), isNumber: false),
        Column(BilingualText("Bars", "봉")),
        Column(BilingualText("Made of trades", "체결로 만든 봉")),
        Column(BilingualText("Books", "호가")),
        Column(BilingualText("Trades", "체결")),
        Column(BilingualText("Marks", "마크 가격")),
        Column(BilingualText("Funding", "펀딩")),
        Column(BilingualText("Missing bars", "빠진 봉")),
        Column(BilingualText("Broken", "끊김")),
        Column(BilingualText("Crossed", "엇갈림")),
        Column(BilingualText("Repeats", "중복")),
        Column(BilingualText("Late", "늦음")),
      ], on: &page
    ) { page in
      for makeup in content.makeups {
        page.element("tr") { page in
          page.element("th", ["scope": "row"]) { $0.element("bdi", makeup.symbol) }
          for count in [
            makeup.bars, makeup.made, makeup.books, makeup.trades, makeup.marks, makeup.payments,
            makeup.gaps, makeup.breaks, makeup.crossings, makeup.repeats, makeup.late,
          ] {
            page.element("td", ["class": "number"], FigureStyle.whole(count))
          }
        }
      }
    }
    page.element(
      "p", ["class": "note"],
      BilingualText(
        "A book that is broken or crossed is told to nobody until a snapshot comes, and nothing is "
          + "entered. What comes twice or late is left out.",
        "끊기거나 엇갈린 호가창은 스냅숏이 올 때까지 쓰지 않고 진입도 하지 않습니다. 중복되거나 늦은 것은 버립니다."))
  }

  /// The settings that are not the shipped ones.
  func writeSettings(to page: inout HTMLMarkup) {
    page.section(
      "settings", BilingualText("Settings", "설정"),
      BilingualText("Those that differ from the shipped ones.", "기본값과 다른 설정입니다.")
    ) { page in
      guard !content.settings.isEmpty else {
        page.element(
          "p", ["class": "absent"],
          BilingualText("Every setting is as shipped.", "모든 설정이 기본값입니다."))
        return
      }
      page.element("dl", ["class": "facts"]) { page in
        for setting in content.settings {
          page.element("div") { page in
            page.element("dt") { page in
              page.element("code", setting.key)
              page.element("span", ["class": "aside"], setting.source)
            }
            page.element("dd", ["class": "number"]) { $0.element("code", setting.value) }
          }
        }
      }
    }
  }

  /// What the words of the page mean.
  func writeDefinitions(to page: inout HTMLMarkup) {
    let definitions: [(BilingualText, BilingualText)] = [
      (
        BilingualText("Return", "수익률"),
        BilingualText(
          "Profit of a trade after fees and funding over what its entry was worth; leverage does not "
            + "enter.",
          "수수료와 펀딩을 뺀 손익을 진입 금액으로 나눈 값. 레버리지는 들어가지 않습니다.")
      ),
      (
        BilingualText("Gate", "관문"),
        BilingualText(
          "A question that an entry must pass. The first that objects gives the reason.",
          "진입이 통과해야 하는 질문. 처음 반대한 관문이 거절의 이유가 됩니다.")
      ),
      (
        BilingualText("Interval", "구간"),
        BilingualText(
          "The range that the true value lies in at the stated confidence, as far as the sample says.",
          "표본이 말하는 한, 참값이 정해진 신뢰도로 놓이는 범위.")
      ),
      (
        BilingualText("p_pos, p_tp, p_sl", "p_pos, p_tp, p_sl"),
        BilingualText(
          "The probabilities, simulated at entry, of ending with a profit, at the target, at the stop.",
          "진입 때 모의한 이익, 목표가, 손절가로 끝날 확률.")
      ),
      (
        BilingualText("Drawdown", "낙폭"),
        BilingualText(
          "How far equity is below its highest so far.", "자산이 그때까지의 최고보다 낮은 정도.")
      ),
      (
        BilingualText("--", "--"),
        BilingualText(
          "Not known or not defined. It is never counted as zero.",
          "알 수 없거나 정의되지 않은 값. 0으로 세지 않습니다.")
      ),
    ]
    page.section("definitions", BilingualText("What the words mean", "용어의 뜻")) { page in
      page.element("dl", ["class": "definitions"]) { page in
        for (name, meaning) in definitions {
          page.element("div") { page in
            page.element("dt", name)
            page.element("dd", meaning)
          }
        }
      }
    }
  }

  /// Where the page comes from: digests that equal replays share.
  func writeProvenance(to page: inout HTMLMarkup) {
    page.element("footer") { page in
      page.element(
        "p",
        BilingualText(
          "The same data, settings and seed give the same replay, digit for digit.",
          "같은 자료, 설정, 시드는 마지막 자리까지 같은 결과를 냅니다."))
      page.element("dl", ["class": "origins"]) { page in
        for origin in content.origins {
          page.element("div") { page in
            page.element("dt", origin.name)
            page.element("dd") { $0.element("code", origin.digest) }
          }
        }
      }
      page.element(
        "p", ["class": "small-print"],
        BilingualText(
          "A replay of the past, not advice and not a promise. As of "
            + "\(QuantityText.instant(content.end)).",
          "과거의 재생이며 조언도 약속도 아닙니다. \(QuantityText.instant(content.end)) 기준."))
    }
  }
}
