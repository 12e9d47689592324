import Markets
import Testing

@testable import AlphaLanguage

/// The worked examples of BRAIN's operator documentation.
///
/// One documented example is left out: that of `ts_quantile`, which gives the distribution function
/// of a score and contradicts its own description.
@Suite("The worked examples of the operator documentation")
struct WorkedExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var formula: FormulaGraph
    var panel: Panel
    /// The values of the last row.
    var expected: [Double]
    /// Half a unit of the last documented digit.
    var tolerance = 1e-12
    var members: [UInt8]?

    var testDescription: String { describe(formula) }
  }

  @Test("come out as documented", arguments: ofRows + ofSeries + ofGroups + ofEvents)
  func comesOut(example: Example) {
    let universe = example.members.map {
      MembershipColumn(rows: 1, columns: $0.count, members: $0)
    }
    let values = Evaluator.values(of: [example.formula], on: example.panel, universe: universe)[0]
    let lastRow = values.suffix(example.panel.columns)
    for (calculated, expected) in zip(lastRow, example.expected) {
      let isEqual =
        expected.isNaN ? calculated.isNaN : Swift.abs(calculated - expected) <= example.tolerance
      #expect(isEqual, "\(Array(lastRow)) in place of \(example.expected)")
    }
  }

  // MARK: - Rows

  private static let x = FormulaGraph.field("x")
  private static let y = FormulaGraph.field("y")
  private static let signs = [2.0, -3, 5, 6, 3, nan, -10]
  private static let scores = [100.0, 0, 50, 60, 25]
  private static let spread = [15.0, 7, 0, 20]

  static let ofRows: [Example] = [
    row([1, nan, 3], and: [4, 5, nan], .call(.add, [x, y]), [5, nan, nan]),
    row([1, nan, 3], and: [4, 5, nan], .call(.add, [x, y], [.flag(true)]), [5, 5, 3]),
    row([nan], and: [5], .call(.subtract, [x, y], [.flag(true)]), [-5]),
    row([5], and: [nan], .call(.multiply, [x, y], [.flag(true)]), [5]),
    row([-4], .call(.sqrt, [x]), [nan]),
    row([3, -9], and: [2, 0.5], .call(.signedPower, [x, y]), [9, -3]),
    row(signs, .call(.sign, [x]), [1, -1, 1, 1, 1, nan, -1]),
    Example(
      formula: .call(.pasteurize, [x]), panel: TinyPanel.make([("x", [[2, 3, .infinity, 8, 10]])]),
      expected: [2, 3, nan, 8, nan], members: [1, 1, 1, 1, 0]),
    row([2], .call(.tanh, [x]), [0.964], 0.0005),
    row([5.63, -4.59], .call(.fraction, [x]), [0.63, -0.59]),
    row([4, 3, 6, 10, 2], .call(.rank, [x]), [0.5, 0.25, 0.75, 1, 0]),
    row(scores, .call(.zscore, [x]), [1.57, -1.39, 0.09, 0.39, -0.65], 0.005),
    row([3, 5, 6, 2], .call(.normalize, [x]), [-1, 1, 2, -2]),
    row(
      [3, 5, 6, 2], .call(.normalize, [x], [.flag(true), .number(0)]), [-0.55, 0.55, 1.1, -1.1],
      0.005),
    row(spread, .call(.scaleDown, [x]), [0.75, 0.35, 0, 1]),
    row(spread, .call(.scaleDown, [x], [.number(1)]), [-0.25, -0.65, -1, 0]),
    row(
      [2, 4, 5, 6, 3, 8, 10], .call(.winsorize, [x], [.number(1)]),
      [2.81, 4, 5, 6, 3, 8, 8.03], 0.01),
    row([1, 2, 3], and: [3, 4, 5], .call(.vectorNeut, [x, y]), [-0.56, -0.08, 0.4]),
  ]

  private static func row(
    _ x: [Double], and y: [Double]? = nil, _ formula: FormulaGraph, _ expected: [Double],
    _ tolerance: Double = 1e-12
  ) -> Example {
    Example(
      formula: formula, panel: TinyPanel.make([("x", [x])] + (y.map { [("y", [$0])] } ?? [])),
      expected: expected, tolerance: tolerance)
  }

  // MARK: - Series

  private static let steps = [2.0, 3, 5, 6, 3, 8, 10]
  private static let peaks = [6.0, 2, 8, 5, 9, 4]

  static let ofSeries: [Example] = [
    series(steps, .call(.tsDelay, [x], [.number(6)]), 10),
    series(steps, .call(.tsDelta, [x], [.number(6)]), -8),
    series(steps, .call(.tsProduct, [x], [.number(7)]), 43_200),
    series(scores, .call(.tsZscore, [x], [.number(5)]), 1.57, 0.005),
    series([6, 2, 8, 5, 9, nan], .call(.tsAvDiff, [x], [.number(6)]), 0),
    series(peaks, .call(.tsArgMax, [x], [.number(6)]), 4),
    series(peaks, .call(.tsArgMin, [x], [.number(6)]), 1),
    series([100, 0, 200], .call(.tsRank, [x], [.number(3), .number(0)]), 0.5),
    series(peaks, .call(.tsScale, [x], [.number(6), .number(1)]), 1.5714, 0.00005),
    series(
      steps, and: [100, 190, 150, 180, 210, 220, 240], .call(.tsCorr, [x, y], [.number(7)]), 0.6891,
      0.00005),
    series([100, nan, nan, 200], .call(.tsCountNans, [x], [.number(4)]), 2),
    series(
      steps, .call(.kthElement, [x], [.number(6), .number(2), .numbers([nan])]), 5),
    series([2, 2, 2, 7, 5, 16, 1], .call(.daysFromLastChange, [x]), 3),
    series([30, 5, 4, 5, 6], .call(.tsDecayLinear, [x], [.number(5), .flag(false)]), 13.2),
    // One instrument of size 2 and a limit of 1.5: hump = 0.75.
    series([2, 5], .call(.hump, [x], [.number(0.75)]), 3.5),
    series([2, 4], .call(.jumpDecay, [x], [.number(6), .number(0.5), .number(0.1)]), 3.8),
  ]

  /// The newest value first, as the documentation lists them.
  private static func series(
    _ x: [Double], and y: [Double]? = nil, _ formula: FormulaGraph, _ expected: Double,
    _ tolerance: Double = 1e-12
  ) -> Example {
    let columns = [("x", x)] + (y.map { [("y", $0)] } ?? [])
    return Example(
      formula: formula,
      panel: TinyPanel.make(columns.map { ($0.0, $0.1.reversed().map { [$0] }) }),
      expected: [expected], tolerance: tolerance)
  }

  // MARK: - Groups

  private static let g = FormulaGraph.field("g")

  static let ofGroups: [Example] = [
    Example(
      formula: .call(.groupNeutralize, [x, g]),
      panel: TinyPanel.make(
        [("x", [[3, 2, 6, 5, 8, 9, 1, 4, 8, 0]])], groups: [("g", [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])]),
      expected: [-1.8, -2.8, 1.2, 0.2, 3.2, 4.6, -3.4, -0.4, 3.6, -4.4]),
    Example(
      formula: .call(.groupZscore, [x, g]),
      panel: TinyPanel.make([("x", [scores])], groups: [("g", [0, 0, 0, 0, 0])]),
      expected: [1.57, -1.39, 0.09, 0.39, -0.65], tolerance: 0.005),
    Example(
      formula: .call(.groupRank, [x, g]),
      panel: TinyPanel.make([("x", [[100, 0, 50]])], groups: [("g", [0, 0, 0])]),
      expected: [1, 0, 0.5]),
    Example(
      formula: .call(.groupBackfill, [x, g], [.number(4), .number(4)]),
      panel: TinyPanel.make(
        [("x", [[5, 9, nan], [5, 2, 2], [2, nan, -4], [4, 7, nan]])], groups: [("g", [0, 0, 0])]),
      expected: [4, 7, 3.56], tolerance: 0.005),
  ]

  // MARK: - Events

  private static let news = TinyPanel.make([], vectors: [("v", [[steps]])])

  static let ofEvents: [Example] = [
    Example(
      formula: .call(.vecAvg, [.field("v")]), panel: news, expected: [5.29], tolerance: 0.005),
    Example(formula: .call(.vecSum, [.field("v")]), panel: news, expected: [37]),
  ]

  // MARK: - Classes

  @Test("bucket numbers the classes of listed edges")
  func bucketOfEdges() {
    let classes = Self.classes([-1, 3, 6, 8, 12], columns: 5) { input, output in
      BucketKernel(
        output: output, input: input, edges: [2, 5, 6, 7, 10], skipsBegin: false, skipsEnd: false,
        missingHasClass: false)
    }
    #expect(classes == [0, 1, 2, 4, 5])
  }

  @Test("bucket numbers the classes of a range, in which 0.9 is the ninth edge")
  func bucketOfRange() {
    let classes = Self.classes([0.05, 0.5, 0.9], columns: 3) { input, output in
      BucketKernel(
        output: output, input: input, edges: BucketKernel.edges(from: 0.1, through: 1, by: 0.1),
        skipsBegin: false, skipsEnd: false, missingHasClass: false)
    }
    #expect(classes == [0, 4, 8])
  }

  @Test("densify numbers classes without gaps")
  func densify() {
    let classes = Self.classes([0, 1, 2, 99], columns: 4) { input, output in
      DensifyKernel(output: output, source: .numbers(input))
    }
    #expect(classes == [0, 1, 2, 3])
  }

  /// The classes that a kernel makes of one row.
  private static func classes(
    _ row: [Double], columns: Int, _ kernel: (RowBuffer, GroupBuffer) -> Kernel
  ) -> [Int32] {
    let input = RowBuffer(stride: 8, history: 0, blockRows: 1)
    for (column, value) in row.enumerated() { input.block[column] = value }
    let output = GroupBuffer(bound: 100, columns: columns, blockRows: 1)
    let panel = TinyPanel.make([("x", [row])])
    kernel(input, output).run(RowBlock(start: 0, count: 1, panel: panel, universe: nil))
    return (0..<columns).map { output.codes(0)[$0] }
  }
}
