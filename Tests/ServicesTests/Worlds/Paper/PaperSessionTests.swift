import Essentials
import Testing

@testable import Services

@Suite("A day of an account")
struct PaperSessionTests {
  private static let midnight = Timestamp(millisecondsSinceEpoch: 1_700_006_400_000)

  @Test("a day begins with what the one before ended with, and has its own peak")
  func days() {
    var session = PaperSession(equity: 100)
    #expect(session.take(equity: 104, at: Self.midnight + .hours(1)) == 100)
    #expect(session.take(equity: 102, at: Self.midnight + .hours(2)) == nil)
    #expect(session.open == 100 && session.peak == 104 && session.equity == 102)
    // A row that ends at midnight belongs to the day that ends.
    #expect(session.take(equity: 101, at: Self.midnight + .hours(24)) == nil)
    #expect(session.take(equity: 99, at: Self.midnight + .hours(25)) == 101)
    #expect(session.open == 101 && session.peak == 101 && session.equity == 99)
  }
}
