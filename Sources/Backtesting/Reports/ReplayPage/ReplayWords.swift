/// What the keys of gates and exits say, for readers.
///
/// A key without words is shown as it is: better than hidden or guessed.
enum ReplayWords {
  /// Returns why an entry was refused, by a gate, the choice of a side or the venue; nil for a key
  /// without words.
  static func gate(_ key: String) -> BilingualText? { gates[key] }

  /// Returns why a trade ended; nil for a key without words.
  ///
  /// A key may end with the mode or the turn of its exit, such as `event_mc_exit_shock`.
  static func exit(_ key: String) -> BilingualText? {
    if let words = exits[key] { return words }
    for (ending, addition) in endings where key.hasSuffix("_" + ending) {
      guard let words = exits[String(key.dropLast(ending.count + 1))] else { continue }
      return words + addition
    }
    return nil
  }

  /// Returns why a trade was entered; nil for a key without words.
  static func entry(_ key: String) -> BilingualText? { entries[key] }

  private static let gates: [String: BilingualText] = [
    "spread_cap": BilingualText("Spread wider than allowed", "스프레드가 한도보다 넓음"),
    "event_cvar_floor": BilingualText("Worst outcomes too deep", "최악의 결과가 너무 나쁨"),
    "event_mc_exit": BilingualText("The exit would close it at once", "진입 즉시 청산될 조건"),
    "both_ev_negative": BilingualText("Both sides expect to lose", "롱과 숏 모두 손실 예상"),
    "gross_ev": BilingualText("Expects too little before costs", "비용 전 기대값이 너무 작음"),
    "net_expectancy": BilingualText("Expects too little after costs", "비용 후 기대값이 너무 작음"),
    "direction_conf": BilingualText("Direction too uncertain", "방향이 불확실함"),
    "symbol_quality": BilingualText("The market's record is too poor", "이 종목의 거래 기록이 나쁨"),
    "unified_floor": BilingualText("Score below its floor", "점수가 하한 미만"),
    "lev_floor_lock": BilingualText("Weak trade at the lowest leverage", "최저 레버리지의 약한 거래"),
    "liquidity": BilingualText("Too little liquidity", "유동성 부족"),
    "min_notional": BilingualText("Too small for an order", "주문하기에 너무 작음"),
    "min_exposure": BilingualText("Too small for the account", "계좌에 비해 너무 작음"),
    "tick_vol": BilingualText("Ticks move too little", "가격 움직임이 너무 작음"),
    "fee": BilingualText("Expects too small a multiple of costs", "기대값이 비용의 배수에 못 미침"),
    "top_n": BilingualText("Other markets rank higher", "다른 종목의 순위가 높음"),
    "pre_mc": BilingualText("The whole portfolio would bear too much", "포트폴리오 전체의 위험 초과"),
    "cap": BilingualText("The account is full", "계좌의 보유 한도 도달"),
    "warm_up": BilingualText("Still learning", "아직 학습 중"),
    "safety_mode": BilingualText("Kill switch has acted", "비상 정지 중"),
    "book_lost": BilingualText("The book was lost", "호가창을 잃음"),
    "drift_cannot_pay": BilingualText("The drift cannot pay the costs", "추세가 비용을 감당 못함"),
    "no_prospect": BilingualText("Nothing could be foretold", "전망을 계산할 수 없음"),
    "no_better_side": BilingualText("Neither side is better", "더 나은 쪽이 없음"),
    "score_below_threshold": BilingualText("Score below its threshold", "점수가 기준 미만"),
    "expectation_too_small": BilingualText("Expects too little", "기대값이 너무 작음"),
    "gap_too_small": BilingualText("Both sides are nearly alike", "롱과 숏의 차이가 너무 작음"),
    "probability_outside_limits": BilingualText(
      "A probability is outside its limits", "확률이 한도를 벗어남"),
    "no_price": BilingualText("No price to go by", "기준 가격 없음"),
    "no_stop": BilingualText("No place for a stop", "손절가를 둘 곳이 없음"),
    "stop_beyond_liquidation": BilingualText("The stop lies beyond liquidation", "손절가가 청산가 너머"),
    "skipped_too_small": BilingualText("Below the smallest order", "최소 주문보다 작음"),
    "skipped_beyond_bound": BilingualText("The smallest order is too much", "최소 주문이 한도 초과"),
    "not_filled": BilingualText("The order was not filled", "주문이 체결되지 않음"),
    "notAtOnce": BilingualText("Could not be filled at once", "즉시 체결 불가"),
    "insufficientMargin": BilingualText("Too little free margin", "여유 증거금 부족"),
    "leverageTooHigh": BilingualText("Leverage above the venue's", "거래소 한도 초과 레버리지"),
    "quantityOutside": BilingualText("Quantity the venue refuses", "거래소가 거절하는 수량"),
    "priceOutside": BilingualText("Price the venue refuses", "거래소가 거절하는 가격"),
    "worthTooSmall": BilingualText("Worth less than the venue takes", "거래소 최소 금액 미만"),
  ]

  private static let exits: [String: BilingualText] = [
    "exchange_liq_sl": BilingualText("Close to liquidation", "강제 청산에 근접"),
    "protective_stop": BilingualText("Protective stop", "보호 손절"),
    "event_mc_exit": BilingualText("Simulated paths advise to leave", "모의 경로가 이탈을 권함"),
    "time_exit": BilingualText("Its time was over", "정한 시간이 지남"),
    "hold_vs_exit": BilingualText("Leaving is worth more than holding", "보유보다 청산이 유리"),
    "hybrid_exit": BilingualText("The plan of steps ends", "다단계 계획의 종료"),
    "ev_psl_ema_exit": BilingualText("Score below its mean", "점수가 평균 아래로 하락"),
    "unified_flip": BilingualText("The other side scores better", "반대쪽 점수가 더 높음"),
    "unified_cash": BilingualText("Cash scores better", "현금 점수가 더 높음"),
    "unrealized_dd": BilingualText("Unrealized loss too deep", "평가손실이 한도 초과"),
    "switch": BilingualText("Another contract promised more", "다른 계약이 더 유리"),
    "ev_drop_exit": BilingualText("Score dropped", "점수 급락"),
    "exchange_close_manual_cleanup": BilingualText("Closed by hand at the venue", "거래소에서 수동 청산"),
    "exchange_close_external_sync": BilingualText("Closed elsewhere", "외부에서 청산"),
    "exchange_close_risk_forced": BilingualText("Closed by the venue", "거래소가 강제 종료"),
    "liquidation": BilingualText("Liquidated", "강제 청산"),
    "open": BilingualText("Still held at the end", "종료 시점에 보유 중"),
    "kill_switch": BilingualText("Kill switch", "비상 정지"),
    "take_profit": BilingualText("Target reached", "목표가 도달"),
    "rebal_exit": BilingualText("Reduced to what risk allows", "위험 한도에 맞춰 축소"),
    "unprotected": BilingualText("Its stop did not rest", "손절 주문이 걸리지 않음"),
    "order": BilingualText("Closed by an order", "주문으로 청산"),
  ]

  private static let entries: [String: BilingualText] = [
    "larger_score": BilingualText("The better score", "더 높은 점수"),
    "small_gap": BilingualText("Nearly alike, but certain enough", "차이는 작지만 충분히 확실"),
  ]

  private static let endings: [(ending: String, addition: BilingualText)] = [
    ("shock", BilingualText(", in a shock", " (충격)")),
    ("normal", BilingualText("", "")),
    ("noise", BilingualText(", in noise", " (잡음)")),
    ("flip", BilingualText(", and turns", ", 반대로 전환")),
  ]
}
