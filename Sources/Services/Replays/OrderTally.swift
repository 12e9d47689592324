import Markets

/// Counts what a trader sent, what was filled, and what was refused.
struct OrderTally: Sendable {
  private(set) var orders = 0
  private(set) var fills = 0
  private var gates: [String: Int] = [:]
  private var endings: [String: Int] = [:]

  /// Takes in what was sent or heard.
  mutating func take(_ note: TradeNote) {
    switch note {
    case .wanted(let wish, _):
      if case .submit = wish.directive { orders += 1 }
    case .heard(let report, _):
      if report.price != nil { fills += 1 }
      if let end = report.end { endings[end.rawValue, default: 0] += 1 }
    }
  }

  /// Takes in a decision; only refusals count.
  mutating func take(_ decision: ReplayDecision) {
    guard decision.kind == .refused else { return }
    gates[decision.reason, default: 0] += 1
  }

  /// The most frequent first.
  var refusedEntries: [ReplayReport.Refusals] { Self.sorted(gates) }
  /// The most frequent first.
  var endedOrders: [ReplayReport.Refusals] { Self.sorted(endings) }

  private static func sorted(_ counts: [String: Int]) -> [ReplayReport.Refusals] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      ReplayReport.Refusals(reason: $0.key, count: $0.value)
    }
  }
}
