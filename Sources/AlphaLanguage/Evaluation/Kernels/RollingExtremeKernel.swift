import Mathematics

/// The largest or smallest present value of a trailing window and how many rows ago it stood.
///
/// Chunks, tails and a head as in `RollingMomentsKernel` (van Herk 1992), with extremes in place of
/// sums: a constant number of steps for each cell. Of equal values the oldest counts, as it does for
/// NumPy and pandas.
final class RollingExtremeKernel: MatrixKernel {
  enum Side {
    case maximum, minimum
  }

  enum Figure {
    /// The extreme itself.
    case extreme
    /// Rows since the extreme, 0 for today.
    case age
    /// Today's value less the extreme.
    case distance
  }

  private let input: RowBuffer
  private let window: Int
  private let side: Side
  private let figure: Figure
  private let emptyIsZero: Bool
  private let headValue: LaneMemory
  private let headRow: LaneMemory
  private let tailValue: LaneMemory
  private let tailRow: LaneMemory

  init(
    output: RowBuffer, input: RowBuffer, window: Int, side: Side, figure: Figure,
    emptyIsZero: Bool
  ) {
    self.input = input
    self.window = window
    self.side = side
    self.figure = figure
    self.emptyIsZero = emptyIsZero
    headValue = LaneMemory(count: output.stride, filledWith: -.infinity)
    headRow = LaneMemory(count: output.stride, filledWith: 0)
    tailValue = LaneMemory(count: window * output.stride, filledWith: -.infinity)
    tailRow = LaneMemory(count: window * output.stride, filledWith: 0)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let stride = output.stride
    // A minimum is the maximum of the opposite values; a missing value is below everything.
    let sign = Lanes(repeating: side == .maximum ? 1 : -1)
    let lowest = Lanes(repeating: -.infinity)
    let none = emptyIsZero ? Lanes.zero : Lanes.missing
    for row in 0..<block.count {
      let x = UnsafePointer(input.block) + row * stride
      let absolute = block.start + row
      let phase = absolute % window
      if phase == 0 { beginChunk(x, absolute, sign) }
      let today = Lanes(repeating: Double(absolute))
      let tail = (window - 1 - phase) * stride
      let target = output.block + row * stride
      var i = 0
      while i < stride {
        let value = x.lanes(at: i)
        let signed = lowest.replacing(with: value * sign, where: value.isPresent)
        var best = headValue.base.lanes(at: i)
        var bestRow = headRow.base.lanes(at: i)
        let isNewer = signed .> best
        best.replace(with: signed, where: isNewer)
        bestRow.replace(with: today, where: isNewer)
        headValue.base.store(best, at: i)
        headRow.base.store(bestRow, at: i)
        let older = tailValue.base.lanes(at: tail + i)
        let isOlder = older .>= best
        best.replace(with: older, where: isOlder)
        bestRow.replace(with: tailRow.base.lanes(at: tail + i), where: isOlder)
        let isEmpty = best .== lowest
        let extreme = best * sign
        let result =
          switch figure {
          case .extreme: extreme
          case .age: today - bestRow
          case .distance: (value - extreme).finiteOrMissing
          }
        target.store(result.replacing(with: none, where: isEmpty), at: i)
        i += 8
      }
    }
  }

  private func beginChunk(_ x: UnsafePointer<Double>, _ absolute: Int, _ sign: Lanes) {
    let stride = output.stride
    let lowest = Lanes(repeating: -.infinity)
    headValue.base.update(repeating: -.infinity, count: stride)
    var i = 0
    while i < stride {
      var best = lowest
      var bestRow = Lanes.zero
      for length in 0..<window {
        if length > 0 {
          let value = (x - length * stride).lanes(at: i)
          let signed = lowest.replacing(with: value * sign, where: value.isPresent)
          let isLarger = signed .>= best
          best.replace(with: signed, where: isLarger)
          bestRow.replace(with: Lanes(repeating: Double(absolute - length)), where: isLarger)
        }
        tailValue.base.store(best, at: length * stride + i)
        tailRow.base.store(bestRow, at: length * stride + i)
      }
      i += 8
    }
  }
}
