import Mathematics

/// Operators whose value depends on their own earlier values: they remember one row, and their look
/// back is without bound.
final class HoldKernel: MatrixKernel {
  enum Rule {
    /// Inputs trigger, value, exit: the exit drops the position, the trigger takes the value,
    /// otherwise yesterday's result stays. A missing trigger or exit does nothing.
    case tradeWhen
    /// Follows the input by at most `share` of the row's sum of magnitudes; smaller moves are
    /// ignored.
    case hump(share: Double)
    /// Keeps the previous result unless the move is larger than `threshold`.
    case humpDecay(threshold: Double)
    /// Caps the day's move at `share` of the second input.
    case deltaLimit(share: Double)
    /// Like the three above with a parameter found each day in [low, high], so that the turnover
    /// of the row comes as close to `turnover` as the bounds allow.
    case targetTurnover(Damper, low: Double, high: Double, turnover: Double)
  }

  enum Damper {
    case decay, hump, deltaLimit
  }

  private let inputs: [RowBuffer]
  private let rule: Rule
  private let columns: Int
  private let previous: LaneMemory
  private let candidate: LaneMemory

  init(output: RowBuffer, inputs: [RowBuffer], rule: Rule, columns: Int) {
    self.inputs = inputs
    self.rule = rule
    self.columns = columns
    previous = LaneMemory(count: output.stride, filledWith: .nan)
    candidate = LaneMemory(count: output.stride, filledWith: .nan)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      let x = UnsafePointer(inputs[0].block) + row * output.stride
      let last = UnsafePointer(inputs[inputs.count - 1].block) + row * output.stride
      let target = output.block + row * output.stride
      switch rule {
      case .tradeWhen:
        let value = UnsafePointer(inputs[1].block) + row * output.stride
        for column in 0..<columns {
          if last[column] > 0 {
            target[column] = .nan
          } else if x[column] > 0 {
            target[column] = value[column]
          } else {
            target[column] = previous.base[column]
          }
        }
      case .hump(let share):
        humped(x, share, target)
      case .humpDecay(let threshold):
        for column in 0..<columns {
          let held = previous.base[column]
          let moves = held.isNaN || !(Swift.abs(x[column] - held) <= threshold)
          target[column] = moves ? x[column] : held
        }
      case .deltaLimit(let share):
        limited(x, last, share, target)
      case .targetTurnover(let damper, let low, let high, let turnover):
        tuned(x, last, damper, low, high, turnover, target)
      }
      previous.base.update(from: target, count: columns)
    }
  }

  private func humped(
    _ x: UnsafePointer<Double>, _ share: Double, _ target: UnsafeMutablePointer<Double>
  ) {
    var magnitudes = 0.0
    for column in 0..<columns where !x[column].isNaN { magnitudes += Swift.abs(x[column]) }
    let limit = share * magnitudes
    for column in 0..<columns {
      let held = previous.base[column]
      let move = x[column] - held
      if held.isNaN || x[column].isNaN {
        target[column] = x[column]
      } else if Swift.abs(move) <= limit {
        target[column] = held
      } else {
        target[column] = move > 0 ? held + limit : held - limit
      }
    }
  }

  private func limited(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ share: Double,
    _ target: UnsafeMutablePointer<Double>
  ) {
    for column in 0..<columns {
      let held = previous.base[column]
      if held.isNaN || x[column].isNaN {
        target[column] = x[column]
      } else {
        let room = share * Swift.abs(y[column])
        target[column] =
          room.isNaN ? x[column] : min(max(x[column], held - room), held + room)
      }
    }
  }

  /// Bisects the damper's parameter: the weakest damping whose turnover does not exceed the target.
  private func tuned(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ damper: Damper, _ low: Double,
    _ high: Double, _ turnover: Double, _ target: UnsafeMutablePointer<Double>
  ) {
    func damp(_ parameter: Double, _ result: UnsafeMutablePointer<Double>) {
      switch damper {
      case .hump: humped(x, parameter, result)
      case .deltaLimit: limited(x, y, parameter, result)
      case .decay:
        for column in 0..<columns {
          let held = previous.base[column]
          result[column] =
            held.isNaN ? x[column] : held + parameter * (x[column] - held)
        }
      }
    }
    // A wider hump damps more; a wider limit and a larger share of the input damp less.
    let strong = damper == .hump ? high : low
    let weak = damper == .hump ? low : high
    damp(weak, target)
    if rowTurnover(target) <= turnover { return }
    var inside = strong
    var outside = weak
    for _ in 0..<Self.bisections {
      let middle = (inside + outside) / 2
      damp(middle, candidate.base)
      if rowTurnover(candidate.base) <= turnover { inside = middle } else { outside = middle }
    }
    damp(inside, target)
  }

  private static let bisections = 30  // the interval shrinks to a billionth

  /// Traded over held value of a row against the previous result.
  private func rowTurnover(_ row: UnsafeMutablePointer<Double>) -> Double {
    var traded = 0.0
    var held = 0.0
    for column in 0..<columns where !row[column].isNaN {
      held += Swift.abs(row[column])
      if !previous.base[column].isNaN { traded += Swift.abs(row[column] - previous.base[column]) }
    }
    return held > 0 ? traded / held : 0
  }
}

/// The number of rows for which today's value has stood, today included. A missing value ends a run.
final class UnchangedRunKernel: MatrixKernel {
  private let input: RowBuffer
  private let held: LaneMemory
  private let age: LaneMemory

  init(output: RowBuffer, input: RowBuffer) {
    self.input = input
    held = LaneMemory(count: output.stride, filledWith: .nan)
    age = LaneMemory(count: output.stride, filledWith: 0)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      let x = UnsafePointer(input.block) + row * output.stride
      var i = 0
      while i < output.stride {
        let value = x.lanes(at: i)
        let one = Lanes(repeating: 1)
        let run = one.replacing(
          with: age.base.lanes(at: i) + one, where: value .== held.base.lanes(at: i))
        held.base.store(value, at: i)
        age.base.store(run, at: i)
        (output.block + row * output.stride).store(run.orMissing(where: value.isPresent), at: i)
        i += 8
      }
    }
  }
}

/// A linear digital filter: the sum of `taps` times past inputs and `feedback` times past results.
///
/// A missing input gives a missing result; missing earlier values count as zero.
final class FilterKernel: MatrixKernel {
  private let input: RowBuffer
  private let taps: [Double]
  private let feedback: [Double]
  private let columns: Int
  /// Past results, newest first, one row for each feedback tap.
  private var past: [[Double]]

  init(output: RowBuffer, input: RowBuffer, taps: [Double], feedback: [Double], columns: Int) {
    self.input = input
    self.taps = taps
    self.feedback = feedback
    self.columns = columns
    past = feedback.map { _ in [Double](repeating: 0, count: columns) }
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      let x = input.block + row * output.stride
      let target = output.block + row * output.stride
      var results = [Double](repeating: 0, count: columns)
      for column in 0..<columns {
        var sum = 0.0
        for (age, tap) in taps.enumerated() {
          let value = x[column - age * output.stride]
          if !value.isNaN { sum += tap * value }
        }
        for (age, weight) in feedback.enumerated() { sum += weight * past[age][column] }
        let result = x[column].isNaN ? .nan : sum.finiteOrMissing
        results[column] = result.isNaN ? 0 : result
        target[column] = result
      }
      if !past.isEmpty {
        past.removeLast()
        past.insert(results, at: 0)
      }
    }
  }
}
