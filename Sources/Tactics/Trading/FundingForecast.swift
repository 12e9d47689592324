package import Essentials
package import Markets
package import Models

/// When the next funding is due, and at which rate: the last one again, an interval after it.
///
/// Rates of neighboring payments are alike; of an interval that changed, the payments that were made
/// tell sooner than the contract's terms.
package struct FundingForecast: Hashable, Sendable {
  package private(set) var last: FundingPayment?
  private var interval: TimeSpan

  /// A forecast that knows the contract's terms only, which is none.
  package init(_ terms: FundingTerms) {
    interval = terms.interval
  }

  /// Takes a payment in; one that is not later than the last changes nothing.
  package mutating func observe(_ payment: FundingPayment) {
    if let last {
      guard payment.instant > last.instant else { return }
      let length = payment.instant - last.instant
      // A longer time is a gap in what was heard.
      if length < interval || length.milliseconds % interval.milliseconds != 0 {
        interval = length
      }
    }
    last = payment
  }

  /// Returns the payments that are due after an instant and within some seconds of it.
  package func due(after now: Timestamp, within seconds: Double) -> [FundingDue] {
    guard let last, interval.milliseconds > 0 else { return [] }
    let passed = max(0, (now - last.instant).milliseconds) / interval.milliseconds
    var due: [FundingDue] = []
    var next = TimeSpan(milliseconds: (passed + 1) * interval.milliseconds)
    while true {
      let wait = (last.instant + next - now).seconds
      guard wait <= seconds else { return due }
      due.append(FundingDue(seconds: wait, rate: last.rate.value))
      next = next + interval
    }
  }

  /// The last payment and the interval as a document.
  var json: JSONValue {
    [
      "interval_ms": .integer(Int(interval.milliseconds)),
      "instant": last.map { .integer(Int($0.instant.millisecondsSinceEpoch)) } ?? .null,
      "rate": last.map { .integer(Int($0.rate.hundredMillionths)) } ?? .null,
    ]
  }

  /// Reads a forecast back; nil where the document is none.
  init?(json: JSONValue) {
    guard let interval = json.whole("interval_ms"), interval > 0 else { return nil }
    self.interval = TimeSpan(milliseconds: Int64(interval))
    guard let instant = json.instant("instant") else { return }
    guard let rate = json.whole("rate").flatMap({ SignedRate(hundredMillionths: Int64($0)) })
    else { return nil }
    last = FundingPayment(instant: instant, rate: rate)
  }
}
