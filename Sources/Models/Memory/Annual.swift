/// The one year of the house, and how numbers of a step become numbers of it.
package enum Annual {
  /// 365 days.
  package static let seconds = 31_536_000.0

  /// Returns the drift of a year from that of a step of `seconds`.
  package static func drift(perStep drift: Double, of seconds: Double) -> Double {
    drift * (Self.seconds / seconds)
  }

  /// Returns the volatility of a year from the variance of a step of `seconds`.
  package static func volatility(stepVariance: Double, of seconds: Double) -> Double {
    (stepVariance * (Self.seconds / seconds)).squareRoot()
  }

  /// Returns the variance of a step of `seconds` from the volatility of a year.
  package static func stepVariance(volatility: Double, of seconds: Double) -> Double {
    volatility * volatility * (seconds / Self.seconds)
  }
}
