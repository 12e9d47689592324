import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Linear decay")
struct LinearDecayTests {
  @Test("every window agrees with the sum written out", arguments: [1, 2, 3, 7, 20, 64])
  func agreesWithSum(_ window: Int) {
    var generator = SplitMix64(seed: UInt64(window))
    var decay = LinearDecay(window: window, lanes: 1)
    let memory = UnsafeMutablePointer<Lanes>.allocate(capacity: 1)
    defer { memory.deallocate() }
    memory.initialize(to: Lanes())
    var history: [Double] = []
    for row in 0..<150 {
      let value = generator.nextUniform() < 0.4 ? Double.nan : generator.nextUniform() - 0.5
      history.append(value)
      memory[0] = Lanes(repeating: value)
      decay.push(memory)
      let known = (max(0, row - window + 1)...row).filter { !history[$0].isNaN }
      let expected =
        known.isEmpty
        ? Double.nan : known.reduce(0.0) { $0 + Double(window - (row - $1)) * history[$1] }
      #expect(agree(memory[0][3], expected, relative: 1e-12), "row \(row)")
    }
  }

  @Test("a huge value leaves no rounding behind when the window has passed it")
  func hugeValuesLeaveNoTrace() {
    var decay = LinearDecay(window: 5, lanes: 1)
    let memory = UnsafeMutablePointer<Lanes>.allocate(capacity: 1)
    defer { memory.deallocate() }
    memory.initialize(to: Lanes())
    for row in 0..<30 {
      memory[0] = Lanes(repeating: row == 8 ? 1e18 : 0.1)
      decay.push(memory)
      if row >= 14 { #expect(agree(memory[0][0], 1.5, relative: 1e-14), "row \(row)") }
    }
  }
}
