import Testing

@testable import Services

@Suite("The meter of messages")
struct MessageMeterTests {
  /// How many of `count` messages at an instant pass.
  private func passing(_ count: Int, _ meter: inout MessageMeter, at now: Duration) -> Int {
    var passed = 0
    for _ in 0..<count where meter.take(at: now) { passed += 1 }
    return passed
  }

  @Test("twenty messages pass at once, and then one every twentieth of a second")
  func burst() {
    var meter = MessageMeter(at: .zero)
    let counts = [0, 49, 51, 52, 60_000].map {
      passing(30, &meter, at: .milliseconds($0))
    }
    #expect(counts == [20, 0, 1, 0, 20])
  }

  @Test("a clock that goes backward gives nothing away")
  func backward() {
    var meter = MessageMeter(at: .seconds(10))
    let counts = [10, 1, 10].map { passing(30, &meter, at: .seconds($0)) }
    #expect(counts == [20, 0, 0])
  }
}
