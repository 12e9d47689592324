import Essentials
import Mathematics

/// What formulas over measures come to, for all instances of a snapshot at once.
///
/// A column of numbers has NaN where the value is unknown and never an infinity. Durations, and
/// measures that are durations, count in seconds. `phase_age` is known from the snapshot itself
/// where the evidence has no column of that name. Cost: one pass over the instances for each node
/// of a formula, a sort for `rank` and `pctile`.
package struct ExpressionEvaluation {
  private let snapshot: WorldSnapshot
  private let samples: [MetricRules.SampleRule]
  private let universeMin: Int

  /// Evaluates over the evidence of a snapshot under the rules of samples and universe of a policy.
  package init(_ snapshot: WorldSnapshot, under policy: WorldPolicy) {
    self.snapshot = snapshot
    samples = policy.metrics.samples
    universeMin = policy.selection.universeMin
  }

  private var count: Int { snapshot.instances.count }

  /// Returns a condition's truth for each instance.
  package func truths(_ gate: PolicyGate) -> [Truth] {
    switch gate {
    case .expression(let expression): return truths(expression)
    case .and(let parts):
      return parts.reduce(into: [Truth](repeating: .yes, count: count)) { sum, part in
        Self.combine(&sum, truths(part)) { $0 && $1 }
      }
    case .or(let parts):
      return parts.reduce(into: [Truth](repeating: .no, count: count)) { sum, part in
        Self.combine(&sum, truths(part)) { $0 || $1 }
      }
    case .not(let part): return truths(part).map { !$0 }
    case .side(let long, let short):
      let long = long.map(truths)
      let short = short.map(truths)
      return snapshot.instances.indices.map { row in
        (snapshot.instances[row].side == .long ? long : short)?[row] ?? .yes
      }
    }
  }

  /// Returns the value of a formula for each instance; all NaN where the formula is a condition.
  package func numbers(_ expression: PolicyExpression) -> [Double] {
    if case .numbers(let values) = column(expression) { return values }
    return [Double](repeating: .nan, count: count)
  }

  /// Returns the truth of a formula for each instance; all unknown where the formula is a number.
  package func truths(_ expression: PolicyExpression) -> [Truth] {
    if case .truths(let values) = column(expression) { return values }
    return [Truth](repeating: .unknown, count: count)
  }

  private enum Column {
    case numbers([Double])
    case truths([Truth])
  }

  private func column(_ expression: PolicyExpression) -> Column {
    switch expression {
    case .number(let value):
      return .numbers([Double](repeating: value.isFinite ? value : .nan, count: count))
    case .duration(let span):
      return .numbers([Double](repeating: span.seconds, count: count))
    case .boolean(let value):
      return .truths([Truth](repeating: Truth(value), count: count))
    case .metric(let name): return .numbers(values(of: name))
    case .negative(let operand): return .numbers(numbers(operand).map { -$0 })
    case .not(let operand): return .truths(truths(operand).map { !$0 })
    case .binary(let operation, let left, let right):
      return combined(operation, left, right)
    case .within(let operand, let low, let high):
      var sum = truths(.binary(.greaterOrEqual, operand, low))
      let upper = truths(.binary(.lessOrEqual, operand, high))
      // One comparison of three operands: unknown as soon as one of them is.
      for row in sum.indices {
        sum[row] =
          sum[row] == .unknown || upper[row] == .unknown ? .unknown : sum[row] && upper[row]
      }
      return .truths(sum)
    case .call(let function, let arguments): return called(function, arguments)
    }
  }

  // MARK: - Measures

  /// The values of a measure; unknown where it rests on less than its rule of samples demands.
  package func values(of name: MetricName) -> [Double] {
    guard let column = snapshot.evidence.column(name) else {
      guard name == Self.phaseAge else { return [Double](repeating: .nan, count: count) }
      return snapshot.instances.map { (snapshot.at - $0.phaseSince).seconds }
    }
    var values = column.values
    for row in values.indices where !values[row].isFinite { values[row] = .nan }
    guard let rule = samples.first(where: { $0.metric == name.base }) else { return values }
    for (least, counted) in [
      (rule.daysMin, column.days), (rule.tradesMin, column.trades), (rule.barsMin, column.bars),
    ] {
      guard let least else { continue }
      // What nobody counted is too little.
      for row in values.indices where counted.isEmpty || !(counted[row] >= least) {
        values[row] = .nan
      }
    }
    return values
  }

  static let phaseAge = MetricName(base: "phase_age")

  // MARK: - Operations

  private static func combine(
    _ sum: inout [Truth], _ other: [Truth], _ operation: (Truth, Truth) -> Truth
  ) {
    for row in sum.indices { sum[row] = operation(sum[row], other[row]) }
  }

  private func combined(
    _ operation: PolicyOperator, _ left: PolicyExpression, _ right: PolicyExpression
  ) -> Column {
    switch operation {
    case .and:
      var sum = truths(left)
      Self.combine(&sum, truths(right)) { $0 && $1 }
      return .truths(sum)
    case .or:
      var sum = truths(left)
      Self.combine(&sum, truths(right)) { $0 || $1 }
      return .truths(sum)
    case .less: return compared(left, right, <)
    case .lessOrEqual: return compared(left, right, <=)
    case .greater: return compared(left, right, >)
    case .greaterOrEqual: return compared(left, right, >=)
    case .equal: return compared(left, right, ==)
    case .unequal: return compared(left, right, !=)
    case .plus: return calculated(left, right, +)
    case .minus: return calculated(left, right, -)
    case .times: return calculated(left, right, *)
    case .over: return calculated(left, right, /)
    case .power: return calculated(left, right, Elementary.pow)
    }
  }

  @inline(__always)
  private func compared(
    _ left: PolicyExpression, _ right: PolicyExpression, _ holds: (Double, Double) -> Bool
  ) -> Column {
    let left = numbers(left)
    let right = numbers(right)
    var truths = [Truth](repeating: .unknown, count: count)
    for row in truths.indices where !left[row].isNaN && !right[row].isNaN {
      truths[row] = Truth(holds(left[row], right[row]))
    }
    return .truths(truths)
  }

  @inline(__always)
  private func calculated(
    _ left: PolicyExpression, _ right: PolicyExpression, _ result: (Double, Double) -> Double
  ) -> Column {
    var values = numbers(left)
    let right = numbers(right)
    for row in values.indices { values[row] = Self.result(result, values[row], right[row]) }
    return .numbers(values)
  }

  /// A power of an unknown base to 0, and of 1 to an unknown exponent, is 1 in IEEE arithmetic and
  /// unknown here.
  @inline(__always)
  private static func result(
    _ operation: (Double, Double) -> Double, _ left: Double, _ right: Double
  ) -> Double {
    guard !left.isNaN, !right.isNaN else { return .nan }
    let value = operation(left, right)
    return value.isFinite ? value : .nan
  }

  // MARK: - Functions

  private func called(_ function: PolicyFunction, _ arguments: [PolicyExpression]) -> Column {
    switch function {
    case .min: return folded(arguments) { Swift.min($0, $1) }
    case .max: return folded(arguments) { Swift.max($0, $1) }
    case .abs: return mapped(arguments, Swift.abs)
    case .sqrt: return mapped(arguments, Elementary.squareRoot)
    case .log: return mapped(arguments) { Elementary.log($0) }
    case .exp: return mapped(arguments, Elementary.exp)
    case .clip:
      guard arguments.count == 3 else { return unknown }
      var values = numbers(arguments[0])
      let low = numbers(arguments[1])
      let high = numbers(arguments[2])
      for row in values.indices {
        let isKnown = !values[row].isNaN && low[row] <= high[row]
        values[row] = isKnown ? Swift.min(Swift.max(values[row], low[row]), high[row]) : .nan
      }
      return .numbers(values)
    case .coalesce:
      guard var values = arguments.first.map(numbers) else { return unknown }
      for argument in arguments.dropFirst() {
        let others = numbers(argument)
        for row in values.indices where values[row].isNaN { values[row] = others[row] }
      }
      return .numbers(values)
    case .known:
      guard let argument = arguments.first else {
        return .truths([Truth](repeating: .no, count: count))
      }
      switch column(argument) {
      case .numbers(let values): return .truths(values.map { Truth(!$0.isNaN) })
      case .truths(let values): return .truths(values.map { Truth($0 != .unknown) })
      }
    case .rank: return acrossSides(arguments, Self.ranks)
    case .pctile: return acrossSides(arguments, Self.shares)
    case .zscore: return acrossSides(arguments, Self.distances)
    }
  }

  private var unknown: Column { .numbers([Double](repeating: .nan, count: count)) }

  private func folded(
    _ arguments: [PolicyExpression], _ operation: (Double, Double) -> Double
  ) -> Column {
    guard var values = arguments.first.map(numbers) else { return unknown }
    for argument in arguments.dropFirst() {
      let others = numbers(argument)
      for row in values.indices { values[row] = Self.result(operation, values[row], others[row]) }
    }
    return .numbers(values)
  }

  private func mapped(
    _ arguments: [PolicyExpression], _ operation: (Double) -> Double
  ) -> Column {
    guard let argument = arguments.first else { return unknown }
    return .numbers(
      numbers(argument).map {
        let value = operation($0)
        return value.isFinite ? value : .nan
      })
  }

  // MARK: - Comparing instances with each other

  /// Those whose evidence is judged are compared with each other, each side by itself.
  private func acrossSides(
    _ arguments: [PolicyExpression], _ compare: ([Double]) -> [Double]
  ) -> Column {
    guard let argument = arguments.first else { return unknown }
    let values = numbers(argument)
    var results = [Double](repeating: .nan, count: count)
    for side in TradingSide.allCases {
      let rows = snapshot.instances.indices.filter { row in
        snapshot.instances[row].side == side && snapshot.instances[row].phase.isJudged
          && !values[row].isNaN
      }
      guard rows.count >= universeMin else { continue }
      for (row, result) in zip(rows, compare(rows.map { values[$0] })) {
        results[row] = result.isFinite ? result : .nan
      }
    }
    return .numbers(results)
  }

  private static func ranks(_ values: [Double]) -> [Double] {
    Ranks.averaged(values.map { -$0 })
  }

  private static func shares(_ values: [Double]) -> [Double] {
    let count = Double(values.count)
    return ranks(values).map { (count - $0) / (count - 1) }
  }

  private static func distances(_ values: [Double]) -> [Double] {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    return values.map { ($0 - mean) / deviation }
  }
}
