import Essentials
import Mathematics

@testable import Worlds

/// What formulas come to for one instance, by recursion: the oracle of evaluation by columns.
struct PlainEvaluation {
  let snapshot: WorldSnapshot
  let policy: WorldPolicy

  /// Nil is unknown.
  func truth(_ gate: PolicyGate, of row: Int) -> Bool? {
    switch gate {
    case .expression(let expression): return truth(expression, of: row)
    case .and(let parts):
      let truths = parts.map { truth($0, of: row) }
      return truths.contains(false) ? false : truths.contains(nil) ? nil : true
    case .or(let parts):
      let truths = parts.map { truth($0, of: row) }
      return truths.contains(true) ? true : truths.contains(nil) ? nil : false
    case .not(let part): return truth(part, of: row).map { !$0 }
    case .side(let long, let short):
      let part = snapshot.instances[row].side == .long ? long : short
      return part.map { truth($0, of: row) } ?? true
    }
  }

  func truth(_ expression: PolicyExpression, of row: Int) -> Bool? {
    switch expression {
    case .boolean(let value): return value
    case .not(let operand): return truth(operand, of: row).map { !$0 }
    case .binary(.and, let left, let right):
      return truth(.and([.expression(left), .expression(right)]), of: row)
    case .binary(.or, let left, let right):
      return truth(.or([.expression(left), .expression(right)]), of: row)
    case .binary(let operation, let left, let right):
      guard let left = number(left, of: row), let right = number(right, of: row) else {
        return nil
      }
      switch operation {
      case .less: return left < right
      case .lessOrEqual: return left <= right
      case .greater: return left > right
      case .greaterOrEqual: return left >= right
      case .equal: return left == right
      case .unequal: return left != right
      default: return nil
      }
    case .within(let operand, let low, let high):
      guard let value = number(operand, of: row), let low = number(low, of: row),
        let high = number(high, of: row)
      else { return nil }
      return low <= value && value <= high
    case .call(.known, let arguments):
      switch arguments[0] {
      case .boolean, .not, .within, .call(.known, _):
        return truth(arguments[0], of: row) != nil
      case .binary(let operation, _, _) where !Self.arithmetic.contains(operation):
        return truth(arguments[0], of: row) != nil
      default: return number(arguments[0], of: row) != nil
      }
    default: return nil
    }
  }

  private static let arithmetic: [PolicyOperator] = [.plus, .minus, .times, .over, .power]

  func number(_ expression: PolicyExpression, of row: Int) -> Double? {
    guard let value = rawNumber(expression, of: row), value.isFinite else { return nil }
    return value
  }

  private func rawNumber(_ expression: PolicyExpression, of row: Int) -> Double? {
    switch expression {
    case .number(let value): return value
    case .duration(let span): return span.seconds
    case .metric(let name): return measure(name, of: row)
    case .negative(let operand): return number(operand, of: row).map { -$0 }
    case .binary(let operation, let left, let right):
      guard let left = number(left, of: row), let right = number(right, of: row) else {
        return nil
      }
      switch operation {
      case .plus: return left + right
      case .minus: return left - right
      case .times: return left * right
      case .over: return left / right
      case .power: return Elementary.pow(left, right)
      default: return nil
      }
    case .call(let function, let arguments): return call(function, arguments, of: row)
    case .boolean, .not, .within: return nil
    }
  }

  private func measure(_ name: MetricName, of row: Int) -> Double? {
    guard let column = snapshot.evidence.columns.first(where: { $0.name == name }) else {
      guard name.description == "phase_age" else { return nil }
      return (snapshot.at - snapshot.instances[row].phaseSince).seconds
    }
    if let rule = policy.metrics.samples.first(where: { $0.metric == name.base }) {
      func isShort(_ least: Double?, _ counted: [Double]) -> Bool {
        guard let least else { return false }
        return counted.isEmpty || counted[row].isNaN || counted[row] < least
      }
      if isShort(rule.daysMin, column.days) || isShort(rule.tradesMin, column.trades)
        || isShort(rule.barsMin, column.bars)
      {
        return nil
      }
    }
    return column.values[row]
  }

  private func call(
    _ function: PolicyFunction, _ arguments: [PolicyExpression], of row: Int
  ) -> Double? {
    let values = arguments.map { number($0, of: row) }
    if function == .coalesce { return values.compactMap { $0 }.first }
    if function.isCrossSectional { return compare(function, arguments[0], of: row) }
    guard !values.contains(nil) else { return nil }
    let known = values.map { $0! }
    switch function {
    case .min: return known.min()
    case .max: return known.max()
    case .abs: return abs(known[0])
    case .sqrt: return known[0].squareRoot()
    case .log: return Elementary.log(known[0])
    case .exp: return Elementary.exp(known[0])
    case .clip: return known[1] > known[2] ? nil : min(max(known[0], known[1]), known[2])
    case .coalesce, .known, .rank, .pctile, .zscore: return nil
    }
  }

  private func compare(
    _ function: PolicyFunction, _ argument: PolicyExpression, of row: Int
  ) -> Double? {
    let own = snapshot.instances[row]
    guard own.phase == .dryrun || own.phase == .live, let value = number(argument, of: row) else {
      return nil
    }
    var universe: [Double] = []
    for (other, instance) in snapshot.instances.enumerated()
    where instance.side == own.side && (instance.phase == .dryrun || instance.phase == .live) {
      if let value = number(argument, of: other) { universe.append(value) }
    }
    guard universe.count >= policy.selection.universeMin else { return nil }
    let count = Double(universe.count)
    let larger = Double(universe.filter { $0 > value }.count)
    let equal = Double(universe.filter { $0 == value }.count)
    let rank = larger + (equal + 1) / 2
    switch function {
    case .rank: return rank
    case .pctile: return (count - rank) / (count - 1)
    default:
      let mean = universe.reduce(0, +) / count
      let squares = universe.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
      return (value - mean) / (squares / (count - 1)).squareRoot()
    }
  }
}
