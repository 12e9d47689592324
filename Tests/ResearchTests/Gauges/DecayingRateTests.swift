import Essentials
import Mathematics
import Testing

@testable import Research

@Suite("A rate that decays")
struct DecayingRateTests {
  private func at(_ seconds: Double) -> Timestamp { GaugeBench.at(seconds) }

  @Test("its integral is the sum of the amounts, but for what is forgotten")
  func integral() {
    var rate = DecayingRate(seconds: 30)
    for second in stride(from: 0.0, to: 100, by: 10) { rate.add(7, at: at(second)) }
    // After the last arrival: the integral of r·exp(-t/τ) is r·τ. Before it: what has gone.
    var gone = 0.0
    for second in stride(from: 0.0, to: 90, by: 10) {
      gone += 7 * (1 - Elementary.exp(-(90 - second) / 30))
    }
    #expect(abs(rate.rate(at: at(90)) * 30 + gone - 70) < 1e-9)
  }

  @Test("it is bounded at one instant, does not rise by itself, and ends at zero")
  func falling() {
    var rate = DecayingRate(seconds: 30)
    #expect(rate.rate(at: at(0)) == 0)
    for _ in 0..<100 { rate.add(3, at: at(0)) }
    #expect(abs(rate.rate(at: at(0)) - 10) < 1e-9)
    var last = rate.rate(at: at(0))
    for second in 1..<400 {
      let value = rate.rate(at: at(Double(second)))
      #expect(value <= last)
      last = value
    }
    #expect(last == 0)
    // A clock that goes backward stands still.
    rate.add(3, at: at(-50))
    #expect(abs(rate.rate(at: at(-100)) - 10.1) < 1e-9)
  }
}
