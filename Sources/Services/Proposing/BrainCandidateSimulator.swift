import Backtesting
package import Essentials
package import Research
import Synchronization

/// Simulates candidates on WorldQuant BRAIN.
///
/// What was sent is remembered by the record, so that a candidate that was simulated before, or is
/// still being simulated, is not sent again.
package struct BrainCandidateSimulator: CandidateSimulator {
  private let session: BrainSession
  private let record: any BrainRecord
  private let options: BrainOptions?
  private let wantsTables: Bool

  /// - Parameters:
  ///   - options: what BRAIN offers, nil where it is not known.
  ///   - wantsTables: whether the tables of every alpha are fetched as well.
  package init(
    session: BrainSession, record: any BrainRecord, options: BrainOptions?,
    wantsTables: Bool = false
  ) {
    self.wantsTables = wantsTables
    self.session = session
    self.record = record
    self.options = options
  }

  /// Null: what BRAIN simulates on is its own.
  package var panel: JSONValue { .null }

  /// Simulates candidates and fetches what BRAIN found of each.
  package func simulate(
    _ candidates: [QueuedCandidate], progress: @escaping @Sendable (Double?, Int) -> Void
  ) async throws -> [SimulatedCandidate] {
    let settled = SettledCount()
    let simulator = BrainSimulator(
      session: session, record: record, options: options,
      tell: { news in
        switch news {
        case .settled: progress(nil, settled.next())
        case .progress(_, let share) where candidates.count == 1: progress(share, 0)
        case .submitted, .noRoom, .progress: break
        }
      })
    let outcomes = try await simulator.simulate(candidates.map(\.candidate))
    let alphas = BrainAlphas(session: session)
    var results: [SimulatedCandidate] = []
    for (queued, outcome) in zip(candidates, outcomes) {
      switch outcome {
      case .simulated(let id, _, _):
        let alpha = try await alphas.alpha(id)
        let (tables, missing) = wantsTables ? await Self.tables(of: id, alphas) : ([], nil)
        results.append(
          .simulated(
            AlphaResult(
              queued.candidate, alphaID: id, metrics: SummaryMetrics(alpha.inSample),
              document: alpha.document, at: session.effects.now()), tables: tables,
            missing: missing))
      case .notSent(let failure): throw failure
      case .failed(let message, _):
        results.append(.failed(code: "simulation_failed", detail: message))
      case .refused(let reasons):
        results.append(.failed(code: "refused", detail: reasons.joined(separator: " ")))
      case .unknown(_, let reason):
        results.append(
          .failed(
            code: "outcome_unknown",
            detail: "Nobody knows whether BRAIN took it: \(reason)."))
      case .running(let location, let reason):
        results.append(
          .failed(code: "still_running", detail: "It runs at \(location): \(reason)"))
      }
    }
    return results
  }

  /// Fetches what tables an alpha has; what keeps them away loses no result.
  private static func tables(
    of id: String, _ alphas: BrainAlphas
  ) async -> ([RecordsetFolder.Table], String?) {
    var tables: [RecordsetFolder.Table] = []
    do throws(BrainFailure) {
      for name in try await alphas.recordSetNames(id) {
        if let table = try await alphas.recordSet(name, of: id) {
          tables.append(RecordsetFolder.Table(name: name, document: table.document))
        }
      }
    } catch {
      return (tables, error.explanation)
    }
    return (tables, tables.isEmpty ? "BRAIN gave no table of \(id)." : nil)
  }
}

extension SummaryMetrics {
  /// Takes what BRAIN computed of the whole sample.
  fileprivate init(_ metrics: BrainAlpha.Metrics?) {
    self.init(
      sharpe: metrics?.sharpe, fitness: metrics?.fitness, turnover: metrics?.turnover,
      drawdown: metrics?.drawdown)
    returns = metrics?.returns
    margin = metrics?.margin
  }
}

/// Counts what threads have settled.
private final class SettledCount: Sendable {
  private let count = Atomic<Int>(0)

  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
