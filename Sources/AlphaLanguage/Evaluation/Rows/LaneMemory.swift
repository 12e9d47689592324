/// Lane-aligned memory of doubles that lives as long as its owner.
final class LaneMemory {
  let base: UnsafeMutablePointer<Double>
  let count: Int

  init(count: Int, filledWith value: Double) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(64, count * MemoryLayout<Double>.stride), alignment: 64)
    base = raw.bindMemory(to: Double.self, capacity: max(1, count))
    base.initialize(repeating: value, count: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
