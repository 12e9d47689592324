import AlphaLanguage
import Mathematics

extension PlainCall {
  /// Operators across the instruments of one row.
  var crossSection: [[Double]]? {
    if code == .multiRegression { return pooledResiduals }
    guard let definition = ofOneRow ?? ofSeveralRows else { return nil }
    let inputs = matrices
    return (0..<rows).map { row in definition(inputs.map { $0[row] }) }
  }

  private typealias Definition = ([[Double]]) -> [Double]

  /// `f` sees a value that is present and all values of the row that are.
  private func each(_ f: @escaping (_ x: Double, _ all: [Double]) -> Double) -> Definition {
    { inputs in
      let all = inputs[0].present
      return inputs[0].map { $0.isNaN ? .nan : f($0, all) }
    }
  }

  private func clipped(_ x: Double, _ low: Double, _ high: Double) -> Double {
    Swift.max(low, Swift.min(high, x))
  }

  private var ofOneRow: Definition? {
    switch code {
    case .rank: return each { $1.rank(of: $0) }
    case .zscore: return each { $1.varies ? ($0 - $1.mean) / $1.deviation : .nan }
    case .normalize:
      let (usesDeviation, limit) = (flag(0), number(1))
      return each { x, all in
        if usesDeviation, !all.varies { return .nan }
        let value = (x - all.mean) / (usesDeviation ? all.sampleDeviation : 1)
        return limit > 0 ? clipped(value, -limit, limit) : value
      }
    case .scale:
      let (whole, long, short) = (number(0), number(1), number(2))
      return each { x, all in
        let size = all.map { Swift.abs($0) }.total
        guard size > 0 else { return .nan }
        if x > 0, long > 0 { return x * long / all.filter { $0 > 0 }.total }
        if x < 0, short > 0 { return x * short / -all.filter { $0 < 0 }.total }
        return x * whole / size
      }
    case .scaleDown:
      let constant = number(0)
      return each { x, all in
        all.varies ? (x - all.lowest) / (all.highest - all.lowest) - constant : .nan
      }
    case .winsorize:
      let deviations = number(0)
      return each { x, all in
        let width = deviations * all.deviation
        return clipped(x, all.mean - width, all.mean + width)
      }
    case .truncate:
      let share = number(0)
      return each { x, all in
        let bound = share * all.map { Swift.abs($0) }.total
        return clipped(x, -bound, bound)
      }
    case .quantile:
      let (driver, sigma) = (word(0), number(1))
      return each { $1.quantileOfRank(of: $0, driver: driver) * sigma }
    case .generalizedRank:
      let m = number(0)
      return each { x, all in
        all.map { other in
          let size = Elementary.pow(Swift.abs(x - other), m)
          return x > other ? size : (x < other ? -size : 0)
        }.total
      }
    case .rankBySide:
      let whole = number(1)
      return { inputs in
        let row = inputs[0]
        func side(_ x: Double) -> [Double] { row.filter { $0 * x > 0 }.map { Swift.abs($0) } }
        let signed = row.map { x -> Double in
          if x.isNaN || x == 0 { return x }
          let sizes = side(x)
          let below = Double(sizes.filter { $0 < Swift.abs(x) }.count)
          let equal = Double(sizes.filter { $0 == Swift.abs(x) }.count)
          return (x < 0 ? -1 : 1) * (below + (equal + 1) / 2) / Double(sizes.count)
        }
        let size = signed.present.map { Swift.abs($0) }.total
        return size > 0 ? signed.map { $0 * whole / size } : signed
      }
    case .oneSide:
      let isLong = word(0) == "long"
      return each { $0 - (isLong ? $1.lowest : $1.highest) }
    default: return nil
    }
  }

  private var ofSeveralRows: Definition? {
    /// `f` sees the lists of the instruments of which both inputs are present.
    func paired(_ f: @escaping (_ lists: [[Double]]) -> [Double]) -> Definition {
      { inputs in
        let kept = inputs[0].indices.filter { !inputs[0][$0].isNaN && !inputs[1][$0].isNaN }
        var results = [Double](repeating: .nan, count: inputs[0].count)
        let values = f(inputs.map { input in kept.map { input[$0] } })
        for (column, value) in zip(kept, values) { results[column] = value }
        return results
      }
    }
    switch code {
    case .vectorProj: return paired { projection($0[0], on: $0[1]) }
    case .vectorNeut:
      return paired { zip($0[0], projection($0[0], on: $0[1])).map { $0 - $1 } }
    case .regressionNeut:
      return paired { lists in
        guard let line = PlainLine(x: lists[1], y: lists[0]) else { return [] }
        return zip(lists[0], lists[1]).map { $0 - line.fitted($1) }
      }
    case .regressionProj:
      return paired { lists in
        guard let line = PlainLine(x: lists[1], y: lists[0]) else { return [] }
        return lists[1].map { line.fitted($0) }
      }
    case .rankGmeanAmeanDiff:
      return { inputs in
        inputs[0].indices.map { column in
          if inputs.contains(where: { $0[column].isNaN }) { return .nan }
          let ranks = inputs.map { $0.present.rank(of: $0[column]) }
          return Elementary.pow(ranks.reduce(1, *), 1 / Double(ranks.count)) - ranks.mean
        }
      }
    default: return nil
    }
  }

  /// The projection of x on y; no values where y is zero everywhere.
  func projection(_ x: [Double], on y: [Double]) -> [Double] {
    let size = y.innerProduct(y)
    guard size > 0 else { return [] }
    let share = x.innerProduct(y) / size
    return y.map { $0 * share }
  }

  /// Today's residual of the first input on all others, over today and some days before it.
  private var pooledResiduals: [[Double]] {
    let (days, lag) = (integer(0), integer(1))
    let inputs = matrices
    return (0..<rows).map { row in
      var y: [Double] = []
      var terms = [[Double]](repeating: [], count: inputs.count)
      var placeOfToday: [Int: Int] = [:]
      for age in 0...days where row - age - lag >= 0 {
        for column in 0..<columns {
          let explained = inputs[0][row - age][column]
          let explaining = inputs.dropFirst().map { $0[row - age - lag][column] }
          if explained.isNaN || explaining.contains(where: \.isNaN) { continue }
          if age == 0 { placeOfToday[column] = y.count }
          y.append(explained)
          for (index, term) in ([1] + explaining).enumerated() { terms[index].append(term) }
        }
      }
      guard y.count >= inputs.count else { return [Double](repeating: .nan, count: columns) }
      let residuals = y.residuals(on: terms)
      return (0..<columns).map { column in placeOfToday[column].map { residuals[$0] } ?? .nan }
    }
  }
}
