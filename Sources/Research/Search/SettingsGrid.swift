/// The values of simulation settings that a search tries.
package struct SettingsGrid: Hashable, Sendable {
  /// Rows of linear decay, ascending.
  package var decays = [0, 2, 5, 10, 15, 20, 30]
  /// The largest share of the book in one instrument, ascending.
  package var truncations = [0.01, 0.02, 0.05, 0.08, 0.10, 0.13]
  /// In BRAIN's words; only those whose groups the panel has.
  package var neutralizations = ["NONE", "MARKET", "SECTOR", "INDUSTRY", "SUBINDUSTRY"]

  package init() {}

  /// The grid for a panel: group neutralizations only where it has the field of that name.
  package init(groupFields: [String]) {
    neutralizations.removeAll { name in
      name != "NONE" && name != "MARKET" && !groupFields.contains(name.lowercased())
    }
  }

  /// A change of one setting.
  package struct Step: Hashable, Sendable {
    package var settings: CandidateSettings
    /// Such as `decay 5 to 10`.
    package var description: String
  }

  /// Every change of one setting to a neighbor on the grid, or of the neutralization to any other:
  /// those that help against `label` first, the others after them.
  package func steps(from settings: CandidateSettings, against label: FailureLabel) -> [Step] {
    var steps: [(rank: Int, step: Step)] = []
    func add(_ rank: Int, _ description: String, _ change: (inout CandidateSettings) -> Void) {
      var changed = settings
      change(&changed)
      steps.append((rank, Step(settings: changed, description: description)))
    }
    let wantsSlower = label == .highTurnover
    let wantsFaster = label == .lowTurnover
    for decay in [
      decays.first { $0 > settings.decay }, decays.last { $0 < settings.decay },
    ].compactMap({ $0 }) {
      let isSlower = decay > settings.decay
      let rank = (isSlower ? wantsSlower : wantsFaster) ? 0 : wantsSlower || wantsFaster ? 3 : 1
      add(rank, "decay \(settings.decay) to \(decay)") { $0.decay = decay }
    }
    for truncation in [
      truncations.last { $0 < settings.truncation }, truncations.first { $0 > settings.truncation },
    ].compactMap({ $0 }) {
      let isStricter = truncation < settings.truncation
      let rank = label == .concentrated ? (isStricter ? 0 : 3) : 2
      add(rank, "truncation \(settings.truncation) to \(truncation)") {
        $0.truncation = truncation
      }
    }
    for neutralization in neutralizations where neutralization != settings.neutralization {
      let rank = label == .lowSharpe || label == .narrowUniverse ? 0 : 1
      add(rank, "neutralization \(settings.neutralization) to \(neutralization)") {
        $0.neutralization = neutralization
      }
    }
    // Of equal rank, the order above holds: sorting by rank must not depend on the algorithm.
    return steps.indices.sorted { (steps[$0].rank, $0) < (steps[$1].rank, $1) }
      .map { steps[$0].step }
  }
}
