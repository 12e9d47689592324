import Foundation

/// Counts the calls of malloc, where the process was started with `allocations.c` in LD_PRELOAD.
struct AllocationCounter {
  private let count: @convention(c) () -> UInt64

  /// Nil where nothing counts.
  init?() {
    guard let symbol = dlsym(nil, "counted_allocations") else { return nil }
    count = unsafeBitCast(symbol, to: (@convention(c) () -> UInt64).self)
  }

  /// How often `work` asks for memory.
  func allocations(in work: () throws -> Void) rethrows -> Int {
    let before = count()
    try work()
    return Int(count() - before)
  }
}
