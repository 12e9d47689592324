import Testing

@testable import Worlds

@Suite("Trading sides")
struct TradingSideTests {
  @Test("a long weight adds to a net position and a short one takes from it")
  func signs() {
    #expect(0.5 * TradingSide.long.sign + 0.2 * TradingSide.short.sign == 0.3)
  }
}
