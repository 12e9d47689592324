import Essentials
import Markets
import TestKit
import Testing

@Suite("Panels")
struct PanelTests {
  @Test("a matrix gives back its numbers; what is infinite is missing", arguments: [1, 2, 3])
  func matrix(rows: Int) {
    let stored = [1.5, .infinity, -.infinity, .nan, -0.0, 1e300, 4, 5, 6]
    let column = MatrixColumn(rows: rows, columns: 3, values: Array(stored.prefix(rows * 3)))
    for (index, value) in column.values().enumerated() {
      #expect(value.isNaN == !stored[index].isFinite)
      #expect(value.isNaN || value.bitPattern == stored[index].bitPattern)
      let single = column[index / 3, index % 3]
      #expect(single.bitPattern == value.bitPattern || (single.isNaN && value.isNaN))
    }
  }

  @Test("a block of rows is copied as it lies in the whole, from 32-bit numbers too")
  func blocks() {
    let wide: [Double] = [1, 2, 3, 4, .infinity, 6]
    let narrow = wide.map(Float.init)
    let owner = NarrowMemory(narrow)
    for column in [
      MatrixColumn(rows: 3, columns: 2, values: wide),
      MatrixColumn(
        scalar: .float32, rows: 3, columns: 2, base: UnsafeRawPointer(owner.base), owner: owner),
    ] {
      var target = [Double](repeating: 0, count: 4)
      target.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { column.copy(rows: 1..<3, to: base) }
      }
      #expect(Array(target[..<2]) == [3, 4])
      #expect(target[2].isNaN)
      #expect(target[3] == 6)
    }
  }

  @Test("classes are found by row where they change, and an unknown class has no label")
  func groups() {
    let fixed = GroupColumn(labels: ["banks", "oil"], columns: 2, codes: [1, -1])
    #expect(fixed.isFixed)
    #expect(fixed.label(row: 7, column: 0) == "oil")
    #expect(fixed.label(row: 7, column: 1) == nil)
    let moving = GroupColumn(labels: ["banks", "oil"], columns: 2, codes: [0, 0, 1, -1])
    #expect(!moving.isFixed)
    #expect(moving.label(row: 1, column: 0) == "oil")
    #expect(moving.code(row: 1, column: 1) == -1)
  }

  @Test("the events of a cell keep their order, and a cell may have none")
  func vectors() {
    let column = VectorColumn(rows: 2, columns: 2, offsets: [0, 2, 2, 3, 3], values: [9, 8, 7])
    #expect(column.events(row: 0, column: 0) == [9, 8])
    #expect(column.events(row: 0, column: 1) == [])
    #expect(column.events(row: 1, column: 0) == [7])
  }

  @Test("membership is asked by row and instrument")
  func membership() {
    let column = MembershipColumn(rows: 2, columns: 2, members: [1, 0, 0, 1])
    #expect(column.contains(row: 0, column: 0))
    #expect(!column.contains(row: 0, column: 1))
    #expect(column.contains(row: 1, column: 1))
  }

  @Test(
    "the first row at or after an instant is found",
    arguments: [(-1, 0), (0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
  func rows(milliseconds: Int64, row: Int) {
    let axis = TimeAxis(
      stamps: [0, 10, 20].map(Timestamp.init(millisecondsSinceEpoch:)), spacing: .bar(seconds: 60))
    #expect(axis.firstRow(notBefore: Timestamp(millisecondsSinceEpoch: milliseconds)) == row)
  }

  @Test("a year has 252 trading days, or as many bars as fit into 365 days")
  func periods() {
    #expect(TimeAxis(tradingDays: []).periodsPerYear == 252)
    #expect(TimeAxis(stamps: [], spacing: .bar(seconds: 86_400)).periodsPerYear == 365)
    #expect(TimeAxis(stamps: [], spacing: .bar(seconds: 60)).periodsPerYear == 525_600)
  }

  @Test("a unit is written as a product of powers")
  func units() {
    #expect(MeasureUnit.money.description == "Unit[CSPrice:1,CSShare:1]")
    #expect(MeasureUnit.dimensionless.description == "Unit[]")
    #expect(MeasureUnit(price: -1).description == "Unit[CSPrice:-1]")
  }

  @Test("a panel finds its fields by name and kind, and describes them without their numbers")
  func fields() {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 4, columns: 3), seed: 1)
    #expect(panel.rows == 4)
    #expect(panel.columns == 3)
    #expect(panel.matrix("close")?.columns == 3)
    #expect(panel.matrix("sector") == nil)
    #expect(panel.group("sector")?.columns == 3)
    #expect(panel.group("news") == nil)
    #expect(panel.schema.fields["close"]?.unit == .price)
    #expect(panel.schema.fields.count == panel.fields.count)
  }
}

private final class NarrowMemory {
  let base: UnsafeMutablePointer<Float>

  init(_ numbers: [Float]) {
    base = .allocate(capacity: numbers.count)
    base.initialize(from: numbers, count: numbers.count)
  }

  deinit { base.deallocate() }
}
