package import Backtesting
import Essentials
import Markets
import Storage
import Tactics

extension ReplayResult {
  /// The result as its page shows it.
  ///
  /// - Parameters:
  ///   - title: what the replay is called.
  ///   - material: what was replayed; its bars become the candles.
  ///   - settings: the settings that differ from the shipped ones.
  package func page(
    title: String, of material: ReplayMaterial, settings: [ReplayPageContent.Setting] = []
  ) -> ReplayPageContent {
    var content = ReplayPageContent(
      title: title, start: terms.from, end: reached, warmUp: terms.from - terms.start,
      seed: terms.seed, capital: terms.capital.value, currency: terms.coin,
      verdict: isInterrupted ? .unfinished : verdict)
    content.grounds = trust.grounds
    content.summary = summaryFigures
    content.trust = trustFigures
    content.comparisons = comparisons
    content.calibration = calibration.compactMap { $0.page(confidence: trust.settings.confidence) }
    content.markets = zip(material.markets, markets).map { market($0, $1) }
    content.trades = (closed + open).sorted {
      ($0.trip.openedAt, $0.trip.contract.place) < ($1.trip.openedAt, $1.trip.contract.place)
    }.map { trade in
      ReplayPageContent.Trade(
        trade, lot: material.markets[trade.trip.contract.place].contract.rules.lot)
    }
    var held = HeldCapital(material, from: terms.from)
    for point in equity {
      content.account.append(
        at: point.instant, equity: point.equity.value, exposure: point.exposure.value,
        leverage: point.leverage, market: held.worth(at: point.instant, of: terms.capital.value))
    }
    content.exitReasons = byExit.map { tally in
      ReplayPageContent.ExitReason(
        tally.name, trades: tally.trades, wins: tally.wins, meanReturn: tally.meanReturn ?? .nan,
        net: tally.net.value, meanHeld: tally.meanHeld,
        regret: regrets[tally.name]?.value?.regret.difference.estimate ?? .nan)
    }
    content.entriesConsidered = entriesConsidered
    content.refusals = refusedEntries.map { .init($0.reason, count: $0.count) }
    content.waits = waits.map { wait in
      ReplayPageContent.Wait(
        wait.symbol, reason: wait.reason, looks: wait.looks, nearest: wait.nearest.at,
        value: wait.miss?.value ?? .nan, limit: wait.miss?.limit ?? .nan)
    }
    content.gaps = material.markets.flatMap { gaps(of: $0, in: material) }
    content.makeups = markets.compactMap { market in
      market.feed.map { feed in
        ReplayPageContent.Makeup(
          symbol: market.symbol, bars: market.bars, made: market.madeBars, books: feed.books,
          trades: feed.trades, marks: market.marks, payments: market.payments,
          gaps: market.missingBars, breaks: feed.breaks, crossings: feed.crossings,
          repeats: feed.repeats, late: feed.late)
      }
    }
    content.assumptions = terms.assumptions
    content.settings = settings
    content.origins = [
      .init(BilingualText("data", "자료"), terms.data.hexadecimal),
      .init(BilingualText("settings", "설정"), terms.settings.hexadecimal),
    ]
    if let models = terms.modelsFingerprint {
      content.origins.append(.init(BilingualText("parameters", "매개변수"), models.hexadecimal))
    }
    content.origins += [
      .init(BilingualText("orders", "주문"), orderHash.hexadecimal),
      .init(BilingualText("result", "결과"), result.hexadecimal),
    ]
    return content
  }

  private var verdict: ReplayPageContent.Verdict {
    switch trust.verdict {
    case .didNotTrade: .didNotTrade
    case .loses: .loses
    case .cannotBeToldFromChance: .chance
    case .earnsAfterCosts: .earns
    }
  }

  /// What a trade brought beside what chance would have made of it, as fractions of what was traded.
  private var comparisons: [ReplayPageContent.Comparison] {
    guard case .known(let expectancy) = trust.expectancy else { return [] }
    // Comparisons are in coins; what a trade is worth on average makes fractions of them.
    let worth =
      (closed + open).reduce(0) { $0 + $1.trip.worth.value } / Double(max(1, trust.trades))
    func chance(_ name: BilingualText, _ comparison: NullComparison?) -> [ReplayPageContent
      .Comparison]
    {
      comparison.map { comparison in
        [
          .init(
            name, estimate: comparison.expected / worth,
            lower: (comparison.observed - comparison.difference.upper) / worth,
            upper: (comparison.observed - comparison.difference.lower) / worth,
            probability: comparison.probability)
        ]
      } ?? []
    }
    return [
      .init(
        BilingualText("this replay", "이 재생"), estimate: expectancy.coins.estimate / worth,
        lower: expectancy.coins.lower / worth, upper: expectancy.coins.upper / worth,
        isReplay: true)
    ]
      + chance(
        BilingualText("random times", "무작위 시각"), trust.randomInstants.value?.comparison)
      + chance(BilingualText("random sides", "무작위 방향"), trust.randomSides.value?.comparison)
      + [
        .init(BilingualText("no trade", "거래 없음"), estimate: 0, lower: .nan, upper: .nan)
      ]
  }

  private func market(
    _ recorded: RecordedMarket, _ told: ReplayedMarket
  ) -> ReplayPageContent.Market {
    let tally = bySymbol.first { $0.name == recorded.symbol } ?? TradeTally(recorded.symbol)
    return ReplayPageContent.Market(
      recorded.symbol, decimals: recorded.contract.rules.tick?.decimals ?? 2,
      candles: CandleColumns(of: recorded.series, from: terms.from, to: reached),
      trades: tally.trades, wins: tally.wins, draws: tally.draws, losses: tally.losses,
      meanReturn: tally.meanReturn ?? .nan, net: tally.net.value, fees: tally.fees.value,
      funding: tally.funding.value, meanHeld: tally.meanHeld, change: told.change ?? .nan)
  }

  /// The stretches without bars, the longest twenty of a market, in their order.
  private func gaps(
    of market: RecordedMarket, in material: ReplayMaterial
  ) -> [ReplayPageContent.Gap] {
    let series = market.series
    let told = material.bars(of: market)
    var gaps: [ReplayPageContent.Gap] = []
    for (place, next) in zip(told, told.dropFirst()) {
      let end = series.span.end(from: Timestamp(millisecondsSinceEpoch: series.openTimes[place]))
      let start = Timestamp(millisecondsSinceEpoch: series.openTimes[next])
      guard start > end else { continue }
      gaps.append(
        ReplayPageContent.Gap(
          symbol: market.symbol, start: end, length: start - end,
          text: BilingualText(
            "No bars; nothing was made up.", "봉이 없으며, 지어내지 않았습니다.")))
    }
    return gaps.sorted { ($1.length, $0.start) < ($0.length, $1.start) }.prefix(20)
      .sorted { $0.start < $1.start }
  }
}

extension ReplayPageContent.Trade {
  /// A round trip with what was expected of it.
  fileprivate init(_ trade: ReportedTrade, lot: LotSize) {
    let trip = trade.trip
    let end: End =
      switch trip.end {
      case .order: .order
      case .liquidation: .liquidation
      case .open: .open
      }
    let forecast = trade.forecast
    self.init(
      symbol: trip.symbol, side: trip.side, openedAt: trip.openedAt, closedAt: trip.closedAt,
      end: end, entryPrice: trip.entryPrice, exitPrice: trip.exitPrice,
      leverage: trip.leverage.value, size: trip.quantity.units(of: lot), worth: trip.worth.value,
      net: trip.net.value, entryReason: trade.entryReason, exitReason: trade.exitReason,
      profitProbability: forecast?.profit ?? .nan, targetProbability: forecast?.target ?? .nan,
      stopProbability: forecast?.stop ?? .nan, bestHold: forecast?.horizon)
  }
}

extension TickSize {
  /// The decimals that prices on its steps have.
  fileprivate var decimals: Int {
    let text = description
    guard let point = text.firstIndex(of: ".") else { return 0 }
    return text.distance(from: point, to: text.endIndex) - 1
  }
}
