import AlphaLanguage
import Mathematics

/// Makes children of judged candidates: what is tried follows from what failed and from what has
/// helped so far.
package struct MutationSearch: Sendable {
  package let mutation: FormulaMutation
  package let grid: SettingsGrid

  /// - Parameter grid: nil for the standard grid with the groups of the space.
  package init(space: MutationSpace, grid: SettingsGrid? = nil) {
    mutation = FormulaMutation(space: space)
    self.grid = grid ?? SettingsGrid(groupFields: space.groupFields)
  }

  /// Draws for each child before the search gives up.
  private static let drawsForEach = 8
  /// What an operator's weight falls to each time it was used, so that children differ in kind.
  private static let fatigue = 0.5

  /// Returns up to `count` children, each checked and none among `known`, to which they are added.
  ///
  /// The first child is made by the heaviest operator of the plan; those that follow are drawn by
  /// weight. Fewer come back where the formula and its settings allow no more.
  ///
  /// - Parameters:
  ///   - partners: candidates that parts are taken from; the parent itself is passed over.
  ///   - known: keys of candidates that exist already, the parent's among them or not.
  ///   - bandit: what has helped so far; nil to follow the plan alone.
  ///   - seed: equal arguments with an equal seed give equal children.
  package func children(
    of parent: MutationParent, partners: [MutationParent] = [], count: Int, lane: Lane = .exploit,
    known: inout Set<String>, bandit: LaneBandit? = nil, seed: UInt64
  ) -> [MutatedCandidate] {
    var generator = SplitMix64(seed: seed)
    let plan = MutationPlan(for: parent.card)
    let partners = partners.filter { $0.key != parent.key }
    var shares = plan.shares.map { share in
      let merit = bandit?.merit(of: LaneBandit.Arm(lane: lane, operation: share.operation)) ?? 1
      return MutationPlan.Share(operation: share.operation, weight: share.weight * merit)
    }
    known.insert(parent.key)
    var children: [MutatedCandidate] = []
    var draws = 0
    while children.count < count, draws < count * Self.drawsForEach, !shares.isEmpty {
      let place = draws == 0 ? Self.heaviest(shares) : Self.draw(shares, using: &generator)
      draws += 1
      let operation = shares[place].operation
      let partner = operation == .crossover ? partners.randomElement(using: &generator) : nil
      guard
        let child = child(
          of: parent, partner, operation, lane, plan.reason, index: children.count,
          known: known, using: &generator)
      else {
        shares[place].weight *= Self.fatigue
        continue
      }
      shares[place].weight *= Self.fatigue
      known.insert(child.key)
      children.append(child)
    }
    return children
  }

  /// Returns a child that is made in one way, such as a bandit chose; nil where that way has nothing
  /// to change or leads only to what is known. The child's key is added to `known`.
  package func child(
    of parent: MutationParent, by operation: MutationOperator, partners: [MutationParent] = [],
    lane: Lane = .exploit, known: inout Set<String>, seed: UInt64
  ) -> MutatedCandidate? {
    var generator = SplitMix64(seed: seed)
    let partners = partners.filter { $0.key != parent.key }
    known.insert(parent.key)
    for _ in 0..<Self.drawsForEach {
      let partner = operation == .crossover ? partners.randomElement(using: &generator) : nil
      let child = child(
        of: parent, partner, operation, lane, FailureReason(parent.card), index: 0, known: known,
        using: &generator)
      guard let child else { continue }
      known.insert(child.key)
      return child
    }
    return nil
  }

  private static func heaviest(_ shares: [MutationPlan.Share]) -> Int {
    shares.indices.max { (shares[$0].weight, $1) < (shares[$1].weight, $0) } ?? 0
  }

  private static func draw(
    _ shares: [MutationPlan.Share], using generator: inout SplitMix64
  ) -> Int {
    var rest = generator.nextUniform() * shares.reduce(0) { $0 + $1.weight }
    for (index, share) in shares.enumerated() {
      rest -= share.weight
      if rest < 0 { return index }
    }
    return shares.count - 1
  }

  private func child(
    of parent: MutationParent, _ partner: MutationParent?, _ operation: MutationOperator,
    _ lane: Lane, _ reason: FailureReason, index: Int, known: Set<String>,
    using generator: inout SplitMix64
  ) -> MutatedCandidate? {
    var candidate = parent.candidate
    candidate.alphaID = nil
    var formula = parent.formula
    let edit: String
    if operation == .settings {
      // The steps stand in the order of their use; the first that is not known is taken.
      let step = grid.steps(from: candidate.simulation.settings, against: reason.label).first {
        !known.contains(CandidateKey.of(parent.formula, $0.settings))
      }
      guard let step else { return nil }
      candidate.simulation.settings = step.settings
      edit = step.description
    } else {
      guard
        let change = mutation.apply(
          operation, to: parent.formula, partner: partner?.formula, lane: lane, using: &generator)
      else { return nil }
      formula = change.formula
      edit = change.description
    }
    let key = CandidateKey.of(formula, candidate.simulation.settings)
    guard !known.contains(key) else { return nil }
    candidate.simulation.regular = formula.canonicalText
    candidate.notes = CandidateAlpha.Notes(of: formula, lane: lane)
    return MutatedCandidate(
      key: key, candidate: candidate, formula: formula, operation: operation, edit: edit,
      parentKey: parent.key, partnerKey: partner?.key, lane: lane, reason: reason, index: index)
  }
}

extension CandidateAlpha.Notes {
  /// What can be said of a formula that checked.
  init(of formula: CheckedFormula, lane: Lane) {
    self.init()
    let tree = FormulaTree(formula.graph)
    usedFields = tree?.fieldNames ?? formula.fields
    usedOperators = tree?.codes.map(\.rawValue) ?? []
    self.lane = lane
    validationPassed = true
    validationAttempts = 1
  }
}
