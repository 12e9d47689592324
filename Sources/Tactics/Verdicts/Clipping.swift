/// Returns a number held within 0 and 1; NaN stays NaN.
func clip01(_ x: Double) -> Double { clip(x, 0, 1) }

/// Returns a number held within two bounds; NaN stays NaN.
func clip(_ x: Double, _ low: Double, _ high: Double) -> Double {
  x.isNaN ? x : min(max(x, low), high)
}

extension Double {
  /// The number where it is known and finite, or another in its place.
  func known(or other: Double) -> Double { isFinite ? self : other }
}
