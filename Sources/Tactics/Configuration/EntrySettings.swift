package import Essentials

/// What the rules of entry demand. The meaning, unit and range of each value stand in the table of
/// keys; see ``TacticsConfiguration/explain(_:)``.
package struct EntrySettings: Hashable, Sendable {
  package var market = Market()
  package var costs = Costs()
  package var choice = Choice()
  package var direction = Direction()
  package var unified = Unified()
  package var floorLock = FloorLock()
  package var size = Size()
  package var portfolio = Portfolio()
  package var event = Event()
  package var consensus = Consensus()
  /// Names of gates that a failing verdict is not heard of.
  package var overrides: [String] = []
  /// The same for the entry that turns a position around.
  package var flipOverrides = ["top_n", "cap"]

  package init() {}

  /// What the market itself must show.
  package struct Market: Hashable, Sendable {
    /// As a share of the mid price.
    package var spreadMax = RegimeTable(
      0.0005, trend: 0.0020, chop: 0.0012, meanRevert: 0.0005, volatile: 0.0008)
    package var liquidityMin = 0.0
    package var tickVolatilityMin = 0.0

    package init() {}
  }

  /// What must be left of an expectation.
  package struct Costs: Hashable, Sendable {
    package var counting = CostCounting.once
    package var mode = CostGateMode.expectancyPreferred
    package var bothNetFloor = 0.0
    package var grossMin = RegimeTable(0, chop: 0.0001, volatile: 0.0002)
    package var grossRequiresSide = true
    package var netMin = RegimeTable(0)
    package var toxicityStart = 0.65
    package var toxicityBump = RegimeTable(0.0004)
    package var confidenceReference = 0.58
    package var confidenceBump = RegimeTable(0.0004)
    package var requiresSignal = false
    package var baseFee = 0.0002
    package var slippageBasisPoints = 0.0
    package var feeMultiple = RegimeTable(1)
    package var feeExtra = 0.0

    package init() {}
  }

  /// When one side is better than the other and than nothing.
  package struct Choice: Hashable, Sendable {
    package var threshold = 0.0003
    package var thresholdFloor = 0.00015
    package var thresholdHorizon = TimeSpan.seconds(180)
    package var gapMin = RegimeTable(0.0002, chop: 0.0006, volatile: 0.0008)
    package var expectationMin = 0.0001
    package var allowsSmallGap = true
    package var smallGapConfidence = RegimeTable(0.60)
    package var smallGapDirectionConfidence = RegimeTable(0.58)
    package var smallGapDirectionEdge = RegimeTable(0.08)
    package var smallGapSideProbability = RegimeTable(0.56)
    package var probabilityLimits = ProbabilityLimits.profit
    package var profitMin = RegimeTable(0.51, chop: 0.53, volatile: 0.55)
    package var stopMax = RegimeTable(0.25, chop: 0.15, volatile: 0.10)
    package var targetMin = RegimeTable(0.12, chop: 0.18, volatile: 0.20)
    package var trendHold = TimeSpan.seconds(300)

    package init() {}
  }

  /// What the direction model must show.
  package struct Direction: Hashable, Sendable {
    package var confidenceMin = RegimeTable(0.56)
    package var edgeMin = RegimeTable(0.08)
    package var sideProbabilityMin = RegimeTable(0.52)
    package var smallGap = 0.0012
    package var weakDrift = 0.02
    package var weakGap = 0.0020
    package var requiresSignal = false
    package var adapts = true
    package var adaptation = GateAdaptation.significant
    package var skillAgeMax = TimeSpan.seconds(1800)

    package init() {}
  }

  /// What the unified score must reach.
  package struct Unified: Hashable, Sendable {
    package var floor = RegimeTable(0)
    package var scoreMin = 0.0

    package init() {}
  }

  /// When a trade that leverage never rises for is not worth making.
  package struct FloorLock: Hashable, Sendable {
    package var isEnabled = true
    package var leverageTolerance = 0.001
    package var gapMax = 0.0008
    package var confidenceMax = 0.60
    package var directionConfidenceMax = 0.58
    package var scoreExcessMax = 0.0004
    package var stickyCount = 3

    package init() {}
  }

  /// How small and how large an entry may be.
  package struct Size: Hashable, Sendable {
    package var notionalMin = 0.0
    package var notionalShareMin = 0.0
    package var notionalHardMin = 0.5
    package var notionalFloorShareMax = 0.15
    package var exposureShareMin = 0.0
    package var rankMax = 4
    package var exposureMax = 3.0
    /// 0 sets no limit.
    package var positionsMax = 0

    package init() {}
  }

  /// What the joint simulation of all positions must show.
  package struct Portfolio: Hashable, Sendable {
    package var expectedMin = 0.0
    package var shortfallMin = -0.05
    package var liquidationMax = 0.05
    package var blocks = true
    package var scaleOnFail = 0.5

    package init() {}
  }

  /// Whether an entry that the event exit would close at once is refused.
  package struct Event: Hashable, Sendable {
    package var isEnabled = true
    package var blocks = true
    package var shortfallFloor = RegimeTable(-1.2, chop: -1.0, volatile: -0.8)
    package var allowsBypass = true
    package var bypassConfidence = 0.72
    package var bypassDirectionConfidence = 0.60
    package var bypassEdge = 0.12
    package var bypassGap = 0.0018
    package var bypassQuality = 0.70
    package var bypassStopMax = 0.985
    package var bypassTargetRatio = 0.65

    package init() {}
  }

  /// When indicators together speak for a side.
  package struct Consensus: Hashable, Sendable {
    package var isEnabled = false
    package var threshold = 1.0
    package var confidenceMin = 0.60

    package init() {}
  }
}
