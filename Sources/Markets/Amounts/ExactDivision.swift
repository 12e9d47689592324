/// Returns the quotient rounded to the nearest whole number, halves away from zero.
///
/// All amounts are rounded here, so equal histories give equal ledgers on any machine. Where both fit
/// into 64 bits, as most do, it costs one division of the processor.
package func roundedQuotient(_ dividend: Int128, by divisor: Int128) -> Int128 {
  if divisor > 0, let dividend = Int64(exactly: dividend), let divisor = Int64(exactly: divisor) {
    return Int128(roundedQuotient(dividend, by: divisor))
  }
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  guard remainder.magnitude * 2 >= divisor.magnitude else { return quotient }
  return quotient + ((dividend < 0) == (divisor < 0) ? 1 : -1)
}

/// The same for a divisor above zero.
func roundedQuotient(_ dividend: Int64, by divisor: Int64) -> Int64 {
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  guard remainder.magnitude * 2 >= divisor.magnitude else { return quotient }
  // A divisor of 1 leaves no remainder, so the quotient is not at its bound.
  return dividend < 0 ? quotient - 1 : quotient + 1
}
