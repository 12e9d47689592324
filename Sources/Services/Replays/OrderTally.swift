import Markets

/// Counts what a trader sent, what was filled, and how orders ended.
struct OrderTally: Sendable {
  private(set) var orders = 0
  private(set) var fills = 0
  private var endings: [OrderEnd: Int] = [:]

  /// Takes in what was sent or heard.
  mutating func take(_ note: TradeNote) {
    switch note {
    case .wanted(let wish, _):
      if case .submit = wish.directive { orders += 1 }
    case .heard(let report, _):
      if report.price != nil { fills += 1 }
      if let end = report.end { endings[end, default: 0] += 1 }
    }
  }

  /// The cause in snake_case.
  private static func key(_ end: OrderEnd) -> String {
    end.rawValue.reduce(into: "") { key, letter in
      key += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
    }
  }

  /// The most frequent first.
  var endedOrders: [RefusalCount] { counts { _ in true } }

  /// What the venue did not take; an order that its sender withdrew, or whose position was over before
  /// it, is no refusal. The most frequent first.
  var refusedOrders: [RefusalCount] { counts { $0 != .bySender && $0 != .nothingToReduce } }

  private func counts(where isCounted: (OrderEnd) -> Bool) -> [RefusalCount] {
    RefusalCount.sorted(
      endings.filter { isCounted($0.key) }.map { RefusalCount(Self.key($0.key), $0.value) })
  }
}
