package import Essentials
package import Markets
import Mathematics

/// All models of one symbol, which learn from its bars, trades and books as they come.
///
/// 1. Bars alone are enough: what needs trades or books stays unknown without them.
/// 2. A bar is learned from once, when it is closed; bars that are not closed, not possible, of
///    another length or not later are refused.
/// 3. Where bars are missing, the return across the gap is no return of a step and no model takes it
///    for one. Variance and hidden states become what is expected of them so many steps on, and the
///    Kalman filter, which knows time, takes the next price when it comes.
/// 4. What is read is nil until so many one-step returns were seen as ``SymbolModelSettings/warmUp``
///    says and the price has moved, and again when no bar has come for long.
///
/// Every event costs the same whatever came before, and allocates nothing but for the forecast of a
/// direction model at the close of a bar.
package struct SymbolModels: Sendable {
  /// What became of what was told.
  package struct Counts: Hashable, Sendable {
    package var bars = 0
    package var trades = 0
    package var books = 0
    /// Bars that were missing between those that came.
    package var missingBars = 0
    package var refusedBars = 0
    package var refusedTrades = 0
    package var refusedBooks = 0

    package init() {}
  }

  /// The price, side by side and in sum, of the best levels of the latest book.
  struct Quotes: Hashable, Sendable {
    var instant: Timestamp
    var bid: Double
    var ask: Double
    var imbalance: Double
    var depth: Double
  }

  package let symbol: String
  package let settings: SymbolModelSettings
  package internal(set) var counts = Counts()

  // Of bars.
  /// When the last bar ended.
  package internal(set) var barEnd: Timestamp?
  var close = 0.0
  var variance: DiscountedMean
  var meanVariance: DiscountedMean
  var turnover: DiscountedMean
  /// The squared factors of the hours of the returns in `variance`.
  var seasonOfLate: DiscountedMean
  var momentum: Momentum
  var kalman: KalmanDrift
  var particle: ParticleDrift
  var bayesian: BayesianDrift
  var autoregression: Autoregression
  var hurst: HurstExponent
  var reversion: ReversionGauge
  var states: HiddenMarkov
  /// Nil until it was fitted or the mean variance is known.
  var garch: GARCH?
  var vpin: VPIN
  var season: SeasonalVolatility
  var change: ChangeDetector
  var trend: MovingAverageRegime
  /// The average over readings, where that is wanted.
  var smoothed: SmoothedBelief?

  // Of trades and books.
  var tradePrice: Double?
  var tradeInstant: Timestamp?
  var motion: TickMotion
  /// Nil until it was fitted: its rates are the market's own.
  var hawkes: HawkesFlow?
  /// How often resting orders are filled.
  var fills: MakerFill
  var flow: OrderFlowImbalance
  /// The flows of the last bar as multiples of the mean depth, from the best level.
  var flowsOfBar: [Double]
  var hasFlowsOfBar = false
  var booksInBar = 0
  var quotes: Quotes?

  // What was fitted.
  var fingerprints = [Fingerprint?](repeating: nil, count: ModelDocuments.Kind.allCases.count)
  var isVarianceFitted = false
  var areStatesFitted = false
  var hawkesSource = EventSource.trades
  var flowWeights: OrderFlowWeights
  var causal: CausalWeights?
  var direction: DirectionModel?
  /// The place of each feature of ``direction`` among ours.
  var directionPlaces: [Int?] = []
  /// How often ``direction`` was right.
  var track: DirectionTrack
  var learned: LearnedDrift?
  /// The place of each feature of ``learned`` among ours.
  var learnedPlaces: [Int?] = []
  /// The standard errors of the means of hidden states that were fitted; empty for others.
  var stateErrors: [Double] = []

  /// Whose prices tick up and down for Hawkes processes.
  enum EventSource: String, CaseIterable, Hashable, Sendable {
    case bars, trades
  }

  // Where the levels of a book are laid out; not part of what is believed.
  private var levels: ContiguousArray<BookLevel> = []
  private var bids: [QuoteLevel] = []
  private var asks: [QuoteLevel] = []

  /// Begins without observations.
  package init(symbol: String, settings: SymbolModelSettings = SymbolModelSettings()) {
    precondition(settings.warmUp > 1, "models that are warm at once")
    self.symbol = symbol
    self.settings = settings
    variance = DiscountedMean(halfLife: settings.volatilityHalfLife)
    meanVariance = DiscountedMean(halfLife: settings.meanVolatilityHalfLife)
    turnover = DiscountedMean(halfLife: settings.turnoverHalfLife)
    seasonOfLate = DiscountedMean(halfLife: settings.volatilityHalfLife)
    momentum = Momentum(settings.momentum)
    kalman = KalmanDrift(settings.kalman)
    var chance = settings.particle
    chance.seed = SimulationKey(seed: settings.seed, symbol: symbol, decision: 0).stream
    particle = ParticleDrift(chance)
    bayesian = BayesianDrift(settings.bayesian)
    autoregression = Autoregression(settings.autoregression)
    hurst = HurstExponent(settings.hurst)
    reversion = ReversionGauge(settings.reversion)
    states = HiddenMarkov(
      HiddenMarkov.Settings(
        parameters: .threeStates, learningRate: settings.stateLearningRate))
    vpin = VPIN(settings.vpin)
    season = SeasonalVolatility(settings.season)
    change = ChangeDetector(settings.change)
    trend = MovingAverageRegime(settings.trend)
    smoothed = settings.smoothing.map(SmoothedBelief.init)
    motion = TickMotion(settings.motion)
    fills = MakerFill(settings.fills)
    track = DirectionTrack(settings.track)
    flow = OrderFlowImbalance(settings.flow)
    flowsOfBar = [Double](repeating: 0, count: settings.flow.levels)
    flowWeights = .exponential(levels: settings.flow.levels)
    levels.reserveCapacity(settings.flow.levels)
    bids.reserveCapacity(settings.flow.levels)
    asks.reserveCapacity(settings.flow.levels)
  }

  /// The length of a step in seconds.
  var stepSeconds: Double { settings.span.length.seconds }

  // MARK: - Bars

  /// Takes a bar, and says whether it was learned from.
  @discardableResult
  package mutating func observe(_ bar: Bar, span: BarSpan) -> Bool {
    guard span == settings.span, bar.isClosed, bar.defect == nil,
      span.start(of: bar.openTime) == bar.openTime, barEnd.map({ bar.openTime >= $0 }) ?? true
    else {
      counts.refusedBars += 1
      return false
    }
    let end = span.end(from: bar.openTime)
    if let barEnd {
      let missing = (bar.openTime - barEnd).milliseconds / span.length.milliseconds
      if missing > 0 {
        passOver(Int(missing))
      } else {
        let move = Elementary.log(bar.close / close)
        track.score(move: move, at: end)
        // The last instant of the bar, which belongs to its hour.
        learn(move, at: end - TimeSpan(milliseconds: 1))
      }
      if hawkesSource == .bars, bar.close != close {
        hawkes?.observe(bar.close > close ? .up : .down, at: end)
      }
    }
    kalman.observe(price: bar.close, at: end)
    momentum.observe(close: bar.close)
    reversion.observe(price: bar.close)
    trend.observe(close: bar.close)
    vpin.observe(close: bar.close, volume: bar.volume)
    let worth = bar.quoteVolume.isFinite ? bar.quoteVolume : bar.volume * bar.close
    if worth.isFinite { turnover.add(worth) }
    closeFlows()
    close = bar.close
    barEnd = end
    fills.pass(low: bar.low, high: bar.high, at: end)
    fills.place(around: close, stepDeviation: variance.value.squareRoot(), at: end)
    counts.bars += 1
    if direction != nil { track.hear(isWarm ? forecast(features(at: end)) : nil) }
    return true
  }

  /// Lets so many bars pass that nobody saw.
  private mutating func passOver(_ missing: Int) {
    counts.missingBars += missing
    momentum.losePredecessor()
    autoregression.losePredecessor()
    hurst.losePredecessor()
    reversion.losePredecessor()
    trend.losePredecessor()
    vpin.losePredecessor()
    // The return across the gap is that of one more step.
    garch?.pass(missing + 1)
    states.pass(missing + 1)
    fills.withdrawProbes()
    track.withdraw()
  }

  private mutating func learn(_ logReturn: Double, at time: Timestamp) {
    let square = logReturn * logReturn
    let expected = garch?.nextVariance ?? variance.value
    bayesian.observe(logReturn: logReturn, variance: expected)
    particle.observe(logReturn: logReturn)
    autoregression.observe(logReturn: logReturn)
    hurst.observe(logReturn: logReturn)
    if areStatesFitted {
      states.observe(logReturn: logReturn)
    } else if variance.value > 0 {
      // The standard states are of returns with a deviation of 0.001.
      states.observe(logReturn: Self.standardDeviation * logReturn / variance.value.squareRoot())
    }
    let factor = season.factor(at: time)
    seasonOfLate.add(factor * factor)
    season.observe(logReturn: logReturn, at: time)
    garch?.observe(logReturn: logReturn)
    if let change = change.observe(logReturn: logReturn),
      change == .volatilityUp || change == .volatilityDown
    {
      // What was seen before tells little of what comes.
      variance = DiscountedMean(
        gain: variance.gain, count: min(variance.count, settings.returnsKeptAtChange),
        value: variance.value)
    }
    variance.add(square)
    meanVariance.add(square)
    if !isVarianceFitted { targetVariance() }
  }

  private static let standardDeviation = 1e-3

  /// Has GARCH return to the mean of what was seen: variance targeting, R. Engle and J. Mezrich,
  /// "GARCH for Groups", Risk 9 (1996).
  private mutating func targetVariance() {
    guard meanVariance.count >= settings.warmUp, meanVariance.value > 0 else { return }
    let parameters = GARCHParameters.targeting(variance: meanVariance.value)
    if garch == nil {
      garch = GARCH(
        GARCH.Settings(parameters: parameters, firstVariance: variance.value))
    } else {
      garch?.adopt(parameters)
    }
  }

  private mutating func closeFlows() {
    hasFlowsOfBar = booksInBar > 0
    if hasFlowsOfBar {
      for level in flowsOfBar.indices { flowsOfBar[level] = flow.normalizedFlow(level: level) }
    }
    flow.beginInterval()
    booksInBar = 0
  }

  // MARK: - Trades

  /// Takes a trade. One is refused, and counted as such, whose price or units are not above zero, or
  /// that is earlier than the one before.
  package mutating func observe(_ trade: Trade) {
    guard trade.price > 0, trade.price.isFinite, trade.units > 0,
      tradeInstant.map({ trade.instant >= $0 }) ?? true
    else {
      counts.refusedTrades += 1
      return
    }
    if hawkesSource == .trades, let tradePrice, trade.price != tradePrice {
      hawkes?.observe(trade.price > tradePrice ? .up : .down, at: trade.instant)
    }
    if settings.ticks == .trades { motion.observe(price: trade.price, at: trade.instant) }
    fills.pass(low: trade.price, high: trade.price, at: trade.instant)
    tradePrice = trade.price
    tradeInstant = trade.instant
    counts.trades += 1
  }

  // MARK: - Orders

  /// Takes what became of an order that rested so far from the price, as a fraction of it: filled
  /// after so many seconds, or not filled until it was withdrawn then. Nothing is learned before the
  /// price has moved.
  package mutating func noteOrder(offset: Double, seconds: Double, isFilled: Bool) {
    guard variance.value > 0 else { return }
    fills.observe(
      distance: offset / variance.value.squareRoot(), seconds: seconds, isFilled: isFilled)
  }

  /// Returns the chance that an order is filled within so many seconds that rests so far from the
  /// price, as a fraction of it; nil before the price has moved.
  package func fillChance(offset: Double, within seconds: Double) -> MakerFill.Chance? {
    guard variance.value > 0 else { return nil }
    return fills.chance(
      distance: max(0, offset) / variance.value.squareRoot(), within: max(0, seconds))
  }

  // MARK: - Books

  /// Weights of the levels in the imbalance of what stands there, from the best one.
  private static let imbalanceWeights = [1, 0.8, 0.6, 0.4, 0.2]

  /// Takes a book after a change, and says whether it was learned from. A book without a side, or one
  /// that is crossed, is none: flows begin anew with the next. Books are refused without
  /// ``SymbolModelSettings/tick``, and where they are earlier than the one before.
  @discardableResult
  package mutating func observe(_ book: OrderBook, at instant: Timestamp) -> Bool {
    guard let tick = settings.tick?.value, quotes.map({ instant >= $0.instant }) ?? true else {
      counts.refusedBooks += 1
      return false
    }
    let lot = settings.lot.value
    let limit = settings.flow.levels
    QuoteLevel.read(book, .bid, into: &bids, by: &levels, limit: limit, tick, lot)
    QuoteLevel.read(book, .ask, into: &asks, by: &levels, limit: limit, tick, lot)
    guard let bid = bids.first, let ask = asks.first, flow.observe(bids: bids, asks: asks) else {
      flow.loseBook()
      quotes = nil
      counts.refusedBooks += 1
      return false
    }
    var (bought, sold) = (0.0, 0.0)
    for level in 0..<min(Self.imbalanceWeights.count, bids.count) {
      bought += Self.imbalanceWeights[level] * bids[level].quantity
    }
    for level in 0..<min(Self.imbalanceWeights.count, asks.count) {
      sold += Self.imbalanceWeights[level] * asks[level].quantity
    }
    quotes = Quotes(
      instant: instant, bid: bid.price, ask: ask.price,
      imbalance: bought + sold > 0 ? (bought - sold) / (bought + sold) : 0,
      depth: min(Self.worth(bids), Self.worth(asks)))
    if settings.ticks == .mids {
      motion.observe(price: (bid.price + ask.price) / 2, at: instant)
    }
    booksInBar += 1
    counts.books += 1
    return true
  }

  /// Forgets the book, which cannot be believed until the next one is told; flows begin anew with it.
  package mutating func loseBook() {
    flow.loseBook()
    quotes = nil
  }

  private static func worth(_ side: [QuoteLevel]) -> Double {
    var worth = 0.0
    for level in side { worth += level.price * level.quantity }
    return worth
  }
}
