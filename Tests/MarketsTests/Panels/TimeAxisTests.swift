import Essentials
import Markets
import Testing

@Suite("Time axis")
struct TimeAxisTests {
  private let axis = TimeAxis(
    stamps: [0, 60_000, 180_000].map(Timestamp.init(millisecondsSinceEpoch:)),
    spacing: .bar(seconds: 60))

  @Test(
    "the first row not before an instant is found by its stamp",
    arguments: [(-1, 0), (0, 0), (1, 1), (60_000, 1), (60_001, 2), (180_000, 2), (180_001, 3)])
  func search(milliseconds: Int, row: Int) {
    let stamp = Timestamp(millisecondsSinceEpoch: Int64(milliseconds))
    #expect(axis.firstRow(notBefore: stamp) == row)
  }

  @Test("a year has 252 trading days, and as many bars as fit into its seconds")
  func year() {
    #expect(axis.periodsPerYear == 525_600)
    #expect(axis.spacing.barSeconds == 60)
    let days = TimeAxis(tradingDays: [CalendarDate(daysSinceEpoch: 0)])
    #expect(days.periodsPerYear == 252)
    #expect(days.spacing.barSeconds == nil)
  }
}

@Suite("Panel columns")
struct PanelColumnTests {
  @Test("groups, events and memberships are read by row and column")
  func cells() {
    let fixed = GroupColumn(labels: ["x", "y"], columns: 2, codes: [1, -1])
    #expect(fixed.label(row: 9, column: 0) == "y" && fixed.label(row: 9, column: 1) == nil)
    let varying = GroupColumn(labels: ["x", "y"], columns: 2, codes: [1, -1, 0, 1])
    #expect(varying.label(row: 1, column: 0) == "x" && !varying.isFixed)
    let events = VectorColumn(rows: 1, columns: 3, offsets: [0, 2, 2, 3], values: [1, 2, 3])
    #expect(Array(events.events(row: 0, column: 0)) == [1, 2])
    #expect(events.events(row: 0, column: 1).isEmpty)
    #expect(Array(events.events(row: 0, column: 2)) == [3])
    let members = MembershipColumn(rows: 1, columns: 2, members: [0, 1])
    #expect(!members.contains(row: 0, column: 0) && members.contains(row: 0, column: 1))
  }

  @Test("units are written like those of the reference platform")
  func units() {
    #expect(MeasureUnit.money.description == "Unit[CSPrice:1,CSShare:1]")
    #expect(MeasureUnit.dimensionless.description == "Unit[]")
    #expect(MeasureUnit(price: -1).description == "Unit[CSPrice:-1]")
  }
}
