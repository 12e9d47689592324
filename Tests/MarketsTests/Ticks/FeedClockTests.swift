import Essentials
import Testing

@testable import Markets

@Suite("Feed clock")
struct FeedClockTests {
  private func instant(_ milliseconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: milliseconds)
  }

  @Test("a local clock that is behind is known by messages from the future")
  func behind() {
    var clock = FeedClock()
    for (made, arrived) in [(1000, 10), (2000, 730), (3000, 1780)] as [(Int64, Int64)] {
      clock.observe(made: instant(made), arrived: instant(arrived))
    }
    #expect(clock.fromFuture == 3)
    #expect(clock.lag == TimeSpan(milliseconds: 1270))
    #expect(clock.venueTime(at: instant(1780)) == instant(3050))
    #expect(clock.venueTime(at: instant(0)) == instant(3000))
  }

  @Test("delays alone prove nothing, and messages out of order are counted")
  func delays() {
    var clock = FeedClock()
    #expect(clock.venueTime(at: instant(5)) == instant(5))
    clock.observe(made: instant(1000), arrived: instant(1100))
    clock.observe(made: instant(900), arrived: instant(1150))
    #expect(clock.lag == .zero)
    #expect(clock.fromFuture == 0)
    #expect(clock.backward == 1)
    #expect(clock.latest == instant(1000))
  }
}
