package import Essentials

/// The judges that watch a world's money and connections while it trades: losses of the session,
/// rejected orders, failed connections, a silent stream of fills.
///
/// It is a fold of what was observed and can be judged at any instant, so that whoever knows the same
/// observations judges the same; each costs a constant on average. Instants that go back count as the
/// latest that was observed and are counted in ``clockWentBack``. A figure that is not finite, or an
/// equity that is not positive where a share of it is asked for, is unknown: it is counted in
/// ``unknowns`` and never taken for zero.
///
/// A session is a day of UTC, which ends with the instant of midnight. One that nobody opens begins
/// with the last equity that was known before it, and one that has begun does not begin again: who
/// starts a program anew in the middle of a day is measured against the opening and peak of that day.
package struct RiskCuts: Hashable, Sendable {
  package let rules: RiskRules.Cuts
  /// The day of the session; nil before the first.
  package private(set) var session: CalendarDate?
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
    self.init(rules, inheriting: nil)
  }

  /// Judges by other rules, which begin with what the earlier ones know. A window that becomes longer
  /// begins with what the shorter one still holds.
  package init(_ rules: RiskRules.Cuts, inheriting earlier: RiskCuts?) {
    self.rules = rules
    orders = rules.rejectRate.map { SlidingCount(over: $0.window, inheriting: earlier?.orders) }
    connections = rules.connectionErrors.map {
      SlidingCount(over: $0.window, inheriting: earlier?.connections)
    }
    guard let earlier else { return }
    session = earlier.session
    sessionOpen = earlier.sessionOpen
    sessionPeak = earlier.sessionPeak
    equity = earlier.equity
    clockWentBack = earlier.clockWentBack
    unknowns = earlier.unknowns
    openOrders = earlier.openOrders
    heard = earlier.heard
    latest = earlier.latest
  }

  /// Something that happens.
  package enum Observation: Hashable, Sendable {
    /// A session opens with this equity; peak and opening begin anew. Of a session that has begun
    /// already it says nothing.
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

  /// Whether an observation changes what is known. What does not need not be recorded.
  package func isTelling(_ observation: Observation, at instant: Timestamp) -> Bool {
    let at = max(instant, latest ?? instant)
    switch observation {
    case .session(let value): return value.isFinite && begins(at)
    case .equity(let value): return value.isFinite && (value != equity || begins(at))
    case .order: return orders != nil
    case .connection: return connections != nil
    case .fillStream:
      guard let rule = rules.fillSilence, openOrders > 0 || !rule.whileOpenOrders else {
        return false
      }
      return heard.map { $0 < at } ?? true
    case .openOrders(let count): return (count > 0) != (openOrders > 0)
    }
  }

  /// Takes in what happened at an instant.
  package mutating func note(_ observation: Observation, at instant: Timestamp) {
    let at = advance(to: instant)
    switch observation {
    case .session(let value):
      guard let value = usable(value), begins(at) else { return }
      open(at, with: value)
      equity = value
    case .equity(let value):
      guard let value = usable(value) else { return }
      if begins(at) { open(at, with: equity ?? value) }
      equity = value
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

  /// The day that an instant belongs to: midnight ends one.
  private static func day(of instant: Timestamp) -> CalendarDate {
    (instant - TimeSpan(milliseconds: 1)).date
  }

  private func begins(_ at: Timestamp) -> Bool {
    session.map { $0 < Self.day(of: at) } ?? true
  }

  private mutating func open(_ at: Timestamp, with value: Double) {
    session = Self.day(of: at)
    sessionOpen = value
    sessionPeak = value
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

  /// Judges the instant; reaching a limit trips. Judging changes nothing.
  package func judge(at instant: Timestamp) -> Judgment {
    let at = max(instant, latest ?? instant)
    var judgment = Judgment()
    if let rule = rules.intradayDrawdown {
      judge(rule, .intradayDrawdown, from: sessionPeak, into: &judgment)
    }
    if let rule = rules.dailyLoss {
      judge(rule, .dailyLoss, from: sessionOpen, into: &judgment)
    }
    if let rule = rules.rejectRate {
      judge(rule, .rejectRate, orders, at: at, into: &judgment)
    }
    if let rule = rules.connectionErrors {
      judge(rule, .connectionErrors, connections, at: at, into: &judgment)
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
    _ rule: RiskRules.RateCut, _ cause: RiskTrip.Cause, _ window: SlidingCount?, at: Timestamp,
    into judgment: inout Judgment
  ) {
    guard var window else { return }
    window.advance(to: at)
    guard window.count > 0, window.bad > 0,
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
