import Markets
import Mathematics

/// Copies the rows of a matrix field; outside the universe a value is missing where the settings
/// pasteurize.
final class FieldKernel: MatrixKernel {
  private let name: String
  private let pasteurizes: Bool
  private let columns: Int
  private let scratch: LaneMemory

  init(output: RowBuffer, name: String, columns: Int, blockRows: Int, pasteurizes: Bool) {
    self.name = name
    self.pasteurizes = pasteurizes
    self.columns = columns
    let isPadded = columns != output.stride
    scratch = LaneMemory(count: isPadded ? blockRows * columns : 0, filledWith: .nan)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    guard let column = block.panel.matrix(name) else {
      preconditionFailure("the panel lost its field \(name)")
    }
    let rows = block.start..<(block.start + block.count)
    let target = output.block
    if scratch.count == 0 {
      column.copy(rows: rows, to: target)
    } else {
      column.copy(rows: rows, to: scratch.base)
      for row in 0..<block.count {
        let line = target + row * output.stride
        line.update(from: scratch.base + row * columns, count: columns)
        (line + columns).update(repeating: .nan, count: output.stride - columns)
      }
    }
    if pasteurizes { block.blankOutside(target, stride: output.stride) }
  }
}

/// The values of the input inside the universe, missing outside.
final class PasteurizeKernel: MatrixKernel {
  private let input: RowBuffer

  init(output: RowBuffer, input: RowBuffer) {
    self.input = input
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    output.block.update(from: input.block, count: block.count * output.stride)
    block.blankOutside(output.block, stride: output.stride)
  }
}

extension RowBlock {
  /// Makes every value outside the universe missing.
  fileprivate func blankOutside(_ target: UnsafeMutablePointer<Double>, stride: Int) {
    guard let universe else { return }
    universe.members.withUnsafeBufferPointer { members in
      for row in 0..<count {
        let first = (start + row) * universe.columns
        for column in 0..<universe.columns where members[first + column] == 0 {
          target[row * stride + column] = .nan
        }
      }
    }
  }
}

/// One number for the events of each cell; a cell without events is missing. An infinite event is a
/// missing one.
final class VectorKernel: MatrixKernel {
  enum Figure {
    case mean, sum, count, maximum, minimum, range, deviation, informationRatio, norm
    case powerSum(exponent: Double)
    case percentile(share: Double)
    case element(Int)
    case skewness, kurtosis
  }

  private let name: String
  private let columns: Int
  private let pasteurizes: Bool
  /// Events equal to one of these numbers do not count; NaN removes missing events.
  private let removed: [Double]
  private let figure: Figure

  init(
    output: RowBuffer, name: String, columns: Int, removed: [Double], figure: Figure,
    pasteurizes: Bool
  ) {
    self.name = name
    self.columns = columns
    self.removed = removed
    self.figure = figure
    self.pasteurizes = pasteurizes
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    guard case .vector(let source) = block.panel.fields[name]?.values else {
      preconditionFailure("the panel lost its vector field \(name)")
    }
    for row in 0..<block.count {
      let target = output.block + row * output.stride
      for column in 0..<columns {
        target[column] = .nan
        var events = Array(source.events(row: block.start + row, column: column))
        for value in removed { events.removeAll { $0 == value || ($0.isNaN && value.isNaN) } }
        if !figure.countsMissing { events.removeAll { !$0.isFinite } }
        if !events.isEmpty {
          target[column] = figure.value(of: events).finiteOrMissing
        }
      }
    }
    if pasteurizes { block.blankOutside(output.block, stride: output.stride) }
  }
}

extension VectorKernel.Figure {
  /// Whether an event whose value is missing keeps its place among the events.
  fileprivate var countsMissing: Bool { if case .element = self { true } else { false } }

  fileprivate func value(of events: [Double]) -> Double {
    let n = Double(events.count)
    let sum = events.reduce(0, +)
    let mean = sum / n
    func moment(_ order: Int) -> Double {
      var total = 0.0
      for event in events {
        var power = 1.0
        for _ in 0..<order { power *= event - mean }
        total += power
      }
      return total / n
    }
    func sorted(_ share: Double) -> Double {
      var values = events
      return values.withUnsafeMutableBufferPointer { buffer in
        guard let first = buffer.baseAddress else { return .nan }
        return WindowFunctions.sortedPercentile(first, buffer.count, share: share)
      }
    }
    let low = events.reduce(.infinity) { min($0, $1) }
    let high = events.reduce(-.infinity) { max($0, $1) }
    let variance = high > low ? moment(2) : 0
    switch self {
    case .mean: return mean
    case .sum: return sum
    case .count: return n
    case .maximum: return high
    case .minimum: return low
    case .range: return high - low
    case .deviation: return variance.squareRoot()
    case .informationRatio: return variance > 0 ? mean / variance.squareRoot() : .nan
    case .norm: return events.reduce(0) { $0 + Swift.abs($1) }
    case .powerSum(let exponent):
      return events.reduce(0) { $0 + PowerFunction.raise($1, to: exponent) }
    case .percentile(let share): return sorted(share)
    case .element(let index): return events.indices.contains(index) ? events[index] : .nan
    case .skewness: return variance > 0 ? moment(3) / (variance * variance.squareRoot()) : .nan
    case .kurtosis: return variance > 0 ? moment(4) / (variance * variance) - 3 : .nan
    }
  }
}
