import Backtesting
import Mathematics
import TestKit
import Testing

@Suite("LookAheadProbe")
struct LookAheadProbeTests {
  static let columns = 3
  static let data = Noise.normal(60 * columns, seed: 12)

  /// A mean over the last three rows, missing before there are three.
  static func honest(_ rows: Range<Int>) -> [Double] {
    var values: [Double] = []
    for row in rows {
      for column in 0..<columns {
        let window = (row - 2...row).map { $0 < 0 ? Double.nan : data[$0 * columns + column] }
        values.append(window.reduce(0, +))
      }
    }
    return values
  }

  @Test("a window over the past is clean, and missing values equal each other")
  func clean() {
    let probe = LookAheadProbe(truncations: [1, 20, 59])
    let verdict = probe.examine(rows: 60, columns: Self.columns, evaluate: Self.honest)
    #expect(verdict == .clean(probes: 3, cells: 80 * Self.columns))
  }

  @Test("the earliest cell that sees the next row is named")
  func leaks() {
    let probe = LookAheadProbe(truncations: [50, 30, 40])
    let verdict = probe.examine(rows: 60, columns: Self.columns) { rows in
      var values = Self.honest(rows)
      for row in rows where row >= 10 && row + 1 < rows.upperBound {
        values[row * Self.columns + 1] = Self.data[(row + 1) * Self.columns + 1]
      }
      return values
    }
    guard case .leaks(let leak, 3, 3) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(leak.row == 29 && leak.column == 1 && leak.truncation == 30)
    #expect(leak.value == Self.data[30 * Self.columns + 1])
    #expect(leak.truncatedValue == Self.honest(0..<60)[29 * Self.columns + 1])
  }

  @Test("a normalization over the whole sample changes the first row")
  func wholeSample() {
    let verdict = LookAheadProbe(rows: 60, count: 4).examine(rows: 60, columns: Self.columns) {
      rows in
      let values = Array(Self.data[..<(rows.count * Self.columns)])
      let mean = Moments(of: values).mean
      return values.map { $0 - mean }
    }
    guard case .leaks(let leak, let probes, let leaking) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(leak.row == 0 && leak.column == 0 && probes == 4 && leaking == 4)
  }

  @Test("a value that appears or disappears is a difference, rounding within tolerance is not")
  func differences() {
    func verdict(_ late: Double, tolerance: Double) -> LookAheadVerdict {
      LookAheadProbe(truncations: [1], tolerance: tolerance).examine(rows: 2, columns: 1) {
        $0.count == 2 ? [late, 0] : [1]
      }
    }
    #expect(verdict(1 + 1e-12, tolerance: 1e-9) == .clean(probes: 1, cells: 1))
    for late in [1 + 1e-12, .nan, .infinity] {
      guard case .leaks = verdict(late, tolerance: 0) else {
        Issue.record("\(late) passed for 1")
        continue
      }
    }
    guard case .leaks = verdict(.nan, tolerance: 1) else {
      Issue.record("missing passed for 1")
      return
    }
  }

  @Test("probes lie in the later half, and nothing is claimed without one")
  func placement() {
    #expect(LookAheadProbe(rows: 100, count: 3).truncations == [50, 74, 99])
    #expect(LookAheadProbe(rows: 100, count: 1).truncations == [99])
    #expect(LookAheadProbe(rows: 1, count: 3).truncations.isEmpty)
    #expect(LookAheadProbe(truncations: [5, -1, 5, 2]).truncations == [2, 5])
    let verdict = LookAheadProbe(truncations: [60]).examine(
      rows: 60, columns: Self.columns, evaluate: Self.honest)
    #expect(verdict == .notExamined)
  }
}
