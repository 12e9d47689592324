package import Backtesting
import Essentials
import Markets
import Mathematics
import Storage

// The rows of the summary and of the block of trust, said once for the terminal and for the page.

extension ReplayResult {
  /// The rows of the summary, in the order of the report.
  package var summaryFigures: [ReplayPageContent.Figure] {
    performanceFigures + drawdownFigures + costFigures + exposureFigures + orderFigures
  }

  private var performanceFigures: [ReplayPageContent.Figure] {
    let bars = markets.reduce(0) { $0 + $1.bars }
    let length = reached - terms.from
    let days = length.days
    let traded: ReplayPageContent.Figure =
      days >= 1
      ? .init(
        .init("Traded, days", "거래 기간(일)"), .number(days, decimals: 1), note: contractsNote)
      : .init(
        .init("Traded, minutes", "거래 기간(분)"), .number(days * 1440, decimals: 1),
        note: contractsNote)
    let pace = summary.pace == .daily ? ("daily", "일별") : ("hourly", "시간별")
    let count = summary.returns.count
    let basis = BilingualText(
      "from \(count) \(pace.0) returns", "\(pace.1) 수익률 \(count)개에서")
    return [
      traded,
      .init(
        .init("Bars", "봉"), .count(bars),
        note: .init("of \(terms.span), warm-up included", "\(terms.span) 봉, 예열 포함")),
      .init(
        .init("Equity at the end", "최종 평가액"), .money(summary.equity),
        note: .init("open positions at their marks", "보유분은 마크 가격으로")),
      .init(
        .init("Return", "수익률"), .share(summary.totalReturn),
        note: .init("of the capital", "원금 대비"), isHeadline: true),
      .init(
        .init("Return a year", "연 수익률"), Self.share(summary.annualReturn),
        note: summary.annualReturn == nil
          ? .init("not said below 30 days", "30일 미만은 말하지 않음")
          : .init("compounded (CAGR)", "복리(CAGR)")),
      .init(
        .init("Sharpe ratio a year", "연 샤프 비율"), Self.number(summary.sharpe), note: basis,
        isHeadline: true),
      .init(
        .init("Sortino ratio a year", "연 소르티노 비율"), Self.number(summary.sortino),
        note: basis),
      .init(
        .init("Calmar ratio", "칼마 비율"), Self.number(summary.calmar),
        note: .init("return a year over drawdown", "연 수익률 ÷ 최대 낙폭")),
      .init(.init("Trades", "거래"), .count(total.trades), isHeadline: true),
      .init(
        .init("Trades a day", "하루 거래"), .number(Double(total.trades) / days, decimals: 2)),
      .init(
        .init("Trades that won", "이긴 거래"), Self.share(total.winShare), isHeadline: true),
      .init(
        .init("Profit factor", "손익비"), Self.number(total.profitFactor),
        note: .init("what was won over what was lost", "번 것 ÷ 잃은 것"), isHeadline: true),
      .init(
        .init("Expectancy of a trade", "거래당 기대값"), Self.money(total.expectancy),
        note: .init("after everything", "모든 비용 후"), isHeadline: true),
      .init(.init("Best trade", "최고 거래"), Self.share(total.best)),
      .init(.init("Worst trade", "최악 거래"), Self.share(total.worst)),
    ]
  }

  private var contractsNote: BilingualText {
    let count = terms.symbols.count
    return BilingualText(
      "\(count) \(count == 1 ? "contract" : "contracts"), times in UTC",
      "계약 \(count)개, 시각은 UTC")
  }

  private var drawdownFigures: [ReplayPageContent.Figure] {
    guard let fall = summary.deepest else {
      return [
        .init(
          .init("Deepest drawdown", "최대 낙폭"), .share(0),
          note: .init("the equity never fell", "평가액이 떨어진 적 없음"), isHeadline: true)
      ]
    }
    return [
      .init(
        .init("Deepest drawdown", "최대 낙폭"), .share(fall.depth),
        note: .init("of the highest equity before", "직전 최고 평가액 대비"), isHeadline: true),
      .init(.init("Deepest drawdown", "최대 낙폭"), .money(fall.amount)),
      .init(.init("Drawdown from", "낙폭 시작"), .instant(fall.start)),
      .init(.init("Drawdown to", "낙폭 바닥"), .instant(fall.trough)),
      .init(
        .init("Drawdown over", "낙폭 회복"), fall.recovery.map { .instant($0) } ?? .missing,
        note: fall.recovery == nil ? .init("not recovered", "회복하지 못함") : nil),
    ]
  }

  private var costFigures: [ReplayPageContent.Figure] {
    [
      .init(
        .init("Fees paid", "수수료"), .money(costs.fees.value), isHeadline: true),
      .init(
        .init("Funding received", "받은 펀딩"), .money(costs.funding.value),
        note: .init("less what was paid", "낸 것을 뺀 값")),
      .init(
        .init("Slippage assumed", "가정한 슬리피지"), .share(terms.slippage.basisPoints / 1e4),
        note: .init("of what takes, within prices", "즉시 체결분, 가격에 포함")),
      .init(
        .init("Market change", "시장 변화"), Self.share(marketChange),
        note: .init("all contracts in equal parts", "모든 계약 같은 비중")),
    ]
  }

  private var exposureFigures: [ReplayPageContent.Figure] {
    [
      .init(.init("Time in market", "보유 시간 비율"), Self.share(summary.timeInMarket)),
      .init(
        .init("Exposure, mean", "평균 노출"), Self.share(summary.meanExposure),
        note: .init("of the equity, without sign", "평가액 대비, 부호 없이")),
      .init(.init("Exposure, most", "최대 노출"), Self.share(summary.mostExposure)),
      .init(
        .init("Leverage while held", "보유 중 레버리지"), Self.number(summary.meanLeverage),
        note: .init("exposure over equity, mean", "노출 ÷ 평가액, 평균")),
    ]
  }

  private var orderFigures: [ReplayPageContent.Figure] {
    let stop = stoppedAt.map { instant in
      ReplayPageContent.Figure(
        .init("Kill switch acted", "비상 정지"), .instant(instant),
        note: .init("nothing is entered behind it", "이후 진입 없음"), isHeadline: true)
    }
    return [
      .init(
        .init("Entries refused", "거절된 진입"),
        .count(refusedEntries.reduce(0) { $0 + $1.count }),
        note: .init("by gates, see below", "진입 조건, 아래 참조")),
      .init(.init("Orders sent", "보낸 주문"), .count(orders)),
      .init(.init("Fills", "체결"), .count(fills)),
      .init(.init("Liquidations", "강제 청산"), .count(liquidations)),
    ] + [stop].compactMap(\.self)
  }

  // MARK: - Trust

  /// The rows of the block of trust, in the order of the report.
  package var trustFigures: [ReplayPageContent.TrustFigure] {
    [expectancyFigure, winFigure] + equityFigures + chanceFigures + forecastFigures + dataFigures
  }

  private var expectancyFigure: ReplayPageContent.TrustFigure {
    let name = BilingualText("Expectancy of a trade", "거래당 기대값")
    switch trust.expectancy {
    case .known(let expectancy):
      let interval = expectancy.returns
      return .init(
        name, .shares(interval.lower, interval.upper),
        interval.lower > 0 ? .supports : interval.upper < 0 ? .refutes : .doubts,
        .init(
          "\(Self.percent(interval.confidence)) interval, of what was traded",
          "\(Self.percent(interval.confidence)) 구간, 거래 금액 대비"))
    case .unknown(let reason): return Self.unknown(name, reason)
    }
  }

  private var winFigure: ReplayPageContent.TrustFigure {
    let name = BilingualText("Trades that win", "이기는 거래")
    guard trust.trades > 0 else { return Self.unknown(name, "There was no trade.") }
    let interval = trust.wins.interval(confidence: trust.settings.confidence)
    let needed = trust.breakEvenShare
    let leaning: ReplayPageContent.Leaning =
      needed.map {
        interval.lowerBound > $0 ? .supports : interval.upperBound < $0 ? .refutes : .doubts
      } ?? .neutral
    let share = needed.map { Self.percent($0, decimals: 1) }
    return .init(
      name, .shares(interval.lowerBound, interval.upperBound), leaning,
      share.map { .init("\($0) break even at their sizes", "크기로 보아 \($0)이면 본전") }
        ?? .init("interval of their share", "비율의 구간"))
  }

  private var equityFigures: [ReplayPageContent.TrustFigure] {
    let sharpe = BilingualText("Sharpe ratio a year", "연 샤프 비율")
    let deflated = BilingualText("Deflated Sharpe ratio", "조정 샤프 비율(DSR)")
    switch trust.equity {
    case .known(let equity):
      let tried = equity.trials == 1 ? "1 trial" : "\(equity.trials) trials"
      let interval = equity.annualInterval
      return [
        .init(
          sharpe,
          interval.map { .numbers($0.lower, $0.upper, decimals: 2) }
            ?? .number(equity.annualSharpe, decimals: 2),
          interval.map { $0.lower > 0 ? .supports : $0.upper < 0 ? .refutes : .doubts }
            ?? .neutral,
          .init("interval, by block bootstrap", "블록 부트스트랩 구간")),
        .init(
          deflated, Self.share(equity.deflated),
          equity.deflated.map { $0 >= trust.settings.confidence ? .supports : .doubts } ?? .unknown,
          .init(
            "sure to beat luck, after \(tried)", "시도 \(equity.trials)번의 운을 넘을 확률")),
        .init(
          .init("Days needed", "필요한 일수"), Self.number(equity.daysNeeded, decimals: 0),
          .neutral,
          .init("of such returns, to be sure of it", "이런 수익률로 확신하려면")),
      ]
    case .unknown(let reason):
      return [Self.unknown(sharpe, reason), Self.unknown(deflated, reason)]
    }
  }

  private var chanceFigures: [ReplayPageContent.TrustFigure] {
    func figure(
      _ name: BilingualText, _ comparison: Finding<NullComparison>, _ meaning: BilingualText
    ) -> ReplayPageContent.TrustFigure {
      switch comparison {
      case .known(let comparison):
        let allowed = 1 - trust.settings.confidence
        return .init(
          name, .share(comparison.probability),
          comparison.probability <= allowed
            ? .supports : comparison.probability >= 1 - allowed ? .refutes : .doubts, meaning)
      case .unknown(let reason): return Self.unknown(name, reason)
      }
    }
    let market = BilingualText("Holding the market", "시장 보유")
    return [
      figure(
        .init("Chance of random times", "무작위 시각의 확률"),
        trust.randomInstants.map(\.comparison),
        .init("to earn as much with such trades", "같은 거래로 이만큼 벌 확률")),
      figure(
        .init("Chance of random sides", "무작위 방향의 확률"), trust.randomSides.map(\.comparison),
        .init("to earn as much at these times", "같은 시각에 이만큼 벌 확률")),
      trust.heldMarket.value.map {
        .init(
          market, .share($0.totalReturn), $0.accountReturn > $0.totalReturn ? .supports : .doubts,
          .init("return after its own costs", "그 비용을 치른 수익률"))
      } ?? Self.unknown(market, trust.heldMarket.reason ?? ""),
    ]
  }

  /// Whether chances that were given held, on trades that were made and on those that were refused.
  private var forecastFigures: [ReplayPageContent.TrustFigure] {
    let names: [ReplayPageContent.Calibration.Outcome: BilingualText] = [
      .profit: BilingualText("Chances of a profit", "이익 확률"),
      .target: BilingualText("Chances of the target", "목표 도달 확률"),
      .stop: BilingualText("Chances of the stop", "손절 도달 확률"),
    ]
    return ReplayPageContent.Calibration.Outcome.allCases.compactMap { outcome in
      guard let name = names[outcome] else { return nil }
      guard let check = calibration.first(where: { $0.outcome == outcome })?.calibration else {
        return Self.unknown(name, "Nothing was forecast whose time is over.")
      }
      let (said, came) = (
        Self.percent(check.said, decimals: 1), Self.percent(check.came.share, decimals: 1)
      )
      let count = check.came.trials
      let leaning: ReplayPageContent.Leaning =
        switch check.verdict {
        case .tooFewToSay: .unknown
        case .notRefuted: .supports
        case .refuted: .refutes
        }
      let word =
        switch check.verdict {
        case .tooFewToSay: BilingualText("too few", "너무 적음")
        case .notRefuted: BilingualText("hold", "맞음")
        case .refuted: BilingualText("do not hold", "틀림")
        }
      return .init(
        name, .text(word), leaning,
        .init(
          "\(said) said, \(came) came, of \(count) made or refused",
          "예측 \(said), 실제 \(came), 실행·거절 \(count)건"))
    }
  }

  private var dataFigures: [ReplayPageContent.TrustFigure] {
    let bars = markets.reduce(0) { $0 + $1.bars }
    let missing = markets.reduce(0) { $0 + $1.missingBars }
    let silent = markets.reduce(0) { $0 + $1.silentBars }
    let left = markets.reduce(0) { $0 + $1.defects.reduce(0) { $0 + $1.count } }
    let assumed = markets.count { !$0.isContractKnown }
    let feeds = markets.compactMap(\.feed)
    let lost = feeds.reduce(0) { $0 + $1.breaks + $1.crossings }
    let books: [ReplayPageContent.TrustFigure] =
      feeds.isEmpty
      ? []
      : [
        .init(
          .init("Books lost", "호가창을 잃은 횟수"), .count(lost), lost == 0 ? .supports : .doubts,
          .init("broken or crossed, until a snapshot", "끊기거나 엇갈려 스냅숏까지"))
      ]
    return books + [
      .init(
        .init("Bars missing", "빠진 봉"), .count(missing),
        missing == 0 ? .supports : missing * 100 > bars ? .refutes : .doubts,
        .init("between those that are there", "있는 봉 사이에서")),
      .init(
        .init("Bars without trades", "거래 없는 봉"), .count(silent),
        silent == 0 ? .supports : feeds.isEmpty ? .doubts : .neutral,
        feeds.isEmpty
          ? .init("as in an outage", "장애 때와 같은")
          : .init("nobody traded within them", "그동안 체결이 없음")),
      .init(
        .init("Rows left out", "버린 행"), .count(left), left == 0 ? .supports : .doubts,
        .init("of the files, named below", "파일에서, 아래 참조")),
      .init(
        .init("Contracts assumed", "가정한 계약"), .count(assumed),
        assumed == 0 ? .supports : .neutral,
        .init("their venue's answer is not given", "거래소 답변이 없음")),
      foresight,
    ]
  }

  /// Whether anything knew what came: decisions never do, parameters that were fitted later may.
  private var foresight: ReplayPageContent.TrustFigure {
    let name = BilingualText("Sees the future", "미래 참조")
    let parameters = trust.settings.parameters
    if parameters.contains(where: { $0.seesAhead == true }) {
      return .init(
        name, .text(.init("yes", "있음")), .refutes,
        .init("parameters were fitted on what is replayed", "재생한 기간으로 추정한 매개변수"))
    }
    if parameters.contains(where: { $0.seesAhead == nil }) {
      return .init(
        name, .text(.init("not known", "알 수 없음")), .doubts,
        .init("parameters do not say on what they were fitted", "매개변수를 추정한 기간을 모름"))
    }
    return .init(
      name, .text(.init("no", "없음")), .supports,
      markets.allSatisfy { $0.feed == nil }
        ? .init("decides on closed bars alone", "닫힌 봉만으로 결정")
        : .init("decides on what was told before", "그때까지 들은 것만으로 결정"))
  }

  // MARK: - Parts

  private static func share(_ value: Double?) -> ReplayPageContent.Quantity {
    value.map { .share($0) } ?? .missing
  }

  private static func money(_ value: Double?) -> ReplayPageContent.Quantity {
    value.map { .money($0) } ?? .missing
  }

  private static func number(
    _ value: Double?, decimals: Int = 2
  ) -> ReplayPageContent.Quantity {
    value.map { .number($0, decimals: decimals) } ?? .missing
  }

  private static func unknown(
    _ name: BilingualText, _ reason: String
  ) -> ReplayPageContent.TrustFigure {
    .init(name, .missing, .unknown, BilingualText(same: reason))
  }

  /// Such as `95 %`.
  private static func percent(_ share: Double, decimals: Int = 0) -> String {
    FixedDecimal.text(share * 100, digits: decimals) + " %"
  }
}
