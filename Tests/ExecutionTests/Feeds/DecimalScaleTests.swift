import Markets
import Mathematics
import Testing

@testable import Execution

@Suite("Decimal texts in place")
struct DecimalScaleTests {
  private func steps(_ text: String, nanos: Int64) -> Result<Int64, DecimalScale.Mistake> {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      Result { () throws(DecimalScale.Mistake) in try DecimalScale(nanos: nanos).steps(of: bytes) }
    }
  }

  @Test("steps are those of the exact count, for every kind of step")
  func agrees() {
    var generator = SplitMix64(seed: 5)
    let sizes: [Int64] = [
      1, 10, 1_000, 100_000_000, 500_000_000, 250_000_000, 1_000_000_000, 5_000_000_000,
      10_000_000_000,
    ]
    for nanos in sizes {
      for _ in 0..<300 {
        let places = Int.random(in: 0...10, using: &generator)
        let whole = Int64.random(in: 0...99_999_999, using: &generator)
        var text = String(whole)
        if places > 0 {
          let digits = (0..<places).map { _ in
            String(Bool.random(using: &generator) ? 0 : Int.random(in: 0...9, using: &generator))
          }
          text += "." + digits.joined()
        }
        let expected = exactCount(text, places: 9).flatMap { $0 % nanos == 0 ? $0 / nanos : nil }
        guard (try? steps(text, nanos: nanos).get()) == expected else {
          Issue.record("\(text) in steps of \(nanos): \(expected as Any)")
          return
        }
      }
    }
  }

  @Test(
    "what is no decimal text is refused",
    arguments: ["", "-", ".", "1.", ".5", "1e5", "+1", " 1", "1 ", "1..2", "1.2.3", "٣", "0x1"])
  func refuses(text: String) {
    #expect(steps(text, nanos: 1_000_000) == .failure(.unreadable))
    #expect(Array(text.utf8).withUnsafeBufferPointer { DecimalDouble.value(of: $0) } == nil)
  }

  @Test("a digit behind the step is between steps, a zero there is none")
  func betweenSteps() {
    #expect(steps("61800.20", nanos: 100_000_000) == .success(618_002))
    #expect(steps("61800.21", nanos: 100_000_000) == .failure(.betweenSteps))
    #expect(steps("0.75", nanos: 500_000_000) == .failure(.betweenSteps))
    #expect(steps("-0.5", nanos: 500_000_000) == .success(-1))
    #expect(steps("1234567890123456789", nanos: 1_000_000_000) == .failure(.unreadable))
  }

  @Test("doubles are the nearest ones, short texts and long")
  func doubles() {
    var generator = SplitMix64(seed: 6)
    for round in 0..<3000 {
      let whole = String(UInt64.random(in: 0...UInt64(1) << UInt64(round % 60), using: &generator))
      let digits = (0..<(round % 27)).map { _ in
        String(Int.random(in: 0...9, using: &generator))
      }
      let text =
        (round % 3 == 0 ? "-" : "") + whole
        + (digits.isEmpty ? "" : "." + digits.joined())
      let value = Array(text.utf8).withUnsafeBufferPointer { DecimalDouble.value(of: $0) }
      guard value == Double(text) else {
        Issue.record("\(text): \(value as Any)")
        return
      }
    }
  }
}
