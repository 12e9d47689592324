import Markets

/// The rows that are computed together.
struct RowBlock {
  /// The panel row of the first.
  var start: Int
  var count: Int
  var panel: Panel
  /// The instruments that count in each row of the panel, nil for all.
  var universe: MembershipColumn?
}

/// One node at work: reads the current blocks of its inputs and fills the block of its output.
///
/// A kernel owns whatever it remembers between blocks, so a block of one row and a block of a
/// thousand rows leave the same bits behind. That is the whole secret of streaming.
class Kernel {
  /// Computes the rows of `block`; the output has room for them.
  func run(_ block: RowBlock) {
    preconditionFailure("\(type(of: self)) does not say how it runs")
  }
}

/// A kernel whose result is one number for each row and instrument.
class MatrixKernel: Kernel {
  let output: RowBuffer

  init(output: RowBuffer) {
    self.output = output
  }
}

/// What an elementwise kernel reads: the rows of a node, or one number for all cells.
enum Operand {
  case rows(RowBuffer)
  case number(Double)
}
