import Markets

/// The class of each instrument by row, padded to whole lanes. Instruments without a known class,
/// and the padding, form the last class.
// Sendable: `base` is written only by `init` and never afterwards.
final class GroupRows: @unchecked Sendable {
  /// The number of classes, the unknown one included.
  let classes: Int
  let labels: [String]
  private let base: UnsafeMutablePointer<Int32>
  private let stride: Int

  init(_ column: GroupColumn, rows: Int) {
    let width = (column.columns + 7) / 8 * 8
    let storedRows = column.isFixed ? 1 : rows
    classes = column.labels.count + 1
    labels = column.labels
    stride = column.isFixed ? 0 : width
    base = .allocate(capacity: max(1, storedRows * width))
    let unknown = Int32(column.labels.count)
    base.initialize(repeating: unknown, count: storedRows * width)
    for row in 0..<storedRows {
      for index in 0..<column.columns {
        let code = column.code(row: row, column: index)
        base[row * width + index] = code < 0 ? unknown : code
      }
    }
  }

  deinit { base.deallocate() }

  @inline(__always) func row(_ row: Int) -> UnsafePointer<Int32> {
    UnsafePointer(base + row * stride)
  }
}
