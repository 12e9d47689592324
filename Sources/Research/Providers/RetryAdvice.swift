package import Essentials
package import Networking

/// What a provider says, in the header fields of an answer, about asking again.
package struct RetryAdvice: Hashable, Sendable {
  /// How long it wants to be left alone.
  package var wait: Duration?
  /// Whether it thinks that another attempt can help.
  package var isWorthwhile: Bool?

  package init(wait: Duration? = nil, isWorthwhile: Bool? = nil) {
    self.wait = wait
    self.isWorthwhile = isWorthwhile
  }

  /// Reads `retry-after-ms`, `retry-after`, the resets of allowances that are used up, and
  /// `x-should-retry`.
  package init(_ headers: HTTPHeaders, at now: Timestamp) {
    let milliseconds = headers["retry-after-ms"].flatMap { Int64($0) }.flatMap { number in
      (0...Self.waitMillisecondsMax).contains(number) ? number : nil
    }
    wait =
      milliseconds.map { .milliseconds($0) } ?? RetryAfter.wait(in: headers, at: now)
      ?? RateLimitState(headers, at: now).wait
    isWorthwhile = headers["x-should-retry"].flatMap { ["true": true, "false": false][$0] }
  }

  /// A year; nobody waits longer.
  private static let waitMillisecondsMax: Int64 = 31_536_000_000
}
