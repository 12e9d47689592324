import Testing

@testable import Essentials

@Suite("Time spans")
struct TimeSpanTests {
  @Test(
    "a span is written in the largest unit that divides it",
    arguments: [
      (TimeSpan.days(10), "10d"), (.hours(24), "1d"), (.minutes(90), "90m"), (.seconds(61), "61s"),
      (TimeSpan(milliseconds: 1500), "1500ms"), (.zero, "0s"), (.seconds(-120), "-2m"),
    ])
  func text(span: TimeSpan, expected: String) {
    #expect(span.description == expected)
  }

  @Test("the difference of two instants leads from one to the other")
  func difference() {
    let start = Timestamp(millisecondsSinceEpoch: 1_000)
    let end = Timestamp(millisecondsSinceEpoch: 91_000)
    #expect(end - start == .seconds(90))
    #expect(start + (end - start) == end)
    #expect(end - .seconds(90) == start)
    #expect(start - end < .zero)
  }
}
