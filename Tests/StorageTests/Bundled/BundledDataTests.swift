import Essentials
import Foundation
import Markets
import Storage
import TestKit
import Testing

@Suite("Bundled data")
struct BundledDataTests {
  private static let examples = checkoutFolder.appendingPathComponent("Examples/Data").path

  @Test("the bundled sets import, pass the check, and are left alone the second time")
  func materialize() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path)
    let data = BundledData(folder: Self.examples)
    var panels: Set<String> = []
    var lastBytes = 0
    let outcomes = try data.materialize(into: store) { panel, progress in
      panels.insert(panel)
      #expect(progress.bytesDone <= progress.bytesTotal)
      lastBytes = progress.bytesDone
    }
    #expect(lastBytes > 0)
    #expect(panels == Set(BundledData.names))
    #expect(outcomes.map(\.wasImported) == [true, true])
    #expect(try data.materialize(into: store).map(\.wasImported) == [false, false])

    let equities = try store.open(BundledData.equities)
    #expect(equities.rows == 2013 && equities.columns == 99)
    #expect(equities.axis.spacing == .tradingDay)
    let apple = try #require(equities.instruments.firstIndex { $0.symbol == "AAPL" })
    let split = equities.axis.firstRow(
      notBefore: Timestamp(startOf: try #require(CalendarDate("2014-06-09"))))
    let returns = try #require(equities.matrix("returns"))
    #expect(abs(returns[split, apple]) < 0.05, "the split of Apple is adjusted")
    #expect(equities.matrix("raw_close")?[0, apple] == 214.01)
    #expect(equities.matrix("raw_volume")?[0, apple] == 17_633_200)
    #expect(agree(equities.matrix("volume")![0, apple], 17_633_200 * 7.00000700001))
    let members = try #require(equities.universes["sp500"])
    let american = try #require(equities.instruments.firstIndex { $0.symbol == "AAL" })
    let joined = equities.axis.firstRow(
      notBefore: Timestamp(startOf: try #require(CalendarDate("2015-03-23"))))
    #expect(members.contains(row: joined, column: american))
    #expect(!members.contains(row: joined - 1, column: american))
    #expect(equities.group("industry")?.label(row: 0, column: american) == "Passenger Airlines")
    let report = PanelCheck().run(
      on: equities, manifest: try store.manifest(of: BundledData.equities))
    #expect(report.worst ?? .note < .error, "\(report.findings)")
    let kinds = Set(outcomes[0].manifest.provenance.defects.map(\.kind))
    #expect(
      kinds == [
        "zero_volume_bar", "unflagged_split_adjusted", "spin_off", "adj_return_vs_events",
      ])

    let perpetuals = try store.open(BundledData.perpetuals)
    #expect(perpetuals.rows == 336 && perpetuals.columns == 6)
    #expect(perpetuals.axis.spacing == .bar(seconds: 3600))
    #expect(PanelCheck().run(on: perpetuals).findings.isEmpty)
    let funding = try #require(perpetuals.matrix("funding_rate"))
    #expect(funding.values().allSatisfy { !$0.isNaN && abs($0) < 0.01 })
    #expect(perpetuals.group("sector")?.labels.count == 3)
    #expect(outcomes[1].manifest.provenance.defects.isEmpty)
  }

  @Test("every bundled file is named in SOURCES.md, and together they stay below 6 MB")
  func sources() throws {
    let text = try String(contentsOfFile: Self.examples + "/SOURCES.md", encoding: .utf8)
    var bytes = 0
    for panel in BundledData.names {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(Self.examples)/\(panel)") {
        let suffix = name.split(separator: "_").last.map { "*_\($0)" } ?? name
        #expect(text.contains("`\(name)`") || text.contains("`\(suffix)`"), "\(name)")
        let attributes = try FileManager.default.attributesOfItem(
          atPath: "\(Self.examples)/\(panel)/\(name)")
        bytes += (attributes[.size] as? Int) ?? 0
      }
    }
    #expect(bytes > 0 && bytes < 6_000_000)
  }
}
