import Essentials
import Markets
import Storage
import TestKit
import Testing

@Suite("Fundamentals")
struct FundamentalsTests {
  /// Daily bars of one stock over four years, closing at 10 every day.
  private static let bars: String = {
    var text = "date,ticker,open,high,low,close,volume\n"
    for day in 0..<1400 {
      text += "\(CalendarDate(daysSinceEpoch: Int32(16_436 + day))),A,10,10,10,10,1\n"
    }
    return text  // 2015-01-01 and on
  }()

  private func panel(
    _ reports: String, events: String? = nil, lag: Int = 90
  ) throws -> Panel {
    let folder = TemporaryFolder()
    var panelImport = PanelImport(
      name: "p", source: .longTable(path: folder.write(Self.bars, to: "bars.csv")))
    panelImport.fundamentalsPath = folder.write(reports, to: "reports.csv")
    panelImport.fundamentalLagDays = lag
    panelImport.prices = .asTraded
    panelImport.eventsPath = events.map { folder.write($0, to: "events.csv") }
    let store = PanelStore(folder: folder.path + "/store")
    _ = try panelImport.run(into: store)
    return try store.open("p")
  }

  private func value(_ panel: Panel, _ field: String, _ date: String) throws -> Double {
    let day = try #require(CalendarDate(date))
    let row = panel.axis.firstRow(notBefore: Timestamp(startOf: day))
    return try #require(panel.matrix(field), "\(field)")[row, 0]
  }

  @Test("no figure is seen on any day before it could be known", arguments: [0, 90, 200])
  func neverEarly(lag: Int) throws {
    let ends = ["2015-03-31", "2016-03-31", "2017-03-31"]
    let rows = ends.enumerated().map { "A,\($1),\($0 + 1),\(($0 + 1) * 100)" }
    let panel = try panel(
      "ticker,period_end,revenue,assets\n" + rows.reversed().joined(separator: "\n"), lag: lag)
    for row in 0..<panel.rows {
      let date = panel.axis.date(row)
      let visible = ends.enumerated().last { number, end in
        let start = CalendarDate(end)!
        return date >= start.advanced(byDays: lag) && date < start.advanced(byDays: 548)
      }
      let expected = visible.map { Double($0.offset + 1) } ?? .nan
      #expect(agree(try #require(panel.matrix("revenue"))[row, 0], expected), "\(date)")
      #expect(agree(try #require(panel.matrix("assets"))[row, 0], expected * 100), "\(date)")
    }
  }

  @Test("a stated filing date counts from the next day and wins over the lag")
  func filing() throws {
    let panel = try panel(
      "ticker,period_end,filing_date,revenue\nA,2015-12-31,2016-02-10,7\nA,2016-12-31,,8\n")
    #expect(try value(panel, "revenue", "2016-02-10").isNaN)
    #expect(try value(panel, "revenue", "2016-02-11") == 7)
    #expect(try value(panel, "revenue", "2017-03-30") == 7)
    #expect(try value(panel, "revenue", "2017-03-31") == 8)
    #expect(try value(panel, "revenue", "2018-07-01") == 8)
    #expect(try value(panel, "revenue", "2018-07-02").isNaN)
  }

  @Test("a report that is filed before its predecessor is not replaced by it")
  func lateReport() throws {
    let panel = try panel(
      "ticker,period_end,filing_date,revenue\nA,2015-12-31,2017-03-01,1\nA,2016-12-31,2017-02-01,2\n"
    )
    #expect(try value(panel, "revenue", "2017-01-31").isNaN)
    #expect(try value(panel, "revenue", "2017-02-02") == 2)
    #expect(try value(panel, "revenue", "2017-03-05") == 2)
  }

  @Test("shares and earnings per share follow splits, and the capitalization does not jump")
  func splits() throws {
    let panel = try panel(
      "Ticker Symbol,Period Ending,Earnings Per Share,Estimated Shares Outstanding\nA,2015-12-31,6,100\n",
      events: "ex_date,ticker,dividend,split\n2016-06-01,A,0,3\n")
    #expect(try value(panel, "sharesout", "2016-05-31") == 100)
    #expect(try value(panel, "sharesout", "2016-06-01") == 300)
    #expect(try value(panel, "eps", "2016-05-31") == 6)
    #expect(agree(try value(panel, "eps", "2016-06-01"), 2))
    #expect(try value(panel, "cap", "2016-06-01") == 3000)
    #expect(panel.fields["cap"]?.description.unit == .money)
    #expect(panel.fields["eps"]?.description.unit == .price)
  }

  @Test("derived figures, signs and impossible shares are handled as stated")
  func figures() throws {
    let panel = try panel(
      "ticker,period_end,ebit,Depreciation,Capital Expenditures,debt_lt,debt_st,sharesout\n"
        + "A,2015-12-31,10,3,-4,5,,-1\n")
    #expect(try value(panel, "ebitda", "2016-06-01") == 13)
    #expect(try value(panel, "capex", "2016-06-01") == 4)
    #expect(try value(panel, "debt", "2016-06-01").isNaN)
    #expect(try value(panel, "sharesout", "2016-06-01").isNaN)
  }
}
