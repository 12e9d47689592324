// Public, because code that is inlined into other rooms may only name public imports.
public import CLanes

/// Eight single-precision numbers: the unit in which paths are simulated.
@usableFromInline
package typealias FloatLanes = SIMD8<Float>

/// Eight 32-bit words: what a generator makes at once.
@usableFromInline
package typealias WordLanes = SIMD8<UInt32>

/// Which of eight lanes a condition holds in: -1 where it does, 0 elsewhere.
///
/// Whole numbers instead of the standard library's masks, whose methods choose lane by lane.
@usableFromInline
package typealias FlagLanes = SIMD8<Int32>

// The polynomials below are those of S. L. Moshier's Cephes library (single precision), evaluated
// with fused products. Every operation is exactly rounded and none depends on the processor, so the
// results have the same bits everywhere.
extension SIMD8<Float> {
  /// The same number in every lane.
  @inlinable @inline(__always)
  package static func all(_ number: Float) -> FloatLanes { FloatLanes(repeating: number) }

  /// Returns `self * factor + addend`, rounded once.
  @inlinable @inline(__always)
  package func fused(times factor: FloatLanes, plus addend: FloatLanes) -> FloatLanes {
    lanes_fused(self, factor, addend)
  }

  /// The square roots, correctly rounded; NaN below zero.
  @inlinable @inline(__always)
  package var root: FloatLanes { lanes_float_square_root(self) }

  /// The numbers' bit patterns.
  @inlinable @inline(__always)
  package var words: WordLanes { unsafeBitCast(self, to: WordLanes.self) }

  /// The numbers that bit patterns stand for.
  @inlinable @inline(__always)
  package init(words: WordLanes) { self = unsafeBitCast(words, to: FloatLanes.self) }

  /// The nearest floats of whole numbers.
  @inlinable @inline(__always)
  package init(rounding whole: SIMD8<Int32>) { self = lanes_float(whole) }

  /// The natural logarithms of positive normal numbers, to about one unit in the last place; not
  /// defined for zero, subnormal, negative and infinite numbers.
  @inlinable @inline(__always)
  package var naturalLogarithm: FloatLanes {
    // x = 2^e m with m in [sqrt(1/2), sqrt(2)).
    let bits = words
    let above = unsafeBitCast(bits &- WordLanes(repeating: 0x3F35_04F3), to: SIMD8<Int32>.self)
    let exponent = above &>> SIMD8<Int32>(repeating: 23)
    let scale = exponent &<< SIMD8<Int32>(repeating: 23)
    let mantissa = bits &- unsafeBitCast(scale, to: WordLanes.self)
    let f = FloatLanes(words: mantissa) - .all(1)
    let square = f * f
    var p = FloatLanes.all(7.037_683_629_2e-2).fused(times: f, plus: .all(-1.151_461_031_0e-1))
    p = p.fused(times: f, plus: .all(1.167_699_874_0e-1))
    p = p.fused(times: f, plus: .all(-1.242_014_084_6e-1))
    p = p.fused(times: f, plus: .all(1.424_932_278_7e-1))
    p = p.fused(times: f, plus: .all(-1.666_805_766_5e-1))
    p = p.fused(times: f, plus: .all(2.000_071_476_5e-1))
    p = p.fused(times: f, plus: .all(-2.499_999_399_3e-1))
    p = p.fused(times: f, plus: .all(3.333_333_117_4e-1))
    let tail = square.fused(times: .all(-0.5), plus: p * (square * f))
    return FloatLanes(rounding: exponent).fused(times: .all(0.693_147_18), plus: f + tail)
  }

  /// Two to the powers, to about one unit in the last place, for powers from -126 to 127.
  @inlinable @inline(__always)
  package var powerOfTwo: FloatLanes {
    // Adding 1.5 * 2^23 rounds to the nearest whole number and leaves it in the low bits.
    let shifted = self + .all(12_582_912)
    let f = self - (shifted - .all(12_582_912))
    var p = FloatLanes.all(1.535_336_188_3e-4).fused(times: f, plus: .all(1.339_887_440_27e-3))
    p = p.fused(times: f, plus: .all(9.618_437_357_67e-3))
    p = p.fused(times: f, plus: .all(5.550_332_471_16e-2))
    p = p.fused(times: f, plus: .all(2.402_264_791_36e-1))
    p = p.fused(times: f, plus: .all(6.931_472_028_55e-1))
    p = p.fused(times: f, plus: .all(1))
    return FloatLanes(words: p.words &+ (shifted.words &<< WordLanes(repeating: 23)))
  }

  /// e to the powers, minus one, to about two units in the last place of the larger of the result
  /// and its argument, for arguments from -80 to 80.
  @inlinable @inline(__always)
  package var exponentialMinusOne: FloatLanes {
    // x = n ln 2 + r; e^x - 1 = 2^n (e^r - 1) + (2^n - 1).
    let shifted = fused(times: .all(1.442_695_04), plus: .all(12_582_912))
    let n = shifted - .all(12_582_912)
    var r = n.fused(times: .all(-0.693_359_375), plus: self)
    r = n.fused(times: .all(2.121_944_4e-4), plus: r)
    var p = FloatLanes.all(1.987_569_15e-4).fused(times: r, plus: .all(1.398_199_950_7e-3))
    p = p.fused(times: r, plus: .all(8.333_451_907_3e-3))
    p = p.fused(times: r, plus: .all(4.166_579_589_4e-2))
    p = p.fused(times: r, plus: .all(1.666_666_545_9e-1))
    p = p.fused(times: r, plus: .all(5.000_000_120_1e-1))
    p = p.fused(times: r * r, plus: r)
    let scale = FloatLanes(
      words: WordLanes(repeating: 0x3F80_0000) &+ (shifted.words &<< WordLanes(repeating: 23)))
    return scale.fused(times: p, plus: scale - .all(1))
  }

  /// The sum in the order ((0+4)+(2+6))+((1+5)+(3+7)), in double precision.
  @inlinable @inline(__always)
  package var orderedSum: Double {
    func term(_ lane: Int) -> Double { Double(self[lane]) }
    return ((term(0) + term(4)) + (term(2) + term(6)))
      + ((term(1) + term(5)) + (term(3) + term(7)))
  }
}

extension SIMD8<Float> {
  /// Where a number is below another one; nowhere where one of them is missing.
  @inlinable @inline(__always)
  package func isBelow(_ other: FloatLanes) -> FlagLanes { lanes_less(self, other) }

  /// Where a number is below another one or equal to it.
  @inlinable @inline(__always)
  package func isAtMost(_ other: FloatLanes) -> FlagLanes { lanes_at_most(self, other) }

  /// The larger of each pair; `other` where this or both are missing.
  @inlinable @inline(__always)
  package func larger(_ other: FloatLanes) -> FloatLanes { lanes_larger(self, other) }

  /// The smaller of each pair; `other` where this or both are missing.
  @inlinable @inline(__always)
  package func smaller(_ other: FloatLanes) -> FloatLanes { lanes_smaller(self, other) }

  /// These numbers where a condition holds, others elsewhere.
  @inlinable @inline(__always)
  package func chosen(where flags: FlagLanes, otherwise other: FloatLanes) -> FloatLanes {
    lanes_choose(flags, self, other)
  }
}

extension SIMD8<UInt32> {
  /// The upper halves of the 64-bit products with a factor.
  @inlinable @inline(__always)
  package func upperProduct(_ factor: UInt32) -> WordLanes { lanes_high_product(self, factor) }

  /// Where a word is at least as large as another one.
  @inlinable @inline(__always)
  package func isAtLeast(_ other: WordLanes) -> FlagLanes { lanes_at_least(self, other) }
}

extension SIMD8<Int32> {
  /// One bit for each lane where the condition holds, the first lane lowest.
  @inlinable @inline(__always)
  package var bits: UInt8 { lanes_bits(self) }

  /// Whether the condition holds in any lane.
  @inlinable @inline(__always)
  package var holdSomewhere: Bool { lanes_any(self) != 0 }
}

extension UnsafePointer<Float> {
  /// The eight numbers from `index` on, wherever they lie in memory.
  @inlinable @inline(__always)
  package func lanes(at index: Int) -> FloatLanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: FloatLanes.self)
  }
}

extension UnsafeMutablePointer<Float> {
  /// The eight numbers from `index` on, wherever they lie in memory.
  @inlinable @inline(__always)
  package func lanes(at index: Int) -> FloatLanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: FloatLanes.self)
  }

  /// Writes eight numbers from `index` on.
  @inlinable @inline(__always)
  package func store(_ lanes: FloatLanes, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: FloatLanes.self)
  }
}
