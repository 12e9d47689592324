/// Ranks the values of one row, average ranks for ties.
///
/// A radix sort by the upper half of each number's order-preserving integer image, byte by byte
/// from the lowest, then one insertion pass by the whole number. Bytes that all values share are
/// skipped. Cost: about eight steps a value; nothing is allocated.
final class RowRanker {
  private let capacity: Int
  private let keys: UnsafeMutablePointer<UInt64>
  private let spare: UnsafeMutablePointer<UInt64>
  private let histogram: UnsafeMutablePointer<UInt32>

  /// - Parameter capacity: the largest number of columns; at most 2^32.
  init(capacity: Int) {
    self.capacity = capacity
    keys = .allocate(capacity: max(1, capacity))
    spare = .allocate(capacity: max(1, capacity))
    histogram = .allocate(capacity: 4 * 256)
  }

  deinit {
    keys.deallocate()
    spare.deallocate()
    histogram.deallocate()
  }

  /// The columns of the present values in ascending order; of equal values the lower column first.
  /// The answer holds until the next call.
  func order(_ row: UnsafePointer<Double>, columns: Int) -> UnsafeBufferPointer<UInt64> {
    precondition(columns <= capacity, "\(columns) columns for a ranker of \(capacity)")
    histogram.update(repeating: 0, count: 4 * 256)
    var count = 0
    for column in 0..<columns {
      let value = row[column]
      if value != value { continue }
      let image = Self.image(value) >> 32
      keys[count] = image << 32 | UInt64(truncatingIfNeeded: column)
      count += 1
      histogram[Int(image & 255)] += 1
      histogram[256 + Int(image >> 8 & 255)] += 1
      histogram[512 + Int(image >> 16 & 255)] += 1
      histogram[768 + Int(image >> 24)] += 1
    }
    var from = keys
    var to = spare
    if count > 1 {
      for digit in 0..<4 {
        let counts = histogram + digit * 256
        let shift = UInt64(32 + digit * 8)
        if counts[Int(from[0] >> shift & 255)] == UInt32(count) { continue }
        var total: UInt32 = 0
        for bucket in 0..<256 {
          let size = counts[bucket]
          counts[bucket] = total
          total &+= size
        }
        for i in 0..<count {
          let key = from[i]
          let bucket = Int(key >> shift & 255)
          to[Int(counts[bucket])] = key
          counts[bucket] &+= 1
        }
        swap(&from, &to)
      }
    }
    // Numbers that differ only in the lower half of their bits are neighbors; put them right.
    for i in 0..<count { from[i] &= 0xFFFF_FFFF }
    for i in 1..<max(1, count) {
      let column = from[i]
      let value = row[Int(column)]
      var place = i
      while place > 0, row[Int(from[place - 1])] > value {
        from[place] = from[place - 1]
        place -= 1
      }
      from[place] = column
    }
    return UnsafeBufferPointer(start: from, count: count)
  }

  /// Calls `body` with the column and twice the zero-based average rank of each present value.
  /// Returns how many there are.
  @inline(__always)
  func ranks(
    _ row: UnsafePointer<Double>, columns: Int, _ body: (_ column: Int, _ twiceRank: Int) -> Void
  ) -> Int {
    let sorted = order(row, columns: columns)
    var first = 0
    while first < sorted.count {
      let value = row[Int(sorted[first])]
      var end = first + 1
      while end < sorted.count, row[Int(sorted[end])] == value { end += 1 }
      for i in first..<end { body(Int(sorted[i]), first + end - 1) }
      first = end
    }
    return sorted.count
  }

  /// An integer that orders as the number does; the two zeros share one.
  @inline(__always)
  private static func image(_ value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}
