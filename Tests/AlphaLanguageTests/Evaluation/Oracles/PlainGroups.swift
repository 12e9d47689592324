import AlphaLanguage

extension PlainCall {
  // MARK: - Operators that make groups

  /// The classes that an operator forms, nil for any other operator.
  var formedGroups: [[Int?]]? {
    switch code {
    case .bucket: return buckets
    case .densify:
      let labels = groups.first ?? []
      return (0..<rows).map { row in
        let values: [Double] =
          labels.isEmpty ? matrices[0][row] : labels[row].map { $0.map(Double.init) ?? .nan }
        let classes = Array(Set(values.present)).sorted()
        return values.map { classes.firstIndex(of: $0) }
      }
    case .groupCartesianProduct:
      let second = groups[1]
      let count = 1 + (second.flatMap { $0 }.compactMap { $0 }.max() ?? 0)
      return groups[0].indices.map { row in
        zip(groups[0][row], second[row]).map { a, b in
          if let a, let b { a * count + b } else { nil }
        }
      }
    case .groupCoalesce:
      // Classes of the k-th grouping are told apart from those of the others by the remainder.
      return evaluator.everywhere { row, column in
        for (k, group) in groups.enumerated() {
          if let known = group[row][column] { return known * groups.count + k }
        }
        return nil
      }
    default: return nil
    }
  }

  private var buckets: [[Int?]] {
    var edges = list(1)
    if isGiven(0) {
      let (start, end, step) = (list(0)[0], list(0)[1], list(0)[2])
      edges = []
      while start + Double(edges.count) * step <= end + 1e-9 * step {
        edges.append(start + Double(edges.count) * step)
      }
    }
    let skipsBegin = flag(2) || flag(4)
    let skipsEnd = flag(3) || flag(4)
    return matrices[0].map { row in
      row.map { x in
        if x.isNaN { return flag(5) ? edges.count + 1 : nil }
        // An edge that differs from the value by rounding alone is not below it.
        let place = edges.filter { $0 < x - 1e-12 * Swift.abs(x) }.count
        if place == 0, skipsBegin { return nil }
        if place == edges.count, skipsEnd { return nil }
        return place
      }
    }
  }

  // MARK: - Operators inside groups

  var grouped: [[Double]]? {
    if code == .groupBackfill { return backfilled }
    guard let definition = ofGroup else { return nil }
    let inputs = matrices
    return (0..<rows).map { row in
      let classes = groups[0][row]
      var results = [Double](repeating: .nan, count: columns)
      if code == .groupExtra { results = inputs[0][row] }
      for label in Set(classes.compactMap { $0 }) {
        let members = classes.indices.filter { classes[$0] == label }
        let values = definition(inputs.map { input in members.map { input[row][$0] } })
        for (member, value) in zip(members, values) { results[member] = value }
      }
      return results
    }
  }

  private typealias Definition = (_ members: [[Double]]) -> [Double]

  private var ofGroup: Definition? {
    /// A figure of the group, handed to the members that are present, and under nanHandling = ON
    /// to the others too.
    func shared(_ figure: @escaping ([Double]) -> Double) -> Definition {
      { members in
        let present = members[0].present
        return members[0].map { x in
          present.isEmpty || (x.isNaN && !fillsMissing) ? .nan : figure(present)
        }
      }
    }
    /// A statement on each member that is present; `filling` is what the others receive under
    /// nanHandling = ON.
    func each(
      filling: Double = .nan, _ f: @escaping (_ x: Double, _ all: [Double]) -> Double
    ) -> Definition {
      { members in
        let present = members[0].present
        return members[0].map { x in
          if x.isNaN { return fillsMissing && !present.isEmpty ? filling : .nan }
          return f(x, present)
        }
      }
    }
    switch code {
    case .groupNeutralize: return each(filling: 0) { $0 - $1.mean }
    case .groupZscore:
      return each(filling: 0) { $1.varies ? ($0 - $1.mean) / $1.deviation : .nan }
    case .groupRank: return each { $1.rank(of: $0) }
    case .groupScale:
      return each { x, all in
        all.varies ? (x - all.lowest) / (all.highest - all.lowest) : .nan
      }
    case .groupCount:
      return { members in members[0].map { _ in Double(members[0].present.count) } }
    case .groupSum: return shared { $0.total }
    case .groupStdDev: return shared { $0.deviation }
    case .groupMax: return shared { $0.highest }
    case .groupMin: return shared { $0.lowest }
    case .groupMedian: return shared { $0.median }
    case .groupPercentage:
      let share = number(0)
      return shared { $0.quantile(share) }
    case .groupNormalize:
      let (checks, tolerance, whole) = (flag(0), number(1), number(2))
      return each { x, all in
        let size = all.map { Swift.abs($0) }.total
        if size == 0 || (checks && all.highest - all.lowest <= tolerance) { return .nan }
        return x * whole / size
      }
    case .groupMean:
      return { members in
        let mean = weightedMean(members[0], weights: members[1])
        return members[0].map { $0.isNaN && !fillsMissing ? .nan : mean }
      }
    case .groupExtra:
      return { members in
        let mean = weightedMean(members[0], weights: members[1])
        return members[0].map { $0.isNaN ? mean : $0 }
      }
    case .groupVectorProj, .groupVectorNeut:
      return { members in
        let (x, y) = (members[0], members[1])
        let kept = x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }
        let projected = projection(kept.map { x[$0] }, on: kept.map { y[$0] })
        var results = x.map { _ in Double.nan }
        for (member, value) in zip(kept, projected) {
          results[member] = code == .groupVectorProj ? value : x[member] - value
        }
        return results
      }
    default: return nil
    }
  }

  private func weightedMean(_ x: [Double], weights: [Double]) -> Double {
    let kept = x.indices.filter { !x[$0].isNaN && !weights[$0].isNaN }
    let whole = kept.map { weights[$0] }.total
    return whole == 0 ? .nan : kept.map { weights[$0] * x[$0] }.total / whole
  }

  private var backfilled: [[Double]] {
    let x = matrices[0]
    return evaluator.everywhere { row, column in
      guard x[row][column].isNaN, let label = groups[0][row][column] else { return x[row][column] }
      let members = (0..<columns).filter { groups[0][row][$0] == label }
      let days = Swift.max(0, row - integer(0) + 1)...row
      let values = days.flatMap { day in members.map { x[day][$0] } }.present
      let width = number(1) * values.sampleDeviation
      return values.map { Swift.max(values.mean - width, Swift.min(values.mean + width, $0)) }.mean
    }
  }
}
