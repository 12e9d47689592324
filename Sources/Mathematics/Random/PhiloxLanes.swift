/// The four words of eight blocks, made side by side.
@frozen @usableFromInline
package struct WordLaneBlock {
  /// The first words of the blocks.
  @usableFromInline package var first: WordLanes
  /// The second words.
  @usableFromInline package var second: WordLanes
  /// The third words.
  @usableFromInline package var third: WordLanes
  /// The fourth words.
  @usableFromInline package var fourth: WordLanes

  /// Joins four words.
  @inlinable @inline(__always)
  package init(_ first: WordLanes, _ second: WordLanes, _ third: WordLanes, _ fourth: WordLanes) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }
}

/// ``Philox4x32``, eight blocks side by side.
@usableFromInline
package enum PhiloxLanes {
  /// The number of rounds: the fewest with which the authors found no failure in TestU01's
  /// BigCrush (Salmon et al., SC 2011).
  package static let rounds = 7

  /// Returns the words that the key gives to eight counters, which differ in their first word only.
  ///
  /// Lane by lane the same words as ``Philox4x32/block(_:key:rounds:)`` with ``rounds`` rounds; about
  /// four instructions a word.
  @inlinable @inline(__always)
  package static func blocks(
    _ first: WordLanes, _ second: UInt32, _ stream: UInt64, key: SIMD2<UInt32>
  ) -> WordLaneBlock {
    var words = WordLaneBlock(
      first, WordLanes(repeating: second),
      WordLanes(repeating: UInt32(truncatingIfNeeded: stream)),
      WordLanes(repeating: UInt32(truncatingIfNeeded: stream >> 32)))
    // Written out, because the rounds of a loop are not unrolled.
    round(&words, key, 0)
    round(&words, key, 1)
    round(&words, key, 2)
    round(&words, key, 3)
    round(&words, key, 4)
    round(&words, key, 5)
    round(&words, key, 6)
    return words
  }

  @inlinable @inline(__always)
  static func round(_ words: inout WordLaneBlock, _ key: SIMD2<UInt32>, _ number: UInt32) {
    let firstHigh = words.first.upperProduct(0xD251_1F53)
    let firstLow = words.first &* WordLanes(repeating: 0xD251_1F53)
    let thirdHigh = words.third.upperProduct(0xCD9E_8D57)
    let thirdLow = words.third &* WordLanes(repeating: 0xCD9E_8D57)
    let left = key[0] &+ number &* 0x9E37_79B9
    let right = key[1] &+ number &* 0xBB67_AE85
    words = WordLaneBlock(
      thirdHigh ^ words.second ^ WordLanes(repeating: left), thirdLow,
      firstHigh ^ words.fourth ^ WordLanes(repeating: right), firstLow)
  }
}
