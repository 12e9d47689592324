internal import CLanes

/// Eight neighboring instruments of one row. Rows are padded to whole lanes.
typealias Lanes = SIMD8<Double>
typealias LaneMask = SIMDMask<SIMD8<Int64>>

extension UnsafePointer<Double> {
  @inline(__always)
  func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }
}

extension UnsafeMutablePointer<Double> {
  @inline(__always)
  func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  func store(_ lanes: Lanes, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Lanes.self)
  }
}

extension SIMD8<Double> {
  static let missing = Lanes(repeating: .nan)

  /// Lanes that hold a number.
  @inline(__always)
  var isPresent: LaneMask { self .== self }

  /// The lanes where `mask` holds, zero elsewhere.
  @inline(__always)
  func orZero(where mask: LaneMask) -> Lanes { Lanes.zero.replacing(with: self, where: mask) }

  /// The lanes where `mask` holds, missing elsewhere.
  @inline(__always)
  func orMissing(where mask: LaneMask) -> Lanes {
    Lanes(repeating: .nan).replacing(with: self, where: mask)
  }

  /// The same lanes with infinities turned into missing values: x - (x - x) is x for every finite
  /// x and NaN for infinities.
  @inline(__always)
  var finiteOrMissing: Lanes { self - (self - self) }

  @inline(__always)
  var root: Lanes { lanes_square_root(self) }
}

/// Returns one where the mask holds and zero elsewhere.
@inline(__always)
func ones(where mask: LaneMask) -> Lanes {
  Lanes.zero.replacing(with: Lanes(repeating: 1), where: mask)
}

extension Double {
  /// The same number, or NaN where it is infinite.
  @inline(__always)
  var finiteOrMissing: Double { self - (self - self) }
}
