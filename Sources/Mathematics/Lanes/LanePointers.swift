extension UnsafePointer<Double> {
  /// The eight numbers from `index` on, wherever they lie in memory.
  @inlinable @inline(__always)
  package func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }
}

extension UnsafeMutablePointer<Double> {
  /// The eight numbers from `index` on, wherever they lie in memory.
  @inlinable @inline(__always)
  package func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }

  /// Writes eight numbers from `index` on.
  @inlinable @inline(__always)
  package func store(_ lanes: Lanes, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Lanes.self)
  }
}
