import Essentials

extension ReplayPage {
  /// What speaks for and against believing the replay.
  func writeTrust(to page: inout HTMLMarkup) {
    page.section(
      "trust", BilingualText("Can you trust it?", "믿을 수 있는가?"),
      BilingualText(
        "Whether the result can be told from luck, and what it rests on.",
        "결과를 운과 구별할 수 있는지, 무엇에 근거하는지 따집니다.")
    ) { page in
      page.element("div", ["class": "trust"]) { page in
        page.element("div", ["class": "judgment \(content.verdict.tone)"]) { page in
          page.element("p", ["class": "label"], BilingualText("Verdict", "판정"))
          page.element("p", ["class": "word"], content.verdict.word)
          page.element("p", ["class": "meaning"], content.verdict.meaning)
        }
        guard !content.grounds.isEmpty else { return }
        page.element("div") { page in
          page.element("h3", BilingualText("What it rests on", "판정의 근거"))
          page.element("ol", ["class": "objections grounds"]) { page in
            for ground in content.grounds {
              page.element("li", ["class": ground.bearing.tone], ground.sentence)
            }
          }
        }
      }
      IntervalChart(comparisons: content.comparisons).write(to: &page)
      writeFindings(to: &page)
    }
  }

  /// A sentence that is known in one language only is one of the engine's, whose Korean is known.
  private static func said(_ text: BilingualText) -> BilingualText {
    text.english == text.korean ? EngineSentence.inBoth(text.english) : text
  }

  private func writeFindings(to page: inout HTMLMarkup) {
    guard !content.trust.isEmpty else {
      page.element(
        "p", ["class": "absent"], BilingualText("Nothing was examined.", "살펴본 것이 없습니다."))
      return
    }
    page.element("table", ["class": "findings leanings"]) { page in
      page.element("thead") { page in
        page.element("tr") { page in
          page.element("th", ["scope": "col"], BilingualText("Finding", "항목"))
          page.element("th", ["scope": "col", "class": "number"], BilingualText("Value", "값"))
          page.element("th", ["scope": "col"], BilingualText("Leans", "방향"))
          page.element("th", ["scope": "col"], BilingualText("What it says", "뜻"))
        }
      }
      page.element("tbody") { page in
        for figure in content.trust {
          page.element("tr") { page in
            page.element("th", ["scope": "row"], figure.name)
            page.element("td", ["class": "number"], quantities.text(figure.value))
            page.element("td", ["class": "leaning"]) { figure.leaning.write(to: &$0) }
            page.element("td", ["class": "meaning"], Self.said(figure.meaning))
          }
        }
      }
    }
  }
}

extension ReplayPageContent.Leaning {
  /// Writes the leaning as a badge whose sign does not need its color.
  fileprivate func write(to page: inout HTMLMarkup) {
    page.element("span", ["class": "badge \(tone)"]) { page in
      page.element("span", ["aria-hidden": "true"], sign)
      page.write(word)
    }
  }

  private var tone: String {
    switch self {
    case .supports: "good"
    case .doubts: "mixed"
    case .refutes: "bad"
    case .neutral, .unknown: "plain"
    }
  }

  private var sign: String {
    switch self {
    case .supports: "\u{2713}"
    case .doubts: "!"
    case .refutes: "\u{2715}"
    case .neutral: "\u{00B7}"
    case .unknown: "?"
    }
  }

  private var word: BilingualText {
    switch self {
    case .supports: BilingualText("supports", "뒷받침")
    case .doubts: BilingualText("doubts", "의심")
    case .refutes: BilingualText("refutes", "반박")
    case .neutral: BilingualText("neutral", "중립")
    case .unknown: BilingualText("unknown", "알 수 없음")
    }
  }
}
