extension WorldPolicy {
  /// The measures that a decision under the policy asks for, in the order of their names: those of
  /// gates, of robustness, of `keep` and of the score.
  package var measures: [MetricName] {
    var names: Set<MetricName> = []
    entryGate.forEachExpression { $0.collect(into: &names) }
    selection.keep?.forEachExpression { $0.collect(into: &names) }
    selection.score.collect(into: &names)
    return names.sorted()
  }

  /// Whether more knowledge of one instance can only settle what is unknown, and says nothing of
  /// another: so it is where no function asks what is known or compares instances.
  package var isMonotoneInKnowledge: Bool {
    var isMonotone = !selection.score.asksWhatIsKnown
    for gate in [entryGate, selection.keep ?? .open] {
      gate.forEachExpression { isMonotone = isMonotone && !$0.asksWhatIsKnown }
    }
    return isMonotone
  }
}

extension PolicyGate {
  /// The measures without which it decides nothing, in the order of their names: those that no
  /// `known` and no `coalesce` asks for.
  var measuresNeeded: [MetricName] {
    var names: Set<MetricName> = []
    forEachExpression { $0.collectNeeded(into: &names) }
    return names.sorted()
  }

  fileprivate func forEachExpression(_ body: (PolicyExpression) -> Void) {
    switch self {
    case .expression(let expression): body(expression)
    case .and(let parts), .or(let parts):
      for part in parts { part.forEachExpression(body) }
    case .not(let part): part.forEachExpression(body)
    case .side(let long, let short):
      long?.forEachExpression(body)
      short?.forEachExpression(body)
    }
  }
}

extension PolicyExpression {
  private var parts: [PolicyExpression] {
    switch self {
    case .number, .duration, .boolean, .metric: []
    case .negative(let part), .not(let part): [part]
    case .binary(_, let left, let right): [left, right]
    case .within(let value, let low, let high): [value, low, high]
    case .call(_, let arguments): arguments
    }
  }

  fileprivate func collect(into names: inout Set<MetricName>) {
    if case .metric(let name) = self { names.insert(name) }
    for part in parts { part.collect(into: &names) }
  }

  fileprivate func collectNeeded(into names: inout Set<MetricName>) {
    switch self {
    case .metric(let name): names.insert(name)
    case .call(.known, _), .call(.coalesce, _): break
    default: for part in parts { part.collectNeeded(into: &names) }
    }
  }

  fileprivate var asksWhatIsKnown: Bool {
    if case .call(let function, _) = self,
      function.isCrossSectional || function == .known || function == .coalesce
    {
      return true
    }
    return parts.contains(where: \.asksWhatIsKnown)
  }
}
