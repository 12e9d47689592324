package import Essentials

/// When positions are closed. The meaning, unit and range of each value stand in the table of keys;
/// see ``TacticsConfiguration/explain(_:)``.
package struct ExitSettings: Hashable, Sendable {
  package var general = General()
  package var time = Time()
  package var policy = EventPolicy()
  package var event = Event()
  package var hybrid = Confirmation()
  package var flip = Flip()
  package var cash = Cash()
  package var drawdown = Drawdown()
  package var respect = Respect()
  package var hold = Hold()
  package var drop = Drop()
  package var mean = Mean()
  package var account = Account()
  package var rebalance = Rebalance()
  package var external = External()
  package var switching = Switching()

  package init() {}

  /// How often, or how long, a trigger must hold before an exit is made.
  package struct Confirmation: Hashable, Sendable {
    package var shock = 1
    package var normal = 2
    package var noise = 3
    /// The least count outside a shock; 0 adds nothing.
    package var nonShockMin = 0
    package var reset = TimeSpan.seconds(180)
    package var shockThreshold = 1.0

    package init() {}

    init(
      _ shock: Int, _ normal: Int, _ noise: Int, nonShockMin: Int = 0,
      reset: TimeSpan = .seconds(180)
    ) {
      self.shock = shock
      self.normal = normal
      self.noise = noise
      self.nonShockMin = nonShockMin
      self.reset = reset
    }
  }

  /// The share of the intended hold that must have passed, by what prices seem to do.
  package struct Progress: Hashable, Sendable {
    package var trend: Double
    package var random: Double
    package var meanRevert: Double

    package init(trend: Double, random: Double, meanRevert: Double) {
      self.trend = trend
      self.random = random
      self.meanRevert = meanRevert
    }
  }

  /// What all exits share.
  package struct General: Hashable, Sendable {
    package var confirmation = ConfirmationMeasure.eventTime
    package var confirmationStep = TimeSpan.seconds(5)
    package var alignment = AlignmentMeasure.horizonReturn
    package var noiseTrendMax = 1.0
    package var noiseToxicityMax = 0.80
    package var breakoutMin = 0.0008
    package var holdMin = TimeSpan.seconds(30)
    package var holdRatio = 0.60
    package var holdRatioMax = TimeSpan.seconds(1800)
    /// Exits that are not asked, by the raw values of ``ExitKind``.
    package var off: [String] = []

    package init() {}
  }

  /// The exit on age alone.
  package struct Time: Hashable, Sendable {
    /// The age at which it closes; zero for none.
    package var after = TimeSpan.zero
    package var closesAtHold = false

    package init() {}
  }

  /// Where the thresholds of the event exit begin before the state of the market moves them.
  package struct EventPolicy: Hashable, Sendable {
    package var scoreMin = -0.0005
    package var stopMax = 0.55
    package var shortfallMax = 0.045
    package var timeMultiple = 2.2
    package var targetMin = 0.30
    package var grace = TimeSpan.seconds(20)
    package var offsetTrend = -0.0012
    package var offsetMeanRevert = -0.0008
    package var offsetRandom = -0.0003
    package var offsetExtremeMeanRevert = -0.0010
    package var offsetExtreme = 0.0010

    package init() {}
  }

  /// The exit that simulates the rest of the trade.
  package struct Event: Hashable, Sendable {
    package var confirmation = Confirmation(1, 2, 3, nonShockMin: 3)
    package var isStrict = true
    package var profitMeasure = ProfitMeasure.resolvedShare
    package var resolvedMin = 0.05
    package var shortfallWeight = 0.1
    package var timeCost = 0.0
    package var progress = Progress(trend: 0.45, random: 0.60, meanRevert: 0.70)
    package var targetHoldMin = TimeSpan.zero
    package var bypassShock = 1.20
    package var bypassStop = 0.92
    package var bypassTarget = 0.08
    package var bypassTargetRatio = 0.75
    package var fastOnlyInShock = true
    package var severeStop = 0.90
    package var severeShortfall = 0.030
    package var flipScoreMin = 0.0
    package var flipMargin = 0.0

    package init() {}
  }

  /// The exit towards the other side.
  package struct Flip: Hashable, Sendable {
    package var confirmation = Confirmation(1, 3, 4)
    package var reverseEdgeMin = 0.0008
    package var reverseEdgeStrong = 0.0030
    package var sideProbabilityMin = 0.56
    package var confidenceMin = 0.58
    package var edgeMin = 0.06
    package var progress = Progress(trend: 0.55, random: 0.75, meanRevert: 0.85)
    package var bypassShock = 1.15
    package var targetHoldMin = TimeSpan.seconds(60)

    package init() {}
  }

  /// The exit towards nothing.
  package struct Cash: Hashable, Sendable {
    package var confirmation = Confirmation(1, 2, 3, reset: .seconds(120))
    package var comparesWithCash = true
    package var scoreDrop = 0.0

    package init() {}
  }

  /// The floor of unrealized losses.
  package struct Drawdown: Hashable, Sendable {
    package var confirmation = Confirmation(1, 2, 3, nonShockMin: 3)
    package var measure = DrawdownMeasure.price
    package var start = DrawdownStart.immediate
    package var shockCounting = ShockCounting.once
    package var floor = -0.02
    package var regimeMultiple = RegimeTable(1)
    package var noiseMultiple = 3.0
    package var progress = Progress(trend: 0.45, random: 0.60, meanRevert: 0.70)
    package var bypassShock = 1.15
    package var bypassMultiple = 1.30
    package var severeMultiple = 1.40

    package init() {}
  }

  /// When a good entry is left alone.
  package struct Respect: Hashable, Sendable {
    package var isEnabled = true
    package var qualityMin = 0.72
    package var signalMin = 0.70
    package var shockMax = 1.0
    package var alignmentMin = -0.0010
    package var reverseEdgeMax = 0.0010
    package var progressMax = 0.65

    package init() {}
  }

  /// The exit that asks whether the position would be entered again.
  package struct Hold: Hashable, Sendable {
    package var confirmation = Confirmation(1, 2, 3, reset: .seconds(300))
    package var margin = 0.0
    package var progressMin = 0.85
    package var horizonMin = TimeSpan.seconds(30)
    package var horizonMax = TimeSpan.seconds(600)
    package var allowsFlip = true
    package var flipExpectationMin = 0.0001

    package init() {}
  }

  /// The exit on a falling score.
  package struct Drop: Hashable, Sendable {
    package var dropMin = 0.0003
    package var confidenceFast = 0.65

    package init() {}
  }

  /// The exit on a score that falls below its own mean.
  package struct Mean: Hashable, Sendable {
    package var span = TimeSpan.seconds(30)
    package var scoreFloor = RegimeTable(-0.0002, trend: -0.0003)
    package var scoreDrop = RegimeTable(-0.0008, trend: -0.0010)
    package var stopRise = RegimeTable(0.03, trend: 0.05)

    package init() {}
  }

  /// What closes positions whatever they promise.
  package struct Account: Hashable, Sendable {
    package var liquidationBuffer = 0.0
    package var drawdownMax = 0.10
    package var lossStreakAlert = 3

    package init() {}
  }

  /// When a position is brought back to its weight.
  package struct Rebalance: Hashable, Sendable {
    package var thresholdShare = 0.15
    package var intervalMin = TimeSpan.seconds(600)
    package var notionalMin = 10.0
    package var increases = true

    package init() {}
  }

  /// How a position that vanished is judged.
  package struct External: Hashable, Sendable {
    package var confirmCount = 3
    package var emptyConfirmCount = 2
    package var grace = TimeSpan.seconds(30)
    package var forcedEvidence = ForcedCloseEvidence.price
    package var missCount = 2
    package var liquidationBuffer = 0.003

    package init() {}
  }

  /// When a position makes room for a better symbol.
  package struct Switching: Hashable, Sendable {
    package var isEnabled = true
    package var margin = 0.0003
    package var costMultiple = 2.0

    package init() {}
  }
}
