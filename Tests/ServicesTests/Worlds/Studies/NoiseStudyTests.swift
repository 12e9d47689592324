import Essentials
import Foundation
import Testing
import Worlds

@testable import Services

@Suite("Moves by chance")
struct NoiseStudyTests {
  /// A policy that reacts within days.
  private static var nimble: WorldPolicy {
    var policy = WorldPolicy(world: "w")
    policy.currency.historyMin = .days(40)
    policy.metrics.short = .days(10)
    policy.metrics.mid = .days(20)
    policy.metrics.long = .days(40)
    func sharpe(_ least: Double) -> PolicyGate {
      .expression(
        .binary(
          .greaterOrEqual, .metric(MetricName(base: "sharpe", over: .mid)), .number(least)))
    }
    policy.selection.gates = sharpe(1)
    policy.selection.keep = sharpe(-1)
    policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
    policy.selection.hysteresis.dwellMin = .days(5)
    return policy
  }

  private static func study(_ threads: Int, seed: UInt64 = 3) throws -> NoiseReport {
    let series = NoiseStudy.planted(count: 2, years: 1, seed: 9, periodsPerYear: 365)
    return try NoiseStudy(nimble, series: series, days: 120, draws: 4, seed: seed)
      .run(threads: threads)
  }

  @Test("hysteresis saves moves on the same resamples, on any number of threads")
  func hysteresis() throws {
    let report = try Self.study(2)
    let (with, without) = (report.withHysteresis, report.withoutHysteresis)
    #expect(with.days == 2 * 120 * 4 && without.days == with.days)
    #expect(with.promotions > 0 && with.promotions >= with.demotions)
    #expect(with.movesPerMonth < without.movesPerMonth)
    #expect(without.flickerShare > with.flickerShare)
    #expect(with.dwells.allSatisfy { $0 >= 5 })
    #expect(with.liveShare > 0 && with.liveShare < 1)
    let again = try Self.study(1)
    #expect(again == report)
    #expect(try Self.study(1, seed: 4) != report)
  }

  @Test("moves are tallied with how long they lasted and which were undone soon")
  func tally() {
    let begin = Timestamp(millisecondsSinceEpoch: 0)
    func move(_ day: Int64, _ to: StrategyPhase, _ stayed: Int64) -> PhaseRehearsal.Move {
      .init(
        at: begin + .days(day), instance: "a", from: to == .live ? .dryrun : .live, to: to,
        stayed: .days(stayed))
    }
    let tally = NoiseReport.Tally(
      moves: [move(10, .live, 10), move(20, .inactive, 10), move(60, .live, 30)], liveRows: 30,
      rows: 90)
    #expect(tally.promotions == 2 && tally.demotions == 1 && tally.flickers == 1)
    #expect(tally.movesPerMonth == 1 && tally.dwells == [10])
    #expect(abs(tally.liveShare - 1.0 / 3) < 1e-12)
  }

  @Test("too short a record is refused")
  func refusals() {
    let short = NoiseStudy.Series(name: "a", returns: [Double](repeating: 0.01, count: 59))
    #expect(throws: StudyRefusal.tooFewRows(name: "a", rows: 59, least: 60)) {
      try NoiseStudy(Self.nimble, series: [short])
    }
    #expect(throws: StudyRefusal.self) { try NoiseStudy(Self.nimble, series: []) }
  }

  @Test("a table of series is read with its sides and gaps, and its means can be taken away")
  func table() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "athanor-series-\(UUID().uuidString).csv"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "date,a,b:short\n2024-01-01,0.01,\n2024-01-02,0.03,-0.02\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let series = try NoiseStudy.Series.read(path: path)
    #expect(series.map(\.name) == ["a", "b"] && series.map(\.side) == [.long, .short])
    #expect(series[0].returns == [0.01, 0.03])
    #expect(series[1].returns[0].isNaN && series[1].returns[1] == -0.02)
    let bare = series[0].withoutMean.returns
    #expect(abs(bare[0] + 0.01) < 1e-12 && abs(bare[1] - 0.01) < 1e-12)
    try "date\n2024-01-01\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: StudyRefusal.noSeries(name: path, reason: "it has one column")) {
      try NoiseStudy.Series.read(path: path)
    }
  }
}
