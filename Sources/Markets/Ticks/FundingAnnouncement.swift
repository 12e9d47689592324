package import Essentials

/// The rate at which a contract would pay funding next, if nothing changed until then.
package struct FundingAnnouncement: Hashable, Sendable {
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

/// Makes payments of the announcements that a venue streams, for its streams do not tell of payments.
///
/// The rule: the last announcement before a payment is due is what is paid. It is published once, when the
/// stream's time has reached the due time: by an announcement of a later payment, or by ``pass(_:)``.
package struct FundingWatch: Hashable, Sendable {
  /// The payment that is awaited; nil before the first announcement and after the payment was published.
  package private(set) var awaited: FundingAnnouncement?
  /// Announcements that were left out: their payment was published, or a later one came before.
  package private(set) var late = 0
  /// When the last published payment was due.
  package private(set) var lastDue: Timestamp?

  package init() {}

  /// Takes in an announcement, and returns the payment before it if the announcement is of another one.
  ///
  /// A venue that moves a payment to another time before it is due has not paid.
  package mutating func observe(_ announcement: FundingAnnouncement) -> FundingPayment? {
    let isPaid = lastDue.map { announcement.due <= $0 } ?? false
    let isOld = awaited.map { announcement.instant < $0.instant } ?? false
    guard !isPaid, !isOld else {
      late += 1
      return nil
    }
    let payment = pass(announcement.instant)
    if announcement.instant < announcement.due { awaited = announcement }
    return payment
  }

  /// Returns the payment that has come due by an instant of the stream, once.
  package mutating func pass(_ instant: Timestamp) -> FundingPayment? {
    guard let announcement = awaited, announcement.due <= instant else { return nil }
    awaited = nil
    lastDue = announcement.due
    return FundingPayment(instant: announcement.due, rate: announcement.rate)
  }
}
