import Essentials
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "an instant has its text in UTC",
    arguments: [
      (0, "1970-01-01"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (86_399_999, "1970-01-01T23:59:59.999Z"), (86_400_000, "1970-01-02"),
      (1_709_210_096_000, "2024-02-29T12:34:56Z"), (-86_400_000, "1969-12-31"),
      (-86_400_001, "1969-12-30T23:59:59.999Z"), (61_050, "1970-01-01T00:01:01.050Z"),
    ])
  func text(_ milliseconds: Int64, _ text: String) {
    #expect(Timestamp(millisecondsSinceEpoch: milliseconds).description == text)
  }

  @Test("midnight belongs to the day that it begins, the millisecond before to the last")
  func midnight() throws {
    for text in ["1969-12-31", "1970-01-01", "2024-02-29"] {
      let date = try #require(CalendarDate(text))
      let midnight = Timestamp(startOf: date)
      #expect(midnight.date == date)
      let before = Timestamp(millisecondsSinceEpoch: midnight.millisecondsSinceEpoch - 1)
      #expect(before.date == date.advanced(byDays: -1))
      #expect(before < midnight)
    }
  }
}
