import Markets

/// Copies the classes of a panel's grouping for the rows of the block; outside the universe a class
/// is not known where the settings pasteurize.
final class GroupFieldKernel: Kernel {
  private let name: String
  private let output: GroupBuffer
  private let pasteurizes: Bool

  init(output: GroupBuffer, name: String, pasteurizes: Bool) {
    self.output = output
    self.name = name
    self.pasteurizes = pasteurizes
  }

  override func run(_ block: RowBlock) {
    guard let group = block.panel.group(name) else {
      preconditionFailure("the panel lost its grouping \(name)")
    }
    precondition(
      group.labels.count <= output.bound,
      "the grouping \(name) grew from \(output.bound) to \(group.labels.count) classes")
    group.codes.withUnsafeBufferPointer { codes in
      guard let base = codes.baseAddress else { return }
      for row in 0..<block.count {
        let first = group.isFixed ? 0 : (block.start + row) * output.columns
        output.writable(row).update(from: base + first, count: output.columns)
      }
    }
    guard pasteurizes, let universe = block.universe else { return }
    for row in 0..<block.count {
      let codes = output.writable(row)
      for column in 0..<output.columns
      where !universe.contains(row: block.start + row, column: column) {
        codes[column] = -1
      }
    }
  }
}

/// Sorts numbers into classes by edges: the class is the number of edges below the value.
final class BucketKernel: Kernel {
  private let input: RowBuffer
  private let output: GroupBuffer
  private let edges: [Double]
  private let skipsBegin: Bool
  private let skipsEnd: Bool
  private let missingHasClass: Bool

  /// - Parameters:
  ///   - output: bounded by the number of edges plus 2.
  ///   - edges: in ascending order, as the checker demands.
  ///   - skipsBegin: whether what is not above the first edge has no class.
  ///   - skipsEnd: whether what is above the last edge has no class.
  ///   - missingHasClass: whether missing values are a class of their own, the last.
  init(
    output: GroupBuffer, input: RowBuffer, edges: [Double], skipsBegin: Bool, skipsEnd: Bool,
    missingHasClass: Bool
  ) {
    self.output = output
    self.input = input
    self.edges = edges
    self.skipsBegin = skipsBegin
    self.skipsEnd = skipsEnd
    self.missingHasClass = missingHasClass
  }

  /// The edges from `start` to `end` by `step`, with a billionth of a step as tolerance.
  static func edges(from start: Double, through end: Double, by step: Double) -> [Double] {
    let count = Int(((end - start) / step + 1e-9).rounded(.down)) + 1
    return (0..<max(0, count)).map { start + Double($0) * step }
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      let x = UnsafePointer(input.block) + row * input.stride
      let codes = output.writable(row)
      for column in 0..<output.columns { codes[column] = code(of: x[column]) }
    }
  }

  private func code(of value: Double) -> Int32 {
    if value.isNaN { return missingHasClass ? Int32(edges.count + 1) : -1 }
    // An edge that differs from the value by rounding alone is not below it.
    let tolerance = 1e-12 * Swift.abs(value)
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < value - tolerance { low = middle + 1 } else { high = middle }
    }
    if low == 0, skipsBegin { return -1 }
    if low == edges.count, skipsEnd { return -1 }
    return Int32(low)
  }
}

/// Renumbers classes to 0, 1, 2, ... in ascending order of the values or codes present in the row.
final class DensifyKernel: Kernel {
  enum Source {
    case numbers(RowBuffer)
    case classes(GroupBuffer)
    /// Every pair of classes of two groupings is a class.
    case pairs(GroupBuffer, GroupBuffer)
  }

  private let source: Source
  private let output: GroupBuffer
  private let ranker: RowRanker
  private let scratch: LaneMemory

  init(output: GroupBuffer, source: Source) {
    self.output = output
    self.source = source
    ranker = RowRanker(capacity: output.columns)
    scratch = LaneMemory(count: output.columns, filledWith: .nan)
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      let labels = scratch.base
      switch source {
      case .numbers(let buffer):
        labels.update(from: buffer.block + row * buffer.stride, count: output.columns)
      case .classes(let group):
        let codes = group.codes(row)
        for column in 0..<output.columns {
          labels[column] = codes[column] < 0 ? .nan : Double(codes[column])
        }
      case .pairs(let first, let second):
        let a = first.codes(row)
        let b = second.codes(row)
        for column in 0..<output.columns {
          let isKnown = a[column] >= 0 && b[column] >= 0
          labels[column] =
            isKnown ? Double(a[column]) * Double(second.bound) + Double(b[column]) : .nan
        }
      }
      let codes = output.writable(row)
      codes.update(repeating: -1, count: output.columns)
      var code: Int32 = -1
      var previous = Double.nan
      for entry in ranker.order(labels, columns: output.columns) {
        let column = RowRanker.column(of: entry)
        let value = labels[column]
        if value != previous { code += 1 }
        codes[column] = code
        previous = value
      }
    }
  }
}

/// The first known class among several groupings; classes of later groupings are numbered after
/// those of earlier ones.
final class CoalesceKernel: Kernel {
  private let groups: [GroupBuffer]
  private let output: GroupBuffer

  init(output: GroupBuffer, groups: [GroupBuffer]) {
    self.output = output
    self.groups = groups
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      let codes = output.writable(row)
      codes.update(repeating: -1, count: output.columns)
      var offset: Int32 = 0
      for group in groups {
        let candidates = group.codes(row)
        for column in 0..<output.columns where codes[column] < 0 && candidates[column] >= 0 {
          codes[column] = offset + candidates[column]
        }
        offset += Int32(group.bound)
      }
    }
  }
}
