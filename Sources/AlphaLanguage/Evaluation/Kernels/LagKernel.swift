import Mathematics

/// Today's value against the one `lag` rows ago.
final class LagKernel: MatrixKernel {
  enum Figure {
    case earlier
    /// today - earlier
    case change
    /// (today - earlier) / earlier
    case relativeChange
    /// (today - earlier) / ((today + earlier) / 2)
    case symmetricChange
    /// weight * today + (1 - weight) * earlier; today alone where the earlier value is missing
    case blend(weight: Double)
    /// ln(today) - ln(earlier)
    case logChange
  }

  private let input: RowBuffer
  private let lag: Int
  private let figure: Figure

  init(output: RowBuffer, input: RowBuffer, lag: Int, figure: Figure) {
    self.input = input
    self.lag = lag
    self.figure = figure
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let today = UnsafePointer(input.block)
    let earlier = today - lag * output.stride
    let target = output.block
    let cells = block.count * output.stride
    @inline(__always)
    func map(_ f: (Lanes, Lanes) -> Lanes) {
      var i = 0
      while i < cells {
        target.store(f(today.lanes(at: i), earlier.lanes(at: i)).finiteOrMissing, at: i)
        i += 8
      }
    }
    switch figure {
    case .earlier: target.update(from: earlier, count: cells)
    case .change: map { $0 - $1 }
    case .relativeChange: map { ($0 - $1) / $1 }
    case .symmetricChange: map { ($0 - $1) / (($0 + $1) * Lanes(repeating: 0.5)) }
    case .blend(let weight):
      map { today, earlier in
        let blended = Lanes(repeating: weight) * today + Lanes(repeating: 1 - weight) * earlier
        return today.replacing(with: blended, where: earlier.isPresent)
      }
    case .logChange:
      for index in 0..<cells {
        let change = Elementary.log(today[index]) - Elementary.log(earlier[index])
        target[index] = change.finiteOrMissing
      }
    }
  }
}
