package import AlphaLanguage
package import Backtesting
package import Essentials
package import Markets
package import Worlds

/// The formulas of several worlds on one panel, so arranged that what worlds share is computed once.
///
/// Formulas of worlds that share their indicators are evaluated together by one ``EvaluationPlan``,
/// in which equal subformulas are one node (common subexpression elimination); every other world has
/// a plan of its own. Settings that change evaluation (universe, pasteurization, nanHandling) cannot
/// share a plan. A world that shares raw fields but no indicators reads the fields for itself.
///
/// Values have the same bits in any company, because no kernel knows who reads it.
package struct SharedComputation: Sendable {
  /// Formulas that are evaluated together.
  package struct Group: Sendable {
    /// Everybody, or the world that computes for itself.
    package let owner: NodeOwner
    package let evaluation: EvaluationSettings
    /// The settings of the first member; universe and evaluation are those of all.
    let settings: SimulationSettings
    /// Places in ``SharedComputation/formulas``; formula `i` of the plan is that of member `i`.
    package let members: [Int]
    package let plan: EvaluationPlan
  }

  /// How many nodes are computed, and how many would be otherwise.
  package struct Counts: Hashable, Sendable {
    /// The nodes of every formula by itself.
    package let total: Int
    /// The nodes where each world shares within itself only.
    package let byWorld: Int
    /// The nodes that are computed.
    package let computed: Int

    /// What is not computed again.
    package var saved: Int { total - computed }
    /// What is not computed again because worlds share.
    package var savedBetweenWorlds: Int { byWorld - computed }

    /// The counts as a JSON object.
    package var json: JSONValue {
      [
        "by_world": .integer(byWorld), "computed": .integer(computed), "saved": .integer(saved),
        "saved_between_worlds": .integer(savedBetweenWorlds), "total": .integer(total),
      ]
    }
  }

  package let formulas: [WorldFormula]
  /// Each formula as nodes of the graph.
  package let parts: [FormulaGraphNodes]
  package let groups: [Group]
  package let counts: Counts
  /// The nodes of all formulas.
  package let graph: StrategyGraph
  /// The root of each instance, by world and instance.
  package let roots: [String: [String: NodeID]]
  /// The dataset nodes with the fingerprint of what the panel holds.
  package let data: [NodeID: Fingerprint]
  /// How each world shares; it may name worlds without instances.
  package let rules: [String: SharingRules]

  /// Arranges `formulas`, which were checked against the panel's schema.
  ///
  /// Refuses a world without rules, two instances of a world with one name, and what
  /// ``FormulaGraphNodes`` refuses.
  package init(
    _ formulas: [WorldFormula], rules: [String: SharingRules], panel: Panel,
    catalog: OperatorCatalog = .fastexpr
  ) throws(GraphMistake) {
    var graph = StrategyGraph()
    var parts: [FormulaGraphNodes] = []
    var roots: [String: [String: NodeID]] = [:]
    var data: [NodeID: Fingerprint] = [:]
    var shared: [Arrangement: [Int]] = [:]
    var apart: [Arrangement: [Int]] = [:]
    for (place, formula) in formulas.enumerated() {
      guard let rule = rules[formula.world] else { throw .unknownWorld(formula.world) }
      let nodes = try FormulaGraphNodes(
        formula.formula, panel: panel, settings: formula.settings, side: formula.side,
        catalog: catalog)
      graph.formUnion(nodes.graph)
      parts.append(nodes)
      data[nodes.dataset] = panel.fingerprint
      let earlier = roots[formula.world, default: [:]].updateValue(
        nodes.order, forKey: formula.instance)
      guard earlier == nil else {
        throw .duplicateNode(name: "\(formula.world)/\(formula.instance)")
      }
      shared[Arrangement(of: formula, rules: rule), default: []].append(place)
      apart[Arrangement(.world(formula.world), formula.settings), default: []].append(place)
    }
    func plan(_ members: [Int]) -> EvaluationPlan {
      EvaluationPlan(members.map { formulas[$0].formula.graph })
    }
    let groups = shared.sorted { $0.value[0] < $1.value[0] }.map { arrangement, members in
      Group(
        owner: arrangement.owner, evaluation: arrangement.evaluation,
        settings: formulas[members[0]].settings, members: members, plan: plan(members))
    }
    self.formulas = formulas
    self.parts = parts
    self.groups = groups
    self.graph = graph
    self.roots = roots
    self.data = data
    self.rules = rules
    counts = Counts(
      total: formulas.reduce(0) { $0 + $1.formula.graph.nodes.count },
      byWorld: apart.values.reduce(0) { $0 + plan($1).nodes.count },
      computed: groups.reduce(0) { $0 + $1.plan.nodes.count })
  }

  /// What formulas must have in common to be evaluated together.
  struct Arrangement: Hashable {
    let owner: NodeOwner
    let universe: String
    let evaluation: EvaluationSettings

    /// With whom a formula of a world that shares by `rules` is evaluated.
    init(of formula: WorldFormula, rules: SharingRules) {
      self.init(rules.owner(of: .indicator, in: formula.world), formula.settings)
    }

    fileprivate init(_ owner: NodeOwner, _ settings: SimulationSettings) {
      self.owner = owner
      universe = settings.universe
      evaluation = EvaluationSettings(
        pasteurizes: settings.pasteurization == .on, fillsMissing: settings.nanHandling == .on)
    }
  }

  /// The keys of everything that the worlds compute, each once, sorted by computation.
  package var keys: [ComputeKey] {
    var keys: Set<ComputeKey> = []
    for (world, instances) in roots {
      guard let rules = rules[world] else { continue }
      let closure = Set(graph.closure(of: instances.values).map(\.id))
      for key in graph.computeKeys(in: world, rules: rules, data: data)
      where closure.contains(key.computation.node) {
        keys.insert(key)
      }
    }
    return keys.sorted { $0.computation < $1.computation }
  }

  /// What the plan of a group computes, each once, sorted.
  package func computations(of group: Group) -> [Computation] {
    Set(group.members.flatMap { parts[$0].places }).sorted()
      .map { Computation($0, for: group.owner) }
  }

  /// Evaluates every group on the whole panel and hands out the values, block by block, for each
  /// formula in ascending order of rows.
  ///
  /// - Parameters:
  ///   - frames: those that are at hand, by their settings; a group without one has its own made.
  ///   - receive: called with the formula's place in ``formulas``; the rows are valid only while they
  ///     are being received.
  package func evaluate(
    on panel: Panel, in frames: [SimulationSettings: MarketFrame] = [:],
    _ receive: (_ formula: Int, _ rows: EvaluatedRows) -> Void
  ) throws(SimulationRefusal) {
    for group in groups {
      let frame: MarketFrame
      if let known = frames[group.settings] {
        frame = known
      } else {
        frame = try MarketFrame(panel: panel, settings: group.settings)
      }
      let membership = frame.membership()
      let evaluator = Evaluator(plan: group.plan, panel: panel, settings: group.evaluation)
      evaluator.advance(
        to: panel.rows, on: panel,
        universe: membership.members.allSatisfy { $0 != 0 } ? nil : membership
      ) { rows in
        receive(group.members[rows.formula], rows)
      }
    }
  }
}
