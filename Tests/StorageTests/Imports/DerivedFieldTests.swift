import Essentials
import Markets
import Mathematics
import Storage
import TestKit
import Testing

@Suite("Derived fields")
struct DerivedFieldTests {
  /// A random market as text: two stocks, one of which splits and pays, with gaps.
  private struct Market {
    var text = "date,ticker,open,high,low,close,volume,adj_factor\n"
    /// By row: date, then for each stock open, high, low, close, volume, factor (empty in a gap).
    var bars: [[[Double]]] = []
    var dates: [CalendarDate] = []
    let splitRow = 40
    let rows = 70

    init(seed: UInt64) {
      var generator = SplitMix64(seed: seed)
      var prices = [50.0, 200.0]
      for row in 0..<rows {
        let date = CalendarDate(daysSinceEpoch: Int32(19_000 + row))
        dates.append(date)
        var ofRow: [[Double]] = []
        for stock in 0..<2 {
          prices[stock] *= 0.97 + 0.06 * generator.nextUniform()
          if stock == 1, row == splitRow { prices[stock] /= 4 }
          let open = (prices[stock] * (0.99 + 0.02 * generator.nextUniform()) * 100).rounded() / 100
          let close = (prices[stock] * 100).rounded() / 100
          let high = max(open, close) + 1
          let low = min(open, close) - 1
          let volume = (generator.nextUniform() * 1000).rounded()
          // The vendor's factor knows of a later event outside the history: it does not end at 1.
          let factor = stock == 1 ? (row < splitRow ? 0.2 : 0.8) : 1
          if generator.nextUniform() < 0.1 {
            ofRow.append([])
          } else {
            ofRow.append([open, high, low, close, volume, factor])
            text +=
              "\(date),S\(stock),\(open),\(high),\(low),\(close),\(volume),\(factor)\n"
          }
        }
        bars.append(ofRow)
      }
    }

    func value(_ row: Int, _ stock: Int, _ item: Int) -> Double {
      bars[row][stock].isEmpty ? .nan : bars[row][stock][item]
    }
  }

  @Test("prices, returns and volumes equal their definitions, cell by cell", arguments: [1, 2, 3])
  func definitions(seed: UInt64) throws {
    let market = Market(seed: seed)
    let folder = TemporaryFolder()
    var panelImport = PanelImport(
      name: "p", source: .longTable(path: folder.write(market.text, to: "bars.csv")))
    panelImport.eventsPath = folder.write(
      "ex_date,ticker,dividend,split\n\(market.dates[market.splitRow]),S1,0,4\n"
        + "\(market.dates[10]),S0,0.25,1\n\(market.dates[10]),S0,0.5,1\n1999-01-01,S0,1,1\n",
      to: "events.csv")
    let store = PanelStore(folder: folder.path + "/store")
    _ = try panelImport.run(into: store)
    let panel = try store.open("p")
    func cell(_ name: String, _ row: Int, _ stock: Int) throws -> Double {
      try #require(panel.matrix(name), "\(name)")[row, stock]
    }
    let rows = panel.rows
    for stock in 0..<2 {
      let lastFactor = market.bars.last { !$0[stock].isEmpty }![stock][5]
      var previous = Double.nan
      for row in 0..<rows {
        let factor = market.value(row, stock, 5) / lastFactor
        for (item, name) in ["open", "high", "low", "close"].enumerated() {
          let raw = market.value(row, stock, item)
          #expect(agree(try cell(name, row, stock), raw * factor))
          #expect(agree(try cell("raw_\(name)", row, stock), raw))
        }
        let typical =
          (market.value(row, stock, 1) + market.value(row, stock, 2) + market.value(row, stock, 3))
          / 3
        #expect(agree(try cell("vwap", row, stock), typical * factor))
        let close = market.value(row, stock, 3) * factor
        #expect(agree(try cell("returns", row, stock), close / previous - 1))
        if !close.isNaN { previous = close }
        let split = stock == 1 && row < market.splitRow ? 4.0 : 1
        let volume = market.value(row, stock, 4)
        #expect(agree(try cell("volume", row, stock), volume * split))
        #expect(agree(try cell("raw_volume", row, stock), volume))
        #expect(agree(try cell("dollar_volume", row, stock), volume * typical))
        for window in [20, 60] {
          let values = (max(0, row - window + 1)...row).map {
            market.value($0, stock, 4) * (stock == 1 && $0 < market.splitRow ? 4 : 1)
          }.filter { !$0.isNaN }
          let mean =
            values.count * 2 >= window ? values.reduce(0, +) / Double(values.count) : .nan
          #expect(agree(try cell("adv\(window)", row, stock), mean))
        }
      }
    }
    guard case .vector(let dividends) = panel.fields["dividend_events"]?.values,
      case .vector(let splits) = panel.fields["split_events"]?.values
    else {
      Issue.record("the events are missing")
      return
    }
    #expect(Array(dividends.events(row: 10, column: 0)) == [0.25, 0.5])
    #expect(dividends.values.count == 2)
    #expect(Array(splits.events(row: market.splitRow, column: 1)) == [4])
    #expect(splits.values.count == 1)
  }

  @Test("without factors, dividends and splits alone adjust the prices")
  func impliedFactors() throws {
    let folder = TemporaryFolder()
    let bars = folder.write(
      """
      date,ticker,open,high,low,close
      2024-01-02,A,100,100,100,100
      2024-01-03,A,98,98,98,98
      2024-01-04,A,49,49,49,49
      """, to: "bars.csv")
    var panelImport = PanelImport(name: "p", source: .longTable(path: bars))
    panelImport.eventsPath = folder.write(
      "date,symbol,dividend,split\n2024-01-04,A,0,2\n2024-01-03,A,2,1\n", to: "events.csv")
    let store = PanelStore(folder: folder.path + "/store")
    _ = try panelImport.run(into: store)
    let close = try #require(try store.open("p").matrix("close"))
    #expect(agree(close[0, 0], 49) && agree(close[1, 0], 49) && agree(close[2, 0], 49))
    panelImport.name = "raw"
    panelImport.prices = .asTraded
    _ = try panelImport.run(into: store)
    #expect(try store.open("raw").matrix("close")?.values() == [100, 98, 49])
    #expect(try store.open("raw").matrix("raw_close") == nil)
  }

  @Test("groups, industries, names and dated memberships follow the table of instruments")
  func instruments() throws {
    let folder = TemporaryFolder()
    let bars = folder.write(
      "date,ticker,open,high,low,close\n2024-01-02,A,1,1,1,1\n2024-01-03,A,1,1,1,1\n"
        + "2024-01-03,B,1,1,1,1\n2024-01-04,B,1,1,1,1\n2024-01-03,C,1,1,1,1\n", to: "bars.csv")
    var panelImport = PanelImport(name: "p", source: .longTable(path: bars))
    panelImport.instrumentsPath = folder.write(
      "ticker,name,sector,sub_industry,top_spans\n"
        + "B,Bee,Tech,Semiconductors,2024-01-03..2024-01-04\n"
        + "A,Ay,Energy,Made Up,2023-01-01..2024-01-03;2024-01-04..\nZ,Zed,Tech,Gold,\n",
      to: "instruments.csv")
    panelImport.membership = (
      "other", folder.write("ticker,start_date,end_date\nC,2024-01-03,\n", to: "m.csv")
    )
    panelImport.marketLabel = "X"
    let store = PanelStore(folder: folder.path + "/store")
    _ = try panelImport.run(into: store)
    let panel = try store.open("p")
    #expect(panel.instruments.map(\.name) == ["Ay", "Bee", ""])
    let industry = try #require(panel.group("industry"))
    #expect(industry.label(row: 0, column: 0) == "Made Up")
    #expect(industry.label(row: 0, column: 1) == "Semiconductors & Semiconductor Equipment")
    #expect(industry.label(row: 0, column: 2) == nil)
    #expect(panel.group("sector")?.labels == ["Energy", "Tech"])
    #expect(panel.group("market")?.labels == ["X"])
    #expect(panel.universes["top"]?.members == [1, 0, 0, 0, 1, 0, 1, 0, 0])
    #expect(panel.universes["other"]?.members == [0, 0, 0, 0, 0, 1, 0, 0, 1])
    #expect(panel.universes["tradable"]?.members == [1, 0, 0, 1, 1, 1, 0, 1, 0])
  }
}
