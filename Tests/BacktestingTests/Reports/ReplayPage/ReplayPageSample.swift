import Essentials
import Markets
import Mathematics

@testable import Backtesting

/// Contents of replay pages, made by a seed without replaying anything.
enum ReplayPageSample {
  /// What differs from an ordinary content.
  struct Traits {
    var symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    var days = 30
    var trades = 60
    /// The bars' length in minutes.
    var minutes = 30
    /// Replaces names, keys and notes.
    var text: String?
    var verdict = ReplayPageContent.Verdict.chance
    /// Whether every number that may be missing is missing.
    var knowsNothing = false

    init() {}
  }

  static let start = Timestamp(startOf: CalendarDate(year: 2025, month: 10, day: 1)!)

  static func content(_ traits: Traits = Traits()) -> ReplayPageContent {
    var generator = SplitMix64(seed: 23)
    let end = start + .days(Int64(traits.days)) - .minutes(1)
    var content = ReplayPageContent(
      title: traits.text ?? "balanced on Binance perpetuals", start: start, end: end,
      warmUp: .days(2), seed: 7, capital: 10_000, currency: "USDT",
      verdict: traits.trades == 0 ? .didNotTrade : traits.verdict)
    let series = traits.symbols.indices.map { bars(at: $0, traits, &generator) }
    content.trades = trades(traits, series, &generator)
    content.markets = zip(traits.symbols, series).enumerated().map { place, pair in
      market(pair.0, pair.1, content, decimals: decimals(at: place), traits)
    }
    account(&content, traits, &generator)
    findings(&content, traits)
    forecasts(&content, traits)
    reasons(&content, traits)
    origins(&content, traits)
    return content
  }

  private static func level(at place: Int) -> Double {
    [114_000, 4150, 208.4, 0.2534, 2.871][place % 5]
  }
  private static func decimals(at place: Int) -> Int { [1, 2, 2, 5, 4][place % 5] }

  static func bars(
    at place: Int, _ traits: Traits, _ generator: inout SplitMix64
  ) -> BarSeries {
    var series = BarSeries(BarSpan(.minutes(Int64(traits.minutes)))!)
    var price = level(at: place)
    for minute in stride(from: 0, to: traits.days * 1440, by: traits.minutes) {
      // Six hours without a bar, which the page lists as a gap.
      let isMissing = place == 1 && (10_000..<10_360).contains(minute)
      let open = price
      let swing = 0.0016 * Double(traits.minutes).squareRoot()
      price *= 1 + swing * (generator.nextUniform() - 0.5)
      if (14_000..<(14_000 + traits.minutes)).contains(minute) { price *= 0.93 }
      let reach = 1 + swing / 2 * generator.nextUniform()
      guard !isMissing else { continue }
      series.append(
        Bar(
          openTime: start + .minutes(Int64(minute)), open: open, high: max(open, price) * reach,
          low: min(open, price) / reach, close: price, volume: 3))
    }
    return series
  }

  private static func trades(
    _ traits: Traits, _ series: [BarSeries], _ generator: inout SplitMix64
  ) -> [ReplayPageContent.Trade] {
    let exits = [
      "event_mc_exit_shock", "event_mc_exit_normal", "hold_vs_exit_flip", "unified_cash",
      "unrealized_dd", "ev_drop_exit", "protective_stop",
    ]
    let trades = (0..<traits.trades).map { _ -> ReplayPageContent.Trade in
      let place = Int(generator.nextUniform() * Double(series.count))
      let bars = series[place]
      let minutes = Double(traits.minutes)
      let held = 1 + Int(generator.nextUniform() * generator.nextUniform() * 900 / minutes)
      let entry = Int(generator.nextUniform() * Double(bars.count - held - 1))
      let side: PositionSide = generator.nextUniform() < 0.55 ? .long : .short
      let worth = 800 + 3000 * generator.nextUniform()
      let change = bars.close[entry + held] / bars.close[entry] - 1
      let chance = 0.35 + 0.4 * generator.nextUniform()
      let luck = generator.nextUniform()
      let last = generator.nextUniform()
      return ReplayPageContent.Trade(
        symbol: traits.symbols[place], side: side,
        openedAt: Timestamp(millisecondsSinceEpoch: bars.openTimes[entry]) + bars.span.length,
        closedAt: Timestamp(millisecondsSinceEpoch: bars.openTimes[entry + held])
          + bars.span.length,
        end: last < 0.01 ? .liquidation : last < 0.03 ? .open : .order,
        entryPrice: bars.close[entry], exitPrice: bars.close[entry + held],
        leverage: (1 + 6 * luck).rounded(), size: worth / bars.close[entry], worth: worth,
        net: worth * (change * (side == .long ? 1 : -1) - 0.0011),
        entryReason: traits.knowsNothing ? nil : traits.text ?? "larger_score",
        exitReason: traits.knowsNothing || last < 0.03
          ? nil : traits.text ?? exits[Int(luck * luck * Double(exits.count))],
        profitProbability: traits.knowsNothing ? .nan : chance,
        targetProbability: traits.knowsNothing ? .nan : chance * 0.6,
        stopProbability: traits.knowsNothing ? .nan : (1 - chance) * 0.7,
        bestHold: traits.knowsNothing ? nil : .minutes(15 + Int64(luck * 200)))
    }
    return trades.sorted { $0.openedAt < $1.openedAt }
  }

  private static func market(
    _ symbol: String, _ bars: BarSeries, _ content: ReplayPageContent, decimals: Int,
    _ traits: Traits
  ) -> ReplayPageContent.Market {
    let own = content.trades.filter { $0.symbol == symbol }
    let count = Double(own.count)
    let held = own.reduce(Int64(0)) { $0 + ($1.closedAt - $1.openedAt).milliseconds }
    return ReplayPageContent.Market(
      traits.text ?? symbol, decimals: decimals,
      candles: CandleColumns(of: bars, from: content.start, to: content.end), trades: own.count,
      wins: own.count { $0.net > 0 }, draws: own.count { $0.net == 0 },
      losses: own.count { $0.net < 0 },
      meanReturn: own.isEmpty ? .nan : own.reduce(0) { $0 + $1.netReturn } / count,
      net: own.reduce(0) { $0 + $1.net }, fees: own.reduce(0) { $0 + $1.worth } * 0.0011,
      funding: -0.3 * count,
      meanHeld: own.isEmpty ? nil : TimeSpan(milliseconds: held / Int64(own.count)),
      change: bars.isEmpty ? .nan : bars.close[bars.count - 1] / bars.open[0] - 1)
  }

  private static func account(
    _ content: inout ReplayPageContent, _ traits: Traits, _ generator: inout SplitMix64
  ) {
    var wealth = content.capital
    var next = 0
    let ends = content.trades.sorted { $0.closedAt < $1.closedAt }
    var market = content.capital
    var changes = [Double](repeating: 0, count: traits.days * 24 + 1)
    for trade in content.trades {
      func hour(_ instant: Timestamp) -> Int {
        Int(((instant - start).milliseconds + 3_599_999) / 3_600_000)
      }
      changes[hour(trade.openedAt)] += trade.worth
      changes[min(traits.days * 24, hour(trade.closedAt))] -= trade.worth
    }
    var exposure = 0.0
    for hour in 0..<(traits.days * 24) {
      let instant = start + .hours(Int64(hour))
      while next < ends.count, ends[next].closedAt <= instant {
        wealth += ends[next].net
        next += 1
      }
      exposure = max(0, exposure + changes[hour])
      market *= 1 + 0.008 * (generator.nextUniform() - 0.5)
      content.account.append(
        at: instant, equity: hour == 77 ? .nan : wealth, exposure: exposure,
        leverage: exposure / wealth, market: traits.knowsNothing ? nil : market)
    }
  }

  private static func findings(_ content: inout ReplayPageContent, _ traits: Traits) {
    let net = content.trades.reduce(0) { $0 + $1.net }
    let none = content.trades.isEmpty || traits.knowsNothing
    func unless(_ value: Double) -> Double { none ? .nan : value }
    content.grounds =
      content.trades.isEmpty
      ? []
      : [
        ReplayGround(fact: .trades(content.trades.count, needed: 1), bearing: .speaksForEarning),
        ReplayGround(
          fact: .expectancy(
            ConfidenceInterval(estimate: -0.2, lower: -0.9, upper: 0.5, confidence: 0.95),
            coin: "USDT"), bearing: .leavesOpen),
        ReplayGround(
          fact: .randomInstants(probability: 0.41, allowed: 0.05), bearing: .speaksAgainstEarning),
      ]
    content.summary = [
      .init(BilingualText("Profit", "손익"), .money(net), isHeadline: true),
      .init(
        BilingualText("Return", "수익률"), .share(net / content.capital),
        note: BilingualText("The markets, held: \u{2212}3.10 %", "그냥 보유: \u{2212}3.10 %"),
        isHeadline: true),
      .init(
        BilingualText("Sharpe ratio", "샤프 비율"), none ? .missing : .number(-0.42, decimals: 2),
        note: BilingualText("annualized, hourly", "연율, 시간 단위"), isHeadline: true),
      .init(
        BilingualText("Deepest drawdown", "최대 낙폭"), .share(unless(0.0312)),
        note: BilingualText("2025-10-10 21:20, for 6 d 4 h", "2025-10-10 21:20부터 6일 4시간"),
        isHeadline: true),
      .init(BilingualText("Trades", "거래"), .count(content.trades.count), isHeadline: true),
      .init(
        BilingualText("Expectancy of a trade", "거래당 기대값"), .share(unless(-0.00021)),
        note: BilingualText("of its worth", "거래 금액 대비"), isHeadline: true),
      .init(
        BilingualText("Profit factor", "손익비"), .number(unless(0.94), decimals: 2),
        isHeadline: true),
      .init(BilingualText("Fees and funding", "수수료와 펀딩"), .money(unless(143.21)), isHeadline: true),
      .init(BilingualText("Time in the market", "시장 노출 시간"), .share(unless(0.183))),
      .init(BilingualText("CAGR", "연복리 수익률"), .share(unless(-0.0512))),
      .init(BilingualText("Sortino ratio", "소르티노 비율"), .number(unless(-0.61), decimals: 2)),
      .init(BilingualText("Calmar ratio", "칼마 비율"), .number(.nan, decimals: 2)),
      .init(BilingualText("Bars", "봉"), .count(traits.days * 1440 * traits.symbols.count)),
      .init(
        BilingualText("Largest leverage", "최대 레버리지"), .number(unless(2.31), decimals: 2)),
      .init(BilingualText("Mean hold", "평균 보유"), none ? .missing : .span(.minutes(217))),
    ]
    content.trust = [
      .init(
        BilingualText("Interval of the expectancy", "기대값의 구간"),
        none ? .missing : .shares(-0.0009, 0.0005), none ? .unknown : .doubts,
        BilingualText("95 %, block bootstrap of trades in time.", "95 %, 시간 순 블록 부트스트랩.")),
      .init(
        BilingualText("Deflated Sharpe ratio", "수축 샤프 비율"), .share(unless(0.31)),
        none ? .unknown : .refutes,
        BilingualText(
          "The probability that the true ratio is above luck; 95 % is needed.",
          "참값이 운보다 높을 확률. 95 %가 필요합니다.")),
      .init(
        BilingualText("Parity", "패리티"), .text(BilingualText("identical", "동일")), .supports,
        BilingualText("Dry-run and replay sent the same orders.", "모의 운영과 리플레이의 주문이 같습니다.")),
      .init(
        BilingualText("Order hash", "주문 해시"), .text(BilingualText(same: "9f31c2a7")), .neutral,
        BilingualText("All orders and reports in order.", "모든 주문과 보고를 순서대로 요약한 값.")),
    ]
    guard !none else { return }
    content.comparisons = [
      .init(
        BilingualText("This replay", "이 리플레이"), estimate: -0.00021, lower: -0.0009, upper: 0.0005,
        isReplay: true),
      .init(
        BilingualText("Same trades, random instants", "같은 거래, 무작위 시점"), estimate: -0.0011,
        lower: -0.0019, upper: -0.0003, probability: 0.087),
      .init(
        BilingualText("Same instants, random sides", "같은 시점, 무작위 방향"), estimate: -0.0012,
        lower: -0.0021, upper: -0.0002, probability: 0.412),
      .init(
        BilingualText("The markets, held", "그냥 보유"), estimate: 0.0004, lower: .nan, upper: .nan),
    ]
  }

  private static func forecasts(_ content: inout ReplayPageContent, _ traits: Traits) {
    guard !content.trades.isEmpty, !traits.knowsNothing else { return }
    for outcome in ReplayPageContent.Calibration.Outcome.allCases {
      let bins = (0..<6).map { place -> ReplayPageContent.Calibration.Bin in
        let forecast = 0.32 + 0.07 * Double(place)
        let count = [3, 11, 22, 14, 8, 0][place]
        let observed = count > 0 ? forecast - 0.06 + 0.03 * Double(place % 3) : .nan
        let half = count > 0 ? 0.5 / Double(count).squareRoot() : .nan
        return .init(
          forecast: forecast, observed: observed, lower: observed - half, upper: observed + half,
          count: count)
      }
      content.calibration.append(
        .init(
          outcome, bins: outcome == .stop ? [] : bins, brier: 0.2481, brierOfBaseRate: 0.2493))
    }
  }

  private static func reasons(_ content: inout ReplayPageContent, _ traits: Traits) {
    var order: [String] = []
    for trade in content.trades where !order.contains(trade.exitKey ?? "?") {
      order.append(trade.exitKey ?? "?")
    }
    content.exitReasons = order.map { reason in
      let own = content.trades.filter { ($0.exitKey ?? "?") == reason }
      return .init(
        reason, trades: own.count, wins: own.count { $0.net > 0 },
        meanReturn: own.reduce(0) { $0 + $1.netReturn } / Double(own.count),
        net: own.reduce(0) { $0 + $1.net }, meanHeld: .minutes(93),
        regret: traits.knowsNothing ? .nan : 0.0004)
    }.sorted { $1.trades < $0.trades }
    content.entriesConsidered = traits.knowsNothing ? 0 : 259_200
    content.refusals = [
      .init(traits.text ?? "net_expectancy", count: 214_880),
      .init("direction_conf", count: 30_112),
      .init("spread_cap", count: 9_120), .init("unified_floor", count: 4_020),
      .init("some_later_gate", count: 1_008),
    ]
    content.waits = traits.symbols.flatMap { symbol in
      [
        .init(
          symbol, reason: "drift_cannot_pay", looks: 40_118, nearest: start + .minutes(9_120),
          value: -0.00148, limit: 0.00039),
        .init(
          symbol, reason: traits.text ?? "safety_mode", looks: 82, nearest: start + .minutes(77)),
      ]
    }
  }

  private static func origins(_ content: inout ReplayPageContent, _ traits: Traits) {
    content.gaps = [
      .init(
        symbol: "ETHUSDT", start: start + .minutes(10_000), length: .hours(6),
        text: BilingualText("No bars; nothing was traded.", "봉이 없어 거래하지 않았습니다."))
    ]
    content.assumptions = [
      BilingualText(
        "Tick and lot were inferred from the decimals of the data.", "틱과 수량 단위를 자료의 소수 자릿수로 추정했습니다."
      ),
      BilingualText("An order reaches the venue 200 ms later.", "주문은 200 ms 뒤 거래소에 닿습니다."),
    ]
    content.settings = [
      .init(traits.text ?? "NET_EXPECTANCY_MIN", "0.0004", source: "config.yaml, line 3")
    ]
    content.origins = [
      .init(BilingualText("Data", "자료"), Fingerprint(of: "data").hexadecimal),
      .init(BilingualText("Settings", "설정"), Fingerprint(of: "settings").hexadecimal),
      .init(BilingualText("Result", "결과"), Fingerprint(of: "result").hexadecimal),
    ]
  }
}
