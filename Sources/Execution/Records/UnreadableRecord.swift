package import Essentials

/// A record of orders, fills or a paper account that is not what this room writes.
package struct UnreadableRecord: ExplainedFailure, Hashable {
  /// Where in the record, as `orders[3].side`.
  package let place: String
  /// What must stand there, or what does not hold.
  package let expectation: String

  package init(place: String, expectation: String) {
    self.place = place
    self.expectation = expectation
  }

  package var key: String { "unreadable_record" }
  package var explanation: String {
    "\(place.isEmpty ? "The record" : place) must be \(expectation)."
  }
  package var remedy: String {
    "Give the record as it was written, or begin with a fresh paper account."
  }
  package var outcome: FailureOutcome { .integrityViolated }
}
