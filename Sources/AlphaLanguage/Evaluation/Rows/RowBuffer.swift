/// Consecutive rows of one node: as many past rows as any reader needs, then the current block.
///
/// ```
/// | ... spent ... | history rows | current block (up to blockRows) | free |
///                                ^ cursor
/// ```
/// `begin` makes room for the next block; when the buffer is full, the history moves to the front.
/// A buffer without history may share its memory with others whose lives do not overlap. Rows
/// before the first row of the panel hold NaN.
final class RowBuffer {
  let stride: Int
  let history: Int
  private let capacity: Int
  private let memory: LaneMemory
  private var cursor: Int

  init(stride: Int, history: Int, blockRows: Int) {
    self.stride = stride
    self.history = history
    capacity = history == 0 ? blockRows : history + blockRows + max(history, blockRows)
    memory = LaneMemory(count: capacity * stride, filledWith: .nan)
    cursor = history
  }

  /// Shares the memory of a buffer without history.
  init(sharing other: RowBuffer) {
    precondition(other.history == 0, "a buffer with history is never shared")
    stride = other.stride
    history = 0
    capacity = other.capacity
    memory = other.memory
    cursor = 0
  }

  /// The first cell of the current block; row -1 of it is the row before.
  var block: UnsafeMutablePointer<Double> { memory.base + cursor * stride }

  /// Makes room for a block of `count` rows at `block`.
  func begin(count: Int) {
    guard cursor + count > capacity else { return }
    let first = memory.base + (cursor - history) * stride
    memory.base.update(from: first, count: history * stride)
    cursor = history
  }

  /// Makes the block of `count` rows part of the history.
  func end(count: Int) {
    if history > 0 { cursor += count }
  }
}
