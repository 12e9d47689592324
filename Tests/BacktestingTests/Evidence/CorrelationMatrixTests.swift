import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Correlations of many series")
struct CorrelationMatrixTests {
  /// Pearson's correlation over the rows that both have, the plain way.
  private static func plain(_ x: [Double], _ y: [Double]) -> (value: Double, overlap: Int) {
    let rows = x.indices.filter { x[$0].isFinite && y[$0].isFinite }
    return (Correlation.pearson(rows.map { x[$0] }, rows.map { y[$0] }), rows.count)
  }

  private static func series(_ count: Int, rows: Int, missing: Double, seed: UInt64) -> [[Double]] {
    var generator = SplitMix64(seed: seed)
    let common = (0..<rows).map { _ in generator.nextUniform() - 0.5 }
    let gaps = (0..<rows).map { _ in generator.nextUniform() < missing }
    return (0..<count).map { place in
      (0..<rows).map { row in
        let own = generator.nextUniform() - 0.5
        // A third shares its gaps, a third has its own, a third has none.
        let isMissing =
          place % 3 == 0 ? gaps[row] : place % 3 == 1 ? generator.nextUniform() < missing : false
        return isMissing ? .nan : 0.3 + own + Double(place % 4) * common[row]
      }
    }
  }

  @Test("every pair is that of the plain definition, with and without gaps")
  func agreement() {
    for (count, rows, missing) in [(1, 9, 0.1), (2, 8, 0), (13, 37, 0.2), (22, 64, 0.5)] {
      let series = Self.series(count, rows: rows, missing: missing, seed: 3)
      let matrix = CorrelationMatrix(of: series)
      #expect(matrix.values.count == count * (count - 1) / 2)
      for high in 0..<count {
        for low in 0..<high {
          let (value, overlap) = Self.plain(series[low], series[high])
          #expect(agree(matrix[low, high], value) && matrix[high, low] == matrix[low, high])
          #expect(matrix.overlap(high, low) == overlap)
        }
      }
    }
  }

  @Test("a pair with too short an overlap is missing, and one with just enough is not")
  func overlap() {
    let x: [Double] = [1, 2, 4, 3, 9, .nan, .nan]
    let y: [Double] = [.nan, .nan, 1, 2, 4, 3, 9]
    #expect(CorrelationMatrix(of: [x, y], minimumOverlap: 3)[0, 1].isFinite)
    #expect(CorrelationMatrix(of: [x, y], minimumOverlap: 4)[0, 1].isNaN)
    #expect(CorrelationMatrix(of: [x, y], minimumOverlap: 4).overlap(0, 1) == 3)
    let whole = CorrelationMatrix(of: [[1, 2, 4, 3], [2, 3, 1, 5]], minimumOverlap: 5)
    #expect(whole[0, 1].isNaN && whole.overlap(0, 1) == 4)
  }

  @Test("a constant, an empty series and infinite values have no correlation")
  func degenerate() {
    let matrix = CorrelationMatrix(of: [
      [0.1, 0.1, 0.1, 0.1, .nan], [1, 2, 3, .infinity, 5], [.nan, .nan, .nan, .nan, .nan],
      [3, 1, 2, 5, 4],
    ])
    #expect(matrix[0, 1].isNaN && matrix[0, 2].isNaN && matrix[1, 2].isNaN && matrix[0, 3].isNaN)
    #expect(matrix.overlap(1, 3) == 4 && matrix[1, 3].isFinite)
    #expect(matrix.overlap(2, 3) == 0)
    #expect(CorrelationMatrix(of: [] as [[Double]]).values.isEmpty)
  }

  @Test("the same series correlates by 1, its opposite by -1, and no pair beyond them")
  func bounds() {
    let x = Self.series(1, rows: 50, missing: 0, seed: 4)[0]
    let matrix = CorrelationMatrix(of: [x, x.map { -3 * $0 }, x.map { $0 + 1e6 }])
    #expect(agree(matrix[0, 1], -1) && agree(matrix[0, 2], 1, relative: 1e-7))
    #expect(matrix.values.allSatisfy { $0.magnitude <= 1 })
  }

  @Test("records are aligned by the ends of their rows, and a short side turns the sign")
  func records() throws {
    let one = try EvidenceBench.rough(90, seed: 41)
    var other = EvidenceSeries()
    for row in one.rows.dropFirst(20) where row.isPresent {
      try other.append(EvidenceRow(instant: row.instant, netReturn: 2 * row.netReturn))
    }
    let instant = try #require(one.rows.last?.instant)
    let matrix = CorrelationMatrix(
      of: [one, other], over: .all, asOf: instant, signs: [1, -1], minimumOverlap: 20)
    #expect(agree(matrix[0, 1], -1))
    #expect(matrix.overlap(0, 1) == other.count)
    let window = CorrelationMatrix(of: [one, other], over: .days(10), asOf: instant)
    #expect(window.overlap(0, 1) <= 10)
    // Rows that end later take no part.
    let early = one.rows[50].instant
    #expect(
      CorrelationMatrix(of: [one, other], over: .days(30), asOf: early)
        == CorrelationMatrix(
          of: [one.prefix(asOf: early), other.prefix(asOf: early)], over: .days(30), asOf: early))
  }
}
