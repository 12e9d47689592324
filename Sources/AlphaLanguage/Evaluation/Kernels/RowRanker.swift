/// Ranks the values of one row, average ranks for ties.
///
/// Each value gets an integer key that orders as the values do, the keys are sorted by radix, byte by
/// byte from the lowest, and the few neighbors with equal keys are then put right by their values.
///
/// The key is the value's place among 65,536 equal steps from the lowest to the highest, which takes
/// two bytes. Where outliers stretch that scale until more than half of the values share a byte, it
/// is 24 bits of the number's own order-preserving image, from the highest bit in which the values
/// differ: three bytes, and as fine for small numbers as for large ones. Cost: about seven steps a
/// value; nothing is allocated.
final class RowRanker {
  /// Places in ascending order of value: the key above, the column below.
  typealias Order = UnsafeBufferPointer<UInt64>

  private let capacity: Int
  private let values: UnsafeMutablePointer<Double>
  private let entries: UnsafeMutablePointer<UInt64>
  private let spare: UnsafeMutablePointer<UInt64>
  private let histogram: UnsafeMutablePointer<UInt32>

  private static let columnBits: UInt64 = 32
  /// Longer runs of equal keys are sorted, shorter ones inserted.
  private static let insertionMax = 16
  /// Below this many values the steps are never too coarse to be settled.
  private static let stretchedMin = 64

  /// - Parameter capacity: the largest number of columns; at most 2^32.
  init(capacity: Int) {
    self.capacity = capacity
    values = .allocate(capacity: max(1, capacity))
    entries = .allocate(capacity: max(1, capacity))
    spare = .allocate(capacity: max(1, capacity))
    histogram = .allocate(capacity: 3 * 256)
  }

  deinit {
    values.deallocate()
    entries.deallocate()
    spare.deallocate()
    histogram.deallocate()
  }

  /// The column of an entry of an order.
  @inline(__always)
  static func column(of entry: UInt64) -> Int { Int(entry & (1 << columnBits - 1)) }

  /// The present values in ascending order; of equal values the lower column first. The answer
  /// holds until the next call.
  func order(_ row: UnsafePointer<Double>, columns: Int) -> Order {
    precondition(columns <= capacity, "\(columns) columns for a ranker of \(capacity)")
    var count = 0
    var low = Double.infinity
    var high = -Double.infinity
    for column in 0..<columns {
      // Without a branch: a missing value is written and then overwritten by the next one.
      let value = row[column]
      values[count] = value
      entries[count] = UInt64(truncatingIfNeeded: column)
      low = value < low ? value : low
      high = value > high ? value : high
      count &+= value == value ? 1 : 0
    }
    guard low < high else { return Order(start: entries, count: count) }
    let sorted = sortBySteps(count, low, high) ?? sortByImage(count)
    settle(sorted, count, row)
    return Order(start: sorted, count: count)
  }

  /// Sorts by 65,536 equal steps, or returns nil where outliers make them too coarse.
  private func sortBySteps(
    _ count: Int, _ low: Double, _ high: Double
  ) -> UnsafeMutablePointer<UInt64>? {
    // Rounding keeps the order: neither the difference nor the product ever decreases.
    let scale = 65_535 / (high - low)
    guard scale > 0, scale.isFinite else { return nil }
    histogram.update(repeating: 0, count: 2 * 256)
    for i in 0..<count {
      let key = UInt64(truncatingIfNeeded: Int((values[i] - low) * scale))
      spare[i] = entries[i] | key << Self.columnBits
      histogram[Int(key & 255)] &+= 1
      histogram[256 + Int(key >> 8)] &+= 1
    }
    if count >= Self.stretchedMin {
      for bucket in 256..<512 where Int(histogram[bucket]) > count / 2 { return nil }
    }
    return radixSort(spare, entries, count, digits: 2)
  }

  /// Sorts by 24 bits of the values' images.
  private func sortByImage(_ count: Int) -> UnsafeMutablePointer<UInt64> {
    let first = Self.image(values[0])
    var differing: UInt64 = 0
    for i in 0..<count { differing |= Self.image(values[i]) ^ first }
    let shift = UInt64(max(0, 40 - differing.leadingZeroBitCount))
    histogram.update(repeating: 0, count: 3 * 256)
    for i in 0..<count {
      let key = Self.image(values[i]) >> shift & 0xFF_FFFF
      entries[i] |= key << Self.columnBits
      histogram[Int(key & 255)] &+= 1
      histogram[256 + Int(key >> 8 & 255)] &+= 1
      histogram[512 + Int(key >> 16)] &+= 1
    }
    return radixSort(entries, spare, count, digits: 3)
  }

  /// Sorts entries whose keys have been counted digit by digit; the answer lies in either memory.
  @inline(__always)
  private func radixSort(
    _ first: UnsafeMutablePointer<UInt64>, _ second: UnsafeMutablePointer<UInt64>, _ count: Int,
    digits: Int
  ) -> UnsafeMutablePointer<UInt64> {
    var from = first
    var to = second
    for digit in 0..<digits {
      let counts = histogram + digit * 256
      let place = Self.columnBits + UInt64(8 * digit)
      if counts[Int(from[0] >> place & 255)] == UInt32(truncatingIfNeeded: count) { continue }
      var total: UInt32 = 0
      for bucket in 0..<256 {
        let size = counts[bucket]
        counts[bucket] = total
        total &+= size
      }
      for i in 0..<count {
        let entry = from[i]
        let bucket = Int(entry >> place & 255)
        to[Int(counts[bucket])] = entry
        counts[bucket] &+= 1
      }
      swap(&from, &to)
    }
    return from
  }

  /// Puts neighbors with equal keys into the order of their values.
  private func settle(
    _ sorted: UnsafeMutablePointer<UInt64>, _ count: Int, _ row: UnsafePointer<Double>
  ) {
    var first = 0
    while first + 1 < count {
      guard (sorted[first + 1] ^ sorted[first]) >> Self.columnBits == 0 else {
        first += 1
        continue
      }
      var end = first + 2
      while end < count, (sorted[end] ^ sorted[first]) >> Self.columnBits == 0 { end += 1 }
      if end - first > Self.insertionMax {
        var run = UnsafeMutableBufferPointer(start: sorted + first, count: end - first)
        run.sort { a, b in
          let x = row[Self.column(of: a)]
          let y = row[Self.column(of: b)]
          return x < y || (x == y && a < b)
        }
      } else {
        for i in (first + 1)..<end {
          let entry = sorted[i]
          let value = row[Self.column(of: entry)]
          var place = i
          while place > first, row[Self.column(of: sorted[place - 1])] > value {
            sorted[place] = sorted[place - 1]
            place -= 1
          }
          sorted[place] = entry
        }
      }
      first = end
    }
  }

  /// Calls `body` with the column and twice the zero-based average rank of each entry of an order.
  @inline(__always)
  static func ranks(
    _ order: Order, of row: UnsafePointer<Double>, _ body: (_ column: Int, _ twiceRank: Int) -> Void
  ) {
    guard var entry = order.first else { return }
    var first = 0
    while true {
      let next = first + 1
      if next == order.count { return body(column(of: entry), 2 * first) }
      let following = order[next]
      if (following ^ entry) >> columnBits != 0 {
        body(column(of: entry), 2 * first)
        first = next
        entry = following
        continue
      }
      let value = row[column(of: entry)]
      var end = next
      while end < order.count, row[column(of: order[end])] == value { end += 1 }
      for i in first..<end { body(column(of: order[i]), first + end - 1) }
      if end == order.count { return }
      first = end
      entry = order[end]
    }
  }

  /// An integer that orders as the number does; the two zeros share one.
  @inline(__always)
  private static func image(_ value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}
