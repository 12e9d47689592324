/// Words of the trade that mean the same or call for each other, in English and Korean.
///
/// The table is our own. A *family* holds words of one meaning: whoever says one is shown documents
/// with any of them. A *pointer* leads from a meaning to the words of fields and operators that it is
/// usually built from, as `reversal` leads to `delta`; pointers do not lead back.
enum Synonyms {
  /// A meaning: its words in English (as the tokenizer folds them) and Korean, and the words that it
  /// points to.
  struct Family: Sendable {
    let english: [String]
    let korean: [String]
    let points: [String]

    init(_ english: String, _ korean: String, points: String = "") {
      func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
      self.english = words(english).map(Tokenizer.singular)
      self.korean = words(korean)
      self.points = words(points).map(Tokenizer.singular)
    }
  }

  static let families: [Family] = [
    Family("momentum trend continuation", "모멘텀 추세 관성", points: "returns delta close mean sum"),
    Family(
      "reversal reversion contrarian rebound", "반전 역추세 되돌림 반등 평균회귀",
      points: "returns delta zscore close vwap reverse"),
    Family("volume turnover traded", "거래량 거래대금 회전율", points: "adv volume"),
    Family(
      "liquidity liquid illiquidity illiquid", "유동성 비유동성", points: "adv volume dollar spread"),
    Family(
      "volatility variance deviation risk", "변동성 분산 표준편차 위험", points: "std dev high low returns"),
    Family(
      "value valuation cheap undervalued", "가치 저평가 밸류",
      points: "equity earnings income cap book eps"),
    Family("growth increase rising", "성장 증가 상승", points: "delta revenue income"),
    Family("decline decrease falling drop", "감소 하락 급락", points: "delta min"),
    Family("quality", "품질 우량 퀄리티", points: "income assets gross profit cash flow"),
    Family("profitability profit margin", "수익성 이익률 마진", points: "income gross revenue assets ebit"),
    Family("earnings income profit", "이익 순이익 실적 수익", points: "eps ebit income"),
    Family("revenue sales", "매출 매출액"),
    Family("debt leverage liabilities borrowing", "부채 차입 레버리지", points: "equity assets interest"),
    Family("cash cashflow", "현금 현금흐름", points: "cash flow operations"),
    Family("accrual accruals", "발생액", points: "income cash flow operations assets"),
    Family("investment capex capital expenditure", "투자 자본지출 설비투자", points: "assets capex"),
    Family("dividend payout yield", "배당 배당금 배당수익률", points: "dividend events"),
    Family("price quote", "가격 주가 시세", points: "close open high low vwap"),
    Family("close closing", "종가"),
    Family("open opening", "시가 시초가"),
    Family("high highest maximum", "고가 최고 최대", points: "max"),
    Family("low lowest minimum", "저가 최저 최소", points: "min"),
    Family("range amplitude", "변동폭 범위", points: "high low"),
    Family("gap overnight", "갭 야간", points: "open close"),
    Family("intraday", "장중 일중", points: "open close high low vwap"),
    Family("return performance", "수익률 성과", points: "returns"),
    Family("size capitalization cap", "시가총액 규모 소형주 대형주", points: "cap sharesout"),
    Family(
      "sector industry group peer", "섹터 업종 산업 그룹 동종", points: "sector industry subindustry group"),
    Family("neutral neutralize neutralization relative", "중립 중립화 상대", points: "group neutralize"),
    Family("correlation comovement covariance", "상관 상관관계 동행 공분산", points: "corr covariance"),
    Family("regression residual beta", "회귀 잔차 베타", points: "regression"),
    Family("rank percentile order", "순위 랭크 백분위", points: "rank"),
    Family("average mean", "평균", points: "mean"),
    Family("smooth decay smoothing", "평활 감쇠", points: "decay mean hump"),
    Family("delay lag previous", "지연 시차 과거", points: "delay"),
    Family("change difference delta", "변화 차이 변동 변화량", points: "delta diff"),
    Family("outlier extreme tail", "이상치 극단 꼬리", points: "winsorize tail truncate clip"),
    Family("missing sparse", "결측 누락", points: "backfill nan"),
    Family("condition event trigger", "조건 이벤트 사건", points: "trade_when if_else"),
    Family("surprise shock unexpected", "서프라이즈 충격 예상", points: "eps estimate delta zscore"),
    Family("sentiment mood", "심리 감성 센티먼트", points: "news score"),
    Family("news headline", "뉴스 기사", points: "event"),
    Family("analyst estimate forecast consensus", "애널리스트 추정 전망 컨센서스", points: "eps"),
    Family("short shortinterest borrow", "공매도 대차"),
    Family("option implied", "옵션 내재", points: "volatility"),
    Family("insider", "내부자"),
    Family("inventory", "재고"),
    Family("research development innovation", "연구 개발 연구개발 혁신", points: "rd expense"),
    Family("tax", "세금 법인세", points: "income tax"),
    Family("interest funding carry", "이자 금리 펀딩 펀딩비 캐리", points: "funding rate"),
    Family("split", "분할 액면분할"),
    Family("season seasonality calendar", "계절 계절성", points: "delay step"),
    Family("reaction underreaction overreaction", "과잉반응 과소반응 반응", points: "delta returns"),
    Family("attention crowding", "관심 쏠림", points: "volume"),
    Family("accelerate acceleration", "가속 가속도", points: "delta"),
    Family("stable stability steady", "안정 안정성 꾸준", points: "std dev"),
    Family("skew skewness", "왜도 비대칭", points: "skewness"),
    Family("book asset", "자산 장부 순자산", points: "equity assets"),
    Family("efficiency efficient", "효율 효율성", points: "revenue assets"),
  ]

  /// What one word of a query adds to it.
  struct Expansion: Hashable {
    /// Words of one meaning with it.
    var same: [String] = []
    /// Words that its meaning points to.
    var pointed: [String] = []
  }

  /// Returns what an English word, as the tokenizer folds it, adds.
  static func expansion(ofEnglish word: String) -> Expansion {
    expansion(of: byEnglish[word] ?? [])
  }

  /// Returns what a Korean word adds; a compound counts for every known word within it that is no
  /// part of a longer one: `수익률` is a return and not an income.
  static func expansion(ofKorean word: String) -> Expansion {
    let held = families.map { $0.korean.filter { word.contains($0) } }
    let all = Array(held.joined())
    return expansion(
      of: families.indices.filter { index in
        held[index].contains { part in !all.contains { $0 != part && $0.contains(part) } }
      })
  }

  private static func expansion(of members: [Int]) -> Expansion {
    var expansion = Expansion()
    for family in members.map({ families[$0] }) {
      expansion.same += family.english + family.korean.flatMap(Tokenizer.pairs)
      expansion.pointed += family.points
    }
    return expansion
  }

  private static let byEnglish: [String: [Int]] = {
    var table: [String: [Int]] = [:]
    for (index, family) in families.enumerated() {
      for word in family.english where table[word]?.last != index {
        table[word, default: []].append(index)
      }
    }
    return table
  }()
}
