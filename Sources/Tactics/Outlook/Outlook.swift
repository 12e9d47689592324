package import Markets
package import Models

/// What there is to expect from trading one market now, long or short.
package struct Outlook: Hashable, Sendable {
  /// How the figures were found.
  package enum Source: String, Hashable, Sendable, CaseIterable {
    /// By closed forms, without error.
    case closedForm
    /// By simulation.
    case simulation
  }

  /// The results of both sides by horizon.
  package let estimate: TradeEstimate
  /// The scores of a long position.
  package let long: UnifiedScore
  /// The scores of a short position.
  package let short: UnifiedScore
  /// Which way it points, and how surely.
  package let leaning: Leaning
  /// How the figures were found.
  package let source: Source
  /// The number of paths; 0 for closed forms.
  package let paths: Int
  /// Whether the decision was stable enough to stop: always for closed forms.
  package let isStable: Bool

  /// Returns the score of one side.
  package subscript(side: PositionSide) -> UnifiedScore { side == .long ? long : short }

  /// Returns the best time to hold a position of one side, t*, in seconds.
  package func bestSeconds(_ side: PositionSide) -> Double {
    self[side].points[self[side].best].seconds
  }
}

/// Makes outlooks: by closed forms where they exist, by simulation until the decision is stable
/// elsewhere.
package struct OutlookMaker: Sendable {
  /// How results become scores.
  package let score: ScoreSettings
  /// What a side must reach.
  package let bar: Leaning.Bar
  /// When a simulation stops.
  package let stopping: StoppingRule
  /// Who walks the paths; the outlooks are the same for every crew.
  package let crew: PathCrew

  /// Joins the settings.
  package init(
    score: ScoreSettings, bar: Leaning.Bar, stopping: StoppingRule = .standard,
    crew: PathCrew = .caller
  ) {
    self.score = score
    self.bar = bar
    self.stopping = stopping
    self.crew = crew
  }

  /// Returns the outlook of a plan, by its closed form where it has one. The workspace holds at
  /// least the rule's largest number of paths and the plan's horizons.
  package func outlook(
    _ plan: SimulationPlan, key: SimulationKey, using workspace: PathWorkspace
  ) -> Outlook {
    if let closed = GaussianTrade(plan) {
      return judged(
        closed.estimate(), plan.costs, source: .closedForm, paths: 0)
    }
    return simulated(plan, key: key, using: workspace)
  }

  /// Returns the outlook of a simulation that stops at the first look at which the decision is
  /// stable. A function of the plan, the key and the rule: not of who walked the paths.
  package func simulated(
    _ plan: SimulationPlan, key: SimulationKey, using workspace: PathWorkspace
  ) -> Outlook {
    let simulation = PathSimulation(plan, key: key)
    var walked = 0
    for look in stopping.looks {
      let end = look / PathWorkspace.chunkPaths
      simulation.walk(chunks: walked..<end, into: workspace, by: crew)
      walked = end
      let outlook = judged(
        simulation.estimate(from: workspace, paths: look), plan.costs, source: .simulation,
        paths: look)
      if outlook.isStable || look == stopping.most { return outlook }
    }
    preconditionFailure("a rule has at least one look")
  }

  /// Scores and judges results that somebody else has found, such as paths walked by many threads.
  package func judged(
    _ estimate: TradeEstimate, _ costs: TradeCosts, source: Outlook.Source, paths: Int
  ) -> Outlook {
    let long = UnifiedScore(estimate.long, costs: costs, settings: score)
    let short = UnifiedScore(estimate.short, costs: costs, settings: score)
    let leaning = Leaning(estimate, long: long, short: short, bar: bar)
    return Outlook(
      estimate: estimate, long: long, short: short, leaning: leaning, source: source, paths: paths,
      isStable: stopping.accepts(flipProbability: leaning.flipProbability))
  }
}
