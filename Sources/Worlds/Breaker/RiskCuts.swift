package import Essentials

/// The judges that watch a world's money and connections while it trades: losses of the session,
/// rejected orders, failed connections, a silent stream of fills.
///
/// It is told what happens and judged at any instant; each costs a constant on average. Instants that
/// go back count as the latest that was seen and are counted in ``clockWentBack``. A figure that is
/// not finite, or an equity that is not positive where a share of it is asked for, is unknown: it is
/// counted in ``unknowns`` and never taken for zero.
package struct RiskCuts: Hashable, Sendable {
  package let rules: RiskRules.Cuts
  /// Equity at the opening of the session; nil before the first.
  package private(set) var sessionOpen: Double?
  /// The largest equity of the session.
  package private(set) var sessionPeak: Double?
  package private(set) var equity: Double?
  package private(set) var clockWentBack = 0
  package private(set) var unknowns = 0
  private var orders: SlidingCount?
  private var connections: SlidingCount?
  private var openOrders = 0
  /// The last sign of life of the stream, or when it was first waited for.
  private var heard: Timestamp?
  private var latest: Timestamp?

  package init(_ rules: RiskRules.Cuts) {
    self.rules = rules
    orders = rules.rejectRate.map { SlidingCount(over: $0.window) }
    connections = rules.connectionErrors.map { SlidingCount(over: $0.window) }
  }

  /// Judges by other rules, which begin with what the earlier ones know of the session.
  package init(_ rules: RiskRules.Cuts, inheriting earlier: RiskCuts) {
    self.init(rules)
    sessionOpen = earlier.sessionOpen
    sessionPeak = earlier.sessionPeak
    equity = earlier.equity
    openOrders = earlier.openOrders
    heard = earlier.heard
    latest = earlier.latest
  }

  /// Something that happens.
  package enum Observation: Hashable, Sendable {
    /// A session opens with this equity; peak and opening begin anew.
    case session(equity: Double)
    case equity(Double)
    /// An order was answered.
    case order(isRejected: Bool)
    /// A call to a venue ended.
    case connection(isFailed: Bool)
    /// The stream of fills said something, be it a sign of life.
    case fillStream
    /// So many orders are open.
    case openOrders(Int)
  }

  // Half of a double's digits survive sums of a session's profits.
  private static let tolerance = 1e-12

  /// Takes in what happened at an instant.
  package mutating func note(_ observation: Observation, at instant: Timestamp) {
    let at = advance(to: instant)
    switch observation {
    case .session(let value):
      guard let value = usable(value) else { return }
      sessionOpen = value
      sessionPeak = value
      equity = value
    case .equity(let value):
      guard let value = usable(value) else { return }
      equity = value
      if sessionOpen == nil { sessionOpen = value }
      sessionPeak = max(sessionPeak ?? value, value)
    case .order(let isRejected): orders?.note(isBad: isRejected, at: at)
    case .connection(let isFailed): connections?.note(isBad: isFailed, at: at)
    case .fillStream: heard = at
    case .openOrders(let count):
      // Silence counts from when there was something to hear.
      if openOrders == 0, count > 0 { heard = max(heard ?? at, at) }
      openOrders = max(0, count)
    }
  }

  private mutating func usable(_ value: Double) -> Double? {
    guard value.isFinite else {
      unknowns += 1
      return nil
    }
    return value
  }

  private mutating func advance(to instant: Timestamp) -> Timestamp {
    if let latest, instant < latest {
      clockWentBack += 1
      return latest
    }
    latest = instant
    return instant
  }

  /// What an instant shows: cuts that are reached, in the order of their causes, and rates that would
  /// be if there were enough events.
  package struct Judgment: Hashable, Sendable {
    package var trips: [RiskTrip] = []
    /// Rates beyond their limit of too few events: they are told and do not trip.
    package var warnings: [RiskTrip] = []

    /// Nothing is reached.
    package init() {}
  }

  /// Judges the instant; reaching a limit trips.
  package mutating func judge(at instant: Timestamp) -> Judgment {
    let at = advance(to: instant)
    var judgment = Judgment()
    if let rule = rules.intradayDrawdown {
      judge(rule, .intradayDrawdown, from: sessionPeak, into: &judgment)
    }
    if let rule = rules.dailyLoss {
      judge(rule, .dailyLoss, from: sessionOpen, into: &judgment)
    }
    if let rule = rules.rejectRate {
      orders?.advance(to: at)
      judge(rule, .rejectRate, orders, into: &judgment)
    }
    if let rule = rules.connectionErrors {
      connections?.advance(to: at)
      judge(rule, .connectionErrors, connections, into: &judgment)
    }
    if let rule = rules.fillSilence, let heard, openOrders > 0 || !rule.whileOpenOrders,
      at - heard >= rule.limit
    {
      judgment.trips.append(
        RiskTrip(
          cause: .fillSilence, observed: (at - heard).seconds, limit: rule.limit.seconds,
          action: rule.action))
    }
    return judgment
  }

  private func judge(
    _ rule: RiskRules.LossCut, _ cause: RiskTrip.Cause, from reference: Double?,
    into judgment: inout Judgment
  ) {
    guard let reference, let equity, reference > 0 else { return }
    let loss = reference - equity
    guard loss >= rule.limit * reference * (1 - Self.tolerance) else { return }
    judgment.trips.append(
      RiskTrip(
        cause: cause, observed: loss / reference, limit: rule.limit, action: rule.action,
        positions: rule.positions, over: rule.over))
  }

  private func judge(
    _ rule: RiskRules.RateCut, _ cause: RiskTrip.Cause, _ window: SlidingCount?,
    into judgment: inout Judgment
  ) {
    guard let window, window.count > 0, window.bad > 0,
      Double(window.bad) >= rule.limit * Double(window.count) * (1 - Self.tolerance)
    else { return }
    let trip = RiskTrip(
      cause: cause, observed: Double(window.bad) / Double(window.count), limit: rule.limit,
      action: rule.action)
    if window.count >= rule.countMin {
      judgment.trips.append(trip)
    } else {
      judgment.warnings.append(trip)
    }
  }
}
