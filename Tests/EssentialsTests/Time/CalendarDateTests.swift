import Essentials
import Testing

@Suite("Calendar dates")
struct CalendarDateTests {
  @Test(
    "known days have their number, their text and their weekday",
    arguments: [
      ("1970-01-01", 0, 3), ("1969-12-31", -1, 2), ("2000-02-29", 11_016, 1),
      ("2024-12-31", 20_088, 1), ("1900-03-01", -25_508, 3), ("0000-03-01", -719_468, 2),
      ("9999-12-31", 2_932_896, 4),
    ])
  func known(_ text: String, _ days: Int32, _ weekday: Int) throws {
    let date = try #require(CalendarDate(text))
    #expect(date.daysSinceEpoch == days)
    #expect(date.description == text)
    #expect(date.weekday == weekday)
  }

  @Test("every day of eight hundred years follows the one before")
  func succession() throws {
    var (year, month, day) = (1600, 1, 1)
    var date = try #require(CalendarDate(year: 1600, month: 1, day: 1))
    while year < 2400 {
      let civil = date.civil
      guard civil == (year, month, day) else {
        Issue.record("\(civil) instead of \((year, month, day))")
        return
      }
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
      day += 1
      if day > length { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
      date = date.advanced(byDays: 1)
      guard CalendarDate(year: year, month: month, day: day) == date else {
        Issue.record("\((year, month, day)) is not the day after")
        return
      }
    }
  }

  @Test(
    "what is no day is no date",
    arguments: [
      "", "2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-01-00",
      "2024-1-01", "2024/01/01", "20240101", "2024-01-01 ", " 2024-01-01", "+024-01-01",
      "2024-01-0x", "２０24-01-01",
    ])
  func malformed(_ text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test("a year beyond five million is no date, one within is", arguments: [-1, 1])
  func extremes(_ sign: Int) {
    #expect(CalendarDate(year: sign * 5_000_001, month: 1, day: 1) == nil)
    let last = CalendarDate(year: sign * 5_000_000, month: 7, day: 4)
    #expect(last?.year == sign * 5_000_000)
  }

  @Test("dates are ordered by time and differ by days")
  func order() throws {
    let first = try #require(CalendarDate("2023-12-31"))
    #expect(first < first.advanced(byDays: 1))
    #expect(first.advanced(byDays: 60).description == "2024-02-29")
    #expect(first.advanced(byDays: -365).description == "2022-12-31")
  }
}
