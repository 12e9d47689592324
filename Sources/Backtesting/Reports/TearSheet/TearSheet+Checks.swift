import Essentials

extension TearSheet {
  /// What an alpha is asked before it may be submitted, and what a reader should know.
  func writeChecks(to page: inout HTMLMarkup) {
    page.section(
      "checks", BilingualText("Checks", "점검"),
      BilingualText(
        "The questions that are asked before a submission, with the limits that apply.",
        "제출 전에 묻는 질문과 적용되는 한도입니다."), sample: wholeSample
    ) { page in
      page.element("div", ["class": "scroll"]) { page in
        page.element("table", ["class": "checks"]) { page in
          page.element("thead") { page in
            page.element("tr") { page in
              page.element("th", ["scope": "col"], BilingualText("Result", "결과"))
              page.element("th", ["scope": "col"], BilingualText("Check", "점검"))
              page.element("th", ["scope": "col", "class": "number"], BilingualText("Value", "값"))
              page.element("th", ["scope": "col", "class": "number"], BilingualText("Limit", "한도"))
            }
          }
          page.element("tbody") { page in
            for check in result.checks { write(check, to: &page) }
          }
        }
      }
      writeWarnings(to: &page)
    }
  }

  private func write(_ check: SimulationCheck, to page: inout HTMLMarkup) {
    let question = check.name.question
    page.element("tr") { page in
      page.element("td") { page in
        page.element("span", ["class": "badge \(check.verdict.tone)"]) { page in
          page.element("span", ["aria-hidden": "true"], check.verdict.sign)
          page.write(check.verdict.rawValue)
        }
      }
      page.element("th", ["scope": "row"]) { page in
        page.element("span", ["class": "name"], question.text)
        page.element("code", check.name.rawValue)
        if let note = check.note {
          page.element("span", ["class": "reason"], EngineSentence.inBoth(note))
        }
      }
      page.element("td", ["class": "number"], question.style.marked(check.value ?? .nan))
      page.element("td", ["class": "number"]) { page in
        guard let limit = check.limit else { return page.write("--") }
        page.write(
          "\(question.isCeiling ? "\u{2264}" : "\u{2265}") \(question.style.marked(limit))")
      }
    }
  }

  private func writeWarnings(to page: inout HTMLMarkup) {
    page.element("h3", BilingualText("Warnings", "경고"))
    guard !result.warnings.isEmpty else {
      page.element("p", ["class": "absent"], BilingualText("None.", "없습니다."))
      return
    }
    page.element("ul", ["class": "warnings"]) { page in
      for warning in result.warnings {
        page.element("li") { page in
          page.write(EngineSentence.inBoth(warning.message))
          page.write(" ")
          page.element("code", warning.code)
        }
      }
    }
  }
}

extension SimulationCheck.Verdict {
  /// The class that colors the verdict.
  fileprivate var tone: String {
    switch self {
    case .pass: "good"
    case .fail: "bad"
    case .warning: "mixed"
    case .pending: "plain"
    }
  }

  /// A sign for those who do not see the color.
  fileprivate var sign: String {
    switch self {
    case .pass: "\u{2713}"
    case .fail: "\u{2715}"
    case .warning: "!"
    case .pending: "\u{2026}"
    }
  }
}

extension SimulationCheck.Name {
  /// What a check asks, and how its numbers are written and compared.
  fileprivate struct Question {
    var text: BilingualText
    var style: FigureStyle
    /// Whether the value must not be above the limit.
    var isCeiling = false
  }

  fileprivate var question: Question {
    switch self {
    case .lowSharpe:
      Question(
        text: BilingualText("Is the Sharpe ratio high enough?", "샤프 비율이 충분히 높은가?"),
        style: .ratio)
    case .lowFitness:
      Question(
        text: BilingualText("Is the fitness high enough?", "적합도가 충분히 높은가?"), style: .ratio)
    case .lowTurnover:
      Question(
        text: BilingualText("Does the book trade at all?", "북이 거래를 하는가?"), style: .percent)
    case .highTurnover:
      Question(
        text: BilingualText("Does it trade too much?", "거래가 지나치지 않은가?"), style: .percent,
        isCeiling: true)
    case .concentratedWeight:
      Question(
        text: BilingualText("Is one position too large?", "한 포지션이 너무 크지 않은가?"),
        style: .percent, isCeiling: true)
    case .lowSubUniverseSharpe:
      Question(
        text: BilingualText(
          "Does it hold among the most traded?", "가장 많이 거래되는 종목에서도 통하는가?"), style: .ratio)
    case .lowTwoYearSharpe:
      Question(
        text: BilingualText("Were the last two years good enough?", "최근 2년도 충분히 좋은가?"),
        style: .ratio)
    case .inSampleLadderSharpe:
      Question(
        text: BilingualText("Were the recent years good enough?", "최근 여러 해가 충분히 좋은가?"),
        style: .ratio)
    case .selfCorrelation:
      Question(
        text: BilingualText("Does it resemble an alpha of the pool?", "이미 있는 알파와 닮지 않았는가?"),
        style: .ratio, isCeiling: true)
    case .units:
      Question(text: BilingualText("Do the units agree?", "단위가 맞는가?"), style: .ratio)
    }
  }
}
