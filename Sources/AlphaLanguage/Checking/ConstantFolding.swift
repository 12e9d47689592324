import Mathematics

/// The values of cell-by-cell operators on constants, by the formulas of the catalogue.
enum ConstantFolding {
  /// Returns the value, NaN where it is missing or not finite; nil where the operator needs data.
  static func value(of code: OperatorCode, _ x: [Double], filter: Bool) -> Double? {
    guard let value = raw(code, x, filter: filter) else { return nil }
    return value.isFinite ? value : .nan
  }

  private static func raw(_ code: OperatorCode, _ x: [Double], filter: Bool) -> Double? {
    switch code {
    case .add: orElse(x[0], filter, 0) + orElse(x[1], filter, 0)
    case .subtract: orElse(x[0], filter, 0) - orElse(x[1], filter, 0)
    case .multiply: orElse(x[0], filter, 1) * orElse(x[1], filter, 1)
    case .divide: x[1] == 0 ? .nan : x[0] / x[1]
    case .inverse: x[0] == 0 ? .nan : 1 / x[0]
    case .reverse: -x[0]
    case .abs: Swift.abs(x[0])
    case .log: x[0] > 0 ? Elementary.log(x[0]) : .nan
    case .sqrt: Elementary.squareRoot(x[0])
    case .power: x[0].isNaN || x[1].isNaN ? .nan : Elementary.pow(x[0], x[1])
    case .signedPower:
      x[0].isNaN || x[1].isNaN ? .nan : sign(x[0]) * Elementary.pow(Swift.abs(x[0]), x[1])
    case .sign: sign(x[0])
    case .max: extreme(x[0], x[1], filter) { $0 > $1 }
    case .min: extreme(x[0], x[1], filter) { $0 < $1 }
    case .exp: Elementary.exp(x[0])
    case .sigmoid: 1 / (1 + Elementary.exp(-x[0]))
    case .tanh: Elementary.tanh(x[0])
    case .arcSin: Elementary.asin(x[0])
    case .arcCos: Elementary.acos(x[0])
    case .arcTan: Elementary.atan(x[0])
    case .fraction: sign(x[0]) * (Swift.abs(x[0]) - Swift.abs(x[0]).rounded(.down))
    case .sLog1p: sign(x[0]) * Elementary.log(onePlus: Swift.abs(x[0]))
    case .round: x[0].rounded()
    case .floor: x[0].rounded(.down)
    case .ceiling: x[0].rounded(.up)
    case .and:
      x[0] == 0 || x[1] == 0 ? 0 : x[0].isNaN || x[1].isNaN ? .nan : 1
    case .or: isTrue(x[0]) || isTrue(x[1]) ? 1 : x[0].isNaN || x[1].isNaN ? .nan : 0
    case .not: x[0].isNaN ? .nan : truth(x[0] == 0)
    case .ifElse: x[0].isNaN ? .nan : x[0] != 0 ? x[1] : x[2]
    case .isNan: truth(x[0].isNaN)
    case .isNotNan: truth(!x[0].isNaN)
    case .less: compared(x, x[0] < x[1])
    case .lessEqual: compared(x, x[0] <= x[1])
    case .equal: compared(x, x[0] == x[1])
    case .notEqual: compared(x, x[0] != x[1])
    default: nil
    }
  }

  private static func sign(_ x: Double) -> Double { x.isNaN ? .nan : x > 0 ? 1 : x < 0 ? -1 : 0 }
  private static func truth(_ condition: Bool) -> Double { condition ? 1 : 0 }
  private static func isTrue(_ x: Double) -> Bool { !x.isNaN && x != 0 }
  private static func orElse(_ x: Double, _ filter: Bool, _ other: Double) -> Double {
    filter && x.isNaN ? other : x
  }
  private static func compared(_ x: [Double], _ condition: Bool) -> Double {
    x[0].isNaN || x[1].isNaN ? .nan : truth(condition)
  }
  private static func extreme(
    _ x: Double, _ y: Double, _ filter: Bool, _ precedes: (Double, Double) -> Bool
  ) -> Double {
    if x.isNaN { return filter ? y : .nan }
    if y.isNaN { return filter ? x : .nan }
    return precedes(x, y) ? x : y
  }
}
