/// Returns whether two numbers agree: both NaN, equal, or within a relative and absolute tolerance.
package func agree(
  _ calculated: Double, _ expected: Double, relative: Double = 1e-9, absolute: Double = 1e-12
) -> Bool {
  if calculated.isNaN || expected.isNaN { return calculated.isNaN && expected.isNaN }
  if calculated == expected { return true }
  let difference = Swift.abs(calculated - expected)
  return difference <= absolute
    || difference <= relative * max(Swift.abs(calculated), Swift.abs(expected))
}
