import Mathematics

/// The name of one simulation: which numbers of chance it gets.
///
/// The numbers of a path at a step are those that the seed gives to the counter (path, step, stream)
/// of ``Philox4x32``; the stream comes from the symbol and the decision. So they depend on nothing
/// else: not on the number of threads, of paths or of symbols simulated before.
package struct SimulationKey: Hashable, Sendable {
  /// The seed of the run.
  package let seed: UInt64
  /// The number of the symbol's and decision's sequence.
  package let stream: UInt64

  /// Names the simulation of a symbol for a decision.
  package init(seed: UInt64, symbol: String, decision: UInt64) {
    // FNV-1a over the letters, then one round of a mixer, so that neighbors differ in every bit.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in symbol.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var mixer = SplitMix64(seed: hash)
    var second = SplitMix64(seed: mixer.next() ^ decision)
    self.seed = seed
    stream = second.next()
  }

  /// The generator's key.
  package var key: SIMD2<UInt32> {
    SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }
}
