import Essentials

/// Who is signed in: tokens with their ends, and logins that wait for a face.
struct BrainLogins: Hashable, Sendable {
  private var ends: [String: Timestamp] = [:]
  /// Inquiries by name, with whether somebody confirmed them.
  private var inquiries: [String: Bool] = [:]
  private var failures: [Timestamp] = []

  /// So many logins may fail in a minute.
  static let failuresMax = 10
  /// So many sessions and inquiries are kept; the one that ends first makes room.
  static let sessionsMax = 64

  /// Whether another attempt to log in is answered at all.
  mutating func mayTry(at now: Timestamp) -> Bool {
    failures.removeAll { now.millisecondsSinceEpoch - $0.millisecondsSinceEpoch > 60_000 }
    return failures.count < Self.failuresMax
  }

  mutating func fail(at now: Timestamp) { failures.append(now) }

  mutating func begin(token: String, until end: Timestamp) {
    if ends.count >= Self.sessionsMax,
      let oldest = ends.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key
    {
      ends[oldest] = nil
    }
    ends[token] = end
  }

  mutating func end(token: String) -> Bool { ends.removeValue(forKey: token) != nil }

  /// Seconds that a session still has, nil where there is none.
  func secondsLeft(of token: String, at now: Timestamp) -> Double? {
    guard let end = ends[token], end > now else { return nil }
    return Double(end.millisecondsSinceEpoch - now.millisecondsSinceEpoch) / 1000
  }

  mutating func ask(inquiry: String) {
    if inquiries.count >= Self.sessionsMax { inquiries = [:] }
    inquiries[inquiry] = false
  }

  func knows(inquiry: String) -> Bool { inquiries[inquiry] != nil }

  mutating func confirm(inquiry: String) {
    if inquiries[inquiry] != nil { inquiries[inquiry] = true }
  }

  /// Takes a confirmed inquiry, which serves one login.
  mutating func redeem(inquiry: String) -> Bool {
    guard inquiries[inquiry] == true else { return false }
    inquiries[inquiry] = nil
    return true
  }
}
