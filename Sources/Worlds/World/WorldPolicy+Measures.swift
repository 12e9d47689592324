extension WorldPolicy {
  /// The measures that its gates, demands and scores read, in the order of their names.
  package var measures: [MetricName] {
    var names: Set<MetricName> = []
    entryGate.collect(into: &names)
    selection.keep?.collect(into: &names)
    selection.score.collect(into: &names)
    return names.sorted()
  }
}

extension PolicyGate {
  fileprivate func collect(into names: inout Set<MetricName>) {
    switch self {
    case .expression(let expression): expression.collect(into: &names)
    case .and(let gates), .or(let gates): for gate in gates { gate.collect(into: &names) }
    case .not(let gate): gate.collect(into: &names)
    case .side(let long, let short):
      long?.collect(into: &names)
      short?.collect(into: &names)
    }
  }
}

extension PolicyExpression {
  fileprivate func collect(into names: inout Set<MetricName>) {
    switch self {
    case .number, .duration, .boolean: break
    case .metric(let name): names.insert(name)
    case .negative(let inner), .not(let inner): inner.collect(into: &names)
    case .binary(_, let left, let right):
      left.collect(into: &names)
      right.collect(into: &names)
    case .within(let value, let low, let high):
      for part in [value, low, high] { part.collect(into: &names) }
    case .call(_, let parts): for part in parts { part.collect(into: &names) }
    }
  }
}
