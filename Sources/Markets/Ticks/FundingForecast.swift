package import Essentials

/// The rate at which a contract would pay funding next, if nothing changed until then.
package struct FundingForecast: Hashable, Sendable {
  /// When the venue said so, by its clock.
  package let instant: Timestamp
  package let rate: SignedRate
  /// When the payment is due.
  package let due: Timestamp

  package init(instant: Timestamp, rate: SignedRate, due: Timestamp) {
    self.instant = instant
    self.rate = rate
    self.due = due
  }
}

/// Makes payments of the forecasts that a venue streams, for its streams do not tell of payments.
///
/// The rule: the last forecast before a payment is due is what is paid. It is published once, when the
/// stream's time has reached the due time: by a forecast of a later payment, or by ``pass(_:)``.
package struct FundingWatch: Hashable, Sendable {
  /// The payment that is awaited; nil before the first forecast and after the payment was published.
  package private(set) var awaited: FundingForecast?
  /// Forecasts of a payment that was published, left out.
  package private(set) var late = 0
  /// When the last published payment was due.
  package private(set) var lastDue: Timestamp?

  package init() {}

  /// Takes in a forecast, and returns the payment before it if the forecast is of another one.
  ///
  /// A venue that moves a payment to another time before it is due has not paid.
  package mutating func observe(_ forecast: FundingForecast) -> FundingPayment? {
    if let lastDue, forecast.due <= lastDue {
      late += 1
      return nil
    }
    let payment = pass(forecast.instant)
    if forecast.instant < forecast.due { awaited = forecast }
    return payment
  }

  /// Returns the payment that has come due by an instant of the stream, once.
  package mutating func pass(_ instant: Timestamp) -> FundingPayment? {
    guard let forecast = awaited, forecast.due <= instant else { return nil }
    awaited = nil
    lastDue = forecast.due
    return FundingPayment(instant: forecast.due, rate: forecast.rate)
  }
}
