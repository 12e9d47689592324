import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("One side of a book")
struct SideLegTests {
  private static func leg(
    _ side: BookSide, _ columns: Int, selection: [Int]? = nil, cost: Double = 0
  ) -> SideLeg {
    SideLeg(side: side, columns: columns, selection: selection, costRate: cost)
  }

  @Test("the long leg sums to 1 and the short leg to -1, over the selected instruments alone")
  func weights() {
    let book = [0.3, -0.1, 0.1, -0.3, .nan, 0]
    book.withUnsafeBufferPointer { book in
      let long = Self.leg(.long, 6).weights(of: book)
      let short = Self.leg(.short, 6).weights(of: book)
      for (weights, expected) in [
        (long, [0.75, 0, 0.25, 0, 0, 0]), (short, [0, -0.25, 0, -0.75, 0, 0]),
        (Self.leg(.long, 6, selection: [2, 3]).weights(of: book), [0, 0, 1, 0, 0, 0]),
        (Self.leg(.short, 6, selection: [3, 3]).weights(of: book), [0, 0, 0, -1, 0, 0]),
        (Self.leg(.short, 6, selection: [0]).weights(of: book), [0, 0, 0, 0, 0, 0]),
      ] {
        #expect(zip(weights, expected).allSatisfy { agree($0, $1) }, "\(weights)")
      }
    }
  }

  @Test("costs are a fraction of what moves the drifted weights to the new ones, by hand")
  func costs() {
    var leg = Self.leg(.long, 2, cost: 0.01)
    leg.rebalance(to: [1, 1])
    let first = leg.earn([0.1, -0.1], until: EvidenceBench.instant(0))
    // Everything is bought: a cost of 1 %; gains and losses cancel.
    #expect(agree(first.netReturn, -0.01) && first.turnover == 1 && first.trades == 2)
    #expect(first.isValid && first.grossExposure == 1)
    leg.rebalance(to: [1, 1])
    let second = leg.earn([0, 0], until: EvidenceBench.instant(1))
    // 0.55 / 0.99 and 0.45 / 0.99 have to become halves.
    let moved = (0.55 / 0.99 - 0.5) + (0.5 - 0.45 / 0.99)
    #expect(agree(second.turnover, moved) && agree(second.netReturn, -0.01 * moved))
    leg.rebalance(to: [-1, 0])
    let flat = leg.earn([0.5, 0.5], until: EvidenceBench.instant(2))
    #expect(flat.grossExposure == 0 && flat.isValid)
    #expect(agree(flat.netReturn, -0.01 * flat.turnover) && flat.turnover > 0.99)
  }

  @Test("what is short loses where prices rise")
  func short() {
    var leg = Self.leg(.short, 2)
    leg.rebalance(to: [0, -2])
    #expect(agree(leg.earn([0.5, 0.1], until: EvidenceBench.instant(0)).netReturn, -0.1))
    // -1.1 of 0.9 has to become -1 of 1.
    leg.rebalance(to: [0, -2])
    #expect(
      agree(leg.earn([0, 0], until: EvidenceBench.instant(1)).turnover, 1.1 / 0.9 - 1))
  }

  @Test("rows count from the first that a position is held over, and not where prices are missing")
  func validity() {
    var leg = Self.leg(.long, 3)
    var valid: [Bool] = []
    let days: [(book: [Double], returns: [Double])] = [
      ([0, 0, 0], [0.1, 0.1, 0.1]), ([1, 1, 1], [0.1, .nan, 0.1]), ([1, 1, 1], [.nan, .nan, 0.1]),
      ([0, 0, 0], [.nan, .nan, .nan]),
    ]
    for (row, day) in days.enumerated() {
      leg.rebalance(to: day.book)
      valid.append(leg.earn(day.returns, until: EvidenceBench.instant(row)).isValid)
    }
    #expect(valid == [false, true, false, true])
  }

  @Test("a leg of a panel is the leg of a plain loop over the weights of the simulator's book")
  func history() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 60, columns: 9), seed: 2)
    var settings = SimulationSettings()
    settings.neutralization = .market
    settings.costRate = 0.002
    settings.decay = 3
    let frame = try MarketFrame(panel: panel, settings: settings)
    let alpha = SimulationBench.alpha(rows: 60, columns: 9, seed: 7)
    let book = FormulaBook(frame: frame)
    for row in 0..<60 {
      alpha[row].withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        book.advance(rows: row..<row + 1, alpha: base, stride: 9)
      }
    }
    let ends = (0..<60).map { EvidenceBench.instant($0) }
    for side in BookSide.allCases {
      let leg = Self.leg(side, 9, selection: [0, 1, 2, 4, 5, 8], cost: 0.002)
      let series = book.history.series(of: leg, ends: ends)
      #expect(series.count == 59)
      var drifted = [Double](repeating: 0, count: 9)
      for row in 0..<59 {
        let target = book.history.withWeights(row: row) { leg.weights(of: $0) }
        let returns = (0..<9).map { frame.returns.value(row: row + 1, column: $0) }
        var net = 0.0
        var traded = 0.0
        for column in 0..<9 {
          net += target[column] * (returns[column].isNaN ? 0 : returns[column])
          traded += (target[column] - drifted[column]).magnitude
        }
        net -= 0.002 * traded
        #expect(agree(series.rows[row].netReturn, net), "row \(row)")
        #expect(
          agree(series.rows[row].turnover, traded) && series.rows[row].instant == ends[row + 1])
        for column in 0..<9 {
          let change = returns[column].isNaN ? 0 : returns[column]
          drifted[column] = target[column] * (1 + change) / (1 + net)
        }
      }
    }
  }

  @Test("the book's weights earn, before costs, what the simulator's book earns")
  func sameBook() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 50, columns: 11), seed: 6)
    for order in SimulationSettings.StepOrder.allCases {
      var settings = SimulationSettings()
      settings.neutralization = .sector
      settings.stepOrder = order
      settings.decay = 4
      settings.bookSize = 100
      settings.maxTrade = order == .truncateLast ? .on : .off
      let frame = try MarketFrame(panel: panel, settings: settings)
      let alpha = SimulationBench.alpha(rows: 50, columns: 11, seed: 8)
      let result = try SimulationBench.run(panel, settings, alpha)
      let book = FormulaBook(frame: frame)
      for row in 0..<50 {
        alpha[row].withUnsafeBufferPointer { values in
          guard let base = values.baseAddress else { return }
          book.advance(rows: row..<row + 1, alpha: base, stride: 11)
        }
      }
      for row in 0..<49 {
        let profit = book.history.withWeights(row: row) { weights in
          (0..<11).reduce(0.0) { sum, column in
            let change = frame.returns.value(row: row + 1, column: column)
            return sum + weights[column] * (change.isNaN ? 0 : change)
          }
        }
        #expect(agree(100 * profit, result.series.pnl[row], absolute: 1e-10), "\(order) \(row)")
      }
    }
  }
}

extension SideLeg {
  /// The same with arrays, for numbers written down in a test.
  fileprivate mutating func rebalance(to book: [Double]) {
    book.withUnsafeBufferPointer { rebalance(to: $0) }
  }

  fileprivate mutating func earn(_ returns: [Double], until instant: Timestamp) -> EvidenceRow {
    returns.withUnsafeBufferPointer { earn($0, until: instant) }
  }
}
