/// Correlations between the returns of what instances hold, before the sign of their side, by
/// pairs.
///
/// A short instance counts as though it held the same thing long, so that weights with the sign of
/// their side give the risk of what is held together.
///
/// ```
/// pairs of 4 instances, by row:  (1,0)  (2,0) (2,1)  (3,0) (3,1) (3,2)
/// ```
package struct CorrelationTable: Hashable, Sendable {
  /// Instances, in the order of the snapshot.
  package let count: Int
  /// By pair as drawn above; NaN is unknown.
  package private(set) var values: [Double]
  /// Days that both had; empty where nobody counted them.
  package private(set) var overlaps: [Double]

  /// Makes a table; both arrays have count * (count - 1) / 2 elements, or `overlaps` none.
  package init(count: Int, values: [Double], overlaps: [Double] = []) {
    precondition(values.count == count * (count - 1) / 2, "a table of pairs of another length")
    precondition(overlaps.isEmpty || overlaps.count == values.count, "an overlap for each pair")
    self.count = count
    self.values = values
    self.overlaps = overlaps
  }

  /// A table in which every pair is unknown.
  package init(unknownOf count: Int) {
    self.init(
      count: count, values: [Double](repeating: .nan, count: count * (count - 1) / 2))
  }

  /// The place of a pair of two different instances.
  package static func place(_ left: Int, _ right: Int) -> Int {
    let (low, high) = left < right ? (left, right) : (right, left)
    return high * (high - 1) / 2 + low
  }

  /// The correlation of two different instances; NaN where it is unknown.
  package subscript(left: Int, right: Int) -> Double {
    get { values[Self.place(left, right)] }
    set { values[Self.place(left, right)] = newValue }
  }

  /// The days that two different instances share; NaN where nobody counted them.
  package func overlap(_ left: Int, _ right: Int) -> Double {
    overlaps.isEmpty ? .nan : overlaps[Self.place(left, right)]
  }

  /// The correlation of two different instances; nil where it is unknown or no correlation at all.
  func known(_ left: Int, _ right: Int) -> Double? {
    let value = values[Self.place(left, right)]
    return abs(value) <= 1 + 1e-9 ? min(max(value, -1), 1) : nil
  }

  /// The table of the instances in another order, each named by its place here.
  func sorted(_ order: [Int]) -> CorrelationTable {
    func picked(_ values: [Double]) -> [Double] {
      guard !values.isEmpty else { return values }
      var sorted: [Double] = []
      sorted.reserveCapacity(values.count)
      for high in order.indices {
        for low in 0..<high { sorted.append(values[Self.place(order[low], order[high])]) }
      }
      return sorted
    }
    return CorrelationTable(count: count, values: picked(values), overlaps: picked(overlaps))
  }
}
