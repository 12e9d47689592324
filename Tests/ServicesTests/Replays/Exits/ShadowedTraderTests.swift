import Backtesting
import Essentials
import Foundation
import Markets
import Models
import Storage
import Tactics
import TestKit
import Testing

@testable import Services

@Suite("Entries followed under other exits")
struct ShadowedTraderTests {
  /// Some hours of markets that models at face value trade often.
  private func desk(
    _ folder: RecordedFolder, settings: [String] = []
  ) throws -> ReplayDesk {
    var request = ReplayRequest(
      paths: [folder.path],
      configuration: try TacticsConfiguration([
        .commandLine(["signals.rules=face_value", "trading.warm_up=1h"] + settings)
      ]))
    request.warmUp = .hours(1)
    request.delay = .zero
    return ReplayDesk(request, try ReplayMaterial(for: request))
  }

  private static let trust: ReplayTrustSettings = {
    var settings = ReplayTrustSettings()
    settings.resamples = 50
    settings.draws = 9
    return settings
  }()

  private func play(
    _ desk: ReplayDesk, _ policies: [ExitPolicy]
  ) throws -> (result: ReplayResult, trader: ShadowedTrader) {
    var none: ReplayJournal?
    return try desk.play(
      ShadowedTrader(
        try desk.trader(), policies: policies, contracts: desk.contracts, matching: desk.matching),
      journal: &none, trust: Self.trust)
  }

  @Test(
    "under the trader's own exits every shadow is closed as the trade was: time, price and profit",
    arguments: [
      (180, ["outlook.paths.first=1024", "outlook.paths.most=1024"]),
      (
        300,
        [
          "outlook.law.kind=gaussian", "exit.rebalance.threshold_share=0.01",
          "exit.rebalance.interval_min=60",
        ]
      ),
    ])
  func reproduces(minutes: Int, settings: [String]) throws {
    let desk = try desk(RecordedFolder(minutes: minutes), settings: settings)
    let own = ExitPolicy(ExitPolicy.ownName, desk.request.configuration.settings.exit)
    var hasty = own.exits
    hasty.time.after = .minutes(3)
    let (result, trader) = try play(desk, [own, ExitPolicy("hasty", hasty)])
    let study = ExitStudy(of: result, trader, settings: Self.trust)
    #expect(study.trades >= 4 && study.reproduced == study.trades, "\(study.json.compactText)")
    #expect(study.comparison.entries == study.trades)
    let trips = trader.trips(through: result.reached)
    #expect(trips.count == 2 * study.trades)
    for shadow in trips where shadow.policy == 1 && shadow.trip.end == .order {
      #expect(shadow.trip.held <= .minutes(5), "\(shadow.trip)")
    }
    #expect(Set(trips.compactMap(\.position.exitReason)).contains("time_exit"))
    // Following changes nothing of what the trader does.
    var none: ReplayJournal?
    let alone = try desk.run(try desk.trader(), journal: &none, trust: Self.trust)
    #expect(alone.orderHash == result.orderHash && alone.result == result.result)
  }

  @Test("in a market that keeps rising the exit that waits longest is the best of its entries")
  func planted() throws {
    let folder = try RecordedFolder(minutes: 2, symbols: ["BTCUSDT"])
    var lines = ["ts,open,high,low,close,volume"]
    var price = 600_000
    var state: UInt64 = 11
    for minute in 0..<330 {
      let open = price
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      price += 200 + Int(state >> 33) % 1801 - 900
      let cells = [open, max(open, price), min(open, price), price]
        .map { "\($0 / 10).\($0 % 10)" }.joined(separator: ",")
      let volume = "\(1 + minute % 5).\(101 + minute % 7)"
      lines.append("\(RecordedFolder.start + 60_000 * minute),\(cells),\(volume)")
    }
    try folder.write("BTCUSDT_1m.csv", lines)
    let desk = try desk(folder, settings: ["outlook.law.kind=gaussian"])
    let policies = ([2, 5, 34] as [Int64]).map { minutes in
      var exits = ExitSettings()
      exits.general.off = ExitKind.allCases.filter { $0.isOptional && $0 != .time }
        .map(\.rawValue)
      exits.time.after = .minutes(minutes)
      return ExitPolicy("after_\(minutes)", exits)
    }
    let (result, trader) = try play(desk, policies)
    let rows = ExitStudy(of: result, trader, settings: Self.trust).comparison.rows
    let means = rows.map { $0.mean?.estimate ?? .nan }
    #expect(means[0] < means[1] && means[1] < means[2], "\(means)")
    #expect((rows[2].difference?.interval.lower ?? 0) > 0)
  }

  @Test("the standard policies have names of their own, and prices can never be switched off")
  func policies() throws {
    let shipped = try ExitPolicy.standard(under: TacticsConfiguration(), barLength: .minutes(1))
    #expect(shipped[0].name == ExitPolicy.shippedName)
    #expect(Set(shipped.map(\.name)).count == shipped.count)
    #expect(Set(shipped.map(\.exits)).count == shipped.count)
    #expect(shipped.last?.exits.time.after == .minutes(34))
    let own = try ExitPolicy.standard(
      under: TacticsConfiguration([.commandLine(["exit.time.after=600"])]),
      barLength: .minutes(5))
    #expect(own.prefix(2).map(\.name) == [ExitPolicy.ownName, ExitPolicy.shippedName])
    #expect(own.last?.exits.time.after == .minutes(170))
  }
}
