import Essentials

/// The bounds that everything which passes a gate certainly keeps: comparisons of a measure with a
/// number that no `or` and no `not` weakens.
struct GateBounds {
  /// One bound of a measure.
  struct Bound: Hashable, CustomStringConvertible {
    var metric: MetricName
    /// Whether it is the least that is allowed.
    var isLower: Bool
    var limit: Double
    /// Whether the limit itself is excluded.
    var isOpen: Bool

    func isComparable(with other: Bound) -> Bool {
      metric == other.metric && isLower == other.isLower
    }

    /// Whether it excludes something that the other lets pass.
    func isStricter(than other: Bound) -> Bool {
      if limit != other.limit { return isLower ? limit > other.limit : limit < other.limit }
      return isOpen && !other.isOpen
    }

    var description: String {
      let sign = (isLower ? ">" : "<") + (isOpen ? "" : "=")
      return "\(metric) \(sign) \(JSONValue.number(limit).compactText)"
    }
  }

  /// At most one for each measure and direction, the strictest; in the order of the gate.
  private(set) var bounds: [Bound] = []

  /// Collects the bounds of a gate for one side. Cost: linear in the gate.
  init(of gate: PolicyGate, side: TradingSide) {
    collect(gate, side)
    var places: [[String]: Int] = [:]
    var strictest: [Bound] = []
    for bound in bounds {
      let key = [bound.metric.description, bound.isLower ? ">" : "<"]
      if let place = places[key] {
        if bound.isStricter(than: strictest[place]) { strictest[place] = bound }
      } else {
        places[key] = strictest.count
        strictest.append(bound)
      }
    }
    bounds = strictest
  }

  /// A measure whose bounds exclude each other, where there is one.
  var impossible: MetricName? {
    let uppers = Dictionary(
      uniqueKeysWithValues: bounds.lazy.filter { !$0.isLower }.map { ($0.metric, $0) })
    return bounds.first { lower in
      guard lower.isLower, let upper = uppers[lower.metric] else { return false }
      return lower.limit > upper.limit
        || lower.limit == upper.limit && (lower.isOpen || upper.isOpen)
    }?.metric
  }

  private mutating func collect(_ gate: PolicyGate, _ side: TradingSide) {
    switch gate {
    case .expression(let expression): collect(expression)
    case .and(let parts): for part in parts { collect(part, side) }
    case .side(let long, let short):
      if let part = side == .long ? long : short { collect(part, side) }
    case .or, .not: break
    }
  }

  private mutating func collect(_ expression: PolicyExpression) {
    switch expression {
    case .binary(.and, let left, let right):
      collect(left)
      collect(right)
    case .binary(let operation, .metric(let metric), let limit):
      add(metric, operation, Self.constant(limit))
    case .binary(let operation, let limit, .metric(let metric)):
      add(metric, Self.mirrored(operation), Self.constant(limit))
    case .within(.metric(let metric), let low, let high):
      add(metric, .greaterOrEqual, Self.constant(low))
      add(metric, .lessOrEqual, Self.constant(high))
    default: break
    }
  }

  private mutating func add(_ metric: MetricName, _ operation: PolicyOperator, _ limit: Double?) {
    guard let limit else { return }
    switch operation {
    case .less, .lessOrEqual:
      bounds.append(
        Bound(metric: metric, isLower: false, limit: limit, isOpen: operation == .less))
    case .greater, .greaterOrEqual:
      bounds.append(
        Bound(metric: metric, isLower: true, limit: limit, isOpen: operation == .greater))
    default: break
    }
  }

  private static func constant(_ expression: PolicyExpression) -> Double? {
    switch expression {
    case .number(let value): value
    case .negative(.number(let value)): -value
    case .duration(let span): span.seconds
    default: nil
    }
  }

  private static func mirrored(_ operation: PolicyOperator) -> PolicyOperator {
    switch operation {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: operation
    }
  }
}
