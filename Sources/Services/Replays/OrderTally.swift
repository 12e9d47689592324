import Markets

/// Counts what a trader sent, what was filled, and how orders ended.
struct OrderTally: Sendable {
  private(set) var orders = 0
  private(set) var fills = 0
  private var endings: [String: Int] = [:]

  /// Takes in what was sent or heard.
  mutating func take(_ note: TradeNote) {
    switch note {
    case .wanted(let wish, _):
      if case .submit = wish.directive { orders += 1 }
    case .heard(let report, _):
      if report.price != nil { fills += 1 }
      if let end = report.end { endings[Self.key(end), default: 0] += 1 }
    }
  }

  /// The cause in snake_case.
  private static func key(_ end: OrderEnd) -> String {
    end.rawValue.reduce(into: "") { key, letter in
      key += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
    }
  }

  /// The most frequent first.
  var endedOrders: [RefusalCount] {
    RefusalCount.sorted(endings.map { RefusalCount($0.key, $0.value) })
  }
}
