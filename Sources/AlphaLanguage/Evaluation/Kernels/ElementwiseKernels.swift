import Mathematics

/// Calls `body` for each run of eight cells of a block, padding included.
@inline(__always)
private func forEachLane(_ cells: Int, _ body: (Int) -> Void) {
  var index = 0
  while index < cells {
    body(index)
    index += 8
  }
}

/// Cell by cell, one input: `f` sees eight cells at a time. Cost: one read and one write a cell.
final class UnaryKernel: MatrixKernel {
  enum Function {
    case magnitude, reverse, inverse, squareRoot, sign
    case isNaN, isNotNaN, not
    case scalar((Double) -> Double)
  }

  private let input: RowBuffer
  private let function: Function

  init(output: RowBuffer, input: RowBuffer, function: Function) {
    self.input = input
    self.function = function
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let source = UnsafePointer(input.block)
    let target = output.block
    let cells = block.count * output.stride
    @inline(__always)
    func map(_ f: (Lanes) -> Lanes) {
      forEachLane(cells) { target.store(f(source.lanes(at: $0)), at: $0) }
    }
    let one = Lanes(repeating: 1)
    switch function {
    case .magnitude:
      map { x in x.replacing(with: -x, where: x .< 0) }
    case .reverse:
      map { -$0 }
    case .inverse:
      map { (one / $0).finiteOrMissing }
    case .squareRoot:
      map { $0.root }
    case .sign:
      map { x in
        let signs = Lanes.ones(where: x .> 0) - Lanes.ones(where: x .< 0)
        return signs.orMissing(where: x.isPresent)
      }
    case .isNaN:
      map { one - Lanes.ones(where: $0.isPresent) }
    case .isNotNaN:
      map { Lanes.ones(where: $0.isPresent) }
    case .not:
      map { x in Lanes.ones(where: x .== 0).orMissing(where: x.isPresent) }
    case .scalar(let f):
      for index in 0..<cells {
        let x = source[index]
        target[index] = x.isNaN ? .nan : f(x).finiteOrMissing
      }
    }
  }
}

/// Cell by cell, two inputs of which one may be a constant.
final class BinaryKernel: MatrixKernel {
  /// What happens to a missing operand.
  enum Missing {
    /// The result is missing.
    case propagate
    /// The operand counts as this number.
    case counts(Double)
    /// The result is the other operand.
    case skip
  }

  enum Function {
    case add, subtract, multiply, divide, maximum, minimum
    case less, lessEqual, equal, notEqual
    case and, or
    /// Missing where y is negative, x elsewhere.
    case mask
    /// x where it is present, y elsewhere.
    case replaceMissing
    case scalar((Double, Double) -> Double)
  }

  private let left: Operand
  private let right: Operand
  private let function: Function
  private let missing: Missing

  init(
    output: RowBuffer, left: Operand, right: Operand, function: Function,
    missing: Missing = .propagate
  ) {
    self.left = left
    self.right = right
    self.function = function
    self.missing = missing
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let target = output.block
    let cells = block.count * output.stride
    @inline(__always)
    func zip(_ f: (Lanes, Lanes) -> Lanes) {
      switch (left, right) {
      case (.rows(let a), .rows(let b)):
        let x = UnsafePointer(a.block)
        let y = UnsafePointer(b.block)
        forEachLane(cells) { target.store(f(x.lanes(at: $0), y.lanes(at: $0)), at: $0) }
      case (.rows(let a), .number(let number)):
        let x = UnsafePointer(a.block)
        let y = Lanes(repeating: number)
        forEachLane(cells) { target.store(f(x.lanes(at: $0), y), at: $0) }
      case (.number(let number), .rows(let b)):
        let x = Lanes(repeating: number)
        let y = UnsafePointer(b.block)
        forEachLane(cells) { target.store(f(x, y.lanes(at: $0)), at: $0) }
      case (.number(let a), .number(let b)):
        let value = f(Lanes(repeating: a), Lanes(repeating: b))
        forEachLane(cells) { target.store(value, at: $0) }
      }
    }
    @inline(__always)
    func filled(_ f: (Lanes, Lanes) -> Lanes) {
      switch missing {
      case .propagate:
        zip(f)
      case .counts(let number):
        let neutral = Lanes(repeating: number)
        zip { x, y in
          f(
            neutral.replacing(with: x, where: x.isPresent),
            neutral.replacing(with: y, where: y.isPresent))
        }
      case .skip:
        zip { x, y in
          f(
            y.replacing(with: x, where: x.isPresent),
            x.replacing(with: y, where: y.isPresent))
        }
      }
    }
    @inline(__always)
    func both(_ x: Lanes, _ y: Lanes) -> LaneMask { x.isPresent .& y.isPresent }

    switch function {
    case .add: filled { ($0 + $1).finiteOrMissing }
    case .subtract: filled { ($0 - $1).finiteOrMissing }
    case .multiply: filled { ($0 * $1).finiteOrMissing }
    case .divide: filled { ($0 / $1).finiteOrMissing }
    case .maximum:
      filled { x, y in x.replacing(with: y, where: y .> x).orMissing(where: both(x, y)) }
    case .minimum:
      filled { x, y in x.replacing(with: y, where: y .< x).orMissing(where: both(x, y)) }
    case .less: zip { x, y in Lanes.ones(where: x .< y).orMissing(where: both(x, y)) }
    case .lessEqual: zip { x, y in Lanes.ones(where: x .<= y).orMissing(where: both(x, y)) }
    case .equal: zip { x, y in Lanes.ones(where: x .== y).orMissing(where: both(x, y)) }
    case .notEqual: zip { x, y in Lanes.ones(where: x .!= y).orMissing(where: both(x, y)) }
    case .and:
      // Three-valued: false and anything is false; otherwise a missing operand decides nothing.
      zip { x, y in
        let isFalse = (x .== 0) .| (y .== 0)
        let known = Lanes(repeating: 1).orMissing(where: both(x, y))
        return known.replacing(with: Lanes.zero, where: isFalse)
      }
    case .or:
      zip { x, y in
        let isTrue = (x.isPresent .& (x .!= 0)) .| (y.isPresent .& (y .!= 0))
        let known = Lanes.zero.orMissing(where: both(x, y))
        return known.replacing(with: Lanes(repeating: 1), where: isTrue)
      }
    case .mask: zip { x, y in x.replacing(with: Lanes.missing, where: y .< 0) }
    case .replaceMissing: zip { x, y in y.replacing(with: x, where: x.isPresent) }
    case .scalar(let f):
      for index in 0..<cells {
        let x = value(of: left, at: index)
        let y = value(of: right, at: index)
        target[index] = x.isNaN || y.isNaN ? .nan : f(x, y).finiteOrMissing
      }
    }
  }

  private func value(of operand: Operand, at index: Int) -> Double {
    switch operand {
    case .rows(let buffer): buffer.block[index]
    case .number(let number): number
    }
  }
}

/// The second input where the condition holds, the third where it does not, missing where the
/// condition is missing.
final class ChoiceKernel: MatrixKernel {
  private let condition: RowBuffer
  private let whenTrue: RowBuffer
  private let whenFalse: RowBuffer

  init(output: RowBuffer, condition: RowBuffer, whenTrue: RowBuffer, whenFalse: RowBuffer) {
    self.condition = condition
    self.whenTrue = whenTrue
    self.whenFalse = whenFalse
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let c = UnsafePointer(condition.block)
    let a = UnsafePointer(whenTrue.block)
    let b = UnsafePointer(whenFalse.block)
    let target = output.block
    forEachLane(block.count * output.stride) { index in
      let test = c.lanes(at: index)
      let chosen = a.lanes(at: index).replacing(with: b.lanes(at: index), where: test .== 0)
      target.store(chosen.orMissing(where: test.isPresent), at: index)
    }
  }
}

/// One number in every cell.
final class ConstantKernel: MatrixKernel {
  private let number: Double

  init(output: RowBuffer, number: Double) {
    self.number = number
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    output.block.update(repeating: number, count: block.count * output.stride)
  }
}

/// A counter that grows by one each row and stands at `first` in the first row of the panel.
final class StepKernel: MatrixKernel {
  private let first: Double

  init(output: RowBuffer, first: Double) {
    self.first = first
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      (output.block + row * output.stride).update(
        repeating: first + Double(block.start + row), count: output.stride)
    }
  }
}

/// Cell by cell through a function that also sees missing values.
final class MappingKernel: MatrixKernel {
  private let input: RowBuffer
  private let function: (Double) -> Double

  init(output: RowBuffer, input: RowBuffer, function: @escaping (Double) -> Double) {
    self.input = input
    self.function = function
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    for index in 0..<(block.count * output.stride) {
      output.block[index] = function(input.block[index])
    }
  }
}

/// Yesterday's position times today's return.
final class HeldReturnKernel: MatrixKernel {
  private let position: RowBuffer
  private let returns: RowBuffer

  init(output: RowBuffer, position: RowBuffer, returns: RowBuffer) {
    self.position = position
    self.returns = returns
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let held = UnsafePointer(position.block) - output.stride
    let earned = UnsafePointer(returns.block)
    forEachLane(block.count * output.stride) {
      output.block.store((held.lanes(at: $0) * earned.lanes(at: $0)).finiteOrMissing, at: $0)
    }
  }
}
