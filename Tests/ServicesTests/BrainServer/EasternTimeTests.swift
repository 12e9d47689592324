import Essentials
import Testing

@testable import Services

@Suite("Eastern time")
struct EasternTimeTests {
  // Computed with the IANA time zone America/New_York.
  @Test(
    "instants read as they do on a clock in New York",
    arguments: [
      (1_784_060_839_000, "2026-07-14T16:27:19-04:00"),
      (1_768_456_800_000, "2026-01-15T01:00:00-05:00"),
      (1_772_953_199_000, "2026-03-08T01:59:59-05:00"),
      (1_772_953_200_000, "2026-03-08T03:00:00-04:00"),
      (1_793_512_799_000, "2026-11-01T01:59:59-04:00"),
      (1_793_512_800_000, "2026-11-01T01:00:00-05:00"),
    ])
  func text(milliseconds: Int64, text: String) {
    #expect(EasternTime(Timestamp(millisecondsSinceEpoch: milliseconds)).text == text)
  }

  @Test("a day ends at midnight in New York")
  func dayEnd() {
    let evening = EasternTime(Timestamp(millisecondsSinceEpoch: 1_784_060_839_000))
    #expect(evening.day.description == "2026-07-14")
    #expect(evening.secondsLeftInDay == 27_161)
  }
}
