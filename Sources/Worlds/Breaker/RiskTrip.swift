package import Essentials

/// A cut that was reached: what was observed, its limit, and what is to be done.
package struct RiskTrip: Hashable, Sendable {
  /// Which judge found it.
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    case intradayDrawdown = "intraday_drawdown"
    case dailyLoss = "daily_loss"
    case rejectRate = "reject_rate"
    case connectionErrors = "connection_errors"
    case fillSilence = "fill_stream_silence"
    /// A person, or an alert that a policy lets act.
    case manual
  }

  package var cause: Cause
  /// A fraction, or seconds of silence.
  package var observed: Double
  package var limit: Double
  package var action: RiskRules.CutAction
  package var positions: RiskRules.PositionAction
  /// The time that flattening takes.
  package var over: TimeSpan

  package init(
    cause: Cause, observed: Double, limit: Double, action: RiskRules.CutAction,
    positions: RiskRules.PositionAction = .none, over: TimeSpan = .zero
  ) {
    self.cause = cause
    self.observed = observed
    self.limit = limit
    self.action = action
    self.positions = positions
    self.over = over
  }

  /// What gates and positions are to do.
  package var directive: RiskDirective {
    let flattens: RiskDirective.Flattening? =
      switch positions {
      case .flattenMarket: .market
      case .flattenTWAP: .twap(over: over)
      case .none, .reduceOnly: action == .flatten ? .market : nil
      }
    switch action {
    case .freeze: return RiskDirective(gates: .closed, flattening: nil)
    case .reduceOnly, .flatten:
      return RiskDirective(gates: .reduceOnly, flattening: flattens)
    case .halt:
      return RiskDirective(
        gates: positions == .none ? .closed : .reduceOnly, flattening: flattens)
    }
  }
}

/// The most that gates may do, from nothing to everything.
package enum GateBound: String, Hashable, Sendable, CaseIterable, Comparable {
  case closed
  case reduceOnly = "reduce_only"
  case open

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .closed: 0
    case .reduceOnly: 1
    case .open: 2
    }
  }
}

/// What a trip asks of gates and positions.
package struct RiskDirective: Hashable, Sendable {
  /// How positions are closed.
  package enum Flattening: Hashable, Sendable {
    case market
    /// In equal slices over the time.
    case twap(over: TimeSpan)
  }

  package var gates: GateBound
  /// How positions are closed, nil where they stay.
  package var flattening: Flattening?
}
