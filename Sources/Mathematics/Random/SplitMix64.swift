/// A small seeded generator: SplitMix64 of Steele, Lea and Flood, "Fast Splittable Pseudorandom
/// Number Generators" (OOPSLA 2014), figure 17.
///
/// Its whole state is one 64-bit number, so a seed names a sequence. For shuffles, resampling and
/// tests; not for secrets.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  @inlinable package init(seed: UInt64) {
    state = seed
  }

  @inlinable package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Returns a number in [0, 1) with 53 random bits.
  @inlinable package mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
