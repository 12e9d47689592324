import AlphaLanguage
import Mathematics

extension PlainCall {
  /// Operators along the rows of one instrument that hold no state.
  var timeSeries: [[Double]]? { delayed ?? windowOfOne ?? windowOfSeveral }

  /// The value of an input, missing before the first row.
  private func value(_ input: Int, _ row: Int, _ column: Int) -> Double {
    row < 0 ? .nan : matrices[input][row][column]
  }

  private var delayed: [[Double]]? {
    func today(against lag: Int, _ f: @escaping (Double, Double) -> Double) -> [[Double]] {
      evaluator.everywhere { f(value(0, $0, $1), value(0, $0 - lag, $1)) }
    }
    switch code {
    case .tsDelay: return today(against: integer(0)) { $1 }
    case .tsDelta: return today(against: integer(0)) { $0 - $1 }
    case .tsReturns:
      let isSymmetric = integer(1) == 2
      return today(against: integer(0)) { now, then in
        let divisor = isSymmetric ? (now + then) / 2 : then
        return divisor == 0 ? .nan : (now - then) / divisor
      }
    case .tsWeightedDecay:
      let k = number(0)
      return today(against: 1) { $1.isNaN ? $0 : k * $0 + (1 - k) * $1 }
    case .logDiff:
      return today(against: 1) {
        $0 > 0 && $1 > 0 ? Elementary.log($0) - Elementary.log($1) : .nan
      }
    case .instPnl:
      return evaluator.everywhere { value(0, $0 - 1, $1) * value(1, $0, $1) }
    default: return nil
    }
  }

  /// Applies `f` to the windows of the inputs, newest value first, rows before the first missing.
  ///
  /// Under nanHandling = ON a window of `d` rows of which none has all inputs gives 0.
  ///
  /// - Parameters:
  ///   - reach: how many rows `f` sees, where they are more than the window counts.
  ///   - lag: how many rows earlier the second input's window ends.
  private func windows(
    _ d: Int, reach: Int? = nil, lag: Int = 0, fills: Bool = true, _ f: ([[Double]]) -> Double
  ) -> [[Double]] {
    let inputs = matrices
    return evaluator.everywhere { row, column in
      let views = inputs.indices.map { input in
        (0..<(reach ?? d)).map { age in
          let at = row - age - (input == 1 ? lag : 0)
          return at < 0 ? Double.nan : inputs[input][at][column]
        }
      }
      let isEmpty = !(0..<d).contains { age in views.allSatisfy { !$0[age].isNaN } }
      return fillsMissing && fills && isEmpty ? 0 : f(views)
    }
  }

  // MARK: - One input

  private var windowOfOne: [[Double]]? {
    /// A statistic of the values that are present.
    func statistic(_ f: ([Double]) -> Double) -> [[Double]] {
      windows(integer(0)) { views in
        let values = views[0].present
        return values.isEmpty ? .nan : f(values)
      }
    }
    /// A statement on today's value; missing where it is.
    func standing(_ f: (_ today: Double, _ values: [Double]) -> Double) -> [[Double]] {
      windows(integer(0)) { $0[0][0].isNaN ? .nan : f($0[0][0], $0[0].present) }
    }
    switch code {
    case .tsMean: return statistic { $0.mean }
    case .tsSum: return statistic { $0.total }
    case .tsProduct: return statistic { $0.reduce(1, *) }
    case .tsStdDev: return statistic { $0.deviation }
    case .tsIr: return statistic { $0.varies ? $0.mean / $0.deviation : .nan }
    case .tsZscore: return standing { $1.varies ? ($0 - $1.mean) / $1.deviation : .nan }
    case .tsAvDiff: return standing { $0 - $1.mean }
    case .tsMedian: return statistic { $0.median }
    case .tsMax: return statistic { $0.highest }
    case .tsMin: return statistic { $0.lowest }
    case .tsMaxDiff: return standing { $0 - $1.highest }
    case .tsMinDiff: return standing { $0 - $1.lowest }
    case .tsMinMaxCps:
      let f = number(1)
      return standing { $1.lowest + $1.highest - f * $0 }
    case .tsMinMaxDiff:
      let f = number(1)
      return standing { $0 - f * ($1.lowest + $1.highest) }
    case .tsRank:
      let constant = number(1)
      return standing { $1.rank(of: $0) + constant }
    case .tsScale:
      let constant = number(1)
      return standing { today, values in
        guard values.varies else { return .nan }
        return (today - values.lowest) / (values.highest - values.lowest) + constant
      }
    case .tsQuantile:
      let driver = word(1)
      return standing { $1.quantileOfRank(of: $0, driver: driver) }
    case .tsSkewness: return statistic { $0.skewness }
    case .tsKurtosis: return statistic { $0.excessKurtosis }
    case .tsMoment:
      let k = integer(1)
      return statistic { $0.centralMoment(k) }
    case .tsEntropy:
      let buckets = integer(1)
      return statistic { entropy($0, buckets: buckets) }
    case .tsPercentage:
      let share = number(1)
      return statistic { $0.quantile(share) }
    case .tsArgMax: return windows(integer(0)) { age(of: $0[0].present.highest, in: $0[0]) }
    case .tsArgMin: return windows(integer(0)) { age(of: $0[0].present.lowest, in: $0[0]) }
    case .tsCountNans:
      return windows(integer(0), fills: false) { Double($0[0].filter(\.isNaN).count) }
    case .tsBackfill:
      let k = integer(1)
      return windows(integer(0)) { views in
        let kept = views[0].filter { !isIgnored($0) }
        if !isIgnored(views[0][0]) { return views[0][0] }
        return kept.count >= k ? kept[k - 1] : .nan
      }
    case .kthElement:
      let k = integer(1)
      return windows(integer(0)) { views in
        let kept = views[0].filter { !isIgnored($0) }
        return kept.count > k ? kept[k] : .nan
      }
    case .lastDiffValue: return standing { today, values in values.first { $0 != today } ?? .nan }
    case .tsDecayLinear:
      let d = integer(0)
      return decayed(isDense: flag(1)) { Double(d - $0) }
    case .tsDecayExpWindow:
      let factor = number(1)
      return decayed(isDense: true) { Elementary.pow(factor, Double($0)) }
    case .instTvr:
      let d = integer(0)
      return windows(d, reach: d + 1) { views in
        let x = views[0]
        let held = (0..<d).map { Swift.abs(x[$0]) }.present.total
        let traded = (0..<d).map { Swift.abs(x[$0] - x[$0 + 1]) }.present.total
        return held > 0 ? traded / held : .nan
      }
    case .jumpDecay:
      let d = integer(0)
      return windows(d, reach: Swift.max(d, 2)) { views in
        let (today, yesterday) = (views[0][0], views[0][1])
        if today.isNaN || yesterday.isNaN { return today }
        let deviation = Array(views[0].prefix(d)).present.deviation
        let move = today - yesterday
        return Swift.abs(move) > number(1) * deviation ? yesterday + number(2) * move : today
      }
    default: return nil
    }
  }

  private func age(of value: Double, in window: [Double]) -> Double {
    window.lastIndex(of: value).map(Double.init) ?? .nan
  }

  private func isIgnored(_ value: Double) -> Bool {
    list(2).contains { $0 == value || ($0.isNaN && value.isNaN) }
  }

  private func decayed(isDense: Bool, weight: (_ age: Int) -> Double) -> [[Double]] {
    windows(integer(0)) { views in
      let x = views[0]
      if x.present.isEmpty { return .nan }
      let counted = x.indices.filter { !isDense || !x[$0].isNaN }
      let weights = counted.map { weight($0) }
      let values = counted.map { x[$0].isNaN ? 0 : x[$0] }
      return values.innerProduct(weights) / weights.total
    }
  }

  private func entropy(_ values: [Double], buckets: Int) -> Double {
    guard values.varies else { return 0 }
    let (low, high) = (values.lowest, values.highest)
    let places = values.map { value in
      Swift.min(buckets - 1, Int((value - low) / (high - low) * Double(buckets)))
    }
    let shares = Set(places).sorted().map { place in
      Double(places.filter { $0 == place }.count) / Double(values.count)
    }
    return -shares.map { $0 * Elementary.log($0) }.total
  }

  // MARK: - Several inputs

  private var windowOfSeveral: [[Double]]? {
    /// A statistic of the rows in which every input is present; `f` sees one list for each input.
    func complete(_ lag: Int = 0, _ f: (_ lists: [[Double]], _ all: [[Double]]) -> Double)
      -> [[Double]]
    {
      windows(integer(0), lag: lag) { views in
        let ages = views[0].indices.filter { age in views.allSatisfy { !$0[age].isNaN } }
        return ages.isEmpty ? .nan : f(views.map { view in ages.map { view[$0] } }, views)
      }
    }
    switch code {
    case .tsCorr: return complete { lists, _ in correlation(lists[0], lists[1]) }
    case .tsCovariance:
      return complete { lists, _ in
        zip(centered(lists[0]), centered(lists[1])).map(*).mean
      }
    case .tsPartialCorr:
      return complete { lists, _ in
        let xy = correlation(lists[0], lists[1])
        let xz = correlation(lists[0], lists[2])
        let yz = correlation(lists[1], lists[2])
        // Where z explains an input but for rounding, nothing remains to be correlated.
        let rest = (1 - xz * xz) * (1 - yz * yz)
        guard rest > 1e-12, lists[0].count > 2 else { return .nan }
        return Swift.max(-1, Swift.min(1, (xy - xz * yz) / rest.squareRoot()))
      }
    case .tsTripleCorr: return complete { lists, _ in standardized(lists, powers: [1, 1, 1]) }
    case .tsCoSkewness: return complete { lists, _ in standardized(lists, powers: [1, 2]) }
    case .tsCoKurtosis: return complete { lists, _ in standardized(lists, powers: [1, 3]) }
    case .tsVectorProj, .tsVectorNeut:
      return complete { lists, all in
        let size = lists[1].innerProduct(lists[1])
        guard size > 0 else { return .nan }
        let projection = all[1][0] * (lists[0].innerProduct(lists[1]) / size)
        return code == .tsVectorProj ? projection : all[0][0] - projection
      }
    case .tsRegression: return complete(integer(1)) { regression($0, today: $1.map { $0[0] }) }
    case .tsPolyRegression:
      let k = integer(1)
      return complete { lists, all in
        let (y, x) = (lists[0], lists[1])
        guard !all[0][0].isNaN, !all[1][0].isNaN, Set(x).count > k else { return .nan }
        // Carried to [-1, 1], where powers stay comparable.
        let scaled = x.map { (($0 - x.lowest) - (x.highest - $0)) / (x.highest - x.lowest) }
        let powers = (0...k).map { order in scaled.map { Elementary.pow($0, Double(order)) } }
        // Numbers so close that their powers cannot be told apart are not different.
        guard [Double].orthogonal(powers).count == k + 1 else { return .nan }
        return y.residuals(on: powers)[0]
      }
    case .tsTheilsen:
      return complete { lists, _ in
        let (x, y) = (lists[0], lists[1])
        var slopes: [Double] = []
        for i in x.indices {
          for j in x.indices where j > i && x[i] != x[j] {
            slopes.append((y[j] - y[i]) / (x[j] - x[i]))
          }
        }
        return slopes.median
      }
    case .tsRankGmeanAmeanDiff:
      return windows(integer(0)) { views in
        let ranks = views.map { $0[0].isNaN ? .nan : $0.present.rank(of: $0[0]) }
        if ranks.contains(where: \.isNaN) { return .nan }
        return Elementary.pow(ranks.reduce(1, *), 1 / Double(ranks.count)) - ranks.mean
      }
    case .keep:
      let period = integer(0)
      return windows(period + 1, reach: period + 2, fills: false) { views in
        let f = views[1]
        let changed = (0...period).contains { i in
          !f[i].isNaN && !f[i + 1].isNaN && f[i] != f[i + 1]
        }
        return changed ? views[0][0] : .nan
      }
    default: return nil
    }
  }

  private func centered(_ list: [Double]) -> [Double] {
    let center = list.mean
    return list.map { $0 - center }
  }

  private func correlation(_ x: [Double], _ y: [Double]) -> Double {
    guard x.varies, y.varies else { return .nan }
    let covariance = zip(centered(x), centered(y)).map(*).mean
    return Swift.max(-1, Swift.min(1, covariance / (x.deviation * y.deviation)))
  }

  private func standardized(_ lists: [[Double]], powers: [Int]) -> Double {
    guard lists.allSatisfy(\.varies) else { return .nan }
    var products = [Double](repeating: 1, count: lists[0].count)
    for (list, power) in zip(lists, powers) {
      let scores = centered(list).map { $0 / list.deviation }
      for _ in 0..<power { products = zip(products, scores).map(*) }
    }
    return products.mean
  }

  private func regression(_ lists: [[Double]], today: [Double]) -> Double {
    guard let line = PlainLine(x: lists[1], y: lists[0]) else { return .nan }
    switch integer(2) {
    case 0: return today[0] - line.fitted(today[1])
    case 1: return line.intercept
    case 2: return line.slope
    case 3: return line.fitted(today[1])
    case 4: return line.squaredErrors
    case 5: return line.squaredTotal
    case 6: return lists[0].varies ? 1 - line.squaredErrors / line.squaredTotal : .nan
    case 7: return line.meanSquaredError
    case 8: return (line.meanSquaredError / line.spreadOfX).squareRoot()
    default:
      let mean = lists[1].mean
      let share = 1 / Double(lists[1].count) + mean * mean / line.spreadOfX
      return (line.meanSquaredError * share).squareRoot()
    }
  }
}
