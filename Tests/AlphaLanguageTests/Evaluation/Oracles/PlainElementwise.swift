import AlphaLanguage
import Mathematics

extension PlainCall {
  /// Operators whose value depends on the inputs in the same cell alone.
  var elementwise: [[Double]]? {
    if code == .pasteurize {
      return evaluator.everywhere {
        evaluator.isInUniverse($0, $1) ? matrices[0][$0][$1] : .nan
      }
    }
    if code == .tsStep { return evaluator.everywhere { row, _ in number(0) + Double(row) } }
    guard let definition = oneInput ?? twoInputs ?? logical ?? reshaping else { return nil }
    let inputs = matrices
    return evaluator.everywhere { row, column in definition(inputs.map { $0[row][column] }) }
  }

  private typealias Definition = ([Double]) -> Double

  /// Missing where any input is.
  private func spread(_ f: @escaping (Double) -> Double) -> Definition {
    { $0[0].isNaN ? .nan : f($0[0]) }
  }

  private func spread(_ f: @escaping (Double, Double) -> Double) -> Definition {
    { $0[0].isNaN || $0[1].isNaN ? .nan : f($0[0], $0[1]) }
  }

  /// With the option filter a missing input counts as `neutral`.
  private func filtered(
    _ neutral: Double, _ f: @escaping (Double, Double) -> Double
  ) -> Definition {
    guard flag(0) else { return spread(f) }
    return { f($0[0].isNaN ? neutral : $0[0], $0[1].isNaN ? neutral : $0[1]) }
  }

  private var oneInput: Definition? {
    switch code {
    case .abs: return spread { Swift.abs($0) }
    case .inverse: return spread { 1 / $0 }
    case .reverse: return spread { -$0 }
    case .log: return spread { $0 > 0 ? Elementary.log($0) : .nan }
    case .sqrt: return spread { $0 >= 0 ? $0.squareRoot() : .nan }
    case .sign: return spread { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) }
    case .exp: return spread { Elementary.exp($0) }
    case .sigmoid: return spread { 1 / (1 + Elementary.exp(-$0)) }
    case .tanh: return spread { Elementary.tanh($0) }
    case .arcSin: return spread { Swift.abs($0) <= 1 ? Elementary.asin($0) : .nan }
    case .arcCos: return spread { Swift.abs($0) <= 1 ? Elementary.acos($0) : .nan }
    case .arcTan: return spread { Elementary.atan($0) }
    case .fraction:
      return spread { x in
        let part = Swift.abs(x) - Swift.abs(x).rounded(.down)
        return x < 0 ? -part : part
      }
    case .sLog1p:
      return spread { x in
        let size = Elementary.log(onePlus: Swift.abs(x))
        return x < 0 ? -size : size
      }
    case .purify: return spread { $0 }
    case .round: return spread { $0.rounded(.toNearestOrAwayFromZero) }
    case .floor: return spread { $0.rounded(.down) }
    case .ceiling: return spread { $0.rounded(.up) }
    case .roundDown:
      let f = number(0)
      return spread { f * ($0 / f).rounded(.down) }
    case .nanOut:
      let lower = isGiven(0) ? number(0) : -.infinity
      let upper = isGiven(1) ? number(1) : .infinity
      return spread { $0 < lower || $0 > upper ? .nan : $0 }
    case .toNan:
      let value = number(0)
      if flag(1) { return { $0[0].isNaN ? value : $0[0] } }
      return spread { $0 == value ? .nan : $0 }
    case .replace:
      let targets = list(0)
      let replacements = list(1)
      return { cell in
        let place = targets.firstIndex { $0 == cell[0] || ($0.isNaN && cell[0].isNaN) }
        guard let place else { return cell[0] }
        return replacements.count == 1 ? replacements[0] : replacements[place]
      }
    default: return nil
    }
  }

  private var twoInputs: Definition? {
    switch code {
    case .add: return filtered(0) { $0 + $1 }
    case .subtract: return filtered(0) { $0 - $1 }
    case .multiply: return filtered(1) { $0 * $1 }
    case .divide: return spread { $1 == 0 ? .nan : $0 / $1 }
    case .max: return flag(0) ? { $0.present.highest } : spread { Swift.max($0, $1) }
    case .min: return flag(0) ? { $0.present.lowest } : spread { Swift.min($0, $1) }
    case .power: return spread { Elementary.pow($0, $1) }
    case .signedPower:
      return spread { x, y in
        let sign = x > 0 ? 1.0 : (x < 0 ? -1 : 0)
        return sign * Elementary.pow(Swift.abs(x), y)
      }
    case .nanMask: return { $0[1] < 0 ? .nan : $0[0] }
    case .convert:
      return word(0) == "share2dollar" ? spread { $0 * $1 } : spread { $1 == 0 ? .nan : $0 / $1 }
    default: return nil
    }
  }

  private var logical: Definition? {
    func truth(_ isTrue: @escaping (Double, Double) -> Bool) -> Definition {
      spread { isTrue($0, $1) ? 1 : 0 }
    }
    switch code {
    case .less: return truth { $0 < $1 }
    case .lessEqual: return truth { $0 <= $1 }
    case .equal: return truth { $0 == $1 }
    case .greater: return truth { $0 > $1 }
    case .greaterEqual: return truth { $0 >= $1 }
    case .notEqual: return truth { $0 != $1 }
    case .and:
      return { $0.contains(0) ? 0 : ($0.contains(where: \.isNaN) ? .nan : 1) }
    case .or:
      return { cell in
        if cell.contains(where: { !$0.isNaN && $0 != 0 }) { return 1 }
        return cell.contains(where: \.isNaN) ? .nan : 0
      }
    case .not: return spread { $0 == 0 ? 1 : 0 }
    case .ifElse: return { $0[0].isNaN ? .nan : ($0[0] != 0 ? $0[1] : $0[2]) }
    case .isNan, .isNotFinite: return { $0[0].isNaN ? 1 : 0 }
    case .isNotNan, .isFinite: return { $0[0].isNaN ? 0 : 1 }
    default: return nil
    }
  }

  private var reshaping: Definition? {
    switch code {
    case .tail:
      let (lower, upper, value) = (number(0), number(1), number(2))
      return spread { lower < $0 && $0 < upper ? value : $0 }
    case .leftTail:
      let maximum = number(0)
      return spread { $0 <= maximum ? $0 : .nan }
    case .rightTail:
      let minimum = number(0)
      return spread { $0 >= minimum ? $0 : .nan }
    case .clamp:
      let lower = isGiven(0) ? number(0) : -.infinity
      let upper = isGiven(1) ? number(1) : .infinity
      guard flag(2) else { return spread { Swift.max(lower, Swift.min(upper, $0)) } }
      let mask = options[3]
      return spread { x in
        guard lower < x, x < upper else { return x }
        switch mask {
        case .number(let value): return value
        case .word("mean"): return (lower + upper) / 2
        case .word("NAN"): return .nan
        default: return x <= (lower + upper) / 2 ? lower : upper
        }
      }
    default: return nil
    }
  }
}
