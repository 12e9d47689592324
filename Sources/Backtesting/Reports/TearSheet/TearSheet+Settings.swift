import Essentials

extension TearSheet {
  /// Every setting, under the name by which it is set.
  func writeSettings(to page: inout HTMLMarkup) {
    page.section(
      "settings", BilingualText("Settings", "설정"),
      BilingualText("How values of the formula became positions.", "수식의 값이 포지션이 된 방법입니다.")
    ) { page in
      guard case .object(let members) = result.settings.json else { return }
      page.element("dl", ["class": "facts columns"]) { page in
        for member in members {
          page.element("div") { page in
            page.element("dt") { $0.element("code", member.name) }
            page.element("dd", ["class": "number"]) { $0.write(Self.text(member.value)) }
          }
        }
      }
    }
  }

  private static func text(_ value: JSONValue) -> BilingualText {
    switch value {
    case .null: BilingualText("not set", "지정 안 함")
    case .string(let text): BilingualText(same: text)
    case .number(let number) where number.magnitude >= 1000:
      BilingualText(same: FigureStyle.decimal(number, digits: number.rounded() == number ? 0 : 2))
    default: BilingualText(same: value.compactText)
    }
  }

  /// What the headline figures mean.
  func writeDefinitions(to page: inout HTMLMarkup) {
    let rowsPerYear = FigureStyle.decimal(result.scale.rowsPerYear, digits: 0)
    let definitions: [(BilingualText, BilingualText)] = [
      (
        BilingualText("Sharpe ratio", "샤프 비율"),
        BilingualText(
          "Mean profit of a row over its sample standard deviation, times the root of \(rowsPerYear), "
            + "the rows of a year.",
          "한 행의 평균 손익을 표본 표준편차로 나누고 1년의 행 수 \(rowsPerYear)의 제곱근을 곱한 값.")
      ),
      (
        BilingualText("Returns", "수익률"),
        BilingualText(
          "Profit of a year as a share of capital. Capital is half the book.",
          "1년 손익의 자본 대비 비율. 자본은 북의 절반입니다.")
      ),
      (
        BilingualText("Turnover", "회전율"),
        BilingualText(
          "Money bought and sold in a day as a share of the book.", "하루에 사고판 금액의 북 대비 비율.")
      ),
      (
        BilingualText("Fitness", "적합도"),
        BilingualText(
          "Sharpe ratio times the root of |returns| over turnover; turnover counts as at least "
            + "12.5 %.",
          "샤프 비율 × √(|수익률| ÷ 회전율). 회전율은 적어도 12.5 %로 봅니다.")
      ),
      (
        BilingualText("Margin", "마진"),
        BilingualText(
          "Profit for each unit of money traded, in basis points.", "거래 금액 한 단위당 손익, 베이시스 포인트.")
      ),
      (
        BilingualText("Drawdown", "낙폭"),
        BilingualText(
          "The largest fall of the running profit below its peak, as a share of capital.",
          "누적 손익이 고점보다 가장 크게 내려간 정도, 자본 대비 비율.")
      ),
      (
        BilingualText("Coverage", "커버리지"),
        BilingualText(
          "The mean share of admitted instruments that have a value of the formula.",
          "거래 가능한 종목 중 수식 값이 있는 종목의 평균 비율.")
      ),
      (
        BilingualText("--", "--"),
        BilingualText(
          "Not known or not defined. It is never counted as zero.",
          "알 수 없거나 정의되지 않은 값. 0으로 세지 않습니다.")
      ),
    ]
    page.section(
      "definitions", BilingualText("What the figures mean", "수치의 뜻")
    ) { page in
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

  /// Where the page comes from: digests that equal runs share.
  func writeProvenance(to page: inout HTMLMarkup) {
    let origins: [(BilingualText, String)] = [
      (BilingualText("Identifier", "식별자"), result.identifier),
      (BilingualText("Panel", "패널"), result.panelFingerprint.hexadecimal),
      (BilingualText("Settings", "설정"), result.settings.fingerprint.hexadecimal),
      (BilingualText("Formula", "수식"), result.alpha.fingerprint.hexadecimal),
      (BilingualText("Result", "결과"), result.fingerprint.hexadecimal),
    ]
    page.element("footer") { page in
      page.element(
        "p",
        BilingualText(
          "The same formula, settings and panel give the same result, digit for digit.",
          "같은 수식, 설정, 패널은 마지막 자리까지 같은 결과를 냅니다."))
      page.element("dl", ["class": "origins"]) { page in
        for (name, digest) in origins {
          page.element("div") { page in
            page.element("dt", name)
            page.element("dd") { $0.element("code", digest) }
          }
        }
      }
      page.element("p", ["class": "canonical"]) { page in
        page.element("span", ["class": "label"], BilingualText("Canonical formula", "표준형 수식"))
        page.element("code", result.alpha.canonicalText)
      }
      page.element("p", ["class": "small-print"]) { page in
        page.write(
          BilingualText(
            "A simulation of the past, not advice and not a promise. As of "
              + "\(time.text(time.last)).",
            "과거의 모의실험이며 조언도 약속도 아닙니다. \(time.text(time.last)) 기준."))
      }
    }
  }
}
