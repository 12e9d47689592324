import Essentials

/// A policy with one thing changed, as a slip of the pen might have: what good cases notice.
///
/// Mutation analysis: R. DeMillo, R. Lipton and F. Sayward, "Hints on Test Data Selection", IEEE
/// Computer 11 (1978). Operators of four kinds: a threshold is moved, a comparison changes its edge or
/// its direction, a demand is left out, a count is off by one.
///
/// Left out is what provably decides like the policy itself, since no case could tell it apart:
/// samples demanded of a measure that nobody asks for, more places in total than both sides have
/// together, and a limit that is loosened where budgets or another limit are tighter anyway.
package struct PolicyMutant: Hashable, Sendable {
  /// Where and what, such as `selection.gates[0]: sharpe@mid >= 0.6 becomes >`.
  package let change: String
  package let policy: WorldPolicy

  /// All mutants of a policy, in the order of the document.
  package static func all(of policy: WorldPolicy) -> [PolicyMutant] {
    var mutants: [PolicyMutant] = []
    func note(_ change: String, _ edit: (inout WorldPolicy) -> Void) {
      var copy = policy
      edit(&copy)
      if copy != policy { mutants.append(PolicyMutant(change: change, policy: copy)) }
    }
    func later(_ name: String, _ path: WritableKeyPath<WorldPolicy, TimeSpan>) {
      let span = policy[keyPath: path]
      let longer = TimeSpan(milliseconds: max(1000, 2 * span.milliseconds))
      note("\(name): \(span) becomes \(longer)") { $0[keyPath: path] = longer }
      note("\(name): \(span) becomes 0s") { $0[keyPath: path] = .zero }
    }
    func counted(_ name: String, _ path: WritableKeyPath<WorldPolicy, Int>, from least: Int) {
      let count = policy[keyPath: path]
      for other in [count - 1, count + 1] where other >= least {
        note("\(name): \(count) becomes \(other)") { $0[keyPath: path] = other }
      }
    }
    func moved(_ name: String, _ value: Double?, _ set: (inout WorldPolicy, Double?) -> Void) {
      guard let value else { return }
      for other in [value * 0.5, value * 2] {
        note("\(name): \(value) becomes \(other)") { set(&$0, other) }
      }
      note("\(name) is left out") { set(&$0, nil) }
    }
    // `most` is what the limited sum can reach at all.
    func limit(
      _ name: String, _ path: WritableKeyPath<WorldPolicy, Double?>, reaching most: Double? = nil
    ) {
      guard let bound = policy[keyPath: path] else { return }
      let isIdle = most.map { bound + Roster.tolerance >= $0 } ?? false
      moved("risk.limits.\(name)", bound) { policy, other in
        if isIdle, other.map({ $0 > bound }) ?? true { return }
        policy[keyPath: path] = other
      }
    }

    note("allow_live: \(policy.allowsLive) becomes \(!policy.allowsLive)") {
      $0.allowsLive.toggle()
    }
    later("data_currency.max_lag", \.currency.lagMax)
    later("data_currency.min_history", \.currency.historyMin)
    later("data_currency.halt_after", \.currency.haltAfter)
    let asked = Set(policy.measures.map(\.base))
    for (place, rule) in policy.metrics.samples.enumerated() where asked.contains(rule.metric) {
      note("metrics.samples.\(rule.metric) is left out") { $0.metrics.samples.remove(at: place) }
    }
    let robustness = policy.robustness
    moved("robustness.deflated_sharpe.min", robustness.deflatedSharpe?.min) { policy, bound in
      if let bound {
        policy.robustness.deflatedSharpe?.min = bound
      } else {
        policy.robustness.deflatedSharpe = nil
      }
    }
    moved("robustness.purged_cv.min_mean_sharpe", robustness.purgedFolds?.meanSharpeMin) {
      $0.robustness.purgedFolds?.meanSharpeMin = $1
    }
    moved("robustness.purged_cv.max_std", robustness.purgedFolds?.deviationMax) {
      $0.robustness.purgedFolds?.deviationMax = $1
    }
    moved("robustness.walk_forward.min_positive", robustness.walkForward?.positiveMin) {
      $0.robustness.walkForward?.positiveMin = $1
    }
    for (change, gate) in policy.selection.gates.mutants(at: "selection.gates") {
      note(change) { $0.selection.gates = gate }
    }
    if let keep = policy.selection.keep {
      for (change, gate) in keep.mutants(at: "selection.keep") {
        note(change) { $0.selection.keep = gate }
      }
      note("selection.keep is left out") { $0.selection.keep = nil }
    }
    for (change, score) in policy.selection.score.mutants {
      note("selection.score: \(change)") { $0.selection.score = score }
    }
    let topK = policy.selection.topK
    let usable = topK.spills ? Int.max : topK.long + topK.short
    for other in [topK.total - 1, topK.total + 1]
    where other >= 0 && min(other, usable) != min(topK.total, usable) {
      note("selection.topk.total: \(topK.total) becomes \(other)") {
        $0.selection.topK.total = other
      }
    }
    counted("selection.topk.by_side.long", \.selection.topK.long, from: 0)
    counted("selection.topk.by_side.short", \.selection.topK.short, from: 0)
    note("selection.topk.spill becomes \(!policy.selection.topK.spills)") {
      $0.selection.topK.spills.toggle()
    }
    if let correlation = policy.selection.correlation {
      moved("selection.correlation.max_pairwise", correlation.pairwiseMax) { policy, bound in
        if let bound {
          policy.selection.correlation?.pairwiseMax = bound
        } else {
          policy.selection.correlation = nil
        }
      }
      note("selection.correlation.missing changes") {
        $0.selection.correlation?.missing = correlation.missing == .allow ? .reject : .allow
      }
      note("selection.correlation.measure changes") {
        $0.selection.correlation?.measure = correlation.measure == .abs ? .signed : .abs
      }
    }
    if policy.selection.clusters != nil {
      note("selection.clusters is left out") { $0.selection.clusters = nil }
    }
    if let count = policy.selection.constraints.perStrategy {
      note("selection.constraints.per_strategy: \(count) becomes \(count + 1)") {
        $0.selection.constraints.perStrategy = count + 1
      }
    }
    if let count = policy.selection.constraints.perVenue {
      note("selection.constraints.per_venue: \(count) becomes \(count + 1)") {
        $0.selection.constraints.perVenue = count + 1
      }
    }
    counted("selection.hysteresis.promote_after", \.selection.hysteresis.promoteAfter, from: 1)
    counted("selection.hysteresis.demote_after", \.selection.hysteresis.demoteAfter, from: 1)
    later("selection.hysteresis.min_dwell", \.selection.hysteresis.dwellMin)
    later("selection.hysteresis.cooldown", \.selection.hysteresis.cooldown)
    note("selection.hysteresis.rank_margin grows by 0.1") {
      $0.selection.hysteresis.rankMargin += 0.1
    }
    if case .manual = policy.selection.approval {
      note("selection.approval becomes auto") { $0.selection.approval = .auto }
    }
    for side in TradingSide.allCases {
      note("risk.budgets.gross.\(side.rawValue) is halved") {
        if side == .long { $0.risk.budgets.long /= 2 } else { $0.risk.budgets.short /= 2 }
      }
    }
    // A side holds no more than its budget.
    let (long, short) = (policy.risk.budgets.long, policy.risk.budgets.short)
    limit("gross", \.risk.limits.gross, reaching: long + short)
    limit("net", \.risk.limits.net, reaching: max(long, short))
    limit("side.long", \.risk.limits.long, reaching: long)
    limit("side.short", \.risk.limits.short, reaching: short)
    limit("per_symbol", \.risk.limits.perSymbol)
    limit("per_sector", \.risk.limits.perSector)
    limit("per_exchange", \.risk.limits.perExchange)
    limit("leverage", \.risk.limits.leverage)
    limit("margin_used", \.risk.limits.marginUsed)
    // Both are multiples of one deviation, so each keeps the other below a share of its own limit.
    let ratio = RiskScaling.deviationsOfVaR99 / RiskScaling.deviationsOfES975
    limit(
      "var_99_1d", \.risk.limits.valueAtRisk99,
      reaching: policy.risk.limits.expectedShortfall975.map { $0 * ratio })
    limit(
      "es_975_1d", \.risk.limits.expectedShortfall975,
      reaching: policy.risk.limits.valueAtRisk99.map { $0 / ratio })
    return mutants
  }
}

extension PolicyGate {
  /// The gate with one thing changed, each with what was changed.
  fileprivate func mutants(at path: String) -> [(change: String, gate: PolicyGate)] {
    switch self {
    case .expression(let expression):
      return expression.mutants.map { ("\(path): \($0.change)", .expression($0.expression)) }
    case .and(let parts):
      return Self.parts(parts, at: path, PolicyGate.and)
        + (parts.count > 1 ? [("\(path): all of becomes any of", .or(parts))] : [])
    case .or(let parts):
      return Self.parts(parts, at: path, PolicyGate.or)
        + (parts.count > 1 ? [("\(path): any of becomes all of", .and(parts))] : [])
    case .not(let part):
      return [("\(path): not is left out", part)]
        + part.mutants(at: "\(path).not").map { ($0.change, .not($0.gate)) }
    case .side(let long, let short):
      var mutants: [(change: String, gate: PolicyGate)] = []
      if let long {
        mutants.append(("\(path).side.long is left out", .side(long: nil, short: short)))
        mutants += long.mutants(at: "\(path).side.long").map {
          ($0.change, .side(long: $0.gate, short: short))
        }
      }
      if let short {
        mutants.append(("\(path).side.short is left out", .side(long: long, short: nil)))
        mutants += short.mutants(at: "\(path).side.short").map {
          ($0.change, .side(long: long, short: $0.gate))
        }
      }
      return mutants
    }
  }

  private static func parts(
    _ parts: [PolicyGate], at path: String, _ make: ([PolicyGate]) -> PolicyGate
  ) -> [(change: String, gate: PolicyGate)] {
    parts.indices.flatMap { place -> [(change: String, gate: PolicyGate)] in
      let name = "\(path)[\(place)]"
      var without = parts
      without.remove(at: place)
      return [("\(name) is left out", make(without))]
        + parts[place].mutants(at: name).map { change, gate in
          var changed = parts
          changed[place] = gate
          return (change, make(changed))
        }
    }
  }
}

extension PolicyExpression {
  /// The expression with one thing changed, each with what was changed.
  fileprivate var mutants: [(change: String, expression: PolicyExpression)] {
    typealias Mutants = [(change: String, expression: PolicyExpression)]
    func within(
      _ part: PolicyExpression, _ make: (PolicyExpression) -> PolicyExpression
    ) -> Mutants {
      part.mutants.map { ($0.change, make($0.expression)) }
    }
    switch self {
    case .metric: return []
    case .boolean(let flag): return [("\(flag) becomes \(!flag)", .boolean(!flag))]
    case .number(let value):
      // Where a bound is 0, twice as much is no other bound.
      let others = value == 0 ? [0.1, -0.1] : [value * 0.8, value * 1.25]
      return others.map { ("\(value) becomes \($0)", .number($0)) }
    case .duration(let span):
      let longer = TimeSpan(milliseconds: 2 * span.milliseconds)
      return [("\(span) becomes \(longer)", .duration(longer))]
    case .negative(let part):
      return [("a sign is left out", part)] + within(part) { .negative($0) }
    case .not(let part):
      return [("not is left out", part)] + within(part) { .not($0) }
    case .within(let value, let low, let high):
      return within(value) { .within($0, low, high) } + within(low) { .within(value, $0, high) }
        + within(high) { .within(value, low, $0) }
    case .call(let function, let arguments):
      return arguments.indices.flatMap { place in
        arguments[place].mutants.map { change, argument in
          var changed = arguments
          changed[place] = argument
          return (change, .call(function, changed))
        }
      }
    case .binary(let operation, let left, let right):
      return operation.mutants.map {
        ("\(operation.rawValue) becomes \($0.rawValue)", .binary($0, left, right))
      } + within(left) { .binary(operation, $0, right) }
        + within(right) { .binary(operation, left, $0) }
    }
  }
}

extension PolicyOperator {
  /// What might have been written in its place.
  fileprivate var mutants: [PolicyOperator] {
    switch self {
    case .or: [.and]
    case .and: [.or]
    case .less: [.lessOrEqual, .greater]
    case .lessOrEqual: [.less, .greater]
    case .greater: [.greaterOrEqual, .less]
    case .greaterOrEqual: [.greater, .less]
    case .equal: [.unequal]
    case .unequal: [.equal]
    case .plus: [.minus]
    case .minus: [.plus]
    case .times: [.over]
    case .over: [.times]
    case .power: [.times]
    }
  }
}
