// Public, because code that is inlined into other rooms may only name public imports.
public import CLanes

/// Eight neighboring numbers: the unit in which rows are computed.
///
/// A missing number is NaN. Sums run over eight accumulators that are added in one fixed order, so
/// the same inputs give the same bits whatever the vector width of the processor.
@usableFromInline
package typealias Lanes = SIMD8<Double>

/// Which of eight lanes a condition holds in.
@usableFromInline
package typealias LaneMask = SIMDMask<SIMD8<Int64>>

extension SIMD8<Double> {
  /// Missing in every lane.
  @inlinable @inline(__always)
  package static var missing: Lanes { Lanes(repeating: .nan) }

  /// 1 where the mask holds, 0 elsewhere.
  @inlinable @inline(__always)
  package static func ones(where mask: LaneMask) -> Lanes {
    Lanes.zero.replacing(with: Lanes(repeating: 1), where: mask)
  }

  /// The lanes that hold a number.
  @inlinable @inline(__always)
  package var isPresent: LaneMask { self .== self }

  /// The lanes where the mask holds, 0 elsewhere.
  @inlinable @inline(__always)
  package func orZero(where mask: LaneMask) -> Lanes {
    Lanes.zero.replacing(with: self, where: mask)
  }

  /// The lanes where the mask holds, missing elsewhere.
  @inlinable @inline(__always)
  package func orMissing(where mask: LaneMask) -> Lanes {
    Lanes(repeating: .nan).replacing(with: self, where: mask)
  }

  /// The same lanes with infinities turned into missing values: x - (x - x) is x for every finite
  /// x and NaN for infinities.
  @inlinable @inline(__always)
  package var finiteOrMissing: Lanes { self - (self - self) }

  /// The square roots. The standard library's method works lane by lane; this is one instruction
  /// for each register.
  @inlinable @inline(__always)
  package var root: Lanes { lanes_square_root(self) }

  /// The sizes without their signs.
  @inlinable @inline(__always)
  package var magnitudes: Lanes {
    let bits = unsafeBitCast(self, to: SIMD8<UInt64>.self)
    return unsafeBitCast(bits & SIMD8<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF), to: Lanes.self)
  }

  /// The sum in the order ((0+4)+(2+6))+((1+5)+(3+7)).
  @inlinable @inline(__always)
  package var orderedSum: Double {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The larger of each pair; `other` where this is missing.
  @inlinable @inline(__always)
  package func larger(_ other: Lanes) -> Lanes {
    other.replacing(with: self, where: self .> other)
  }

  /// The smaller of each pair; `other` where this is missing.
  @inlinable @inline(__always)
  package func smaller(_ other: Lanes) -> Lanes {
    other.replacing(with: self, where: self .< other)
  }

  /// The largest lane.
  @inlinable @inline(__always)
  package var largest: Double {
    var result = self[0]
    for lane in 1..<8 where self[lane] > result { result = self[lane] }
    return result
  }
}
