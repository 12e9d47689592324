import Testing

@testable import Mathematics

@Suite("Shares of trials")
struct ProportionTests {
  @Test("Wilson's interval has the values of the formula by hand, and stays within 0 and 1")
  func interval() {
    // 10 of 100: (0.1 + z²/200 ± z √(0.0009 + z²/40000)) / (1 + z²/100) with z = 1.959964.
    let interval = Proportion(10, of: 100).interval()
    #expect(abs(interval.lowerBound - 0.05522914) < 1e-6)
    #expect(abs(interval.upperBound - 0.17436566) < 1e-6)
    #expect(Proportion(0, of: 20).interval().lowerBound == 0)
    #expect(Proportion(20, of: 20).interval().upperBound == 1)
    #expect(Proportion(0, of: 0).interval() == 0...1)
    #expect(Proportion(0, of: 0).share.isNaN)
  }
}
