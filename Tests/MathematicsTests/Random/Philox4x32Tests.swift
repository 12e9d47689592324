import Mathematics
import Testing

@Suite("Philox4x32")
struct Philox4x32Tests {
  /// The known answers that the authors of Random123 publish for philox4x32 with 10 rounds.
  @Test("the authors' known answers come out")
  func knownAnswers() {
    typealias Case = (SIMD4<UInt32>, SIMD2<UInt32>, SIMD4<UInt32>)
    let cases: [Case] = [
      (
        SIMD4(0, 0, 0, 0), SIMD2(0, 0),
        SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
      ),
      (
        SIMD4(repeating: 0xffff_ffff), SIMD2(repeating: 0xffff_ffff),
        SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
      ),
      (
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        SIMD2(0xa409_3822, 0x299f_31d0),
        SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ]
    for (counter, key, expected) in cases {
      #expect(Philox4x32.block(counter, key: key) == expected)
    }
  }

  @Test("the walk gives the words of successive blocks")
  func walk() {
    var generator = Philox4x32(seed: 0x0000_0002_0000_0001, stream: 0x0000_0004_0000_0003)
    for position in 0..<3 as Range<UInt32> {
      let words = Philox4x32.block(SIMD4(position, 0, 3, 4), key: SIMD2(1, 2))
      #expect(generator.next() == UInt64(words[0]) | UInt64(words[1]) << 32)
      #expect(generator.next() == UInt64(words[2]) | UInt64(words[3]) << 32)
    }
  }

  @Test("streams of one seed differ, and uniforms fill the unit interval")
  func streams() {
    var first = Philox4x32(seed: 7, stream: 0)
    var second = Philox4x32(seed: 7, stream: 1)
    #expect(first.next() != second.next())
    var sum = 0.0
    for _ in 0..<4096 {
      let value = first.nextUniform()
      #expect(value >= 0 && value < 1)
      sum += value
    }
    // The mean of 4096 uniforms has a standard error of 0.0045.
    #expect((sum / 4096 - 0.5).magnitude < 0.02)
  }
}
