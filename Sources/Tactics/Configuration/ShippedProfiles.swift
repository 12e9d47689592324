/// Profiles that come with the desk.
package enum ShippedProfiles {
  /// The behavior of the system that the specification describes, with its own numbers, so that its
  /// recorded cases can be computed again. It is not sound, and no default.
  package static let seed = SettingDocument(
    .profile, named: "seed",
    text: """
      entry:
        costs: {counting: seed, gross_min: {default: 0, chop: 0, volatile: 0}}
        direction: {adaptation: seed}
        choice: {probability_limits: seed}
        size: {exposure_max: 10}
      exit:
        general: {confirmation: seed, alignment: seed}
        event: {profit_measure: seed, shortfall_weight: 1, policy: {shortfall_max: 0.010}}
        drawdown: {measure: seed, start: seed, shock_counting: seed}
        rebalance: {threshold_share: 0.02, interval_min: 0, notional_min: 0}
        external: {forced_evidence: seed}
      leverage:
        model: seed
        signal: {alignment: seed}
        blend: {regime_max: {default: 50, chop: 30, volatile: 20}, target_max: 50}
      sizing:
        weights:
          kelly: single
          when_empty: seed
          kelly_share: 1
          kelly_max: {default: 0.10, bull: 0.25, bear: 0.20, chop: 0.10, volatile: 0.15}
          total_exposure: 10
      quality: {measure: seed}
      signals: {rules: seed}
      outlook: {targets: {stop: seed}, score: {tail_aversion: 1}}

      """)
}
