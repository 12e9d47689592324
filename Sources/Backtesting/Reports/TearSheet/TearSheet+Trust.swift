import Essentials

extension TearSheet {
  /// What speaks for and against believing the result.
  func writeTrust(to page: inout HTMLMarkup) {
    let days = FigureStyle.whole(trust.rows)
    let years = Self.years(trust.years)
    page.section(
      "trust", BilingualText("Can you trust it?", "믿을 수 있는가?"),
      BilingualText(
        "Whether the profit can be told from luck, after paying for every formula that was tried.",
        "시도한 모든 수식의 몫을 치르고도 이 손익을 운과 구별할 수 있는지 따집니다."),
      sample: BilingualText(
        "\(days) rows with a profit, \(years) years", "손익이 있는 \(days)행, \(years)년")
    ) { page in
      page.element("div", ["class": "trust"]) { page in
        page.element("div", ["class": "judgment \(trustTone)"]) { writeJudgment(to: &$0) }
        page.element("div") { writeObjections(to: &$0) }
      }
      writeTrustTable(to: &page)
    }
  }

  /// The class that colors the verdict.
  var trustTone: String {
    switch trust.verdict {
    case .supported: "good"
    case .doubtful: "mixed"
    case .refuted: "bad"
    case .insufficient: "plain"
    }
  }

  /// The verdict in one word.
  var trustWord: BilingualText {
    switch trust.verdict {
    case .supported: BilingualText("Supported", "뒷받침됨")
    case .doubtful: BilingualText("Doubtful", "의심스러움")
    case .refuted: BilingualText("Refuted", "기각됨")
    case .insufficient: BilingualText("Insufficient", "판단 불가")
    }
  }

  private var trustMeaning: BilingualText {
    switch trust.verdict {
    case .supported:
      BilingualText(
        "Nothing that was examined objects. That is evidence, not a promise.",
        "살펴본 것 가운데 반대하는 근거가 없습니다. 근거일 뿐 약속은 아닙니다.")
    case .doubtful:
      BilingualText(
        "Something objects, without deciding the matter.", "결정적이지는 않지만 반대하는 근거가 있습니다.")
    case .refuted:
      BilingualText(
        "The formula sees the future, or its profits are more likely luck than not.",
        "수식이 미래를 보거나, 손익이 운일 가능성이 더 큽니다.")
    case .insufficient:
      BilingualText(
        "There is too little to say anything.", "무엇이라 말하기에는 자료가 너무 적습니다.")
    }
  }

  private func writeJudgment(to page: inout HTMLMarkup) {
    page.element("p", ["class": "label"], BilingualText("Verdict", "판정"))
    page.element("p", ["class": "word"], trustWord)
    page.element("p", ["class": "meaning"], trustMeaning)
    SharpeRuler(
      interval: trust.sharpeInterval.value, lucky: trust.luckySharpe.value, trials: trust.trials
    ).write(to: &page)
  }

  private func writeObjections(to page: inout HTMLMarkup) {
    page.element("h3", BilingualText("Objections", "반대 근거"))
    guard !trust.objections.isEmpty else {
      page.element("p", ["class": "absent"], BilingualText("None.", "없습니다."))
      return
    }
    page.element("ol", ["class": "objections"]) { page in
      for objection in trust.objections {
        page.element("li", ["class": objection.refutes ? "refutes" : "doubts"]) { page in
          page.write(EngineSentence.inBoth(objection.description))
          if objection.refutes {
            page.element(
              "em", BilingualText(" This alone refutes it.", " 이것만으로 기각됩니다."))
          }
        }
      }
    }
  }

  /// A length in years; short ones get more decimals.
  private static func years(_ count: Double) -> String {
    FigureStyle.decimal(count, digits: count < 0.1 ? 3 : count < 1 ? 2 : 1)
  }

  // MARK: - Figures

  private struct Row {
    var name: BilingualText
    var value: Finding<BilingualText>
    var meaning: BilingualText
  }

  private func writeTrustTable(to page: inout HTMLMarkup) {
    page.element("table", ["class": "findings"]) { page in
      page.element("thead") { page in
        page.element("tr") { page in
          page.element("th", ["scope": "col"], BilingualText("Figure", "수치"))
          page.element("th", ["scope": "col", "class": "number"], BilingualText("Value", "값"))
          page.element("th", ["scope": "col"], BilingualText("What it says", "뜻"))
        }
      }
      page.element("tbody") { page in
        for row in trustRows { write(row, to: &page) }
      }
    }
  }

  private func write(_ row: Row, to page: inout HTMLMarkup) {
    page.element("tr") { page in
      page.element("th", ["scope": "row"], row.name)
      page.element("td", ["class": "number"]) { page in
        switch row.value {
        case .known(let value): page.write(value)
        case .unknown:
          page.element("span", ["class": "unknown"], BilingualText("unknown", "알 수 없음"))
        }
      }
      page.element("td", ["class": "meaning"]) { page in
        page.write(row.meaning)
        if let reason = row.value.reason {
          page.element("span", ["class": "reason"]) { page in
            page.write(BilingualText("Unknown: ", "알 수 없음: "))
            page.write(EngineSentence.inBoth(reason))
          }
        }
      }
    }
  }

  private var trustRows: [Row] { luckRows + timeRows + dataRows }

  private var luckRows: [Row] {
    func plain(_ text: String) -> BilingualText { BilingualText(same: text) }
    func percent(_ share: Double) -> BilingualText {
      plain(FigureStyle.decimal(share * 100, digits: 1) + FigureStyle.percentSign)
    }
    func years(_ count: Double) -> BilingualText {
      let text = Self.years(count)
      return BilingualText("\(text) years", "\(text)년")
    }
    return [
      Row(
        name: BilingualText("Sharpe ratio", "샤프 비율"),
        value: trust.sharpe.map { plain(FigureStyle.ratio.text($0)) },
        meaning: BilingualText("As observed, annualized.", "관측값, 연율.")),
      Row(
        name: BilingualText("Its interval", "신뢰구간"),
        value: trust.sharpeInterval.map {
          plain(
            "\(FigureStyle.ratio.text($0.lower)) \u{2026} \(FigureStyle.ratio.text($0.upper))")
        },
        meaning: BilingualText(
          "Holds the true ratio with the stated confidence, by block bootstrap"
            + (trust.sharpeInterval.value.map {
              " (\(FigureStyle.decimal($0.confidence * 100, digits: 0)) %)."
            } ?? "."),
          "참값이 들어 있을 범위, 블록 부트스트랩"
            + (trust.sharpeInterval.value.map {
              " (\(FigureStyle.decimal($0.confidence * 100, digits: 0)) %)."
            } ?? "."))),
      Row(
        name: BilingualText("Probability that it is above zero", "0보다 클 확률"),
        value: trust.probabilisticSharpe.map(percent),
        meaning: BilingualText(
          "As if this formula had been the only one tried.", "이 수식 하나만 시도했다고 볼 때의 확률입니다.")),
      Row(
        name: BilingualText("Trials", "시도 횟수"),
        value: .known(plain(FigureStyle.whole(trust.trials))),
        meaning: BilingualText(
          "Formulas tried before this one was shown, itself included.",
          "이 수식을 보이기까지 시도한 수식의 수, 이 수식 포함.")),
      Row(
        name: BilingualText("Best Sharpe ratio by luck", "운으로 나올 최고 샤프 비율"),
        value: trust.luckySharpe.map { plain(FigureStyle.ratio.text($0)) },
        meaning: variancePhrase),
      Row(
        name: BilingualText("Deflated Sharpe ratio", "수축 샤프 비율"),
        value: trust.deflatedSharpe.map(percent),
        meaning: BilingualText(
          "The probability that the true ratio is above that luck.", "참값이 그 운보다 높을 확률입니다.")),
      Row(
        name: BilingualText("Track record needed", "필요한 기록"),
        value: trust.minimumTrackRecordYears.map(years),
        meaning: BilingualText(
          "Until a ratio that stays as it is stands above luck; there are "
            + "\(Self.years(trust.years)) years.",
          "비율이 그대로일 때 운을 넘어서기까지의 기간. 지금은 "
            + "\(Self.years(trust.years))년입니다.")),
      Row(
        name: BilingualText("Shortest honest backtest", "최소 백테스트 기간"),
        value: trust.minimumBacktestYears.map(years),
        meaning: BilingualText(
          "Below this, the best of as many trials without skill would look as good.",
          "이보다 짧으면 실력 없는 시도들 중 최고도 이만큼 좋아 보입니다.")),
      Row(
        name: BilingualText("Probability of overfitting", "과최적화 확률"),
        value: trust.overfitting.map { percent($0.probability) },
        meaning: BilingualText(
          "How often the best in one half of history is below the median in the other"
            + (trust.overfitting.value.map {
              " (\(FigureStyle.whole($0.trials)) trials, \(FigureStyle.whole($0.splits)) splits)."
            } ?? "."),
          "역사의 한쪽 절반에서 최고인 수식이 다른 절반에서 중앙값 아래인 빈도"
            + (trust.overfitting.value.map {
              " (시도 \(FigureStyle.whole($0.trials))번, 분할 \(FigureStyle.whole($0.splits))번)."
            } ?? "."))),
    ]
  }

  /// Where the scatter of the trials comes from.
  private var variancePhrase: BilingualText {
    switch trust.trialVariance {
    case .known(.observed):
      BilingualText(
        "What the best of the trials would reach without skill; their scatter was observed.",
        "실력이 없어도 시도 중 최고가 이를 값. 시도들의 흩어짐은 관측했습니다.")
    case .known(.assumed), .unknown:
      BilingualText(
        "What the best of the trials would reach without skill; their scatter is assumed from the "
          + "sample's length.",
        "실력이 없어도 시도 중 최고가 이를 값. 시도들의 흩어짐은 표본 길이로 가정했습니다.")
    }
  }

  private var timeRows: [Row] {
    [
      Row(
        name: BilingualText("Walk-forward efficiency", "전진 분석 효율"),
        value: trust.walkForwardEfficiency.map {
          BilingualText(same: FigureStyle.decimal($0 * 100, digits: 1) + FigureStyle.percentSign)
        },
        meaning: BilingualText(
          "The share of the Sharpe ratio that lasts in rows after those learned from"
            + (trust.walkForward.value.map { " (\($0.count) folds)." } ?? "."),
          "배운 뒤의 행에서도 남는 샤프 비율의 몫"
            + (trust.walkForward.value.map { " (\($0.count)구간)." } ?? "."))),
      Row(
        name: BilingualText("Spread over purged folds", "정제 교차검증의 흩어짐"),
        value: trust.purgedFoldDispersion.map { BilingualText(same: FigureStyle.ratio.text($0)) },
        meaning: BilingualText(
          "Standard deviation of the Sharpe ratio from one part of history to another.",
          "역사의 여러 구간에서 잰 샤프 비율의 표준편차입니다.")),
    ]
  }

  private var dataRows: [Row] {
    [
      Row(
        name: BilingualText("Look-ahead", "미래 참조"),
        value: trust.lookAhead.map(Self.phrase),
        meaning: BilingualText(
          "Whether values change once later rows are known", "나중 행을 알게 되면 값이 바뀌는지 봅니다")
          + lookAheadEffort),
      Row(
        name: BilingualText("Missing data", "빠진 자료"),
        value: trust.missingDataShare.map {
          BilingualText(same: FigureStyle.decimal($0 * 100, digits: 1) + FigureStyle.percentSign)
        },
        meaning: BilingualText(
          "Share of the cells of the data without a value; "
            + "\(FigureStyle.whole(trust.missingRows)) rows have no profit.",
          "자료에서 값이 없는 칸의 비율. 손익이 없는 행은 \(FigureStyle.whole(trust.missingRows))개입니다.")),
    ]
  }

  private static func phrase(_ verdict: LookAheadVerdict) -> BilingualText {
    switch verdict {
    case .notExamined: BilingualText("not examined", "검사하지 않음")
    case .clean: BilingualText("none found", "발견되지 않음")
    case .leaks: BilingualText("found", "발견됨")
    }
  }

  /// How much was compared to find out.
  private var lookAheadEffort: BilingualText {
    switch trust.lookAhead {
    case .known(.clean(let probes, let cells)):
      let count = FigureStyle.whole(cells)
      return BilingualText(" (\(probes) probes, \(count) cells).", " (검사 \(probes)번, 칸 \(count)개).")
    case .known(.leaks(_, let probes, let leaking)):
      return BilingualText(
        " (in \(leaking) of \(probes) probes).", " (검사 \(probes)번 중 \(leaking)번).")
    case .known(.notExamined), .unknown: return BilingualText(".", ".")
    }
  }
}

/// The Sharpe ratio on a ruler: its interval, zero, and what luck would reach.
struct SharpeRuler: Sendable {
  let interval: ConfidenceInterval?
  let lucky: Double?
  let trials: Int

  /// Writes the ruler; nothing without an interval.
  func write(to page: inout HTMLMarkup) {
    guard let interval,
      let axis = ValueAxis(
        covering: [interval.lower, interval.upper, interval.estimate, lucky ?? 0], zero: true,
        marks: 4, style: .ratio)
    else { return }
    func x(_ value: Double) -> String { TimeChart.percent(axis.fraction(of: value)) }
    page.element("div", ["class": "ruler"]) { page in
      page.element(
        "svg", ["width": "100%", "height": "78", "role": "img", "aria-labelledby": "ruler-text"]
      ) { page in
        for mark in axis.marks {
          let isZero = mark.magnitude < axis.step * 1e-9
          page.shape(
            "line",
            [
              "x1": x(mark), "x2": x(mark), "y1": "22", "y2": "54",
              "class": isZero ? "grid zero" : "grid",
            ])
          page.element(
            "text", ["x": x(mark), "y": "72", "class": "tick middle"],
            FigureStyle.ratio.axisText(isZero ? 0 : mark, on: axis))
        }
        page.shape(
          "line",
          [
            "x1": x(interval.lower), "x2": x(interval.upper), "y1": "38", "y2": "38",
            "class": "whisker",
          ])
        page.shape(
          "circle", ["cx": x(interval.estimate), "cy": "38", "r": "6", "class": "estimate"])
        if let lucky {
          page.shape(
            "line", ["x1": x(lucky), "x2": x(lucky), "y1": "18", "y2": "54", "class": "lucky"])
          let fraction = axis.fraction(of: lucky)
          let side = fraction < 0.25 ? "start" : fraction > 0.75 ? "end" : "middle"
          page.element("text", ["x": x(lucky), "y": "12", "class": "tick \(side)"]) { page in
            page.element("tspan", ["lang": "en"], "luck")
            page.element("tspan", ["lang": "ko"], "운")
          }
        }
      }
      let estimate = FigureStyle.ratio.text(interval.estimate)
      let range =
        "\(FigureStyle.ratio.text(interval.lower)) \u{2026} \(FigureStyle.ratio.text(interval.upper))"
      page.element(
        "p", ["id": "ruler-text", "class": "note"],
        BilingualText(
          "Sharpe ratio \(estimate), interval \(range)"
            + (lucky.map {
              "; luck over \(FigureStyle.whole(trials)) trials reaches \(FigureStyle.ratio.text($0))."
            } ?? "."),
          "샤프 비율 \(estimate), 구간 \(range)"
            + (lucky.map {
              "; 시도 \(FigureStyle.whole(trials))번의 운은 \(FigureStyle.ratio.text($0))에 이릅니다."
            } ?? ".")))
    }
  }
}
