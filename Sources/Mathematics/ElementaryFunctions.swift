internal import Glibc

// The only file of the pure rooms that knows the C library. Everything here is a function of its
// arguments; results are those of the platform's libm, so recorded numbers hold per platform.

/// The elementary functions that the standard library does not have.
///
/// Arguments and results are IEEE 754 doubles: outside its domain a function returns NaN, at a pole
/// or on overflow an infinity. A caller that writes into a panel turns both into a missing value.
package enum Elementary {
  /// Returns the square root, correctly rounded; NaN below zero.
  @inlinable package static func squareRoot(_ x: Double) -> Double { x.squareRoot() }

  /// Returns e to the power of `x`; infinite above about 709.78.
  package static func exp(_ x: Double) -> Double { Glibc.exp(x) }

  /// Returns e to the power of `x`, minus one, without cancellation near zero.
  package static func expMinusOne(_ x: Double) -> Double { Glibc.expm1(x) }

  /// Returns the natural logarithm; minus infinity at zero, NaN below it.
  package static func log(_ x: Double) -> Double { Glibc.log(x) }

  /// Returns the natural logarithm of `1 + x`, without cancellation near zero; NaN below -1.
  package static func log(onePlus x: Double) -> Double { Glibc.log1p(x) }

  /// Returns `base` to the power of `exponent`; NaN for a negative base and a fractional exponent.
  package static func pow(_ base: Double, _ exponent: Double) -> Double {
    Glibc.pow(base, exponent)
  }

  /// Returns the sine of an angle in radians.
  package static func sin(_ x: Double) -> Double { Glibc.sin(x) }

  /// Returns the cosine of an angle in radians.
  package static func cos(_ x: Double) -> Double { Glibc.cos(x) }

  /// Returns the tangent of an angle in radians.
  package static func tan(_ x: Double) -> Double { Glibc.tan(x) }

  /// Returns the hyperbolic tangent, in [-1, 1].
  package static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }

  /// Returns the angle in [-π/2, π/2] whose sine is `x`; NaN outside [-1, 1].
  package static func asin(_ x: Double) -> Double { Glibc.asin(x) }

  /// Returns the angle in [0, π] whose cosine is `x`; NaN outside [-1, 1].
  package static func acos(_ x: Double) -> Double { Glibc.acos(x) }

  /// Returns the angle in (-π/2, π/2) whose tangent is `x`.
  package static func atan(_ x: Double) -> Double { Glibc.atan(x) }

  /// Returns the complementary error function, accurate far into the upper tail.
  package static func erfc(_ x: Double) -> Double { Glibc.erfc(x) }

  /// Returns the natural logarithm of the absolute value of the gamma function; infinite at zero
  /// and the negative whole numbers. Safe to call from several threads at once.
  package static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}
