package import Essentials

/// How much may be traded: `risk`. Every limit is a fraction of equity but the leverage; nil is no
/// limit.
package struct RiskRules: Hashable, Sendable {
  package var equity = EquityBasis.account
  package var budgets = Budgets()
  package var limits = Limits()
  package var cuts = Cuts()
  package var reset = ResetRule()

  /// What fractions are fractions of.
  package enum EquityBasis: Hashable, Sendable {
    case account
    /// In the currency of the account.
    case fixed(Double)
  }

  /// The exposure that each side deals out to its places, as fractions of equity.
  package struct Budgets: Hashable, Sendable {
    package var long = 0.6
    package var short = 0.4
    /// The most of one instance, whatever its slot.
    package var weightMax: Double?

    package init() {}

    /// The budget of a side.
    package subscript(side: TradingSide) -> Double { side == .long ? long : short }
  }

  /// What the whole of a world may reach; nil is no limit.
  package struct Limits: Hashable, Sendable {
    package var gross: Double?
    package var net: Double?
    package var long: Double?
    package var short: Double?
    package var perSymbol: Double?
    package var perSector: Double?
    package var perExchange: Double?
    /// Gross exposure over equity.
    package var leverage: Double?
    /// Of the account's margin.
    package var marginUsed: Double?
    /// Loss of one day that is exceeded with a probability of 1 %.
    package var valueAtRisk99: Double?
    /// Mean loss of the worst 2.5 % of days.
    package var expectedShortfall975: Double?

    package init() {}
  }

  /// What closes gates at once; each is latched until it is reset.
  package struct Cuts: Hashable, Sendable {
    package var intradayDrawdown: LossCut?
    package var dailyLoss: LossCut?
    package var rejectRate: RateCut?
    package var connectionErrors: RateCut?
    package var fillSilence: SilenceCut?

    package init() {}
  }

  /// What a cut does to gates.
  package enum CutAction: String, Hashable, Sendable, CaseIterable {
    /// The breaker trips: gates close, reducing is allowed.
    case halt
    /// Gates close for everything.
    case freeze
    case reduceOnly = "reduce_only"
    /// The breaker trips and positions are closed.
    case flatten
  }

  /// What a cut does to positions.
  package enum PositionAction: String, Hashable, Sendable, CaseIterable {
    case none
    case reduceOnly = "reduce_only"
    case flattenMarket = "flatten_market"
    case flattenTWAP = "flatten_twap"
  }

  /// A fall of equity that trips.
  package struct LossCut: Hashable, Sendable {
    /// Reaching it trips.
    package var limit: Double
    package var action = CutAction.halt
    package var positions = PositionAction.reduceOnly
    /// The time that flattening takes.
    package var over = TimeSpan.minutes(30)

    package init(limit: Double) {
      self.limit = limit
    }
  }

  /// A share of bad events that trips.
  package struct RateCut: Hashable, Sendable {
    package var limit: Double
    package var window: TimeSpan
    /// With fewer orders or events a rate says nothing.
    package var countMin: Int
    package var action = CutAction.halt

    package init(limit: Double, window: TimeSpan, countMin: Int) {
      self.limit = limit
      self.window = window
      self.countMin = countMin
    }
  }

  /// A silence that trips.
  package struct SilenceCut: Hashable, Sendable {
    package var limit: TimeSpan
    package var whileOpenOrders = true
    package var action = CutAction.freeze

    package init(limit: TimeSpan) {
      self.limit = limit
    }
  }

  /// How a breaker that tripped is armed again.
  package struct ResetRule: Hashable, Sendable {
    package var mode = Mode.manual
    package var autoResetAfter = TimeSpan.days(1)
    /// Successive cycles in which the cause is gone before gates arm again.
    package var clearWindows = 2

    /// Who arms it.
    package enum Mode: String, Hashable, Sendable, CaseIterable {
      case manual, auto
    }

    package init() {}
  }

  package init() {}
}
