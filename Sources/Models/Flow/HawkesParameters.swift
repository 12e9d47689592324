/// The parameters of a pair of self- and cross-exciting point processes with one exponential kernel:
/// every event raises the rate of its own kind by the self-excitation and of the other kind by the
/// cross-excitation, and what it raised decays.
///
/// A. Hawkes, "Spectra of Some Self-Exciting and Mutually Exciting Point Processes", Biometrika 58
/// (1971). All in events per second, the decay in 1 / second.
package struct HawkesParameters: Hashable, Sendable {
  /// Events per second without any excitation; above zero.
  package let baseline: PerSide
  /// The jump of the rate of the same kind at an event; at least zero.
  package let selfExcitation: Double
  /// The jump of the rate of the other kind at an event; at least zero.
  package let crossExcitation: Double
  /// How fast a jump is forgotten; above zero.
  package let decay: Double

  /// A number for each of the two kinds of event.
  package struct PerSide: Hashable, Sendable {
    package var up: Double
    package var down: Double

    package init(up: Double, down: Double) {
      self.up = up
      self.down = down
    }
  }

  /// Nil unless the process comes to rest between outbursts: baselines and decay above zero,
  /// excitations not below it, and a branching ratio under one.
  package init?(
    baseline: PerSide, selfExcitation: Double, crossExcitation: Double, decay: Double
  ) {
    guard baseline.up > 0, baseline.down > 0, baseline.up.isFinite, baseline.down.isFinite,
      selfExcitation >= 0, crossExcitation >= 0, decay > 0, decay.isFinite,
      selfExcitation + crossExcitation < decay
    else { return nil }
    self.baseline = baseline
    self.selfExcitation = selfExcitation
    self.crossExcitation = crossExcitation
    self.decay = decay
  }

  /// The events that an event brings about, on average and directly.
  package var branchingRatio: Double { (selfExcitation + crossExcitation) / decay }
}
