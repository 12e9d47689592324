import AlphaLanguage

extension PlainCall {
  /// Operators that hold state from row to row.
  var remembered: [[Double]]? {
    switch code {
    case .tradeWhen:
      return held { inputs, before, column in
        if inputs[2][column] > 0 { return .nan }
        return inputs[0][column] > 0 ? inputs[1][column] : before
      }
    case .hump:
      return rowByRow { inputs, before in humped(inputs[0], before, share: number(0)) }
    case .humpDecay:
      return held { inputs, before, column in
        let x = inputs[0][column]
        if x.isNaN || before.isNaN { return x }
        return Swift.abs(x - before) > number(0) ? x : before
      }
    case .tsDeltaLimit:
      return rowByRow { limited($0[0], by: $0[1], $1, share: number(0)) }
    case .tsTargetTvrDecay:
      return tuned(dampsMoreWhenLarge: false) { lambda, inputs, before in
        zip(inputs[0], before).map { x, held in held.isNaN ? x : held + lambda * (x - held) }
      }
    case .tsTargetTvrDeltaLimit:
      return tuned(dampsMoreWhenLarge: false) { limited($1[0], by: $1[1], $2, share: $0) }
    case .tsTargetTvrHump:
      return tuned(dampsMoreWhenLarge: true) { humped($1[0], $2, share: $0) }
    case .daysFromLastChange:
      var runs = [Int](repeating: 0, count: columns)
      return matrices[0].indices.map { row in
        (0..<columns).map { column in
          let x = matrices[0][row][column]
          let continues = row > 0 && matrices[0][row - 1][column] == x
          runs[column] = continues ? runs[column] + 1 : 1
          return x.isNaN ? .nan : Double(runs[column])
        }
      }
    case .filter:
      let (h, t) = (list(0), list(1))
      var results: [[Double]] = []
      for row in 0..<rows {
        func past(_ values: [[Double]], _ back: Int, _ column: Int) -> Double {
          let at = row - back
          return at < 0 || values[at][column].isNaN ? 0 : values[at][column]
        }
        results.append(
          (0..<columns).map { column in
            if matrices[0][row][column].isNaN { return .nan }
            let moving = h.indices.map { h[$0] * past(matrices[0], $0, column) }.total
            let recursive = t.indices.map { t[$0] * past(results, $0 + 1, column) }.total
            let result = moving + recursive
            return result.isFinite ? result : .nan
          })
      }
      return results
    default: return nil
    }
  }

  /// Computes each row from the inputs' rows and the result of the row before.
  private func rowByRow(_ f: (_ inputs: [[Double]], _ before: [Double]) -> [Double]) -> [[Double]] {
    let inputs = matrices
    var before = [Double](repeating: .nan, count: columns)
    return (0..<rows).map { row in
      before = f(inputs.map { $0[row] }, before)
      return before
    }
  }

  private func held(
    _ f: (_ inputs: [[Double]], _ before: Double, _ column: Int) -> Double
  ) -> [[Double]] {
    rowByRow { inputs, before in (0..<columns).map { f(inputs, before[$0], $0) } }
  }

  private func humped(_ x: [Double], _ before: [Double], share: Double) -> [Double] {
    let limit = share * x.present.map { Swift.abs($0) }.total
    return zip(x, before).map { x, held in
      if x.isNaN || held.isNaN { return x }
      if Swift.abs(x - held) <= limit { return held }
      return x > held ? held + limit : held - limit
    }
  }

  private func limited(
    _ x: [Double], by y: [Double], _ before: [Double], share: Double
  ) -> [Double] {
    x.indices.map { column in
      let held = before[column]
      let room = share * Swift.abs(y[column])
      if x[column].isNaN || held.isNaN || room.isNaN { return x[column] }
      return Swift.max(held - room, Swift.min(held + room, x[column]))
    }
  }

  /// In each row the lambda of the weakest damping whose turnover does not exceed the target, found
  /// by thirty bisections.
  private func tuned(
    dampsMoreWhenLarge: Bool,
    _ damped: (_ lambda: Double, _ inputs: [[Double]], _ before: [Double]) -> [Double]
  ) -> [[Double]] {
    let (low, high, target) = (number(0), number(1), number(2))
    return rowByRow { inputs, before in
      func isCalm(_ lambda: Double) -> Bool {
        let row = damped(lambda, inputs, before)
        let held = row.present.map { Swift.abs($0) }.total
        let traded = zip(row, before).map { Swift.abs($0 - $1) }.present.total
        return held > 0 ? traded / held <= target : true
      }
      var outside = dampsMoreWhenLarge ? low : high
      var inside = dampsMoreWhenLarge ? high : low
      if isCalm(outside) { return damped(outside, inputs, before) }
      for _ in 0..<30 {
        let middle = (inside + outside) / 2
        if isCalm(middle) { inside = middle } else { outside = middle }
      }
      return damped(inside, inputs, before)
    }
  }
}
