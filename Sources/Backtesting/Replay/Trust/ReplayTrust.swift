import Essentials
package import Markets
package import Mathematics

/// How far a replay's result deserves to be believed: intervals, comparisons with chance, and an honest
/// verdict.
///
/// Positions that were open at the end count with what they were worth. What cannot be known says why.
/// The same evidence and settings give the same bytes.
package struct ReplayTrust: Hashable, Sendable {
  package let verdict: ReplayVerdict
  /// The facts that the verdict rests on, one for each question; empty where nothing was traded.
  /// Whether parameters saw ahead is asked where some were given.
  package let grounds: [ReplayGround]
  /// The number of round trips, and of those still open at the end.
  package let trades: Int
  package let openTrades: Int
  /// What all of them earned after everything, in coins; not trading earns zero.
  package let net: Double
  /// Those that earned something after everything, of all; ``Proportion/interval(confidence:)`` gives
  /// what the true share may be.
  package let wins: Proportion
  /// Those that lost something after everything.
  package let losses: Int
  /// The share of winners at which wins and losses of the observed mean sizes cancel; nil without both.
  package let breakEvenShare: Double?
  package let expectancy: Finding<TradeExpectancy>
  package let equity: Finding<EquityTrust>
  package let randomInstants: Finding<RandomInstants>
  package let randomSides: Finding<RandomSides>
  package let heldMarket: Finding<HeldMarket>
  /// The rules by which all this was reckoned.
  package let settings: ReplayTrustSettings

  /// Examines a replay.
  ///
  /// `markets` holds the bars of all contracts that were replayed, traded or not; the period is that of
  /// the equity curve. Cost: draws times trades, and resamples times trades and equity returns.
  package init(
    of roundTrips: [RoundTrip], on markets: [ContractID: ReplayMarket], equity curve: EquityCurve,
    settings: ReplayTrustSettings = ReplayTrustSettings()
  ) {
    let trips = roundTrips.sorted {
      ($0.openedAt, $0.contract.place, $0.closedAt, $0.entryOrder)
        < ($1.openedAt, $1.contract.place, $1.closedAt, $1.entryOrder)
    }
    self.settings = settings
    trades = trips.count
    openTrades = trips.count { $0.end == .open }
    net = trips.reduce(CoinAmount.zero) { $0 + $1.net }.value
    wins = Proportion(trips.count { $0.net > .zero }, of: trips.count)
    losses = trips.count { $0.net < .zero }
    breakEvenShare = Self.breakEvenShare(of: trips)

    let none = "There was no trade."
    expectancy = Finding(
      TradeExpectancy(of: trips, settings: settings),
      otherwise: trips.isEmpty ? none : "One trade has no interval.")
    let period = settings.period ?? Self.period(of: curve)
    let places = curve.places(every: period)
    equity = Finding(
      EquityTrust(curve.returns(between: places), period: period, settings: settings),
      otherwise: "The account's worth has fewer than ten returns, or they do not vary.")
    let from = curve.instants.first ?? trips.first?.openedAt
    let through = curve.instants.last ?? trips.map(\.closedAt).max()
    let circles: [MarketCircle]
    if let from, let through {
      circles = markets.keys.sorted { $0.place < $1.place }.compactMap { contract in
        markets[contract].flatMap { MarketCircle(contract, $0, from: from, through: through) }
      }
    } else {
      circles = []
    }
    let book = NullBook(trips, on: circles)
    randomInstants =
      trips.isEmpty
      ? .unknown(reason: none) : RandomInstants.finding(book, trips, settings: settings)
    randomSides =
      trips.isEmpty ? .unknown(reason: none) : RandomSides.finding(trips, settings: settings)
    heldMarket = HeldMarket.finding(
      circles, beside: curve, places: places, period: period, fee: Self.feeRate(of: trips),
      settings: settings)
    grounds =
      trips.isEmpty
      ? []
      : Self.grounds(
        trades: trips.count, expectancy: expectancy, equity: equity,
        randomInstants: randomInstants, randomSides: randomSides, settings: settings)
    verdict = Self.verdict(trades: trips.count, grounds: grounds)
  }

  /// What one fill paid on average, as a fraction of what was traded; zero without trades.
  static func feeRate(of trips: [RoundTrip]) -> Double {
    let traded = trips.reduce(0) { $0 + $1.worth.value * (1 + $1.exitPrice / $1.entryPrice) }
    return traded > 0 ? trips.reduce(0) { $0 + $1.fees.value } / traded : 0
  }

  private static func period(of curve: EquityCurve) -> TimeSpan {
    guard let first = curve.instants.first, let last = curve.instants.last else { return .hours(1) }
    return (last - first).days >= 60 ? .days(1) : .hours(1)
  }

  private static func breakEvenShare(of trips: [RoundTrip]) -> Double? {
    let results = trips.map(\.net.value)
    let won = results.filter { $0 > 0 }
    let lost = results.filter { $0 < 0 }
    guard !won.isEmpty, !lost.isEmpty else { return nil }
    let win = won.reduce(0, +) / Double(won.count)
    let loss = -lost.reduce(0, +) / Double(lost.count)
    return loss / (win + loss)
  }
}

// MARK: - The verdict

extension ReplayTrust {
  private static func grounds(
    trades: Int, expectancy: Finding<TradeExpectancy>, equity: Finding<EquityTrust>,
    randomInstants: Finding<RandomInstants>, randomSides: Finding<RandomSides>,
    settings: ReplayTrustSettings
  ) -> [ReplayGround] {
    let allowed = 1 - settings.confidence
    func chance(
      _ question: ReplayGround.Question, _ comparison: Finding<NullComparison>,
      _ fact: (Double) -> ReplayGround.Fact
    ) -> ReplayGround {
      switch comparison {
      case .known(let comparison):
        let bearing: ReplayGround.Bearing =
          comparison.probability <= allowed
          ? .speaksForEarning
          : comparison.probability >= settings.confidence ? .speaksAgainstEarning : .leavesOpen
        return ReplayGround(fact: fact(comparison.probability), bearing: bearing)
      case .unknown(let reason):
        return ReplayGround(fact: .unknown(question, reason: reason), bearing: .leavesOpen)
      }
    }
    return [
      ReplayGround(
        fact: .trades(trades, needed: settings.tradesMin),
        bearing: trades < settings.tradesMin ? .leavesOpen : .speaksForEarning),
      ground(expectancy, coin: settings.coin),
      ground(equity, needed: settings.confidence),
      chance(.randomInstants, randomInstants.map(\.comparison)) {
        .randomInstants(probability: $0, allowed: allowed)
      },
      chance(.randomSides, randomSides.map(\.comparison)) {
        .randomSides(probability: $0, allowed: allowed)
      },
    ] + (settings.parameters.isEmpty ? [] : [ground(settings.parameters)])
  }

  /// A result of parameters that knew what came, or may have, is no evidence of earning.
  private static func ground(_ parameters: [FittedKnowledge]) -> ReplayGround {
    if let worst = parameters.filter({ $0.seesAhead == true }).max(by: {
      ($0.through ?? $0.from) < ($1.through ?? $1.from)
    }) {
      return ReplayGround(fact: .parameters(worst), bearing: .leavesOpen)
    }
    if let unknown = parameters.first(where: { $0.seesAhead == nil }) {
      return ReplayGround(fact: .parameters(unknown), bearing: .leavesOpen)
    }
    let latest = parameters.max { ($0.through ?? $0.from) < ($1.through ?? $1.from) }
    return ReplayGround(fact: .parameters(latest ?? parameters[0]), bearing: .speaksForEarning)
  }

  private static func ground(_ expectancy: Finding<TradeExpectancy>, coin: String) -> ReplayGround {
    switch expectancy {
    case .known(let expectancy):
      let interval = expectancy.coins
      return ReplayGround(
        fact: .expectancy(interval, coin: coin),
        bearing: interval.lower > 0
          ? .speaksForEarning : interval.upper < 0 ? .speaksAgainstEarning : .leavesOpen)
    case .unknown(let reason):
      return ReplayGround(fact: .unknown(.expectancy, reason: reason), bearing: .leavesOpen)
    }
  }

  private static func ground(_ equity: Finding<EquityTrust>, needed: Double) -> ReplayGround {
    switch equity {
    case .known(let equity):
      guard let deflated = equity.deflated else {
        return ReplayGround(
          fact: .unknown(.deflatedSharpe, reason: "The returns have no standard error."),
          bearing: .leavesOpen)
      }
      let isBelowZero = (equity.aboveZero ?? 1) <= 1 - needed
      return ReplayGround(
        fact: .deflatedSharpe(deflated, needed: needed, trials: equity.trials),
        bearing: deflated >= needed
          ? .speaksForEarning : isBelowZero ? .speaksAgainstEarning : .leavesOpen)
    case .unknown(let reason):
      return ReplayGround(fact: .unknown(.deflatedSharpe, reason: reason), bearing: .leavesOpen)
    }
  }

  /// Earning takes every fact. Losing takes enough trades and an expectancy below zero: of whoever
  /// loses nobody asks by how much chance would have lost.
  static func verdict(trades: Int, grounds: [ReplayGround]) -> ReplayVerdict {
    guard trades > 0 else { return .didNotTrade }
    if grounds.allSatisfy({ $0.bearing == .speaksForEarning }) { return .earnsAfterCosts }
    let isEnough = grounds.contains {
      $0.question == .trades && $0.bearing == .speaksForEarning
    }
    let isBelowZero = grounds.contains {
      $0.question == .expectancy && $0.bearing == .speaksAgainstEarning
    }
    return isEnough && isBelowZero ? .loses : .cannotBeToldFromChance
  }
}
