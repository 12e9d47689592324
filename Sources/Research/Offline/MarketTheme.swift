/// A family of beliefs about prices: what the offline proposer chooses hypotheses and formulas by.
enum MarketTheme: String, Hashable, CaseIterable {
  case reversal, momentum, volumePrice, volatility, liquidity, intraday, seasonality, residual
  case comovement, peers, value, quality, growth, events, positioning

  /// Words that speak for the theme, in lower case: English ones are met whole or as the beginning
  /// of a longer word, Korean ones anywhere, because particles are written onto them.
  var words: [String] {
    switch self {
    case .reversal:
      [
        "reversal", "revert", "mean-reversion", "reversion", "overreact", "oversold", "overbought",
        "contrarian", "bounce", "rebound", "반전", "과매도", "과매수", "되돌림", "평균회귀", "역추세", "과잉반응",
      ]
    case .momentum:
      [
        "momentum", "trend", "continu", "winner", "breakout", "underreact", "persist", "drift",
        "모멘텀", "추세", "지속", "돌파", "과소반응",
      ]
    case .volumePrice:
      [
        "volume", "divergence", "accumulation", "distribution", "vwap", "price-volume", "pv",
        "거래량", "괴리", "매집", "체결",
      ]
    case .volatility:
      [
        "volatility", "variance", "risk", "low-vol", "skew", "tail", "lottery", "uncertain",
        "변동성", "위험", "왜도", "복권", "불확실",
      ]
    case .liquidity:
      [
        "liquid", "illiquid", "turnover", "impact", "amihud", "spread", "attention",
        "유동성", "회전율", "시장충격", "관심",
      ]
    case .intraday:
      [
        "intraday", "open", "gap", "overnight", "range", "high-low", "candle", "close-location",
        "장중", "갭", "시가", "고가", "저가", "야간", "캔들",
      ]
    case .seasonality:
      [
        "season", "calendar", "weekday", "monthly", "cycle", "periodic", "annual", "anniversary",
        "계절", "달력", "요일", "월말", "주기",
      ]
    case .residual:
      [
        "residual", "idiosyncratic", "beta", "regression", "factor-neutral", "specific",
        "unexplained",
        "잔차", "고유", "베타", "회귀분석",
      ]
    case .comovement:
      [
        "correlat", "comove", "co-move", "autocorrelat", "dependence", "link",
        "상관", "동조", "자기상관", "연동",
      ]
    case .peers:
      [
        "peer", "sector", "industry", "lead-lag", "group", "relative", "spillover",
        "업종", "산업", "섹터", "동종", "선행", "상대",
      ]
    case .value:
      [
        "value", "cheap", "book", "yield", "earnings-yield", "valuation", "multiple", "undervalued",
        "가치", "저평가", "배당", "밸류", "장부",
      ]
    case .quality:
      [
        "quality", "profitab", "margin", "accrual", "leverage", "balance", "efficien",
        "fundamental",
        "cash flow", "퀄리티", "수익성", "이익률", "부채", "재무", "발생액", "현금흐름",
      ]
    case .growth:
      [
        "growth", "revision", "surprise", "earnings", "sales", "estimate", "analyst", "invest",
        "성장", "실적", "이익", "서프라이즈", "매출", "추정", "애널리스트",
      ]
    case .events:
      [
        "news", "sentiment", "event", "announce", "social", "headline", "dividend", "report",
        "뉴스", "감성", "심리", "공시", "이벤트", "소셜", "발표",
      ]
    case .positioning:
      [
        "short interest", "funding", "crowd", "position", "flow", "ownership", "option", "carry",
        "공매도", "펀딩", "수급", "포지션", "옵션", "쏠림", "보유",
      ]
    }
  }

  /// The subcategories of data in which the theme is at home, in BRAIN's ids.
  var subcategories: [String] {
    switch self {
    case .reversal, .momentum, .volumePrice, .intraday, .seasonality, .liquidity:
      ["pv-price-volume"]
    case .volatility: ["pv-price-volume", "option-option-volatility"]
    case .residual, .comovement, .peers: ["pv-price-volume", "pv-relationship"]
    case .value, .quality: ["fundamental-fundamental-data"]
    case .growth: ["fundamental-fundamental-data", "analyst-analyst-estimates"]
    case .events: ["news-news", "sentiment-sentiment"]
    case .positioning: ["shortinterest-short-interest", "option-option-analytics"]
    }
  }

  /// What is believed, each as a clause of a sentence that the horizon follows.
  var claims: [String] {
    switch self {
    case .reversal:
      [
        "Instruments that fell more than their usual range recover",
        "Prices that left their recent average return to it",
        "Winners of the last days give back part of their gain",
      ]
    case .momentum:
      [
        "Instruments that rose steadily keep rising against the others",
        "Prices near the highest of their past continue upward",
        "A change of trend that has just begun goes on",
      ]
    case .volumePrice:
      [
        "Price moves without volume behind them fade",
        "Falling agreement of price and volume comes before a turn of the price",
        "Closes below the volume-weighted price are made up for",
      ]
    case .volatility:
      [
        "Calm instruments earn more than their risk would say",
        "A burst of volatility is paid for by those who hold through it",
        "Instruments with lottery-like returns disappoint",
      ]
    case .liquidity:
      [
        "Instruments whose trading moves the price most earn a premium",
        "A sudden rush of trading marks a passing price",
        "Where trading dries up, the last move is corrected",
      ]
    case .intraday:
      [
        "Closes near the edge of the day's range are taken back",
        "Gaps between the close and the next open are filled",
        "What happens during the day and over night is paid differently",
      ]
    case .seasonality:
      [
        "Returns repeat those of the same season",
        "Flows that come at fixed intervals leave a rhythm in returns",
        "The return of the same day a week earlier tells of today's",
      ]
    case .residual:
      [
        "Moves that the market does not explain are corrected",
        "What is left of a return after its common part persists",
        "A signal cleaned of its size and risk foretells returns better",
      ]
    case .comovement:
      [
        "Instruments whose two series part from each other come together again",
        "The sign of a return's memory tells whether to follow it",
        "Changes in how closely two figures go together foretell returns",
      ]
    case .peers:
      [
        "Instruments that lag behind their industry catch up",
        "What is extreme within its group counts more than what is extreme overall",
        "News of the leaders of a group reaches the others later",
      ]
    case .value:
      [
        "Companies that are cheap against what they own or earn outperform",
        "A valuation far below its own past is made up for",
        "Within an industry the cheaper company earns more",
      ]
    case .quality:
      [
        "Companies that earn more on what they own outperform",
        "Profits that are backed by cash last longer",
        "A falling burden of debt is rewarded late",
      ]
    case .growth:
      [
        "Improving results are priced in slowly",
        "Growth that the price has not followed yet is rewarded",
        "Spending that grows faster than sales is punished",
      ]
    case .events:
      [
        "Prices drift in the direction of the last event",
        "A burst of events marks an exaggerated price",
        "The time since a figure last changed decides how much it says",
      ]
    case .positioning:
      [
        "Crowded positions unwind",
        "Who pays to keep a position is on the wrong side",
        "Flows against the price foretell its turn",
      ]
    }
  }

  /// Why it should be so, each completing "because".
  var mechanisms: [String] {
    switch self {
    case .reversal, .liquidity, .intraday:
      [
        "who wants to trade at once pays those who wait",
        "market makers lean against an order flow that passes",
        "investors overreact to what they have just seen",
      ]
    case .momentum, .growth, .events:
      [
        "news spreads slowly and investors underreact to it",
        "large orders are worked over many days",
        "opinions are revised in small steps",
      ]
    case .volumePrice, .comovement, .positioning:
      [
        "informed trading shows in volume before it shows in price",
        "positions that many hold alike are closed alike",
        "a move that nobody trades on has no support",
      ]
    case .volatility:
      [
        "investors who may not borrow bid up what is risky",
        "many buyers overpay for a small chance of a large gain",
        "risk is forgotten in quiet times",
      ]
    case .seasonality:
      [
        "flows are bound to the calendar",
        "reports and rebalancings come at fixed dates",
      ]
    case .residual, .peers:
      [
        "common news is priced first and specific news later",
        "capital is moved between industries before it is moved within them",
      ]
    case .value, .quality:
      [
        "investors extrapolate the past too far",
        "what is in the accounts is read late and by few",
      ]
    }
  }

  /// How strongly a text speaks for the theme: the number of its words that occur.
  func relevance(of text: String) -> Double {
    let text = text.lowercased()
    // A boundary in front of every English word, whatever stood there.
    let spaced = " " + String(text.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : " " })
    return words.reduce(0) { sum, word in
      let isASCII = word.utf8.allSatisfy { $0 < 0x80 }
      let isThere = isASCII ? spaced.contains(" " + word) : text.contains(word)
      return sum + (isThere ? 1 : 0)
    }
  }
}
