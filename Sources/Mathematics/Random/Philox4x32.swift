/// A counter-based generator: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel Random
/// Numbers: As Easy as 1, 2, 3" (SC 2011).
///
/// Block number `counter` of key `key` is a pure function of both, so any part of a sequence can be
/// made anywhere and in any order: slices of one simulation get the same numbers on any number of
/// cores. As a `RandomNumberGenerator` it walks the counter upward, two 64-bit numbers to a block,
/// for 2^64 blocks; `stream` fills the upper half of the counter and names independent sequences
/// under one key. Not for secrets.
package struct Philox4x32: RandomNumberGenerator, Sendable {
  /// The two words that every block is made from.
  package let key: SIMD2<UInt32>
  /// The upper half of the counter.
  package let stream: UInt64
  private var position: UInt64 = 0
  private var waiting: UInt64?

  /// Begins the sequence that `seed` (as the key) and `stream` name, at counter zero.
  package init(seed: UInt64, stream: UInt64 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
  }

  /// Returns the four words that the key gives to a counter, by ten rounds of mixing or another
  /// number of them.
  package static func block(
    _ counter: SIMD4<UInt32>, key: SIMD2<UInt32>, rounds: Int = 10
  ) -> SIMD4<UInt32> {
    var words = counter
    var round = key
    for _ in 0..<rounds {
      let first = words[0].multipliedFullWidth(by: 0xD251_1F53)
      let second = words[2].multipliedFullWidth(by: 0xCD9E_8D57)
      words = SIMD4(
        second.high ^ words[1] ^ round[0], second.low, first.high ^ words[3] ^ round[1], first.low)
      // The key schedule is a Weyl sequence of the golden ratio and of the square root of 3.
      round &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return words
  }

  /// Returns the next 64 bits.
  package mutating func next() -> UInt64 {
    if let number = waiting {
      waiting = nil
      return number
    }
    let words = Self.block(
      SIMD4(
        UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)),
      key: key)
    position &+= 1
    waiting = UInt64(words[2]) | UInt64(words[3]) << 32
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }

  /// Returns a number in [0, 1) with 53 random bits.
  package mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
