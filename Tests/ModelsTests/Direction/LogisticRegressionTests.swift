import Mathematics
import Testing

@testable import Models

@Suite("Logistic regression and its calibration")
struct LogisticRegressionTests {
  private static func draw(
    _ count: Int, weights: [Double], bias: Double, seed: UInt64
  ) -> (rows: [[Double]], isUp: [Bool]) {
    var chance = Chance(seed: seed)
    let rows = (0..<count).map { _ in chance.normals(weights.count) }
    let truth = LogisticRegression(weights: weights, bias: bias)
    let isUp = rows.map {
      chance.uniform() < LogisticRegression.chance(logOdds: truth.logOdds($0))
    }
    return (rows, isUp)
  }

  @Test("Simulated weights are recovered within four standard errors")
  func recovery() throws {
    let weights = [0.8, -0.5, 0]
    let data = Self.draw(3000, weights: weights, bias: 0.3, seed: 1)
    let fit = LogisticRegression.fit(
      data.rows, targets: data.isUp.map { $0 ? 1 : 0 }, ridge: 0)
    let found = try #require(fit.estimate)
    // The information of a weight is n E[p (1 - p) x²], about 0.2 n.
    let reach = 4 / (0.19 * 3000.0).squareRoot()
    for (one, other) in zip(found.weights + [found.bias], weights + [0.3]) {
      #expect(abs(one - other) < reach)
    }
    // At the minimum, expected and counted rises agree.
    let expected = data.rows.reduce(0) {
      $0 + LogisticRegression.chance(logOdds: found.logOdds($1))
    }
    #expect(abs(expected - Double(data.isUp.count { $0 })) < 1e-3)
  }

  @Test("A ridge draws weights in, and parted or constant classes give no estimate without one")
  func edges() throws {
    let rows = (0..<20).map { [Double($0) - 9.5] }
    let parted = rows.map { $0[0] > 0 ? 1.0 : 0 }
    #expect(LogisticRegression.fit(rows, targets: parted, ridge: 0).estimate == nil)
    let mild = try #require(LogisticRegression.fit(rows, targets: parted, ridge: 1).estimate)
    let strong = try #require(LogisticRegression.fit(rows, targets: parted, ridge: 100).estimate)
    #expect(0 < strong.weights[0] && strong.weights[0] < mild.weights[0])
    let same = [Double](repeating: 1, count: 20)
    #expect(LogisticRegression.fit(rows, targets: same, ridge: 1) == .impossible(.constant))
    #expect(
      LogisticRegression.fit([[.nan], [0]], targets: [0, 1], ridge: 1) == .impossible(.notFinite))
    #expect(LogisticRegression.chance(logOdds: -1000) == 0)
    #expect(LogisticRegression.chance(logOdds: 1000) == 1)
  }

  @Test("Calibration mends log odds that claim three times too much, and flattens wrong ones")
  func calibration() throws {
    let data = Self.draw(2000, weights: [1], bias: -0.2, seed: 2)
    let claimed = data.rows.map { 3 * $0[0] + 1 }
    let platt = try #require(
      PlattScale.fit(logOdds: Array(claimed[..<1000]), isUp: Array(data.isUp[..<1000])))
    #expect(abs(platt.slope - 1.0 / 3) < 0.1)
    let unseen = Array(claimed[1000...])
    let classes = Array(data.isUp[1000...])
    let before = try #require(
      BrierScore(
        chances: unseen.map { LogisticRegression.chance(logOdds: $0) }, came: classes))
    let after = try #require(
      BrierScore(chances: unseen.map { platt.chance(logOdds: $0) }, came: classes))
    #expect(after.value < before.value - 0.02)
    #expect(after.reliability < before.reliability / 4)
    let wrong = try #require(PlattScale.fit(logOdds: claimed.map { -$0 }, isUp: data.isUp))
    #expect(wrong.slope == 0)
    let base = Double(data.isUp.count { $0 }) / 2000
    #expect(abs(wrong.chance(logOdds: 5) - base) < 1e-12)
    #expect(PlattScale.fit(logOdds: [1, 2], isUp: [true, true]) == nil)
    #expect(PlattScale(slope: -1, shift: 0) == nil)
  }
}
