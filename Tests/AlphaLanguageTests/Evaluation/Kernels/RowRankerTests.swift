import Mathematics
import Testing

@testable import AlphaLanguage

@Suite("Ranking a row")
struct RowRankerTests {
  /// Rows that need each way of sorting: even steps, outliers that stretch them, numbers that differ
  /// in their last bits only, and spans that no step can measure.
  static let rows: [(name: String, value: @Sendable (inout SplitMix64) -> Double)] = [
    ("even", { $0.nextUniform() }),
    ("signed", { $0.nextUniform() - 0.5 }),
    ("ties", { ($0.nextUniform() * 9).rounded() }),
    ("missing", { $0.nextUniform() < 0.4 ? .nan : $0.nextUniform() }),
    ("outliers", { $0.nextUniform() < 0.02 ? 1e12 : $0.nextUniform() }),
    ("negative outlier", { $0.nextUniform() < 0.02 ? -1e12 : $0.nextUniform() * 1e-6 }),
    ("many orders", { Elementary.exp(80 * ($0.nextUniform() - 0.5)) }),
    ("last bits", { 1 + ($0.nextUniform() * 300).rounded() * 0x1p-52 }),
    ("denormal", { ($0.nextUniform() * 1000).rounded() * 0x1p-1074 }),
    ("whole span", { ($0.nextUniform() - 0.5) * 0x1.8p1023 }),
    ("zeros", { $0.nextUniform() < 0.5 ? 0.0 : -0.0 }),
    ("equal", { _ in 7 }),
    ("nothing", { _ in .nan }),
  ]

  @Test(
    "the order is ascending, equal values by column, and ranks average ties",
    arguments: rows.indices, [1, 2, 63, 64, 421])
  func order(_ index: Int, columns: Int) {
    let (name, make) = Self.rows[index]
    var generator = SplitMix64(seed: UInt64(1000 * index + columns))
    let row = (0..<columns).map { _ in make(&generator) }
    let present = row.indices.filter { !row[$0].isNaN }
    let expected = present.sorted { (row[$0], $0) < (row[$1], $1) }
    let ranker = RowRanker(capacity: columns)
    row.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      // Twice, because an order is computed in memory that the one before has used.
      for _ in 0..<2 {
        let order = ranker.order(base, columns: columns)
        #expect(order.map(RowRanker.column) == expected, "\(name)")
        var twice = [Int](repeating: -1, count: columns)
        RowRanker.ranks(order, of: base) { twice[$0] = $1 }
        for column in row.indices {
          let below = present.count { row[$0] < row[column] }
          let equal = present.count { row[$0] == row[column] }
          #expect(twice[column] == (row[column].isNaN ? -1 : 2 * below + equal - 1), "\(name)")
        }
      }
    }
  }
}
