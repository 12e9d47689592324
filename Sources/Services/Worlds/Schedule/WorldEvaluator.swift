package import Essentials
import Storage
import Synchronization
package import Worlds

/// Has worlds evaluated and instances switched, each world by one at a time, and measures how long
/// evaluations take.
///
/// A world that is being evaluated, by whatever process, is not evaluated a second time meanwhile.
package final class WorldEvaluator: Sendable {
  private let desk: WorldDesk
  private let trading: (any WorldTrading)?
  private let meter: WorldMeter
  private let elapsed: @Sendable () -> Duration
  private let busy = Mutex<Set<String>>([])

  /// - Parameter elapsed: the time on a clock that never jumps.
  package init(
    _ desk: WorldDesk, trading: (any WorldTrading)? = nil, meter: WorldMeter,
    elapsed: @escaping @Sendable () -> Duration
  ) {
    self.desk = desk
    self.trading = trading
    self.meter = meter
    self.elapsed = elapsed
  }

  /// Evaluates a world at an instant; throws ``WorldRouteRefusal/evaluationUnderWay(world:)`` where
  /// somebody else is doing so.
  ///
  /// - Parameter due: when the evaluation was to begin, nil for at that instant.
  @discardableResult
  package func evaluate(
    _ world: String, at instant: Timestamp, due: Timestamp? = nil, by actor: WorldActor
  ) throws -> WorldDesk.EvaluationReceipt {
    guard busy.withLock({ $0.insert(world).inserted }) else {
      throw WorldRouteRefusal.evaluationUnderWay(world: world)
    }
    defer { _ = busy.withLock { $0.remove(world) } }
    let claim = try claim(world)
    defer { withExtendedLifetime(claim) {} }
    let begun = elapsed()
    do {
      try desk.foresee()
      let receipt =
        if let trading {
          try desk.evaluate(world, at: instant, by: actor, trading: trading)
        } else {
          try desk.evaluate(world, at: instant, by: actor)
        }
      meter.note(
        evaluation: elapsed() - begun, lag: due.map { instant - $0 } ?? .zero, of: world)
      return receipt
    } catch {
      // Who may not is no failure of evaluating.
      if case .refused? = error as? WorldDeskFailure {} else { meter.noteFailure(of: world) }
      throw error
    }
  }

  /// Has what somebody wishes of the instances with money carried out, as far as it goes. Nil where
  /// nothing is to be done.
  package func cutOver(
    _ wish: CutoverWish, in world: String, run: String?, by actor: WorldActor
  ) throws -> (run: String, outcome: CutoverOutcome?)? {
    guard let trading else { return try desk.cutOver(wish, in: world, run: run, by: actor) }
    return try trading.trade(
      in: world, at: desk, for: { .command },
      { _ in
        try desk.cutOver(wish, in: world, run: run, by: actor)
      })
  }

  private func claim(_ world: String) throws -> JournalClaim {
    do throws(JournalFailure) {
      return try desk.journal.claim(
        WorldBook.run(of: world) + ":evaluation", for: "evaluating the world \(world)",
        patienceMilliseconds: 0)
    } catch {
      guard case .claimed = error else { throw WorldDeskFailure.journal(error) }
      throw WorldRouteRefusal.evaluationUnderWay(world: world)
    }
  }
}
