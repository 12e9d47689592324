import Essentials
package import Networking
package import Storage
import Worlds

/// How the worlds of a served desk are measured and traded.
package struct WorldServiceSetup: Sendable {
  package var evidence: any EvidenceSource
  /// Nil where nothing can go live.
  package var trading: (any WorldTrading)?

  package init(evidence: any EvidenceSource, trading: (any WorldTrading)? = nil) {
    self.evidence = evidence
    self.trading = trading
  }
}

/// The worlds of a served desk, put together: their routes, their measures, and the schedule that has
/// them evaluated.
package final class WorldService: Sendable {
  package let desk: WorldDesk
  /// All routes of worlds.
  package let routes: [Route]
  private let telemetry: WorldTelemetry
  private let schedule: WorldSchedule
  private let trading: (any WorldTrading)?

  /// - Parameters:
  ///   - journal: opened for writing, with ``WorldBook`` among its models.
  ///   - effects: clocks and a place for warnings.
  package init(
    _ setup: WorldServiceSetup, journal: Journal, _ effects: JobDeskEffects
  ) throws {
    let meter = WorldMeter()
    let desk = WorldDesk(
      WorldDeskSetup(
        journal: journal, now: effects.now,
        evidence: MeasuredEvidence(setup.evidence, meter: meter, elapsed: effects.elapsed),
        account: setup.trading ?? UnfundedAccount(), cutover: setup.trading,
        graph: SharedGraphLog(journal: journal, reporting: effects.report)))
    let trading = setup.trading
    self.trading = trading
    let evaluator = WorldEvaluator(
      desk, trading: trading, meter: meter, elapsed: effects.elapsed)
    let routes = WorldRoutes(
      WorldRoutes.Setup(
        desk: desk, evaluator: evaluator, now: effects.now, leaseEnd: { trading?.leaseEnd(of: $0) })
    )
    self.desk = desk
    self.routes = routes.routes
    telemetry = WorldTelemetry(routes, meter: meter)
    schedule = try WorldSchedule(
      WorldSchedule.Setup(
        desk: desk, evaluator: evaluator, now: effects.now, report: effects.report,
        keepUp: { try trading?.keepUp($0, at: desk) }))
  }

  /// What is measured of the worlds that somebody may read.
  package func metrics(for caller: Caller?) -> [Metric] { telemetry.metrics(for: caller) }

  /// Begins to evaluate worlds when they are due.
  package func start() { schedule.start() }

  /// Returns when no evaluation is under way and none follows.
  package func stop() {
    schedule.stop()
    trading?.rest()
  }

  /// Looks at every world once, as the thread of the schedule does.
  package func turn() { schedule.turn() }
}
