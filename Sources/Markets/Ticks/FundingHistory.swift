package import Essentials

/// The payments of a contract in the order of time, with the intervals between them as they change.
///
/// 1. Payments rise strictly in time. A payment that does not is refused and counted: as a repeat
///    where an equal one is there, else as out of order.
/// 2. Venues pay at times a few milliseconds behind the full minute; intervals are therefore rounded to
///    the minute.
/// 3. The interval at an instant is the one that led to the next payment; behind the last payment it
///    is the last one that was seen.
package struct FundingHistory: Sendable {
  package private(set) var payments: [FundingPayment] = []
  /// The intervals, each with the payment at which it was first seen. Two payments make the first.
  package private(set) var intervals: [FundingInterval] = []
  /// Payments that were refused as told before.
  package private(set) var repeated = 0
  /// Payments that were refused as out of order, or at a time at which another rate was paid.
  package private(set) var outOfOrder = 0

  package init() {}

  /// Takes in a payment and says whether it was news.
  @discardableResult
  package mutating func append(_ payment: FundingPayment) -> Bool {
    guard let last = payments.last else {
      payments.append(payment)
      return true
    }
    guard payment.instant > last.instant else {
      if isKnown(payment) { repeated += 1 } else { outOfOrder += 1 }
      return false
    }
    let minutes = ((payment.instant - last.instant).milliseconds + 30_000) / 60_000
    let length = TimeSpan.minutes(max(1, minutes))
    if intervals.last?.length != length {
      intervals.append(FundingInterval(since: payment.instant, length: length))
    }
    payments.append(payment)
    return true
  }

  /// How often the interval changed after the first one.
  package var changes: Int { max(0, intervals.count - 1) }

  /// The payments behind one instant and not behind another: what a position pays that was held
  /// from the one through the other.
  package func payments(after start: Timestamp, through end: Timestamp) -> ArraySlice<
    FundingPayment
  > {
    let low = place(after: start)
    return payments[low..<max(low, place(after: end))]
  }

  /// When the next payment behind an instant is due; nil before two payments were seen.
  ///
  /// Within the history that is the payment that was made, behind it the last payment plus as many
  /// of the last intervals as it takes.
  package func nextPayment(after instant: Timestamp) -> Timestamp? {
    let place = place(after: instant)
    if place < payments.count { return payments[place].instant }
    guard let last = payments.last, let length = intervals.last?.length.milliseconds else {
      return nil
    }
    let elapsed = (instant - last.instant).milliseconds / length + 1
    return last.instant + TimeSpan(milliseconds: elapsed * length)
  }

  private func place(after instant: Timestamp) -> Int {
    var low = 0
    var high = payments.count
    while low < high {
      let middle = (low + high) / 2
      if payments[middle].instant <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func isKnown(_ payment: FundingPayment) -> Bool {
    let place = place(after: payment.instant)
    return place > 0 && payments[place - 1] == payment
  }
}

/// An interval between payments, and the first payment that it led to.
package struct FundingInterval: Hashable, Sendable {
  package let since: Timestamp
  package let length: TimeSpan
}
