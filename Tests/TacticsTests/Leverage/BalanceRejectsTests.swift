import Essentials
import Tactics
import TestKit
import Testing

@Suite("Leverage after refusals, and as venues take it")
struct BalanceRejectsTests {
  private func scale(_ count: Int, signal: Double, at second: Int64 = 0) -> Double {
    var rejects = BalanceRejects()
    for _ in 0..<count { rejects.reject(at: .seconds(0)) }
    return rejects.scale(
      at: .seconds(second), signal: signal, confidence: 0.7,
      under: Profiles.shipped.leverage.rejects)
  }

  @Test("refusals take leverage back as recorded, within their window")
  func recorded() {
    #expect(agree(scale(3, signal: 0.5), 0.551368, absolute: 1e-6))
    #expect(agree(scale(3, signal: 0.6), 0.720764, absolute: 1e-6))
    #expect(scale(10, signal: 0.5) == 0.45)
    #expect(scale(1, signal: 0.5) == 1)
    #expect(scale(3, signal: 0.5, at: 300) < 1)
    #expect(scale(3, signal: 0.5, at: 301) == 1)
    var rejects = BalanceRejects()
    for _ in 0..<30 { rejects.reject(at: .seconds(0)) }
    #expect(rejects.count == 20)
    rejects.accept()
    #expect(rejects == BalanceRejects())
  }

  @Test("the liquidation caps are as recorded")
  func caps() {
    for (distance, cap) in [(0.015, 44.444444), (0.010, 57.142857)] {
      #expect(
        agree(
          LeverageDecision.liquidationCap(maintenance: 0.005, buffer: 0.0025, distance: distance),
          cap, absolute: 1e-6))
    }
  }

  @Test("a venue's refusal names the leverage that it allows, in hundredths from a hundred on")
  func venue() {
    #expect(VenueLeverage.allowed(in: "110013 maxLeverage [2500] by risk limit") == 25)
    #expect(VenueLeverage.allowed(in: "maxLeverage [50]") == 50)
    #expect(VenueLeverage.allowed(in: "maxLeverage [12.5]") == 12.5)
    for text in ["", "maxLeverage", "maxLeverage []", "leverage [50]"] {
      #expect(VenueLeverage.allowed(in: text) == nil)
    }
    func rounded(_ leverage: Double, _ most: Double) -> Double {
      VenueLeverage.rounded(leverage, max: most, under: Profiles.shipped.leverage)
    }
    #expect(rounded(7.6, 50) == 8)
    #expect(rounded(7.6, 7.5) == 7)
    #expect(rounded(0.2, 50) == 1)
    #expect(rounded(.nan, 50) == 1)
  }
}
