import Essentials
import Testing

@testable import athanor

@Suite("Instants of the command line")
struct WorldOptionsTests {
  @Test(
    "what an instant says of itself is read back",
    arguments: [0, 1, 999, 86_399_999, 86_400_000, 1_497_370_530_250, -1])
  func readBack(milliseconds: Int64) {
    let instant = Timestamp(millisecondsSinceEpoch: milliseconds)
    #expect(Timestamp(typed: "\(instant)") == instant)
  }

  @Test("seconds may be left out, and a day alone is its midnight")
  func short() {
    #expect(
      Timestamp(typed: "2017-06-13T16:15Z") == Timestamp(typed: "2017-06-13T16:15:00.000Z"))
    #expect(Timestamp(typed: "2017-06-13") == Timestamp(typed: "2017-06-13T00:00Z"))
    #expect(Timestamp(typed: "2017-06-13T16:15:07.5Z")?.millisecondsSinceEpoch == 1_497_370_507_500)
  }

  @Test(
    "anything else is no instant",
    arguments: [
      "", "now", "2017-06-31", "2017-06-13T", "2017-06-13T24:00Z", "2017-06-13T12:60Z",
      "2017-06-13T12:00", "2017-06-13T12:00:60Z", "2017-06-13T12Z", "2017-06-13T12:00:00.1234Z",
      "2017-06-13T-1:00Z", "2017-06-13T12:00Z ", "2017-06-13T12:00ZT",
    ])
  func refused(text: String) {
    #expect(Timestamp(typed: text) == nil)
  }
}
