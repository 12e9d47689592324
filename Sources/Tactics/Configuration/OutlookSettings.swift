package import Essentials

/// How the outcome of a trade is foreseen. The meaning, unit and range of each value stand in the
/// table of keys; see ``TacticsConfiguration/explain(_:)``.
package struct OutlookSettings: Hashable, Sendable {
  package var horizons = Horizons()
  package var law = Law()
  package var paths = Paths()
  package var score = Score()
  package var targets = Targets()
  package var costs = Costs()

  package init() {}

  /// The times at which a trade is thought to be closed at the latest.
  package struct Horizons: Hashable, Sendable {
    package var shortest = TimeSpan.seconds(300)
    package var longest = TimeSpan.seconds(3600)
    package var count = 5
    package var step = TimeSpan.seconds(60)

    package init() {}
  }

  /// The law by which simulated prices move.
  package struct Law: Hashable, Sendable {
    package var kind = OutlookLaw.student
    package var degreesOfFreedom = 6.0
    package var jumpRate = 100.0
    package var jumpMean = 0.0
    package var jumpDeviation = 0.01
    package var bootstrapBlock = 12
    package var bootstrapSteps = 240

    package init() {}
  }

  /// How many paths a decision may take.
  package struct Paths: Hashable, Sendable {
    package var first = 4096
    package var most = 16384
    package var error = 0.01
    package var nearMargin = 0.0002

    package init() {}
  }

  /// How results become a score.
  package struct Score: Hashable, Sendable {
    package var tailAversion = 0.1
    package var opportunityRate = 0.0

    package init() {}
  }

  /// Where a trade is closed before its time.
  package struct Targets: Hashable, Sendable {
    package var stop = StopModel.riskBudget
    package var takeProfitBase = 0.0015
    package var stopBase = 0.0020
    package var horizonBase = TimeSpan.seconds(60)
    package var volatilityReference = 0.5
    package var scaleMin = 0.6
    package var scaleMax = 2.5

    package init() {}
  }

  /// What trading costs beside the fees of the contract.
  package struct Costs: Hashable, Sendable {
    package var spreadAssumed = 0.0002
    package var slippage = 0.0001
    package var impact = 0.75

    package init() {}
  }
}

/// When a trader decides, and what its orders are like. The meaning, unit and range of each value
/// stand in the table of keys; see ``TacticsConfiguration/explain(_:)``.
package struct TradingSettings: Hashable, Sendable {
  package var decisionInterval = TimeSpan.seconds(5)
  package var warmUp = TimeSpan.hours(4)
  package var entryOrder = EntryOrderKind.market
  package var limitSlack = 0.0005
  package var takesProfitAtVenue = true
  package var orderTimeout = TimeSpan.seconds(180)
  package var turnWindow = TimeSpan.seconds(180)
  package var joint = Joint()

  package init() {}

  /// The simulation of all positions together.
  package struct Joint: Hashable, Sendable {
    package var interval = TimeSpan.seconds(180)
    package var days = 0.05
    package var step = TimeSpan.seconds(60)
    package var paths = 3072
    package var correlationHalfLife = TimeSpan.hours(6)
    package var correlationPrior = 0.7
    package var marketFallDaily = 0.005
    package var ownFallDaily = 0.007
    package var fallMin = 0.06
    package var fallMax = 0.19
    package var fallCostFactor = 2.5

    package init() {}
  }
}
