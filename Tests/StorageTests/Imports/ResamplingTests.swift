import Essentials
import Markets
import Mathematics
import Storage
import TestKit
import Testing

@Suite("Resampling")
struct ResamplingTests {
  private struct Minute {
    var stamp: Int
    var values: [Double]  // open, high, low, close, volume
  }

  private func minutes(_ count: Int, seed: UInt64, skipping: Set<Int> = []) -> [Minute] {
    var generator = SplitMix64(seed: seed)
    var price = 100.0
    return (0..<count).compactMap { i in
      let open = price
      price = ((price * (0.999 + 0.002 * generator.nextUniform())) * 100).rounded() / 100
      let high = max(open, price) + 0.1
      let low = min(open, price) - 0.1
      let bar = Minute(
        stamp: 1_746_835_080 + 60 * i,
        values: [open, high, low, price, (generator.nextUniform() * 1000).rounded() / 10])
      return skipping.contains(i) ? nil : bar
    }
  }

  private func text(_ minutes: [Minute]) -> String {
    "ts,open,high,low,close,volume\n"
      + minutes.map { bar in
        "\(bar.stamp * 1000)," + bar.values.map { "\($0)" }.joined(separator: ",")
      }.joined(separator: "\n")
  }

  /// Joins minutes the plain way; only bars of which all parts are there.
  private func joined(_ minutes: [Minute], seconds: Int, partial: Bool) -> [Minute] {
    Dictionary(grouping: minutes) { $0.stamp / seconds * seconds }.compactMap { opening, parts in
      guard parts.count == seconds / 60 || partial else { return nil }
      guard opening >= minutes[0].stamp, opening + seconds <= minutes.last!.stamp + 60 else {
        return nil
      }
      return Minute(
        stamp: opening,
        values: [
          parts[0].values[0], parts.map { $0.values[1] }.max()!, parts.map { $0.values[2] }.min()!,
          parts.last!.values[3], parts.reduce(0) { $0 + $1.values[4] },
        ])
    }.sorted { $0.stamp < $1.stamp }
  }

  @Test(
    "longer bars equal the plain join of the minutes in them", arguments: [300, 900, 3600],
    [BarRules.Partial.leaveOut, .join])
  func joins(seconds: Int, partial: BarRules.Partial) throws {
    let source = minutes(400, seed: 5, skipping: [33, 250, 251])
    let folder = TemporaryFolder()
    folder.write(text(source), to: "data/X_1m.csv")
    var panelImport = PanelImport(
      name: "p", source: .folder(path: folder.path + "/data", barLength: nil))
    panelImport.rules.barSeconds = seconds
    panelImport.rules.partial = partial
    let store = PanelStore(folder: folder.path + "/store")
    let manifest = try panelImport.run(into: store)
    let panel = try store.open("p")
    let expected = joined(source, seconds: seconds, partial: partial == .join)
    #expect(panel.axis.spacing == .bar(seconds: seconds))
    let present = (0..<panel.rows).filter { !panel.matrix("close")![$0, 0].isNaN }
    #expect(present.count == expected.count)
    for (row, bar) in zip(present, expected) {
      #expect(panel.axis.stamps[row].millisecondsSinceEpoch == Int64(bar.stamp) * 1000)
      for (name, value) in zip(["open", "high", "low", "close", "volume"], bar.values) {
        #expect(try #require(panel.matrix(name))[row, 0] == value)
      }
    }
    #expect(manifest.provenance.defects.contains { $0.kind == "partial_bar" })
  }

  @Test("a market that never closes has a row for every bar, a market that closes has not")
  func rows() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path + "/store")
    folder.write(text(minutes(50, seed: 1, skipping: [10, 11])), to: "open/X_1m.csv")
    let manifest = try PanelImport(
      name: "open", source: .folder(path: folder.path + "/open", barLength: nil)
    ).run(into: store)
    #expect(manifest.rows == 50)
    #expect(manifest.provenance.defects.map(\.kind) == ["missing_rows"])
    folder.write(text(minutes(50, seed: 1, skipping: Set(20..<40))), to: "shut/X_1m.csv")
    let other = try PanelImport(
      name: "shut", source: .folder(path: folder.path + "/shut", barLength: nil)
    ).run(into: store)
    #expect(other.rows == 30)
  }

  @Test("weekends tell a market that never closes from one that does")
  func spacing() throws {
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path + "/store")
    for (name, days, spacing) in [
      ("coins", Array(0..<20), TimeAxis.Spacing.bar(seconds: 86_400)),
      ("stocks", (0..<20).filter { $0 % 7 < 5 }, .tradingDay),
    ] {
      // 2024-01-01 was a Monday.
      let rows = days.map { "\(CalendarDate(daysSinceEpoch: Int32(19_723 + $0))),1,1,1,1" }
      let path = folder.write(
        "date,open,high,low,close\n" + rows.joined(separator: "\n"), to: "\(name).csv")
      let table = SymbolTable(symbol: "X", path: path)
      _ = try PanelImport(name: name, source: .tables([table])).run(into: store)
      #expect(try store.open(name).axis.spacing == spacing)
    }
  }

  @Test("funding and mark prices are seen when they are known and not before")
  func perpetuals() throws {
    let folder = TemporaryFolder()
    let start = 1_746_835_200_000  // 2025-05-10T00:00Z
    func bars(_ count: Int, step: Int) -> String {
      (0..<count).map { "\(start + $0 * step),\($0 + 1),\($0 + 9),\($0 + 1),\($0 + 2)" }
        .joined(separator: "\n")
    }
    folder.write("ts,open,high,low,close\n" + bars(40, step: 3_600_000), to: "d/X_1h.csv")
    folder.write(
      "ts,rate\n\(start + 1),0.1\n\(start + 8 * 3_600_000),0.2\n\(start + 16 * 3_600_000 + 7),0.3\n",
      to: "d/X_funding.csv")
    folder.write("ts,open,high,low,close\n" + bars(3, step: 8 * 3_600_000), to: "d/X_mark8h.csv")
    folder.write("symbol,kind\n", to: "d/index.csv")
    let store = PanelStore(folder: folder.path + "/store")
    _ = try PanelImport(
      name: "p", source: .folder(path: folder.path + "/d", barLength: nil)
    ).run(into: store)
    let panel = try store.open("p")
    let rate = try #require(panel.matrix("funding_rate"))
    let mark = try #require(panel.matrix("mark_close"))
    // The bar of hour h ends at h + 1; a mark bar of eight hours is known when it has closed.
    for (row, rateExpected, markExpected) in [
      (0, 0.1, Double.nan), (6, 0.1, .nan), (7, 0.1, 2), (8, 0.2, 2), (14, 0.2, 2), (15, 0.2, 3),
      (16, 0.3, 3), (23, 0.3, 4), (31, 0.3, 4), (32, .nan, 4), (39, .nan, 4),
    ] {
      #expect(agree(rate[row, 0], rateExpected), "rate in row \(row)")
      #expect(agree(mark[row, 0], markExpected), "mark in row \(row)")
    }
    guard case .vector(let events) = panel.fields["funding_events"]?.values else {
      Issue.record("the funding events are missing")
      return
    }
    for row in 0..<40 {
      let expected = [0: [0.1], 8: [0.2], 16: [0.3]][row] ?? []
      #expect(Array(events.events(row: row, column: 0)) == expected)
    }
  }
}
