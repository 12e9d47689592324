import Essentials
import Tactics
import TestKit
import Testing

@Suite("Quality of symbols")
struct SymbolQualityTests {
  private func record(
    _ expectancy: Double, hit: Double, refusals: Double, gross: Double, balance: Int = 0
  ) -> SymbolQuality.Record {
    var record = SymbolQuality.Record()
    record.expectancy = expectancy
    record.hitShare = hit
    record.refusalShare = refusals
    record.gross = gross
    record.balanceRefusals = balance
    record.exits = 90
    return record
  }

  @Test("scores are as recorded")
  func recorded() {
    let settings = QualitySettings()
    let good = record(0.0005, hit: 0.52, refusals: 0.10, gross: 0.0009)
    let hour = record(-0.001, hit: 0.40, refusals: 0.20, gross: -0.0005)
    let bad = record(-0.0020, hit: 0.40, refusals: 0.60, gross: -0.0012, balance: 3)
    for (quality, score) in [
      (SymbolQuality(overall: good, hour: nil, under: settings), 0.713456),
      (SymbolQuality(overall: good, hour: hour, under: settings), 0.575805),
      (SymbolQuality(overall: bad, hour: nil, under: settings), 0),
    ] {
      #expect(agree(quality.score, score, absolute: 1e-6))
    }
    // The hour loses, so that the symbol is refused in it whatever the score.
    let verdict = SymbolQuality(overall: good, hour: hour, under: settings).verdict(
      in: .bull, settings)
    #expect(verdict.outcome == .fail)
    #expect(
      SymbolQuality(overall: good, hour: nil, under: settings).verdict(in: .bull, settings)
        .outcome == .pass)
  }

  private func exits(
    _ count: Int, hour: Int64, result: Double, leverage: Double = 5, reason: String = "unified_cash"
  ) -> [SymbolQuality.Exit] {
    (0..<count).map { day in
      SymbolQuality.Exit(
        at: .seconds(Int64(day) * 86_400 + hour * 3600 + 1800), netReturn: result, fees: 0.0012,
        leverage: leverage, reason: reason)
    }
  }

  private let now = Timestamp.seconds(400 * 86_400 + 23 * 3600)

  @Test("the hour of the day is judged by its own exits, around midnight too")
  func hours() {
    let settings = QualitySettings()
    let day = exits(30, hour: 12, result: 0.004)
    for (hour, isNear) in [(22, true), (23, true), (0, true), (1, false)] as [(Int64, Bool)] {
      let quality = SymbolQuality(
        exits: day + exits(24, hour: hour, result: -0.004), refusals: [], at: now, under: settings)
      #expect((quality.hour != nil) == isNear)
      #expect(quality.overall.exits == 54)
      #expect(quality.verdict(in: .bull, settings).outcome == (isNear ? .fail : .pass))
    }
    #expect(
      SymbolQuality(
        exits: day + exits(23, hour: 23, result: -0.004), refusals: [], at: now, under: settings
      ).hour == nil)
  }

  @Test("only the latest exits count, before now, that the desk made for its own reasons")
  func window() {
    var settings = QualitySettings()
    settings.windowRows = 40
    let old = exits(40, hour: 1, result: -0.01)
    let recent = exits(300, hour: 2, result: 0.01).suffix(40)
    let foreign = exits(300, hour: 3, result: -0.01, reason: "external_close: sync").suffix(40)
    let future = [
      SymbolQuality.Exit(
        at: now + .seconds(1), netReturn: -1, fees: 0, leverage: 1, reason: "unified_cash")
    ]
    let rows = old + recent + foreign + future
    let quality = SymbolQuality(exits: rows, refusals: [], at: now, under: settings)
    #expect(agree(quality.overall.expectancy, 0.01))
    #expect(
      quality == SymbolQuality(exits: rows.reversed(), refusals: [], at: now, under: settings))
  }

  @Test("too few exits say nothing; leverage moves the seed's measure alone")
  func measures() {
    var settings = QualitySettings()
    #expect(
      SymbolQuality(exits: exits(39, hour: 1, result: -0.1), refusals: [], at: now, under: settings)
        .verdict(in: .chop, settings).outcome == .notApplicable)
    #expect(
      SymbolQuality(exits: [], refusals: [], at: now, under: settings).overall.expectancy.isNaN)
    let plain = SymbolQuality(
      exits: exits(50, hour: 1, result: 0.001), refusals: [], at: now, under: settings)
    let levered = SymbolQuality(
      exits: exits(50, hour: 1, result: 0.001, leverage: 50), refusals: [], at: now,
      under: settings)
    #expect(plain == levered)
    settings.measure = .seed
    #expect(
      SymbolQuality(
        exits: exits(50, hour: 1, result: 0.001, leverage: 50), refusals: [], at: now,
        under: settings
      ).score > plain.score)
  }

  @Test("refusals lower the score, those for want of balance more")
  func refusals() {
    let settings = QualitySettings()
    func score(_ count: Int, wantsBalance: Bool) -> Double {
      SymbolQuality(
        exits: exits(50, hour: 1, result: 0.001),
        refusals: (0..<count).map {
          SymbolQuality.Refusal(at: .seconds(Int64($0)), wantsBalance: wantsBalance)
        }, at: now, under: settings
      ).score
    }
    #expect(score(0, wantsBalance: false) > score(5, wantsBalance: false))
    #expect(score(5, wantsBalance: false) > score(5, wantsBalance: true))
  }
}
