extension ReplayPage {
  /// Whether what was forecast at entry came as often as it was forecast.
  func writeCalibration(to page: inout HTMLMarkup) {
    page.section(
      "calibration", BilingualText("Forecasts and outcomes", "예측과 결과"),
      BilingualText(
        "Trades of like forecasts, and how often the outcome came. On the dashed line both agree; a "
          + "disk grows with its trades, a bar is its interval.",
        "예측이 비슷한 거래를 묶어 실제 빈도와 견줍니다. 점선 위에서 둘이 일치하며, 원은 거래 수, 막대는 구간입니다.")
    ) { page in
      guard !content.calibration.isEmpty else {
        page.element(
          "p", ["class": "absent"],
          BilingualText("No forecast was recorded.", "기록된 예측이 없습니다."))
        return
      }
      page.element("div", ["class": "thirds"]) { page in
        for calibration in content.calibration {
          CalibrationChart(calibration: calibration).write(to: &page)
        }
      }
    }
  }
}
