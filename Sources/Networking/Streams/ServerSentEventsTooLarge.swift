package import Essentials

/// An event of a stream that does not end within what is allowed.
package struct ServerSentEventsTooLarge: ExplainedFailure, Hashable {
  package let limitBytes: Int

  package init(limitBytes: Int) {
    self.limitBytes = limitBytes
  }

  package var key: String { "event_too_large" }
  package var explanation: String {
    "An event of the stream is larger than \(limitBytes) bytes."
  }
  package var remedy: String { "Check that the address is that of the service meant." }
  package var outcome: FailureOutcome { .failed }
}
