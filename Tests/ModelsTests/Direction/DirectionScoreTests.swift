import Essentials
import Mathematics
import Testing

@testable import Models

@Suite("Scores of forecasts of the direction")
struct DirectionScoreTests {
  private static let moves = [10.0, -5, 3, -8, 4, -2, 6, -7]
  private static let chances = [0.60, 0.55, 0.51, 0.40, 0.58, 0.49, 0.44, 0.30]

  private static func rows() throws -> [LabeledRow] {
    try moves.enumerated().map { try LabeledMarket.row($0, move: $1 * 1e-4) }
  }

  @Test("Eight forecasts have the expectancy, coverage and hits of the specification")
  func publishedCase() throws {
    let free = DirectionScore(
      of: Self.chances, on: try Self.rows(), by: DirectionScore.Rules(cost: 0))
    #expect(abs(free.expectancy - 2.25) < 1e-9)
    #expect(free.coverage == 0.75)
    #expect(free.hits == Proportion(4, of: 6))
    let interval = try #require(free.expectancyInterval)
    #expect(interval.contains(free.expectancy) && interval.lowerBound < 0)
  }

  @Test("A wrong call loses the move and the costs; the old rule takes costs off losses")
  func costs() throws {
    let rows = try Self.rows()
    let charged = DirectionScore(
      of: Self.chances, on: rows, by: DirectionScore.Rules(cost: 1e-4, resamples: 0))
    #expect(abs(charged.expectancy - (2.25 - 0.75)) < 1e-9)
    #expect(charged.expectancyInterval == nil)
    let net = rows.map { row in
      LabeledRow(
        values: row.values, symbol: row.symbol, regime: nil, interval: row.interval,
        target: LabeledSample.net(row.move, of: 1e-4), move: row.move, isUp: row.isUp)
    }
    let old = DirectionScore(
      of: Self.chances, on: net,
      by: DirectionScore.Rules(cost: 1e-4, costRule: .removedFromBothSigns, resamples: 0))
    #expect(abs(old.expectancy - (2.25 - 0.25)) < 1e-9, "four gains less, two losses less")
  }

  @Test(
    "The selection formula has the three values of the specification",
    arguments: [
      ([1.5, 0.40, 0.55, 0.56, 0.54, 0.69], 1.8724), ([3, 0.10, 0.60, 0.60, 0.58, 0.66], 1.3336),
      ([-3, 0.50, 0.48, 0.49, 0.49, 0.70], -6.148),
    ])
  func selection(figures: [Double], score: Double) {
    let selection = DirectionScore.selection(
      expectancy: figures[0], coverage: figures[1], hit: figures[2], areaUnderCurve: figures[3],
      balancedAccuracy: figures[4], logLoss: figures[5])
    #expect(abs(selection - score) < 1e-9)
  }

  @Test("Ties count one half, in whatever order they come; counted pairs agree")
  func areaUnderCurve() {
    #expect(AreaUnderCurve.value(scores: [1, 1, 1, 1], isUp: [true, false, true, false]) == 0.5)
    #expect(AreaUnderCurve.value(scores: [1, 2], isUp: [true, true]) == nil)
    var chance = Chance(seed: 4)
    let scores = (0..<60).map { _ in Double(chance.whole(below: 8)) }
    let isUp = scores.map { chance.uniform() * 10 < $0 + 1 }
    var won = 0.0
    var pairs = 0.0
    for (up, isUpOne) in zip(scores, isUp) where isUpOne {
      for (down, isUpOther) in zip(scores, isUp) where !isUpOther {
        pairs += 1
        won += up > down ? 1 : (up == down ? 0.5 : 0)
      }
    }
    let area = AreaUnderCurve.value(scores: scores, isUp: isUp) ?? .nan
    #expect(abs(area - won / pairs) < 1e-12)
  }

  @Test("Symbols that move together do not narrow the interval")
  func sharedMoves() throws {
    var chance = Chance(seed: 9)
    let moves = chance.normals(300, deviation: 1e-3)
    func width(_ symbols: [String]) throws -> Double {
      let rows = try moves.enumerated().flatMap { minute, move in
        try symbols.map { try LabeledMarket.row(minute, move: move, symbol: $0) }
      }
      let score = DirectionScore(
        of: rows.map { _ in 0.9 }, on: rows, by: DirectionScore.Rules(resamples: 400))
      let interval = try #require(score.expectancyInterval)
      return interval.upperBound - interval.lowerBound
    }
    let one = try width(["A"])
    let four = try width(["A", "B", "C", "D"])
    #expect(abs(four / one - 1) < 0.15)
    // 2 x 1.96 standard errors of 10 basis points in 300 rows.
    #expect(abs(one / (2 * 1.96 * 10 / 300.0.squareRoot()) - 1) < 0.25)
  }
}
