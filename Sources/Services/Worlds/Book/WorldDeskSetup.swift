package import Essentials
package import Storage
package import Worlds

/// Who tells what data says of instances.
package protocol EvidenceSource: Sendable {
  /// What is known of instances as of an instant, nothing later. An instance that it cannot measure
  /// has a failure or is left out.
  func evidence(
    of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
  ) throws(WorldDeskFailure) -> CycleEvidence
  /// An instance that a person described, with what the source knows of it; refused where its formula
  /// may not run.
  func completed(
    _ submission: InstanceSubmission
  ) throws(WorldDeskFailure) -> InstanceSubmission
  /// Takes note of the worlds of which evidence is going to be asked, so that what several of them
  /// need may be computed once.
  func foresee(_ worlds: [WorldState])
  /// What an instance computes; nil where the source has no panel for it, or its formula may not run
  /// there.
  func nodes(of submission: InstanceSubmission) -> FormulaGraphNodes?
}

extension EvidenceSource {
  /// The instance as it is, of a source that knows no panels.
  package func completed(
    _ submission: InstanceSubmission
  ) throws(WorldDeskFailure) -> InstanceSubmission { submission }

  /// Nothing is gained by what is foreseen.
  package func foresee(_ worlds: [WorldState]) {}

  /// A source that knows no panels does not know what is computed.
  package func nodes(of submission: InstanceSubmission) -> FormulaGraphNodes? { nil }
}

/// Who knows the account of a world.
package protocol WorldAccount: Sendable {
  /// The account at this moment; NaN where a figure is unknown.
  func portfolio(of world: String, asOf instant: Timestamp) -> WorldSnapshot.Portfolio
  /// Closes what the world holds with money.
  func flatten(_ flattening: RiskDirective.Flattening, in world: String, at instant: Timestamp)
}

/// Who switches instances to live money and back.
package protocol CutoverCarrier: Sendable {
  /// Carries a cutover to its end, or as far as it goes; events are recorded at the desk. A run that
  /// was carried out before is answered with its outcome.
  func carryOut(
    _ plan: CutoverPlan, of world: String, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> CutoverOutcome?
}

/// What a desk of worlds works with.
package struct WorldDeskSetup: Sendable {
  /// Opened with ``WorldBook`` among its models.
  package var journal: Journal
  package var now: @Sendable () -> Timestamp
  package var evidence: any EvidenceSource
  package var account: any WorldAccount
  /// Nil where nothing can go live.
  package var cutover: (any CutoverCarrier)?
  /// The graph that follows what worlds compute; nil where it is left to the next evaluation.
  package var graph: SharedGraphLog?
  /// About how long another process that works on the same world is waited for.
  package var patienceMilliseconds: Int

  package init(
    journal: Journal, now: @escaping @Sendable () -> Timestamp, evidence: any EvidenceSource,
    account: any WorldAccount = UnfundedAccount(), cutover: (any CutoverCarrier)? = nil,
    graph: SharedGraphLog? = nil, patienceMilliseconds: Int = 10_000
  ) {
    self.journal = journal
    self.now = now
    self.evidence = evidence
    self.account = account
    self.cutover = cutover
    self.graph = graph
    self.patienceMilliseconds = patienceMilliseconds
  }
}

/// The account of worlds that no money is behind.
package struct UnfundedAccount: WorldAccount {
  package init() {}

  /// Every figure is unknown.
  package func portfolio(
    of world: String, asOf instant: Timestamp
  ) -> WorldSnapshot.Portfolio {
    WorldSnapshot.Portfolio(
      equity: .nan, sessionOpen: .nan, sessionPeak: .nan, marginUsed: .nan)
  }

  /// There is nothing to close.
  package func flatten(
    _ flattening: RiskDirective.Flattening, in world: String, at instant: Timestamp
  ) {}
}

/// Evidence of nothing: for commands that never evaluate.
package struct NoEvidence: EvidenceSource {
  package init() {}

  /// Tells of no instance and no dataset, so that nothing is current.
  package func evidence(
    of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
  ) throws(WorldDeskFailure) -> CycleEvidence {
    CycleEvidence(
      datasets: [], instances: [], table: EvidenceTable([]), correlations: nil)
  }
}
