import Essentials

/// The measures that a policy may name: those of the desk, and those that others hand in.
package struct MetricCatalog: Hashable, Sendable {
  /// Base names of measures from outside, as `metrics.external` declares them.
  package var external: [String]

  package init(external: [String] = []) {
    self.external = external
  }

  /// What a base name means; nil where nobody knows it. Any `beta_<something>` is known.
  package func meaning(of base: String) -> MetricMeaning? {
    if let meaning = Self.byBase[base] { return meaning }
    if base.hasPrefix(Self.beta.base), base.utf8.count > Self.beta.base.utf8.count {
      return Self.beta
    }
    guard external.contains(base) else { return nil }
    return MetricMeaning(
      base, .ratio, .neither, .optional, "A measure that is handed in from outside.",
      "외부에서 제공되는 지표입니다.")
  }

  /// Measures of the catalog for which the desk has no data: no panel tells what borrowing costs.
  static let unmeasured = ["borrow_cost"]

  /// Whether the desk never knows a measure, so that whatever asks for it stays undecided: it has no
  /// data of it, or it would come from outside, where nobody hands it in.
  package func isNeverKnown(_ base: String) -> Bool {
    Self.unmeasured.contains(base) || (external.contains(base) && Self.byBase[base] == nil)
  }

  /// Reads a name with its window and says what it means.
  func metric(
    _ text: String, at range: Range<Int>
  ) throws(PolicyMistake) -> (MetricName, MetricMeaning) {
    guard let name = MetricName(text) else {
      throw PolicyMistake(
        "unknown_metric", "`\(text)` is no measure.", at: range,
        remedy: "Names are small letters, digits and _, such as \(text.lowercased()).")
    }
    guard let meaning = meaning(of: name.base) else {
      let hint = nearestName(to: name.base, among: Self.all.map(\.base) + external)
      throw PolicyMistake(
        "unknown_metric", "`\(name.base)` is no measure.", at: range,
        remedy: hint.map { "Did you mean \(MetricName(base: $0, over: name.window))?" }
          ?? "Declare measures of your own under metrics.external.")
    }
    switch meaning.windowing {
    case .required where name.window == nil:
      throw PolicyMistake(
        "missing_window", "`\(name.base)` is taken over a window.", at: range,
        remedy: "Write \(name.base)@mid, or another window such as @short, @long or @60d.")
    case .none where name.window != nil:
      throw PolicyMistake(
        "needless_window", "`\(name.base)` has no window.", at: range,
        remedy: "Write \(name.base).")
    default: return (name, meaning)
    }
  }

  // MARK: - The measures of the desk

  /// Of anything that has a price: the regression of returns on those of a symbol or dataset.
  package static let beta = MetricMeaning(
    "beta_", .ratio, .neither, .required, "Slope of its returns on those of what is named.",
    "지정한 대상의 수익률에 대한 전략 수익률의 기울기입니다.")

  /// In the order in which they are explained.
  package static let all: [MetricMeaning] = [
    MetricMeaning(
      "sharpe", .ratio, .higherIsBetter, .required,
      "Mean return per unit of volatility, per year.", "변동성 한 단위당 평균 수익률(연율)입니다."),
    MetricMeaning(
      "sharpe_t", .ratio, .higherIsBetter, .required,
      "How many standard errors the mean return lies above zero.",
      "평균 수익률이 0보다 표준오차의 몇 배 위에 있는지입니다."),
    MetricMeaning(
      "sortino", .ratio, .higherIsBetter, .required,
      "Mean return per unit of downside volatility, per year.",
      "하방 변동성 한 단위당 평균 수익률(연율)입니다."),
    MetricMeaning(
      "calmar", .ratio, .higherIsBetter, .required,
      "Return per year over the greatest drawdown.", "연 수익률을 최대 낙폭으로 나눈 값입니다."),
    MetricMeaning(
      "vol", .fraction, .lowerIsBetter, .required, "Standard deviation of returns, per year.",
      "수익률의 표준편차(연율)입니다."),
    MetricMeaning(
      "returns", .fraction, .higherIsBetter, .required, "Compounded return over the window.",
      "기간의 복리 수익률입니다."),
    MetricMeaning(
      "max_dd", .fraction, .lowerIsBetter, .required,
      "Greatest fall of equity below its peak, as a fraction of the peak.",
      "고점 대비 자본의 최대 하락 비율입니다."),
    MetricMeaning(
      "ulcer", .fraction, .lowerIsBetter, .required,
      "Root of the mean squared drawdown: how deep and how long it was under water.",
      "낙폭 제곱 평균의 제곱근으로, 얼마나 깊고 오래 잠겨 있었는지입니다."),
    MetricMeaning(
      "winrate", .fraction, .higherIsBetter, .required, "Share of trades that gained.",
      "이익을 낸 거래의 비율입니다."),
    MetricMeaning(
      "profit_factor", .ratio, .higherIsBetter, .required, "Sum of gains over sum of losses.",
      "이익의 합을 손실의 합으로 나눈 값입니다."),
    MetricMeaning(
      "skew", .ratio, .higherIsBetter, .required,
      "Asymmetry of returns; negative where losses have the longer tail.",
      "수익률의 비대칭도로, 손실 쪽 꼬리가 길면 음수입니다."),
    MetricMeaning(
      "kurt", .ratio, .lowerIsBetter, .required,
      "Weight of the tails of returns; 3 for a normal distribution.",
      "수익률 꼬리의 두께로, 정규분포는 3입니다."),
    MetricMeaning(
      "equity_slope_t", .ratio, .higherIsBetter, .required,
      "How many standard errors the growth of equity lies above zero.",
      "자본 증가 기울기가 0보다 표준오차의 몇 배 위에 있는지입니다."),
    MetricMeaning(
      "var_99", .fraction, .lowerIsBetter, .required,
      "Loss of one day that is exceeded on one day in a hundred.",
      "백 일에 하루꼴로 넘는 하루 손실입니다."),
    MetricMeaning(
      "es_975", .fraction, .lowerIsBetter, .required, "Mean loss of the worst 2.5 % of days.",
      "최악의 2.5% 날들의 평균 손실입니다."),
    MetricMeaning(
      "turnover", .fraction, .lowerIsBetter, .required,
      "Mean share of the position that changes in a day.", "하루에 바뀌는 포지션의 평균 비율입니다."),
    MetricMeaning(
      "trades", .count, .higherIsBetter, .required, "Changes of position in the window.",
      "기간 중 포지션 변경 횟수입니다."),
    MetricMeaning(
      "exposure", .fraction, .neither, .required, "Mean gross exposure.", "평균 총 노출입니다."),
    MetricMeaning(
      "borrow_cost", .fraction, .lowerIsBetter, .required,
      "Cost of borrowing what is sold short, per year.", "공매도 차입 비용(연율)입니다."),
    MetricMeaning(
      "dsr", .fraction, .higherIsBetter, .optional,
      "Probability that the Sharpe ratio is above what luck gives to the best of all trials.",
      "샤프 비율이 모든 시도 중 최고의 운으로 얻을 값보다 높을 확률입니다."),
    MetricMeaning(
      "psr", .fraction, .higherIsBetter, .optional,
      "Probability that the Sharpe ratio is above zero.", "샤프 비율이 0보다 높을 확률입니다."),
    MetricMeaning(
      "cv_sharpe_mean", .ratio, .higherIsBetter, .none,
      "Mean Sharpe ratio of the test folds of purged cross-validation.",
      "정화 교차검증 시험 구간들의 평균 샤프 비율입니다."),
    MetricMeaning(
      "cv_sharpe_std", .ratio, .lowerIsBetter, .none,
      "Spread of the Sharpe ratio between the test folds of purged cross-validation.",
      "정화 교차검증 시험 구간 사이의 샤프 비율 편차입니다."),
    MetricMeaning(
      "wf_positive", .fraction, .higherIsBetter, .none,
      "Share of walk-forward test windows that gained.", "전진 분석 시험 구간 중 이익을 낸 비율입니다."),
    MetricMeaning(
      "sample_days", .count, .higherIsBetter, .none, "Days of evidence.", "증거가 쌓인 일수입니다."),
    MetricMeaning(
      "sample_trades", .count, .higherIsBetter, .none, "Trades of evidence.",
      "증거가 되는 거래 수입니다."),
    MetricMeaning(
      "sample_bars", .count, .higherIsBetter, .none, "Bars of evidence.", "증거가 되는 봉의 수입니다."),
    MetricMeaning(
      "paper_days", .count, .higherIsBetter, .none, "Days of trading on paper.",
      "모의 운용 일수입니다."),
    MetricMeaning(
      "paper_trades", .count, .higherIsBetter, .none, "Trades on paper.", "모의 운용 중 거래 횟수입니다."),
    MetricMeaning(
      "paper_sharpe", .ratio, .higherIsBetter, .none, "Sharpe ratio of trading on paper, per year.",
      "모의 운용의 샤프 비율(연율)입니다."),
    MetricMeaning(
      "paper_max_dd", .fraction, .lowerIsBetter, .none, "Greatest drawdown of trading on paper.",
      "모의 운용의 최대 낙폭입니다."),
    MetricMeaning(
      "data_age", .duration, .lowerIsBetter, .none, "How old its latest data is.",
      "가장 최근 데이터의 나이입니다."),
    MetricMeaning(
      "phase_age", .duration, .neither, .none, "How long it has been in its phase.",
      "현재 단계에 머문 시간입니다."),
  ]

  private static let byBase = Dictionary(uniqueKeysWithValues: all.map { ($0.base, $0) })
}
