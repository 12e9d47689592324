import AlphaLanguage
package import Backtesting
package import Essentials
package import Markets
import Research

/// Simulates candidates here, on a panel.
package struct PanelSimulator: CandidateSimulator {
  private let data: Panel
  private let limits: CheckLimits.Audience
  private let threads: Int
  private let now: @Sendable () -> Timestamp

  package init(
    panel: Panel, limits: CheckLimits.Audience, threads: Int,
    now: @escaping @Sendable () -> Timestamp
  ) {
    data = panel
    self.limits = limits
    self.threads = threads
    self.now = now
  }

  /// The tables that are handed out with a result.
  private static let tables = [Recordset.dailyPnL, .yearlyStats]

  /// The name and fingerprint of the panel.
  package var panel: JSONValue {
    ["name": .string(data.name), "fingerprint": .string(data.fingerprint.hexadecimal)]
  }

  /// Simulates those together whose settings are equal. Settings that the panel cannot serve are a
  /// failure of their candidates alone.
  package func simulate(
    _ candidates: [QueuedCandidate], progress: @escaping @Sendable (Double?, Int) -> Void
  ) async throws -> [SimulatedCandidate] {
    var outcomes: [SimulatedCandidate?] = Array(repeating: nil, count: candidates.count)
    var places: [SimulationSettings: [Int]] = [:]
    var order: [SimulationSettings] = []
    for (place, queued) in candidates.enumerated() {
      do throws(SimulationRefusal) {
        let settings = try SimulationSettings(json: queued.candidate.simulation.settings.json)
        if places[settings] == nil { order.append(settings) }
        places[settings, default: []].append(place)
      } catch {
        outcomes[place] = .failed(code: error.key, detail: error.description)
      }
    }
    let count = candidates.count
    for settings in order {
      let group = places[settings] ?? []
      let before = outcomes.count { $0 != nil }
      do throws(SimulationRefusal) {
        let simulator = try PopulationSimulator(panel: data, settings: settings)
        let results = simulator.simulate(
          group.map { candidates[$0].formula },
          limits: .standard(for: limits, delay: settings.delay), threads: threads
        ) { done in
          progress(Double(before + done) / Double(count), before + done)
        }
        for (place, result) in zip(group, results) {
          outcomes[place] = .simulated(
            AlphaResult(
              candidates[place].candidate, alphaID: result.identifier,
              metrics: SummaryMetrics(result.inSample), document: result.document(.metrics),
              at: now()),
            tables: Self.tables.map {
              RecordsetFolder.Table(name: $0.rawValue, document: result.recordset($0))
            }, missing: nil)
        }
      } catch {
        for place in group {
          outcomes[place] = .failed(code: error.key, detail: error.description)
        }
      }
    }
    return outcomes.compactMap { $0 }
  }
}
