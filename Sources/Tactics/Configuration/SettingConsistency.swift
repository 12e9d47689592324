import Essentials

/// What settings of sound values may not say together.
enum SettingConsistency {
  /// Two settings of which the first must not exceed the second.
  private static let pairs: [(low: String, high: String)] = [
    ("leverage.blend.target_min", "leverage.blend.target_max"),
    ("leverage.caution.toxicity_soft", "leverage.caution.toxicity_hard"),
    ("leverage.caution.stress_soft", "leverage.caution.stress_hard"),
    ("leverage.caution.scale_min", "leverage.caution.scale_max"),
    ("leverage.legacy.leverage_min", "leverage.legacy.leverage_from"),
    ("sizing.exposure.scale_min", "sizing.exposure.scale_max"),
    ("sizing.exposure.toxicity_soft", "sizing.exposure.toxicity_hard"),
    ("exit.hold.horizon_min", "exit.hold.horizon_max"),
    ("exit.flip.reverse_edge_min", "exit.flip.reverse_edge_strong"),
    ("entry.choice.threshold_floor", "entry.choice.threshold"),
    ("outlook.horizons.shortest", "outlook.horizons.longest"),
    ("outlook.horizons.step", "outlook.horizons.shortest"),
    ("outlook.paths.first", "outlook.paths.most"),
    ("outlook.targets.scale_min", "outlook.targets.scale_max"),
    ("trading.joint.fall_min", "trading.joint.fall_max"),
  ]

  /// Returns the pairs that run backwards.
  static func contradictions(
    of settings: TacticsSettings
  ) -> [(low: SettingKey, high: SettingKey)] {
    pairs.compactMap { pair in
      guard let low = SettingKeys.byName[pair.low], let high = SettingKeys.byName[pair.high],
        let least = low.get(settings, nil)?.size, let most = high.get(settings, nil)?.size,
        least > most
      else { return nil }
      return (low, high)
    }
  }
}

extension SettingValue {
  /// The value as a number, where it has a size.
  fileprivate var size: Double? {
    switch self {
    case .number(let number): number
    case .whole(let number): Double(number)
    case .span(let span): span.seconds
    default: nil
    }
  }
}
