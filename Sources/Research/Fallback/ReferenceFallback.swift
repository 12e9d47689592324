/// The staged fallback as the seed documents describe it, for comparison.
///
/// Fields, then operators, then subcategories are multiplied by every factor in turn, each factor
/// applied to what the one before it left, and the whole prompt is built anew at every step until it
/// passes. It does not ask which ceiling is exceeded, may break the explore minimum and does not put
/// back what was cut in vain; ``FallbackPlan`` takes its place.
package struct ReferenceFallback: Sendable {
  /// A prompt held against the ceilings.
  package struct Evaluation: Hashable, Sendable {
    package let promptTokens: Int
    package let completionTokens: Int
    package let projectedBatchTokens: Int
    package let projectedDayTokens: Int
    package let topK: PromptFacts.TopK
    /// Of `request_prompt`, `request_completion`, `batch_total`, `day_total` and `explore_floor`
    /// those that are exceeded, in this order.
    package let exceeded: [String]

    package var passes: Bool { exceeded.isEmpty }
  }

  /// A step of the search with the prompt that it led to.
  package struct Step: Hashable, Sendable {
    package let phase: FallbackPhase
    package let factor: Double
    package let evaluation: Evaluation
  }

  /// Where the search ended.
  package struct Outcome: Hashable, Sendable {
    package let pack: RetrievalPack
    package let evaluation: Evaluation
    package let steps: [Step]

    package var isAllowed: Bool { evaluation.passes }
  }

  package var configuration: BudgetConfiguration
  /// The answer's length that the caller would like.
  package var maxOutputTokens: Int
  /// Tokens that the run and the day have used before.
  package var batchTokensUsed = 0
  package var dayTokensUsed = 0

  package init(configuration: BudgetConfiguration, maxOutputTokens: Int) {
    self.configuration = configuration
    self.maxOutputTokens = maxOutputTokens
  }

  /// Shrinks a pack until its prompt passes or nothing is left to shrink.
  ///
  /// - Parameter promptTokens: what the whole prompt with a pack has.
  package func run(
    _ pack: RetrievalPack, promptTokens: (RetrievalPack) -> Int
  ) -> Outcome {
    var pack = pack
    sync(&pack)
    let start = pack
    var evaluation = evaluate(pack, promptTokens(pack), start)
    var steps: [Step] = []
    guard !evaluation.passes else {
      return Outcome(pack: pack, evaluation: evaluation, steps: steps)
    }
    for phase in FallbackPhase.allCases {
      for factor in configuration.fallbackTopKSteps {
        let before = pack
        shrink(&pack, phase, factor)
        sync(&pack)
        guard pack != before else { continue }
        evaluation = evaluate(pack, promptTokens(pack), start)
        steps.append(Step(phase: phase, factor: factor, evaluation: evaluation))
        if evaluation.passes {
          return Outcome(pack: pack, evaluation: evaluation, steps: steps)
        }
      }
    }
    return Outcome(pack: pack, evaluation: evaluation, steps: steps)
  }

  private func evaluate(
    _ pack: RetrievalPack, _ promptTokens: Int, _ start: RetrievalPack
  ) -> Evaluation {
    let completion = configuration.completionCeiling(wanting: maxOutputTokens)
    let batch = batchTokensUsed + promptTokens + completion
    let day = dayTokensUsed + promptTokens + completion
    var exceeded: [String] = []
    if promptTokens > configuration.maxPromptTokens { exceeded.append("request_prompt") }
    if completion > configuration.maxCompletionTokens { exceeded.append("request_completion") }
    if batch > configuration.batch.tokens ?? .max { exceeded.append("batch_total") }
    if day > configuration.day.tokens ?? .max { exceeded.append("day_total") }
    func breaks<Candidate>(_ list: KeyPath<RetrievalPack, [Candidate]>, _ lane: (Candidate) -> Lane)
      -> Bool
    {
      let left = pack[keyPath: list].count { lane($0) == .explore }
      let first = start[keyPath: list].count { lane($0) == .explore }
      return left < min(configuration.minExploreCandidatesPerBatch, first)
    }
    if breaks(\.fields, { $0.lane }) || breaks(\.operators, { $0.lane }) {
      exceeded.append("explore_floor")
    }
    return Evaluation(
      promptTokens: promptTokens, completionTokens: completion, projectedBatchTokens: batch,
      projectedDayTokens: day, topK: pack.topK, exceeded: exceeded)
  }

  /// Keeps the selected subcategories that have a dataset, then those that only datasets name.
  private func sync(_ pack: inout RetrievalPack) {
    let present = Self.unique(pack.datasets.map(\.subcategoryID))
    let kept = pack.selectedSubcategories.filter(present.contains)
    pack.selectedSubcategories = kept + present.filter { !kept.contains($0) }
  }

  private func shrink(_ pack: inout RetrievalPack, _ phase: FallbackPhase, _ factor: Double) {
    switch phase {
    case .fields: shrink(&pack.fields, factor, lane: \.lane)
    case .operators: shrink(&pack.operators, factor, lane: \.lane)
    case .subcategories: shrinkSubcategories(&pack, factor)
    }
  }

  private func shrink<Candidate>(
    _ list: inout [Candidate], _ factor: Double, lane: KeyPath<Candidate, Lane>
  ) {
    guard list.count > 1 else { return }
    let exploring = list.count { $0[keyPath: lane] == .explore }
    var left = split(
      ShrinkTarget.target(list.count, factor), list.count - exploring, exploring,
      floor: configuration.minExploreCandidatesPerBatch)
    list = list.filter { left.takes($0[keyPath: lane]) }
  }

  private func shrinkSubcategories(_ pack: inout RetrievalPack, _ factor: Double) {
    guard pack.selectedSubcategories.count > 1 else { return }
    let target = ShrinkTarget.target(pack.selectedSubcategories.count, factor)
    func subcategories(_ isMeant: (Lane) -> Bool) -> [String] {
      Self.unique(pack.datasets.filter { isMeant($0.lane) }.map(\.subcategoryID))
    }
    let exploit = subcategories { $0 != .explore }
    let explore = subcategories { $0 == .explore }
    let left = split(
      target, exploit.count, explore.count,
      floor: min(1, configuration.minExploreCandidatesPerBatch))
    var kept = Self.unique(
      Array(exploit.prefix(left.exploit)) + Array(explore.prefix(left.explore)))
    for name in pack.selectedSubcategories where kept.count < target && !kept.contains(name) {
      kept.append(name)
    }
    pack.selectedSubcategories.removeAll { !kept.contains($0) }
    pack.datasets.removeAll { !kept.contains($0.subcategoryID) }
    let present = Set(pack.datasets.map(\.id))
    if !present.isEmpty { pack.fields.removeAll { !present.contains($0.datasetID) } }
  }

  private func split(_ target: Int, _ exploit: Int, _ explore: Int, floor: Int) -> PlacesLeft {
    let split = LaneSplit(
      documentedTarget: target, exploit: exploit, explore: explore,
      share: configuration.exploreRatio, floor: floor)
    return PlacesLeft(exploit: split.exploit, explore: split.explore)
  }

  /// The places of either lane, taken one after the other.
  private struct PlacesLeft {
    var exploit: Int
    var explore: Int

    mutating func takes(_ lane: Lane) -> Bool {
      if lane == .explore {
        explore -= 1
        return explore >= 0
      }
      exploit -= 1
      return exploit >= 0
    }
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
