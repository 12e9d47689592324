/// Leverage as a venue takes it and speaks of it.
package enum VenueLeverage {
  /// Returns leverage rounded to the nearest step, within 1 and a maximum, which is no bound where it
  /// is not known; 1 where the leverage is not known.
  package static func rounded(
    _ leverage: Double, max most: Double, under settings: LeverageSettings
  ) -> Double {
    let step = settings.syncStep
    guard leverage.isFinite, step > 0 else { return 1 }
    let rounded = (leverage / step).rounded() * step
    let cap = most.isFinite ? (most / step).rounded(.down) * step : rounded
    return max(1, min(rounded, cap))
  }

  /// Reads the leverage that a refusal allows (Bybit's 110013), as in `maxLeverage [2500]`: numbers
  /// from 100 are hundredths. Nil where the text says none.
  package static func allowed(in refusal: String) -> Double? {
    guard let name = refusal.firstRange(of: "maxLeverage") else { return nil }
    let rest = refusal[name.upperBound...].utf8.drop { !(48...57).contains($0) }
    let digits = rest.prefix { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    guard let number = Double(Substring(digits)), number > 0 else { return nil }
    return number >= 100 ? number / 100 : number
  }
}
