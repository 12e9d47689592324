import Mathematics

/// Powers, exact where the exponent makes them a product or a root.
enum PowerFunction {
  /// Returns `base` raised to `exponent`; NaN for a negative base with a broken exponent.
  static func raise(_ base: Double, to exponent: Double) -> Double {
    if exponent == 2 { return base * base }
    if exponent == 1 { return base }
    if exponent == 0.5 { return base.squareRoot() }
    return Elementary.pow(base, exponent)
  }

  /// Returns sign(base) * |base|^exponent; NaN for zero raised to a negative exponent.
  static func raiseKeepingSign(_ base: Double, to exponent: Double) -> Double {
    let size = raise(Swift.abs(base), to: exponent)
    return base < 0 ? -size : (base > 0 ? size : 0 * size)
  }
}
