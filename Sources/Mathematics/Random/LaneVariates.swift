/// Normal and exponential variates, eight at a time, as functions of random words.
@usableFromInline
package enum LaneVariates {
  /// Returns draws of the exponential distribution with mean 1: -ln u, u = (w/2 + 1/2) / 2^31 of the
  /// word's upper 31 bits.
  ///
  /// From 0 to 22.18 (u = 2^-32). The complement of a word gives the draw of 1 - u, so one word
  /// decides between two events that exclude each other.
  @inlinable @inline(__always)
  package static func exponential(_ word: WordLanes) -> FloatLanes {
    -uniform(word).naturalLogarithm
  }

  /// Returns numbers that are nowhere below ``exponential(_:)`` and at most 0.06 above it, for a
  /// quarter of its cost.
  ///
  /// The bits of a float, read as a whole number, are its logarithm but for the bend of the mantissa:
  /// log₂(1 + m) ≥ m. The constant holds 2e-5 for the roundings on both sides.
  @inlinable @inline(__always)
  package static func exponentialBound(_ word: WordLanes) -> FloatLanes {
    let bits = unsafeBitCast(uniform(word).words, to: SIMD8<Int32>.self)
    return FloatLanes(rounding: bits).fused(
      times: .all(-0x1p-23 * 0.693_147_180_559_945_3), plus: .all(88.029_711_931))
  }

  /// The numbers between 0 and 1 that the upper 31 bits of words stand for.
  @inlinable @inline(__always)
  static func uniform(_ word: WordLanes) -> FloatLanes {
    let whole = unsafeBitCast(word &>> WordLanes(repeating: 1), to: SIMD8<Int32>.self)
    return FloatLanes(rounding: whole).fused(times: .all(0x1p-31), plus: .all(0x1p-32))
  }

  /// Returns two independent draws of the standard normal distribution: Box and Muller, "A Note on
  /// the Generation of Random Normal Deviates", The Annals of Mathematical Statistics 29 (1958).
  ///
  /// The radius has 31 random bits, so sizes end at 6.66, where the tail beyond holds 3e-11; the
  /// error of a draw is about two units in its last place. The upper two bits of `turn` choose a
  /// quarter of the circle, the lower thirty the place in it, so that every sign has exactly the
  /// same chance.
  @inlinable @inline(__always)
  package static func normals(_ radius: WordLanes, _ turn: WordLanes) -> (FloatLanes, FloatLanes) {
    let length = (exponential(radius) * .all(2)).root
    // An angle from -pi/4 to pi/4.
    let place = unsafeBitCast(turn &<< WordLanes(repeating: 2), to: SIMD8<Int32>.self)
    let angle = FloatLanes(rounding: place) * .all(0x1p-31 * 0.785_398_163_397_448_3)
    let square = angle * angle
    var sine = FloatLanes.all(-1.951_529_589_1e-4).fused(
      times: square, plus: .all(8.332_160_873_6e-3))
    sine = sine.fused(times: square, plus: .all(-1.666_665_461_1e-1))
    sine = (sine * square).fused(times: angle, plus: angle)
    var cosine = FloatLanes.all(2.443_315_711_81e-5).fused(
      times: square, plus: .all(-1.388_731_625_49e-3))
    cosine = cosine.fused(times: square, plus: .all(4.166_664_568_30e-2))
    cosine = cosine.fused(times: square, plus: .all(-0.5))
    cosine = cosine.fused(times: square, plus: .all(1))
    // The sign of the word decides. The four quarters are the first one, turned by a half, and both with the axes exchanged.
    let exchanged = unsafeBitCast(turn, to: FlagLanes.self)
    let sign = (turn &<< WordLanes(repeating: 1)) & WordLanes(repeating: 0x8000_0000)
    let signed = FloatLanes(words: length.words ^ sign)
    return (
      signed * sine.chosen(where: exchanged, otherwise: cosine),
      signed * cosine.chosen(where: exchanged, otherwise: sine)
    )
  }
}
