import Essentials

/// Which samples a model learns from, and by which label.
package struct LabelSelection: Hashable, Sendable {
  package var choice: LabelChoice
  /// Targets nearer to zero than this have no class, as a decimal; at least zero.
  package var neutralBand: Double
  /// A label source is too sparse below this share of samples with a target that is not zero.
  package var activeShareMin: Double
  /// Samples with an exit whose reason contains one of these, whatever its case, are dropped: their
  /// price was not the market's alone or their trade not the engine's.
  package var contaminants: [String]

  /// The words for exits that the engine did not decide.
  package static let usualContaminants = [
    "external", "manual_cleanup", "rebal", "cleanup", "manual_close",
  ]

  package init(
    choice: LabelChoice = .automatic(allowsHindsight: false), neutralBand: Double = 0,
    activeShareMin: Double = 0.03, contaminants: [String] = usualContaminants
  ) {
    self.choice = choice
    self.neutralBand = neutralBand
    self.activeShareMin = activeShareMin
    self.contaminants = contaminants
  }

  /// Selects from samples as a ``LabelBuilder`` orders them.
  package func select(_ samples: [LabeledSample]) -> LabeledRows {
    let words = contaminants.map { $0.lowercased() }
    let candidates = choice.candidates
    let source =
      candidates.first { activeShare($0, in: samples) >= activeShareMin }
      ?? candidates[candidates.count - 1]
    var rows = LabeledRows(source: source)
    rows.activeShare = activeShare(source, in: samples)
    for sample in samples {
      guard let target = source.target(of: sample), let move = source.grossMove(of: sample),
        let interval = sample.interval(of: source)
      else {
        rows.unlabeled += 1
        continue
      }
      let isContaminated = sample.exits.contains { exit in
        guard exit.instant <= interval.end else { return false }
        let reason = exit.reason.lowercased()
        return words.contains { reason.contains($0) }
      }
      if isContaminated {
        rows.contaminated += 1
        continue
      }
      let isNeutral = target == 0 || target.magnitude < neutralBand
      if isNeutral { rows.neutral += 1 }
      rows.rows.append(
        LabeledRow(
          values: sample.features.values, symbol: sample.features.symbol,
          regime: sample.features.regime, interval: interval, target: target, move: move,
          isUp: isNeutral ? nil : target > 0))
    }
    return rows
  }

  private func activeShare(_ source: LabelSource, in samples: [LabeledSample]) -> Double {
    guard !samples.isEmpty else { return 0 }
    let active = samples.count { (source.target(of: $0) ?? 0).magnitude > 1e-12 }
    return Double(active) / Double(samples.count)
  }
}
