import Essentials
package import Markets
import Mathematics
package import Models

/// Finds what trading a market promises: by a bound where it already forbids an entry, by closed
/// forms where it does not, by simulation where these come near one and the law of motion differs.
///
/// Prices without drift are fair under every law of motion, whatever the rule by which a trade is
/// left. So what a trade of a time T can gain before costs lies within e^(|μ|T) - 1 (optional
/// stopping of S(t) e^(-μt)), and a market whose drift cannot pay its costs needs no more than that.
package struct ProspectMaker: Sendable {
  private let settings: TacticsSettings
  private let stepSeconds: Double
  /// As counts of steps, rising.
  private let horizons: [Int]
  private let maker: OutlookMaker
  private let mixture: StudentMixture?

  /// What a prospect is made from, besides settings.
  package struct Circumstances: Sendable {
    package var reading: MarketReading
    package var market: MarketState
    package var bill: TradeBill
    package var funding: [FundingDue]
    /// The latest log returns of the market, one a step.
    package var returns: [Double]

    package init(
      reading: MarketReading, market: MarketState, bill: TradeBill, funding: [FundingDue],
      returns: [Double]
    ) {
      self.reading = reading
      self.market = market
      self.bill = bill
      self.funding = funding
      self.returns = returns
    }
  }

  /// Prepares what all prospects share; a few milliseconds.
  ///
  /// - Parameter crew: who walks the paths of a simulation; the prospects are the same for every one.
  package init(_ settings: TacticsSettings, crew: PathCrew = .caller) {
    self.settings = settings
    let rules = settings.outlook
    stepSeconds = max(1, rules.horizons.step.seconds)
    horizons = Self.grid(rules.horizons, stepSeconds)
    var looks: [Int] = []
    let chunk = PathWorkspace.chunkPaths
    var look = (rules.paths.first + chunk - 1) / chunk * chunk
    let most = max(look, (rules.paths.most + chunk - 1) / chunk * chunk)
    while look < most {
      looks.append(look)
      look *= 2
    }
    looks.append(most)
    maker = OutlookMaker(
      score: ScoreSettings(
        tailAversion: rules.score.tailAversion, opportunityRate: rules.score.opportunityRate),
      bar: Leaning.Bar(score: 0, net: settings.entry.choice.expectationMin),
      stopping: StoppingRule(looks: looks, error: rules.paths.error), crew: crew)
    mixture =
      rules.law.kind == .gaussian || rules.law.kind == .jumps
      ? nil : StudentMixture(degreesOfFreedom: rules.law.degreesOfFreedom)
  }

  /// The longest horizon in seconds.
  package var longestSeconds: Double { Double(horizons[horizons.count - 1]) * stepSeconds }

  /// Makes room for the largest simulation.
  package func workspace() -> PathWorkspace {
    PathWorkspace(paths: maker.stopping.most, horizons: horizons.count)
  }

  /// Horizons whose lengths grow by the same factor, on whole steps.
  private static func grid(
    _ settings: OutlookSettings.Horizons, _ step: Double
  ) -> [Int] {
    let shortest = max(step, settings.shortest.seconds)
    let ratio = max(1, settings.longest.seconds / shortest)
    let intervals = max(1, settings.count - 1)
    var steps: [Int] = []
    for place in 0..<settings.count {
      let share = settings.count == 1 ? 1 : Double(place) / Double(intervals)
      let count = Int((shortest * Elementary.pow(ratio, share) / step).rounded())
      if count > steps.last ?? 0 { steps.append(count) }
    }
    return steps
  }

  // MARK: - The bound

  /// Whether the drift may pay what an entry costs and demands; fails only where no side can be
  /// chosen, and says then by how much the horizon misses that comes nearest. Cost: an exponential for
  /// each horizon.
  package func bound(_ circumstances: Circumstances) -> TacticVerdict {
    let choice = settings.entry.choice
    let drift = circumstances.reading.belief.annualDrift.magnitude
    guard drift.isFinite else { return TacticVerdict(.fail, Self.cannotPay) }
    var nearest = (net: -Double.infinity, demanded: 0.0, seconds: 0.0)
    let cost = circumstances.bill.side
    let pull = reversion(circumstances)
    for steps in horizons {
      let seconds = Double(steps) * stepSeconds
      var exponent = drift * seconds / Annual.seconds
      if let pull {
        exponent += pull.gap.magnitude * -Elementary.expMinusOne(-pull.rate * seconds)
      }
      // Funding that is received pays too.
      let received = circumstances.funding.reduce(0.0) {
        $1.seconds <= seconds ? $0 + $1.rate.magnitude : $0
      }
      let gain = Elementary.expMinusOne(exponent)
      let net = gain * (1 + cost) - 2 * cost + received * (1 + gain)
      let demanded =
        settings.entry.consensus.isEnabled
        ? 0 : max(choice.expectationMin, SideChoice.threshold(overSeconds: seconds, choice))
      if net >= demanded { return TacticVerdict(.pass, "drift_may_pay") }
      if net - demanded > nearest.net - nearest.demanded { nearest = (net, demanded, seconds) }
    }
    return TacticVerdict(
      .fail, Self.cannotPay,
      [
        .init("net_most", nearest.net, limit: nearest.demanded),
        .init("hold_seconds", nearest.seconds), .init("annual_drift", drift),
        .init("cost_per_side", cost),
      ])
  }

  private static let cannotPay = "drift_cannot_pay"

  // MARK: - Plans

  /// Where trades of a market are closed before their time; nil where its volatility leaves no room.
  package func exits(in market: MarketState) -> ExitPlan? {
    let rules = settings.outlook.targets
    let scale =
      clip(market.annualVolatility / rules.volatilityReference, rules.scaleMin, rules.scaleMax)
      * (longestSeconds / max(1, rules.horizonBase.seconds)).squareRoot()
    let stop: Double
    switch rules.stop {
    case .seed: stop = rules.stopBase * scale
    case .riskBudget:
      stop = RiskBudget.stopDistance(
        market: market, holdSeconds: longestSeconds, under: settings.leverage.budget)
    }
    let target = rules.takeProfitBase * scale
    guard stop > 0, stop < 1, target > 0, target.isFinite else { return nil }
    return ExitPlan(takeProfit: target, stopLoss: stop)
  }

  /// Drift and volatility beyond which prices leave single precision.
  private static let driftMax = 1000.0
  private static let volatilityMax = 20.0

  private func plan(
    _ circumstances: Circumstances, model: PathModel, drift: Double, exits: ExitPlan,
    costs: TradeCosts, horizons: [Int], stepSeconds: Double, funding: [FundingDue]
  ) -> SimulationPlan? {
    let volatility = circumstances.market.annualVolatility
    guard drift.magnitude <= Self.driftMax, volatility > 0, volatility <= Self.volatilityMax
    else { return nil }
    var monitoring = SimulationPlan.Monitoring.continuous
    if case .bootstrap = model { monitoring = .atSteps }
    return SimulationPlan(
      model: model, annualDrift: drift, annualVolatility: volatility, stepSeconds: stepSeconds,
      horizons: horizons, exits: exits, costs: costs, funding: funding, monitoring: monitoring)
  }

  /// The pull to a level where the law asks for one and the market is believed to have one.
  private func reversion(_ circumstances: Circumstances) -> ReversionLaw? {
    guard settings.outlook.law.kind == .reverting,
      circumstances.market.regime == .chop || circumstances.market.regime == .meanRevert,
      let pull = circumstances.reading.reversion, circumstances.reading.price > 0
    else { return nil }
    let gap = pull.level - Elementary.log(circumstances.reading.price)
    guard pull.rate > 0, pull.rate.isFinite, gap.isFinite, gap.magnitude < 1 else { return nil }
    return ReversionLaw(rate: pull.rate, gap: gap)
  }

  /// The law of motion, and the drift beside it; nil where the closed form is the law.
  private func law(_ circumstances: Circumstances) -> (PathModel, drift: Double)? {
    let rules = settings.outlook.law
    let drift = circumstances.market.annualDrift
    let student = mixture.map { (PathModel.student($0), drift: drift) }
    switch rules.kind {
    case .gaussian: return nil
    case .student: return student
    case .jumps:
      let law = JumpLaw(
        annualRate: rules.jumpRate, mean: rules.jumpMean, deviation: rules.jumpDeviation)
      return (.jumps(law), drift: drift)
    case .reverting:
      guard let pull = reversion(circumstances) else { return student }
      // The pull says by itself what the belief took from it.
      return (
        .meanReverting(pull), drift: drift - circumstances.reading.belief[.reversion]
      )
    case .garch:
      guard let garch = circumstances.reading.garch,
        stepSeconds == circumstances.reading.signals.stepSeconds
      else { return student }
      return (
        .garch(
          VarianceLaw(
            surprise: garch.alpha, memory: garch.beta,
            annualLongRunVolatility: Annual.volatility(
              stepVariance: garch.meanVariance, of: stepSeconds))), drift: drift
      )
    case .bootstrap:
      guard circumstances.returns.count >= rules.bootstrapSteps,
        let history = StepHistory(
          logReturns: circumstances.returns, block: rules.bootstrapBlock)
      else { return student }
      return (.bootstrap(history), drift: drift)
    }
  }

  // MARK: - Entries

  /// Returns the prospect by closed forms; nil where drift or volatility are not known or too large.
  ///
  /// Funding enters the closed forms by its expectation: what is paid at a time is the rate on the
  /// value of the positions that are still open then.
  package func closedForm(_ circumstances: Circumstances) -> Prospect? {
    guard let exits = exits(in: circumstances.market),
      let plan = plan(
        circumstances, model: .gaussian, drift: circumstances.market.annualDrift, exits: exits,
        costs: circumstances.bill.costs, horizons: horizons, stepSeconds: stepSeconds,
        funding: []), let solved = GaussianTrade(plan)
    else { return nil }
    let estimate = Self.charged(solved.estimate(), circumstances.funding, plan)
    return Prospect(
      maker.judged(estimate, plan.costs, source: .closedForm, paths: 0), exits: exits,
      costs: plan.costs)
  }

  /// Returns the prospect by simulation of the configured law; nil where the closed form is it.
  package func simulated(
    _ circumstances: Circumstances, key: SimulationKey, using workspace: PathWorkspace
  ) -> Prospect? {
    guard let (model, drift) = law(circumstances), let exits = exits(in: circumstances.market),
      let plan = plan(
        circumstances, model: model, drift: drift, exits: exits, costs: circumstances.bill.costs,
        horizons: horizons, stepSeconds: stepSeconds, funding: circumstances.funding)
    else { return nil }
    return Prospect(
      maker.simulated(plan, key: key, using: workspace), exits: exits, costs: plan.costs)
  }

  /// Whether a closed form comes so near an entry that a simulation may make one of it.
  package func isNear(_ prospect: Prospect) -> Bool {
    let margin = settings.outlook.paths.nearMargin
    return PositionSide.allCases.contains { side in
      let belief = prospect[side]
      let threshold = SideChoice.threshold(
        overSeconds: belief.holdSeconds, settings.entry.choice)
      return belief.netReturn > settings.entry.choice.expectationMin - margin
        && belief.score >= threshold - margin
    }
  }

  private static func charged(
    _ estimate: TradeEstimate, _ funding: [FundingDue], _ plan: SimulationPlan
  ) -> TradeEstimate {
    guard !funding.isEmpty else { return estimate }
    func charged(_ side: PositionSide) -> [HorizonEstimate] {
      estimate[side].map { horizon in
        let paid = funding.reduce(0.0) {
          guard $1.seconds > 0, $1.seconds <= horizon.seconds else { return $0 }
          return $0 + $1.rate * side.direction * openWorth(side, at: $1.seconds, plan)
        }
        guard paid != 0 else { return horizon }
        return HorizonEstimate(
          seconds: horizon.seconds, gross: horizon.gross,
          net: horizon.net.scaled(by: 1, plus: -paid), grossTail: horizon.grossTail,
          netTail: horizon.netTail.scaled(by: 1, plus: -max(0, paid)), gain: horizon.gain,
          target: horizon.target, stop: horizon.stop, timeOut: horizon.timeOut,
          holding: horizon.holding)
      }
    }
    return TradeEstimate(long: charged(.long), short: charged(.short))
  }

  /// The expected value, at a time, of the positions of a side that are still open.
  private static func openWorth(
    _ side: PositionSide, at seconds: Double, _ plan: SimulationPlan
  ) -> Double {
    let corridor = side == .long ? plan.exits.longCorridor : plan.exits.shortCorridor
    let years = seconds / Annual.seconds
    let deviation = plan.annualVolatility * years.squareRoot()
    return TwoBarrierPassage(
      upper: corridor.upper, lower: corridor.lower,
      drift: plan.annualDrift * years - 0.5 * deviation * deviation, deviation: deviation
    ).growth(below: .infinity)
  }

  // MARK: - The rest of a trade

  /// A position whose rest is foreseen, by distances from the price of now.
  package struct Rest: Hashable, Sendable {
    package var side: PositionSide
    /// Above zero; infinite where there is none.
    package var target: Double
    package var stop: Double
    /// What is left of the intended hold.
    package var seconds: Double

    package init(side: PositionSide, target: Double, stop: Double, seconds: Double) {
      self.side = side
      self.target = target
      self.stop = stop
      self.seconds = seconds
    }
  }

  /// The least distance of a barrier: nearer ones are as good as touched.
  private static let nearest = 1e-6

  /// Returns how the rest of a trade ends, by closed forms; nothing is known where they fail.
  package func rest(_ rest: Rest, _ circumstances: Circumstances) -> EventMetrics {
    let seconds = max(1, rest.seconds)
    guard
      let plan = plan(
        circumstances, model: .gaussian, drift: circumstances.market.annualDrift,
        exits: Self.exits(rest), costs: Self.leaving(circumstances.bill), horizons: [1],
        stepSeconds: seconds, funding: []), let solved = GaussianTrade(plan)
    else { return EventMetrics() }
    return Self.metrics(
      Self.charged(solved.estimate(), circumstances.funding, plan)[rest.side][0])
  }

  /// Returns how the rest of a trade ends, by simulation of the configured law; nil where the closed
  /// form is it.
  package func simulated(
    _ rest: Rest, _ circumstances: Circumstances, key: SimulationKey,
    using workspace: PathWorkspace
  ) -> EventMetrics? {
    guard let (model, drift) = law(circumstances) else { return nil }
    let steps = max(1, Int((rest.seconds / stepSeconds).rounded(.up)))
    guard
      let plan = plan(
        circumstances, model: model, drift: drift, exits: Self.exits(rest),
        costs: Self.leaving(circumstances.bill), horizons: [steps], stepSeconds: stepSeconds,
        funding: circumstances.funding)
    else { return nil }
    let estimate = PathSimulation(plan, key: key)
      .estimate(paths: maker.stopping.looks[0], using: workspace, by: maker.crew)
    return Self.metrics(estimate[rest.side][0])
  }

  private static func exits(_ rest: Rest) -> ExitPlan {
    ExitPlan(takeProfit: max(nearest, rest.target), stopLoss: max(nearest, rest.stop))
  }

  private static func leaving(_ bill: TradeBill) -> TradeCosts {
    TradeCosts(entry: 0, atTarget: bill.side, atStop: bill.side, atTimeOut: bill.side)
  }

  private static func metrics(_ horizon: HorizonEstimate) -> EventMetrics {
    var metrics = EventMetrics()
    metrics.expected = horizon.net.value
    metrics.shortfall = min(0, horizon.netTail.value)
    metrics.stopProbability = horizon.stop.value
    metrics.targetProbability = horizon.target.value
    metrics.seconds = horizon.seconds
    return metrics
  }
}
