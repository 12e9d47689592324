package import Essentials

/// How leverage is found. The meaning, unit and range of each value stand in the table of keys; see
/// ``TacticsConfiguration/explain(_:)``.
package struct LeverageSettings: Hashable, Sendable {
  package var model = LeverageModel.riskBudget
  package var budget = Budget()
  package var signal = Signal()
  package var blend = Blend()
  package var caution = Caution()
  package var rejects = Rejects()
  package var liquidation = Liquidation()
  package var caps = Caps()
  package var legacy = Legacy()
  package var syncStep = 1.0

  package init() {}

  /// What may be lost, and how far a stop must stand from noise.
  package struct Budget: Hashable, Sendable {
    package var riskPerTrade = 0.005
    package var noiseMultiple = 3.0
    package var confirmationTime = TimeSpan.seconds(60)
    package var holdMultiple = 2.0
    package var slippageMultiple = 1.25
    package var liquidationMultiple = 2.0

    package init() {}
  }

  /// How the scores of an entry become one signal.
  package struct Signal: Hashable, Sendable {
    package var qualityWeight = 0.62
    package var alignment = AlignmentMeasure.horizonReturn

    package init() {}
  }

  /// How expectation over risk is blended with the signal.
  package struct Blend: Hashable, Sendable {
    package var expectationScale = 2000.0
    package var volatilityCap = 0.20
    package var regimeMax = RegimeTable(20, chop: 10, volatile: 5)
    package var targetMin = 1.0
    package var targetMax = 20.0
    package var power = 1.20
    package var signalShare = 0.55
    package var allowsAggressive = false

    package init() {}
  }

  /// How poison, doubt and stress take leverage back.
  package struct Caution: Hashable, Sendable {
    package var toxicityCap = 0.92
    package var toxicitySoft = 0.65
    package var toxicityHard = 0.90
    package var confidenceReference = 0.56
    package var toxicityGain = 0.65
    package var confidenceGain = 0.50
    package var stressGain = 0.55
    package var stressSoft = 0.035
    package var stressHard = 0.080
    package var stressClip = 1.0
    package var scaleMin = 0.20
    package var scaleMax = 1.25

    package init() {}
  }

  /// How refusals for want of balance take leverage back.
  package struct Rejects: Hashable, Sendable {
    package var window = TimeSpan.seconds(300)
    package var decay = 0.82
    package var floor = 0.45
    package var reliefSignal = 0.60
    package var reliefConfidence = 0.66
    package var reliefPower = 0.55

    package init() {}
  }

  /// How far the liquidation price must stay away.
  package struct Liquidation: Hashable, Sendable {
    package var maintenance = 0.005
    package var buffer = 0.0025
    package var distanceMin = 0.015
    package var distanceMinQuality = 0.010

    package init() {}
  }

  /// What limits leverage when the entry is poor.
  package struct Caps: Hashable, Sendable {
    package var confidenceMin = 0.58
    package var signalMin = 0.48
    package var weakCap = 3.0
    package var toxicityMax = 0.82
    package var toxicCap = 2.0

    package init() {}
  }

  /// How positions with more leverage than is wanted are brought down.
  package struct Legacy: Hashable, Sendable {
    package var isEnabled = false
    package var leverageFrom = 4.9
    package var leverageMin = 2.0
    package var tolerance = 0.20
    package var stepMax = 1.0
    package var interval = TimeSpan.seconds(120)
    package var symbolsPerCycle = 2

    package init() {}
  }
}

/// How large a trade is. The meaning, unit and range of each value stand in the table of keys; see
/// ``TacticsConfiguration/explain(_:)``.
package struct SizingSettings: Hashable, Sendable {
  package var weights = Weights()
  package var exposure = Exposure()
  package var order = Order()

  package init() {}

  /// How capital is dealt out among symbols.
  package struct Weights: Hashable, Sendable {
    package var kelly = KellyModel.multivariate
    package var transform = WeightTransform.linear
    package var power = 4.0
    package var temperature = 0.7
    package var sensitivity = 4.0
    package var whenEmpty = EmptyAllocation.nothing
    package var kellyShare = 0.5
    package var kellyMax = RegimeTable(0.10, trend: 0.20, volatile: 0.15)
    package var totalExposure = 3.0

    package init() {}
  }

  /// How poison and doubt take exposure back.
  package struct Exposure: Hashable, Sendable {
    package var toxicitySoft = 0.70
    package var toxicityHard = 0.90
    package var toxicityGain = 0.55
    package var confidenceReference = 0.56
    package var confidenceGain = 0.45
    package var hardScale = 0.70
    package var scaleMin = 0.30
    package var scaleMax = 1.0

    package init() {}
  }

  /// How a notional becomes an order that the venue takes.
  package struct Order: Hashable, Sendable {
    package var safetyPad = 0.98
    package var balanceGuard = 0.90
    package var smallOrders = SmallOrderMode.raise
    package var upsizeMax = RegimeTable(5, trend: 8, chop: 3, meanRevert: 4, volatile: 2)
    package var notionalMin = RegimeTable(1, trend: 5, chop: 2, meanRevert: 2, volatile: 3)
    package var retryShrink = 0.85
    package var retryAttempts = 3

    package init() {}
  }
}

/// When the record of a symbol speaks against it. The meaning, unit and range of each value stand
/// in the table of keys; see ``TacticsConfiguration/explain(_:)``.
package struct QualitySettings: Hashable, Sendable {
  package var measure = ResultMeasure.notional
  package var windowRows = 320
  package var exitsMin = 40
  package var scoreMin = RegimeTable(0.42)
  package var grossMin = -0.0002
  package var timeExitsMin = 24
  package var timeWeight = 0.30

  package init() {}
}

/// All settings of the tactics, resolved.
package struct TacticsSettings: Hashable, Sendable {
  package var entry = EntrySettings()
  package var exit = ExitSettings()
  package var leverage = LeverageSettings()
  package var sizing = SizingSettings()
  package var quality = QualitySettings()
  package var signals = SignalSettings()
  package var outlook = OutlookSettings()
  package var trading = TradingSettings()

  /// The shipped defaults.
  package init() {}
}
