import Backtesting
import Essentials
import Markets
import Storage
import Synchronization
import Tactics
import TestKit
import Testing

@testable import Services

@Suite("Variants of settings replayed side by side")
struct ReplayVariantsTests {
  private let folder: RecordedFolder
  private static let base = [
    SettingDocument.commandLine([
      "signals.rules=face_value", "outlook.law.kind=gaussian", "trading.decision_interval=2m",
    ])
  ]

  init() throws { folder = try RecordedFolder(minutes: 660, symbols: ["BTCUSDT"]) }

  private func desk() throws -> ReplayDesk {
    var request = ReplayRequest(
      paths: [folder.path], configuration: try TacticsConfiguration(Self.base))
    request.warmUp = .hours(1)
    request.delay = .zero
    return ReplayDesk(request, try ReplayMaterial(for: request))
  }

  private func variant(_ words: String...) throws -> ReplayVariants.Variant {
    var document = SettingDocument.commandLine(words)
    document.name = "--with"
    return ReplayVariants.Variant(
      words.joined(separator: ", "), try TacticsConfiguration(Self.base + [document]))
  }

  private static let settings: PairedReplay.Settings = {
    var settings = PairedReplay.Settings()
    settings.resamples = 200
    return settings
  }()

  @Test("two threads find what one finds, and what each came to is what it comes to alone")
  func threads() throws {
    let desk = try desk()
    let variants = ReplayVariants(
      desk, [try variant("entry.costs.net_min=0.05"), try variant("exit.time.after=2m")],
      asking: .variants)
    let told = Atomic<Int>(0)
    let one = try #require(try variants.run(threads: 1, settings: Self.settings))
    let two = try #require(
      try variants.run(
        threads: 2, settings: Self.settings,
        progress: { done, all in
          if done == all { told.add(1, ordering: .relaxed) }
        }))
    #expect(one.result == two.result && one.json == two.json)
    #expect(told.load(ordering: .relaxed) == 1)
    #expect(one.base.closed > 5 && one.base.slices.count == 10)

    var none: ReplayJournal?
    var trust = ReplayTrustSettings()
    trust.draws = 9
    trust.resamples = 50
    let alone = try desk.run(try desk.trader(), journal: &none, trust: trust)
    #expect(one.base.orderHash == alone.orderHash)
    #expect((one.base.total.profit - (alone.summary.equity - 10_000)).magnitude < 1e-6)
    #expect(one.base.closed == alone.closed.count)
    let sums = one.base.slices.reduce(into: (0.0, 0)) {
      $0.0 += $1.traded
      $0.1 += $1.entries
    }
    let worth = (alone.closed + alone.open).reduce(0.0) {
      $0 + $1.trip.worth.value
        * ($1.trip.end == .open ? 1 : 1 + $1.trip.exitPrice / $1.trip.entryPrice)
    }
    #expect(agree(sums.0, worth, relative: 1e-6) && sums.1 >= one.base.closed)

    // What never trades earns what the base loses, and does no more work.
    let idle = one.rows[0].track
    #expect(idle.closed == 0 && idle.total.profit == 0)
    #expect(one.rows[0].pair?.net.interval.estimate ?? 0 > 0)
    #expect(one.rows[0].name == "entry.costs.net_min=0.05")
  }

  @Test("with the base in question the differences are turned around")
  func questions() throws {
    let desk = try desk()
    let idle = [try variant("entry.costs.net_min=0.05")]
    let of = try #require(
      try ReplayVariants(desk, idle, asking: .variants).run(threads: 1, settings: Self.settings))
    let against = try #require(
      try ReplayVariants(desk, idle, asking: .base).run(threads: 1, settings: Self.settings))
    let (left, right) = (of.rows[0].pair?.net.interval, against.rows[0].pair?.net.interval)
    #expect(left?.estimate == right.map { -$0.estimate } && left?.estimate != 0)
    #expect(
      try ReplayVariants(desk, idle, asking: .base).run(
        threads: 2, settings: Self.settings, isEnded: { true }) == nil)
  }

  @Test("restored rules leave out what the base says itself, and end with the whole profile")
  func rules() throws {
    let all = try ReplayVariants.seedOptions(over: Self.base)
    #expect(all.count == SeedOptions.all.count + 1)
    let some = try ReplayVariants.seedOptions(
      over: [.commandLine(["signals.rules=seed", "leverage.model=seed"])])
    #expect(some.count == SeedOptions.all.count - 1)
    #expect(!some.contains { $0.name == "leverage.model=seed" })
    #expect(all.last?.configuration.settings.leverage.model == .seed)
  }
}
