import Essentials
import Testing

@testable import Backtesting

@Suite("Calendar period")
struct CalendarPeriodTests {
  @Test(
    "the ISO 8601 form is read and written",
    arguments: [
      ("P1Y6M", CalendarPeriod(years: 1, months: 6), "P1Y6M"),
      ("P0Y0M0D", .none, "P0Y0M0D"), ("P6Y", CalendarPeriod(years: 6), "P6Y0M"),
      ("P2W3D", CalendarPeriod(days: 17), "P0Y0M17D"), ("P0D", .none, "P0Y0M0D"),
    ])
  func reads(_ text: String, _ period: CalendarPeriod, _ canonical: String) {
    #expect(CalendarPeriod(text) == period)
    #expect(period.description == canonical)
    #expect(CalendarPeriod(canonical) == period)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "P", "1Y", "P1", "PY", "P1M1Y", "P1Y1Y", "P-1Y", "P1.5Y", "PT1H", "P1Y ", "p1Y",
    ])
  func refuses(_ text: String) {
    #expect(CalendarPeriod(text) == nil)
  }

  @Test(
    "a period before a date lands on the calendar",
    arguments: [
      ("2023-01-20", "P1Y", "2022-01-20"), ("2020-03-31", "P1M", "2020-02-29"),
      ("2020-01-15", "P1M", "2019-12-15"), ("2020-02-29", "P1Y", "2019-02-28"),
      ("2020-05-31", "P1Y6M1D", "2018-11-29"), ("2020-12-31", "P12M", "2019-12-31"),
    ])
  func before(_ date: String, _ period: String, _ expected: String) throws {
    let period = try #require(CalendarPeriod(period))
    let date = try #require(CalendarDate(date))
    #expect(period.before(date).description == expected)
  }
}
