/// Returns the quotient rounded to the nearest whole number, halves away from zero.
///
/// All amounts are rounded here, so equal histories give equal ledgers on any machine.
package func roundedQuotient(_ dividend: Int128, by divisor: Int128) -> Int128 {
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  guard remainder.magnitude * 2 >= divisor.magnitude else { return quotient }
  return quotient + ((dividend < 0) == (divisor < 0) ? 1 : -1)
}
