package import AlphaLanguage
package import Backtesting
import Dispatch
package import Markets
import Synchronization

/// Prices formulas on a panel: evaluates them together, simulates each and hands out the results.
///
/// Formulas are cut into batches that threads take in turn. Within a batch equal subformulas are
/// computed once; every result has the same bits on any number of threads and in any company.
package struct PopulationSimulator: Sendable {
  package let frame: MarketFrame
  package let panel: Panel
  /// The universe by row, nil where every instrument always belongs to it.
  private let universe: MembershipColumn?
  private let evaluation: EvaluationSettings

  package init(panel: Panel, settings: SimulationSettings) throws(SimulationRefusal) {
    frame = try MarketFrame(panel: panel, settings: settings)
    self.panel = panel
    let membership = frame.membership()
    universe = membership.members.allSatisfy { $0 != 0 } ? nil : membership
    evaluation = EvaluationSettings(
      pasteurizes: settings.pasteurization == .on, fillsMissing: settings.nanHandling == .on)
  }

  /// As many formulas share their subformulas and the reading of fields.
  package static let batchSize = 32

  /// Simulates `formulas` on `threads` threads and returns a result for each, in their order.
  ///
  /// - Parameter progress: called from any thread with the number of formulas that are done.
  package func simulate(
    _ formulas: [CheckedFormula], limits: CheckLimits, pool: PnLPool? = nil, threads: Int = 1,
    progress: (@Sendable (Int) -> Void)? = nil
  ) -> [SimulationResult] {
    let size = max(1, min(Self.batchSize, (formulas.count + threads - 1) / max(1, threads)))
    let batches = stride(from: 0, to: formulas.count, by: size).map {
      $0..<min($0 + size, formulas.count)
    }
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let results = Mutex<[SimulationResult?]>(Array(repeating: nil, count: formulas.count))
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, batches.count))) { _ in
      var seats: [SimulationSeat] = []
      while true {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard turn < batches.count else { return }
        let batch = batches[turn]
        while seats.count < batch.count { seats.append(SimulationSeat(frame: frame)) }
        run(Array(formulas[batch]), seats)
        for (seat, place) in zip(seats, batch) {
          let result = seat.simulation.finish(
            AlphaIdentity(formulas[place]), limits: limits, pool: pool)
          results.withLock { $0[place] = result }
          let count = done.wrappingAdd(1, ordering: .relaxed).newValue
          progress?(count)
        }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  /// Evaluates a batch and feeds each formula's rows to its seat.
  private func run(_ formulas: [CheckedFormula], _ seats: [SimulationSeat]) {
    for seat in seats.prefix(formulas.count) { seat.simulation.reset() }
    let evaluator = Evaluator(
      plan: EvaluationPlan(formulas.map(\.graph)), panel: panel, settings: evaluation)
    var dense: [Double] = []
    evaluator.advance(to: panel.rows, on: panel, universe: universe) { rows in
      let range = rows.firstRow..<(rows.firstRow + rows.count)
      if rows.stride == rows.columns {
        seats[rows.formula].simulation.advance(rows: range, alpha: rows.values)
        return
      }
      let cells = rows.count * rows.columns
      if dense.count < cells { dense = [Double](repeating: 0, count: cells) }
      dense.withUnsafeMutableBufferPointer { buffer in
        guard let target = buffer.baseAddress else { return }
        for row in 0..<rows.count {
          (target + row * rows.columns).update(
            from: rows.values + row * rows.stride, count: rows.columns)
        }
        seats[rows.formula].simulation.advance(rows: range, alpha: UnsafePointer(target))
      }
    }
  }

  /// Evaluates a formula on panels that end early and compares with the whole: a probe for values
  /// that depend on the future.
  package func lookAhead(of formula: CheckedFormula, probes: Int) -> LookAheadVerdict {
    LookAheadProbe(rows: panel.rows, count: probes).examine(
      rows: panel.rows, columns: panel.columns
    ) { rows in
      let short = rows.upperBound == panel.rows ? panel : panel.prefix(rows.upperBound)
      let members = universe.map { $0.prefix(rows.upperBound) }
      return Evaluator.values(
        of: [formula.graph], on: short, settings: evaluation, universe: members)[0]
    }
  }
}

/// A simulation that one thread fills again and again.
private final class SimulationSeat {
  var simulation: BookSimulation

  init(frame: MarketFrame) {
    simulation = BookSimulation(frame: frame)
  }
}
