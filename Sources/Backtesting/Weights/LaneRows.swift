import Mathematics

/// Rows of doubles padded to whole lanes. A row that repeats its predecessor takes no memory.
// Sendable: `base` is written only by `init` and never afterwards.
final class LaneRows: @unchecked Sendable {
  let lanesPerRow: Int
  private let base: UnsafeMutablePointer<Lanes>
  private let starts: [Int]

  /// Calls `fill` for each row in order with room for `columns` doubles.
  init(
    rows: Int, columns: Int, padding: Double,
    fill: (_ row: Int, _ target: UnsafeMutablePointer<Double>) -> Void
  ) {
    let lanes = (columns + 7) / 8
    var capacity = min(max(1, rows), 64)
    var memory = UnsafeMutablePointer<Lanes>.allocate(capacity: capacity * lanes)
    var stored = 0
    var starts: [Int] = []
    starts.reserveCapacity(rows)
    for row in 0..<rows {
      if stored == capacity {
        let larger = UnsafeMutablePointer<Lanes>.allocate(
          capacity: min(rows, 2 * capacity) * lanes)
        larger.moveInitialize(from: memory, count: stored * lanes)
        memory.deallocate()
        memory = larger
        capacity = min(rows, 2 * capacity)
      }
      let target = memory + stored * lanes
      target.initialize(repeating: Lanes(repeating: padding), count: lanes)
      target.withMemoryRebound(to: Double.self, capacity: lanes * 8) { fill(row, $0) }
      if stored > 0, Self.haveSameBits(target, target - lanes, lanes) {
        starts.append((stored - 1) * lanes)
      } else {
        starts.append(stored * lanes)
        stored += 1
      }
    }
    lanesPerRow = lanes
    base = memory
    self.starts = starts
  }

  deinit { base.deallocate() }

  @inline(__always) func row(_ row: Int) -> UnsafePointer<Lanes> {
    UnsafePointer(base + starts[row])
  }

  func value(row: Int, column: Int) -> Double { self.row(row)[column / 8][column % 8] }

  private static func haveSameBits(
    _ left: UnsafePointer<Lanes>, _ right: UnsafePointer<Lanes>, _ count: Int
  ) -> Bool {
    for i in 0..<count {
      let difference =
        unsafeBitCast(left[i], to: SIMD8<UInt64>.self)
        ^ unsafeBitCast(right[i], to: SIMD8<UInt64>.self)
      if difference != SIMD8<UInt64>() { return false }
    }
    return true
  }
}
