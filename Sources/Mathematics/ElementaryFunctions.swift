internal import Glibc

// The only file of the pure rooms that knows the C library. Everything here is a function of its
// arguments; results are those of the platform's libm, so recorded numbers hold per platform.

/// The elementary functions that the standard library does not have.
package enum Elementary {
  @inlinable package static func squareRoot(_ x: Double) -> Double { x.squareRoot() }
  package static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  package static func expMinusOne(_ x: Double) -> Double { Glibc.expm1(x) }
  package static func log(_ x: Double) -> Double { Glibc.log(x) }
  package static func log(onePlus x: Double) -> Double { Glibc.log1p(x) }
  package static func pow(_ base: Double, _ exponent: Double) -> Double { Glibc.pow(base, exponent) }
  package static func sin(_ x: Double) -> Double { Glibc.sin(x) }
  package static func cos(_ x: Double) -> Double { Glibc.cos(x) }
  package static func tan(_ x: Double) -> Double { Glibc.tan(x) }
  package static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
  package static func asin(_ x: Double) -> Double { Glibc.asin(x) }
  package static func acos(_ x: Double) -> Double { Glibc.acos(x) }
  package static func atan(_ x: Double) -> Double { Glibc.atan(x) }
  /// The complementary error function.
  package static func erfc(_ x: Double) -> Double { Glibc.erfc(x) }
  package static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}
