import Essentials
import Worlds

/// What the last decisions of worlds saw, kept since reading it back takes long.
final class WorldReadings: Sendable {
  private let desk: WorldDesk
  /// A decision of a thousand instances with all their correlations takes some ten megabytes.
  private let decisions = OnceCache<String, WorldDesk.PastDecision>(valuesMax: 6)
  private let measures = OnceCache<String, [String: JSONValue]>(valuesMax: 16)

  init(desk: WorldDesk) {
    self.desk = desk
  }

  /// The last decision of a cycle of a world whose state is given.
  func decision(_ cycle: Int, in state: WorldState) throws -> WorldDesk.PastDecision {
    // Only the present cycle can be decided once more.
    let seq = cycle == state.cycle ? state.evaluation?.seq ?? 0 : 0
    return try decisions.value("\(state.world)\n\(cycle)\n\(seq)") {
      try desk.decision(of: state.world, cycle: cycle)
    }
  }

  /// The measures of instances that the last decision saw, by id; empty before the first.
  func measures(of state: WorldState) throws -> [String: JSONValue] {
    guard let evaluation = state.evaluation else { return [:] }
    return try measures.value("\(state.world)\n\(evaluation.seq)") {
      Self.measures(try decision(evaluation.cycle, in: state))
    }
  }

  private static func measures(_ decision: WorldDesk.PastDecision) -> [String: JSONValue] {
    let snapshot = decision.snapshot
    let catalog = MetricCatalog(external: decision.policy.metrics.external)
    let evaluation = ExpressionEvaluation(snapshot, under: decision.policy)
    var members = [[JSONValue.Member]](repeating: [], count: snapshot.instances.count)
    for column in snapshot.evidence.columns {
      let known = evaluation.values(of: column.name)
      // Lengths of time are told in milliseconds wherever they are told.
      let isSpan = catalog.meaning(of: column.name.base)?.unit == .duration
      let name = column.name.description
      for row in members.indices {
        func counted(_ values: [Double]) -> JSONValue {
          values.isEmpty || !values[row].isFinite ? .null : .number(values[row])
        }
        let value = column.values[row] * (isSpan ? 1000 : 1)
        members[row].append(
          .init(
            name,
            [
              "value": value.isFinite ? .number(value) : .null, "days": counted(column.days),
              "trades": counted(column.trades), "bars": counted(column.bars),
              "known": .bool(known[row].isFinite),
            ]))
      }
    }
    return Dictionary(
      zip(snapshot.instances, members).map { ($0.id, .object($1)) },
      uniquingKeysWith: { first, _ in first })
  }
}
