package import Essentials
package import Worlds

/// Evidence of another source, with the time that it takes.
package struct MeasuredEvidence: EvidenceSource {
  private let source: any EvidenceSource
  private let meter: WorldMeter
  private let elapsed: @Sendable () -> Duration

  /// - Parameter elapsed: the time on a clock that never jumps.
  package init(
    _ source: any EvidenceSource, meter: WorldMeter, elapsed: @escaping @Sendable () -> Duration
  ) {
    self.source = source
    self.meter = meter
    self.elapsed = elapsed
  }

  /// What the source says, noted at the meter under the world of the policy.
  package func evidence(
    of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
  ) throws(WorldDeskFailure) -> CycleEvidence {
    let begun = elapsed()
    let evidence = try source.evidence(of: instances, under: policy, asOf: instant)
    meter.note(evidence: elapsed() - begun, of: policy.world)
    return evidence
  }

  /// What the source makes of a submission.
  package func completed(
    _ submission: InstanceSubmission
  ) throws(WorldDeskFailure) -> InstanceSubmission { try source.completed(submission) }

  /// The source foresees.
  package func foresee(_ worlds: [WorldState]) { source.foresee(worlds) }

  /// What the source knows of what an instance computes.
  package func nodes(of submission: InstanceSubmission) -> FormulaGraphNodes? {
    source.nodes(of: submission)
  }
}
