package import Essentials

/// How long a server asks to be left alone.
package enum RetryAfter {
  /// Reads `Retry-After` (RFC 9110 section 10.2.3), or nil where there is none that can be read.
  ///
  /// Seconds may have a fraction, as some servers send them; a date in the past is no wait. A wait
  /// of more than a year is read as a year.
  package static func wait(in headers: HTTPHeaders, at now: Timestamp) -> Duration? {
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = seconds(text) { return seconds }
    return InstantText.httpDate(text, at: now).map { InstantDistance.wait(from: now, until: $0) }
  }

  /// Reads a number of seconds with or without a fraction, never negative.
  static func seconds(_ text: String) -> Duration? {
    guard let first = text.utf8.first, (48...57).contains(first),
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
      let number = Double(text)
    else { return nil }
    return .milliseconds(Int64((min(number, 31_536_000) * 1000).rounded(.up)))
  }
}

/// The wait between two instants.
enum InstantDistance {
  /// Returns the time until `end`, zero where it has passed, at most a year.
  static func wait(from now: Timestamp, until end: Timestamp) -> Duration {
    let (difference, overflow) = end.millisecondsSinceEpoch.subtractingReportingOverflow(
      now.millisecondsSinceEpoch)
    return .milliseconds(overflow ? 0 : min(max(0, difference), 31_536_000_000))
  }
}
