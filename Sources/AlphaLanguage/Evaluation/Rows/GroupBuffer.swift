/// The classes of the instruments in the rows of the current block.
final class GroupBuffer {
  /// One more than the largest class.
  let bound: Int
  let columns: Int
  private let memory: UnsafeMutablePointer<Int32>

  init(bound: Int, columns: Int, blockRows: Int) {
    self.bound = bound
    self.columns = columns
    memory = .allocate(capacity: max(1, columns * blockRows))
    memory.initialize(repeating: -1, count: columns * blockRows)
  }

  deinit { memory.deallocate() }

  /// The class of each instrument in a row of the block; negative where it is not known.
  func codes(_ row: Int) -> UnsafePointer<Int32> { UnsafePointer(memory + row * columns) }

  func writable(_ row: Int) -> UnsafeMutablePointer<Int32> { memory + row * columns }
}
