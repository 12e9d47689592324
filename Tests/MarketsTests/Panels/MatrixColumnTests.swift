import Markets
import TestKit
import Testing

@Suite("Matrix column")
struct MatrixColumnTests {
  @Test("both precisions hand out the same doubles, with infinity as a missing value")
  func precisions() {
    let values: [Double] = [1, -2.5, .infinity, .nan, 0.25, -.infinity]
    let columns = [
      MatrixColumn(rows: 2, columns: 3, values: values),
      MatrixColumn(rows: 2, columns: 3, singles: values.map { Float($0) }),
    ]
    for column in columns {
      let expected: [Double] = [1, -2.5, .nan, .nan, 0.25, .nan]
      #expect(zip(column.values(), expected).allSatisfy { agree($0, $1) })
      #expect(column[0, 1] == -2.5 && column[1, 1] == 0.25 && column[0, 2].isNaN)
      #expect(zip(column.copiedRow(1), expected[3...]).allSatisfy { agree($0, $1) })
    }
    #expect(columns[0].scalar.byteCount == 8 && columns[1].scalar.byteCount == 4)
  }
}

extension MatrixColumn {
  fileprivate func copiedRow(_ row: Int) -> [Double] {
    [Double](unsafeUninitializedCapacity: columns) { buffer, count in
      copy(rows: row..<(row + 1), to: buffer.baseAddress!)
      count = columns
    }
  }
}
