import Essentials
import Markets
import TestKit
import Testing

@testable import Backtesting

@Suite("Book simulation")
struct BookSimulationTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var seed: UInt64
    var change: @Sendable (inout SimulationSettings) -> Void
    var testDescription: String

    init(
      _ seed: UInt64, _ description: String,
      _ change: @escaping @Sendable (inout SimulationSettings) -> Void
    ) {
      self.seed = seed
      testDescription = description
      self.change = change
    }
  }

  static let cases: [Case] = [
    Case(1, "no steps") {
      $0.neutralization = .none
      $0.truncation = 0
    },
    Case(2, "market") { $0.neutralization = .market },
    Case(3, "sector, tight truncation") {
      $0.neutralization = .sector
      $0.truncation = 0.12
    },
    Case(4, "subindustry, decay 2") { $0.decay = 2 },
    Case(5, "industry, decay 5, filled") {
      $0.neutralization = .industry
      $0.decay = 5
      $0.nanHandling = .on
    },
    Case(6, "decay 16 of values from outside") {
      $0.decay = 16
      $0.pasteurization = .off
      $0.universe = "TOP9"
    },
    Case(7, "decay longer than the panel") {
      $0.decay = 200
      $0.neutralization = .market
    },
    Case(8, "most traded, market") {
      $0.universe = "TOP6"
      $0.neutralization = .market
    },
    Case(9, "limited trades") {
      $0.maxTrade = .on
      $0.bookSize = 3e7
      $0.costRate = 0.0005
    },
    Case(10, "decayed weights") {
      $0.stepOrder = .decayWeights
      $0.decay = 4
    },
    Case(11, "decayed weights, everything on") {
      $0.stepOrder = .decayWeights
      $0.decay = 7
      $0.maxTrade = .on
      $0.nanHandling = .on
      $0.pasteurization = .off
      $0.universe = "TOP8"
      $0.neutralization = .sector
      $0.costRate = 0.001
      $0.truncation = 0.15
    },
    Case(12, "truncation at the edge") {
      $0.truncation = 0.05
      $0.neutralization = .none
    },
    Case(13, "decayed weights without decay") { $0.stepOrder = .decayWeights },
    Case(14, "truncated last") {
      $0.stepOrder = .truncateLast
      $0.neutralization = .market
      $0.truncation = 0.1
      $0.decay = 3
    },
  ]

  @Test("the fast pipeline agrees with the plain one in every row", arguments: cases)
  func agreesWithPlain(_ example: Case) throws {
    for columns in [5, 8, 21] {
      let panel = RandomPanels.make(
        RandomPanels.Shape(rows: 48, columns: columns), seed: example.seed)
      var settings = SimulationSettings()
      settings.truncation = 0.3
      example.change(&settings)
      let alpha = SimulationBench.alpha(rows: 48, columns: columns, seed: example.seed &* 31)
      let series = try SimulationBench.run(panel, settings, alpha).series
      let expected = PlainSimulation(panel: panel, settings: settings, alpha: alpha).run()
      #expect(series.count == expected.count)
      let money = settings.bookSize * 1e-12
      for (i, row) in expected.enumerated() {
        let place: Comment = "\(example.testDescription), \(columns) columns, row \(i + 1)"
        #expect(agree(series.pnl[i], row.pnl, relative: 1e-12, absolute: money), place)
        #expect(agree(series.traded[i], row.traded, relative: 1e-12, absolute: money), place)
        #expect(agree(series.grossExposure[i], row.gross, relative: 1e-12), place)
        #expect(agree(series.netExposure[i], row.net, relative: 1e-12, absolute: money), place)
        #expect(series.longCount[i] == Double(row.longs), place)
        #expect(series.shortCount[i] == Double(row.shorts), place)
        #expect(series.covered[i] == Double(row.covered), place)
        #expect(series.admitted[i] == Double(row.admitted), place)
        #expect(agree(series.largestShare[i], row.largest, relative: 1e-12), place)
        #expect(series.unpriced[i] == Double(row.unpriced), place)
        // Beside a value a million times theirs, a few others differ by little more than rounding.
        #expect(
          agree(series.smallerUniversePnL[i], row.smaller, relative: 1e-8, absolute: money),
          place)
      }
      #expect(columns < 21 || expected.contains { $0.gross > 0 }, "the example holds nothing")
    }
  }

  @Test("two instruments over three days earn what pencil and paper say")
  func pencilAndPaper() throws {
    let panel = SimulationBench.panel(closes: [[10, 20], [11, 20], [11, 25], [11, 24]])
    var settings = SimulationBench.plainSettings
    settings.costRate = 0.01
    let result = try SimulationBench.run(
      panel, settings, [[3, 1], [1, -1], [.nan, 5], [9, 9]])
    let series = result.series
    // 75 and 25; then 50 and -50; then 0 and 100. Returns: 10 %, 0; 0, 25 %; 0, -4 %.
    #expect(series.traded == [100, 100, 200])
    #expect(series.cost == [1, 1, 2])
    #expect(agree(series.pnl[0], 7.5 - 1))
    #expect(agree(series.pnl[1], -12.5 - 1))
    #expect(agree(series.pnl[2], -4 - 2))
    #expect(series.longCount == [2, 1, 1])
    #expect(series.shortCount == [0, 1, 0])
    #expect(series.grossExposure == [100, 100, 100])
    #expect(series.netExposure == [100, 0, 100])
    #expect(agree(result.inSample.turnover, 400.0 / 100 / 3))
    #expect(agree(result.inSample.margin, -13.0 / 400))
    #expect(agree(result.inSample.drawdown, (13.5 + 6) / 50))
    #expect(agree(result.inSample.coverage, (1 + 1 + 0.5) / 3))
  }

  @Test("a formula that knows the return of a row in that row earns nothing by it")
  func seesNothingEarly() throws {
    let panel = RandomPanels.make(
      RandomPanels.Shape(rows: 60, columns: 12, missing: 0, ties: 0), seed: 5)
    let returns = try #require(panel.matrix("returns"))
    let values = (0..<60).map { row in (0..<12).map { returns[row, $0] } }
    var settings = SimulationSettings()
    settings.neutralization = .market
    let delayed = try SimulationBench.run(panel, settings, values)
    settings.delay = 0
    let prompt = try SimulationBench.run(panel, settings, values)
    #expect(delayed.series.pnl == prompt.series.pnl)
    #expect(prompt.warnings.contains { $0.code == "delay_zero_earns_next_row" })
    // A clairvoyant would gain in every row.
    #expect(delayed.series.pnl.filter { $0 > 0 }.count < 50)
    let clairvoyant = try SimulationBench.run(
      panel, settings, Array(values.dropFirst()) + [values[0]])
    #expect(clairvoyant.series.pnl.dropFirst(2).filter { $0 > 0 }.count == 57)
  }

  @Test("what happens later changes no earlier row", arguments: [0, 6])
  func laterRowsDoNotReachBack(_ decay: Int) throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 50, columns: 9), seed: 8)
    var settings = SimulationSettings()
    settings.decay = decay
    settings.universe = "TOP5"
    settings.neutralization = .market
    settings.truncation = 0
    settings.maxTrade = .on
    var alpha = SimulationBench.alpha(rows: 50, columns: 9, seed: 3)
    let before = try SimulationBench.run(panel, settings, alpha).series
    for column in 0..<9 { alpha[30][column] = 4 - Double(column) }
    let after = try SimulationBench.run(panel, settings, alpha).series
    // The value of row 30 sets the position of row 31, which is the 31st number of the series.
    #expect(Array(before.pnl[..<30]) == Array(after.pnl[..<30]))
    #expect(Array(before.traded[..<30]) == Array(after.traded[..<30]))
    #expect(before.traded[30] != after.traded[30])
  }

  @Test("the size of the blocks in which rows are fed changes no bit")
  func blocksDoNotMatter() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 70, columns: 11), seed: 21)
    var settings = SimulationSettings()
    settings.decay = 9
    let alpha = SimulationBench.alpha(rows: 70, columns: 11, seed: 22)
    let whole = try SimulationBench.run(panel, settings, alpha, chunk: 70)
    for chunk in [1, 3, 16] {
      let pieces = try SimulationBench.run(panel, settings, alpha, chunk: chunk)
      #expect(pieces.fingerprint == whole.fingerprint)
      #expect(pieces.inSample.pnl == whole.inSample.pnl)
    }
  }

  @Test("after a reset the next formula finds no trace of the one before")
  func resetForgets() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 40, columns: 10), seed: 33)
    var settings = SimulationSettings()
    settings.decay = 5
    settings.visualization = true
    let frame = try MarketFrame(panel: panel, settings: settings)
    let limits = CheckLimits.standard(for: .user, delay: 1)
    let alpha = SimulationBench.alpha(rows: 40, columns: 10, seed: 1)
    var simulation = BookSimulation(frame: frame)
    SimulationBench.feed(&simulation, alpha, chunk: 40)
    let first = simulation.finish(SimulationBench.identity, limits: limits)
    simulation.reset()
    SimulationBench.feed(
      &simulation, SimulationBench.alpha(rows: 33, columns: 10, seed: 2), chunk: 40)
    let other = simulation.finish(SimulationBench.identity, limits: limits)
    simulation.reset()
    SimulationBench.feed(&simulation, alpha, chunk: 40)
    let again = simulation.finish(SimulationBench.identity, limits: limits)
    #expect(first.series.pnl == again.series.pnl)
    #expect(first.fingerprint == again.fingerprint)
    #expect(other.fingerprint != first.fingerprint)
  }

  @Test("only the proportions of values matter, down to the bit for powers of two")
  func scaleDoesNotMatter() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 40, columns: 10), seed: 41)
    var settings = SimulationSettings()
    settings.neutralization = .sector
    let alpha = SimulationBench.alpha(rows: 40, columns: 10, seed: 4)
    let expected = try SimulationBench.run(panel, settings, alpha).series.pnl
    for factor in [0x1p-40, 0x1p900, 0x1p-900] {
      let scaled = alpha.map { $0.map { $0 * factor } }
      #expect(try SimulationBench.run(panel, settings, scaled).series.pnl == expected)
    }
  }

  @Test("every class sums to zero where neutralization comes last")
  func classesSumToZero() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 40, columns: 24), seed: 51)
    var settings = SimulationSettings()
    settings.neutralization = .sector
    settings.visualization = true
    settings.decay = 3
    let result = try SimulationBench.run(
      panel, settings, SimulationBench.alpha(rows: 40, columns: 24, seed: 9))
    let exposure = try #require(result.sectorExposure)
    #expect(exposure.labels == ["sector-0", "sector-1", "sector-2", "unknown"])
    #expect(exposure.values.count == 39 * 4)
    #expect(exposure.values.allSatisfy { abs($0) < settings.bookSize * 1e-12 })
  }

  @Test("values that are all equal hold nothing once their mean is subtracted")
  func equalValuesHoldNothing() throws {
    let panel = RandomPanels.make(
      RandomPanels.Shape(rows: 30, columns: 11, missing: 0), seed: 61)
    var settings = SimulationSettings()
    settings.neutralization = .market
    let result = try SimulationBench.run(
      panel, settings, Array(repeating: Array(repeating: 0.1, count: 11), count: 30))
    #expect(result.series.grossExposure.allSatisfy { $0 == 0 })
    #expect(result.warnings.contains { $0.code == "no_positions" })
    #expect(result.inSample.sharpe.isNaN)
    #expect(result.checks.first { $0.name == .lowSharpe }?.verdict == .fail)
  }

  @Test("infinite values are missing ones")
  func infinityIsMissing() throws {
    let panel = SimulationBench.panel(closes: [[1, 1], [2, 2], [2, 2]])
    let result = try SimulationBench.run(
      panel, SimulationBench.plainSettings,
      [[.infinity, 1], [-.infinity, .infinity], [1, 1]])
    #expect(result.series.grossExposure == [100, 0])
    #expect(result.series.covered == [1, 0])
    #expect(agree(result.series.pnl[0], 100))
  }

  @Test("a position without a return earns nothing and is counted")
  func missingReturnsAreCounted() throws {
    let panel = SimulationBench.panel(closes: [[1, 1], [.nan, 2], [4, 2], [4, 2]])
    let result = try SimulationBench.run(
      panel, SimulationBench.plainSettings, [[1, 1], [1, 1], [1, 1], [1, 1]])
    #expect(result.series.unpriced == [1, 0, 0])
    #expect(agree(result.series.pnl[0], 50))
    // In row 1 the first has no price and gets no weight.
    #expect(agree(result.series.longCount[1], 1))
    #expect(result.warnings.contains { $0.code == "unpriced_positions" })
  }

  @Test("with limited trades a position grows by its limit and stays where nothing trades")
  func limitedTrades() throws {
    // A tenth of the traded value: 0.1 * 1 * 50 = 5 a row.
    let panel = SimulationBench.panel(
      closes: Array(repeating: [1, 1], count: 5),
      volume: [[50, 5000], [50, 5000], [0, 5000], [100, 5000], [50, 5000]])
    var settings = SimulationBench.plainSettings
    settings.maxTrade = .on
    let result = try SimulationBench.run(
      panel, settings, [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1]])
    #expect(agree(result.series.grossExposure[0], 5 + 50))
    #expect(agree(result.series.grossExposure[1], 10 + 50))
    // Row 2 has no volume: the first keeps 10, the second is to hold the whole book.
    #expect(agree(result.series.grossExposure[2], 10 + 100))
    #expect(agree(result.series.traded[3], 0.1 * 200 / 4 + 50))
  }

  @Test("a truncated weight does not exceed its share where nothing is neutralized after")
  func truncationHolds() throws {
    let panel = RandomPanels.make(
      RandomPanels.Shape(rows: 40, columns: 60, missing: 0.02), seed: 71)
    var settings = SimulationSettings()
    settings.neutralization = .none
    settings.truncation = 0.06
    let result = try SimulationBench.run(
      panel, settings, SimulationBench.alpha(rows: 40, columns: 60, seed: 7))
    #expect((result.series.largestShare.max() ?? 1) <= 0.06 * (1 + 1e-12))
    let untouched = result.series.largestShare.max() ?? 0
    #expect(agree(untouched, 0.06, relative: 1e-12))
  }

  @Test("a weight that is truncated last does not exceed its share")
  func truncatedLast() throws {
    let panel = RandomPanels.make(
      RandomPanels.Shape(rows: 40, columns: 60, missing: 0.02), seed: 72)
    var settings = SimulationSettings()
    settings.neutralization = .sector
    settings.stepOrder = .truncateLast
    let alpha = SimulationBench.alpha(rows: 40, columns: 60, seed: 8)
    let result = try SimulationBench.run(panel, settings, alpha)
    #expect((result.series.largestShare.max() ?? 1) <= 0.08 * (1 + 1e-12))
    settings.stepOrder = .neutralizeLast
    let other = try SimulationBench.run(panel, settings, alpha)
    #expect((other.series.largestShare.max() ?? 0) > 0.08)
  }

  @Test("rows with too few instruments for the truncation stay as they are, with a warning")
  func unattainableTruncation() throws {
    let panel = SimulationBench.panel(closes: Array(repeating: [1, 1, 1], count: 4))
    var settings = SimulationBench.plainSettings
    settings.truncation = 0.2
    let result = try SimulationBench.run(
      panel, settings, Array(repeating: [3, 1, 1], count: 4))
    #expect(result.series.largestShare.allSatisfy { agree($0, 0.6) })
    #expect(result.warnings.map(\.code) == ["truncation_unattainable"])
    settings.truncation = 1.0 / 3
    let equal = try SimulationBench.run(panel, settings, Array(repeating: [3, 1, -1], count: 4))
    #expect(equal.series.largestShare.allSatisfy { agree($0, 1.0 / 3) })
    #expect(equal.warnings.isEmpty)
  }

  @Test("a book that stays empty for long says so")
  func lateStart() throws {
    let panel = SimulationBench.panel(closes: Array(repeating: [1, 2], count: 41))
    let empty = [Double](repeating: .nan, count: 2)
    for (rows, isLate) in [(2, false), (3, true)] {
      let alpha = (0..<41).map { $0 < rows ? empty : [1, 1] }
      let result = try SimulationBench.run(panel, SimulationBench.plainSettings, alpha)
      #expect(result.warnings.contains { $0.code == "late_start" } == isLate)
    }
  }

  @Test("one frame serves several threads with the same bits")
  func threads() async throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 40, columns: 20), seed: 81)
    let frame = try MarketFrame(panel: panel, settings: SimulationSettings())
    let alpha = SimulationBench.alpha(rows: 40, columns: 20, seed: 82)
    let fingerprints = await withTaskGroup(of: Fingerprint.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var simulation = BookSimulation(frame: frame)
          SimulationBench.feed(&simulation, alpha, chunk: 9)
          return simulation.finish(
            SimulationBench.identity, limits: .standard(for: .user, delay: 1)
          ).fingerprint
        }
      }
      var all: Set<Fingerprint> = []
      for await fingerprint in group { all.insert(fingerprint) }
      return all
    }
    #expect(fingerprints.count == 1)
  }
}
