/// One number for each row and instrument, time-major: all instruments of row 0, then of row 1.
///
/// A missing value is NaN. The numbers may live in a memory-mapped file of 32-bit or 64-bit floats;
/// they are widened where they are copied out, so a column costs no memory of its own.
package struct MatrixColumn: @unchecked Sendable {
  /// How a number lies in memory, little-endian, by the name that NumPy gives it.
  package enum Scalar: String, Hashable, Sendable {
    case float32 = "<f4"
    case float64 = "<f8"

    package var byteCount: Int { self == .float32 ? 4 : 8 }
  }

  package let scalar: Scalar
  package let rows: Int
  package let columns: Int
  // Sendable: `base` points into memory that `owner` keeps alive and that nobody writes after the
  // column is made.
  package let base: UnsafeRawPointer
  private let owner: AnyObject

  /// Wraps memory that `owner` keeps alive and that is never written again.
  package init(
    scalar: Scalar, rows: Int, columns: Int, base: UnsafeRawPointer, owner: AnyObject
  ) {
    self.scalar = scalar
    self.rows = rows
    self.columns = columns
    self.base = base
    self.owner = owner
  }

  /// Copies `values`, which hold `rows * columns` numbers, time-major.
  package init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows) x \(columns)")
    let memory = OwnedMemory(copying: values)
    self.init(
      scalar: .float64, rows: rows, columns: columns, base: UnsafeRawPointer(memory.base),
      owner: memory)
  }

  /// Copies `values`, which hold `rows * columns` numbers, time-major, in half the memory.
  package init(rows: Int, columns: Int, singles values: [Float]) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows) x \(columns)")
    let memory = OwnedMemory(copying: values)
    self.init(
      scalar: .float32, rows: rows, columns: columns, base: UnsafeRawPointer(memory.base),
      owner: memory)
  }

  /// Returns the first `count` rows over the same memory.
  package func prefix(_ count: Int) -> MatrixColumn {
    precondition(count >= 0 && count <= rows, "\(count) rows of \(rows)")
    return MatrixColumn(scalar: scalar, rows: count, columns: columns, base: base, owner: owner)
  }

  /// Copies whole rows to `target` as doubles; an infinite value becomes NaN, so that a panel holds
  /// numbers or missing values and nothing else.
  package func copy(rows range: Range<Int>, to target: UnsafeMutablePointer<Double>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    let count = range.count * columns
    let first = range.lowerBound * columns
    switch scalar {
    case .float64:
      let source = base.assumingMemoryBound(to: Double.self) + first
      for i in 0..<count {
        let value = source[i]
        target[i] = value.isFinite ? value : .nan
      }
    case .float32:
      let source = base.assumingMemoryBound(to: Float.self) + first
      for i in 0..<count {
        let value = Double(source[i])
        target[i] = value.isFinite ? value : .nan
      }
    }
  }

  /// The whole column as doubles, time-major.
  package func values() -> [Double] {
    [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      if let target = buffer.baseAddress { copy(rows: 0..<rows, to: target) }
      count = rows * columns
    }
  }

  /// The value of an instrument in a row, NaN where it is missing. For single values: a loop copies
  /// rows instead.
  package subscript(row: Int, column: Int) -> Double {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns)
    let index = row * columns + column
    let value =
      switch scalar {
      case .float64: base.load(fromByteOffset: index * 8, as: Double.self)
      case .float32: Double(base.load(fromByteOffset: index * 4, as: Float.self))
      }
    return value.isFinite ? value : .nan
  }
}

private final class OwnedMemory {
  let base: UnsafeMutableRawPointer

  init<Number: BitwiseCopyable>(copying numbers: [Number]) {
    let stride = MemoryLayout<Number>.stride
    base = .allocate(byteCount: max(1, numbers.count * stride), alignment: 64)
    numbers.withUnsafeBytes { source in
      if let first = source.baseAddress { base.copyMemory(from: first, byteCount: source.count) }
    }
  }

  deinit { base.deallocate() }
}
