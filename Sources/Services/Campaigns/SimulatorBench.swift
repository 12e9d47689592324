package import AlphaLanguage
package import Backtesting
package import Markets

/// Simulates candidates whose settings differ, with one simulator for each combination of settings.
///
/// Not for use by two tasks at once.
package final class SimulatorBench {
  package let panel: Panel
  private let limits: CheckLimits
  private let threads: Int
  private var simulators: [SimulationSettings: PopulationSimulator] = [:]

  package init(panel: Panel, limits: CheckLimits, threads: Int) {
    self.panel = panel
    self.limits = limits
    self.threads = threads
  }

  /// The simulator of some settings; made when it is asked for first.
  package func simulator(
    _ settings: SimulationSettings
  ) throws(SimulationRefusal) -> PopulationSimulator {
    if let simulator = simulators[settings] { return simulator }
    let simulator = try PopulationSimulator(panel: panel, settings: settings)
    simulators[settings] = simulator
    return simulator
  }

  /// Simulates formulas each with its own settings; returns a result for each, in their order.
  package func simulate(
    _ candidates: [(formula: CheckedFormula, settings: SimulationSettings)],
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(SimulationRefusal) -> [SimulationResult] {
    var places: [SimulationSettings: [Int]] = [:]
    var order: [SimulationSettings] = []
    for (place, candidate) in candidates.enumerated() {
      if places[candidate.settings] == nil { order.append(candidate.settings) }
      places[candidate.settings, default: []].append(place)
    }
    var results: [SimulationResult?] = Array(repeating: nil, count: candidates.count)
    var done = 0
    for settings in order {
      let group = places[settings] ?? []
      let before = done
      let found = try simulator(settings).simulate(
        group.map { candidates[$0].formula }, limits: limits, threads: threads,
        progress: { progress(before + $0) })
      for (place, result) in zip(group, found) { results[place] = result }
      done += group.count
    }
    return results.compactMap { $0 }
  }
}
