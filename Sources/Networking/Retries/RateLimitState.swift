package import Essentials

/// What a server says about how much may still be asked of it.
package struct RateLimitState: Hashable, Sendable {
  /// One allowance: so many of something until a moment at which it is full again.
  package struct Allowance: Hashable, Sendable {
    /// What is counted: `requests`, `tokens`, `input-tokens`, or the like.
    package var subject: String
    package var limit: Int?
    package var remaining: Int?
    /// How long until the allowance is full again.
    package var reset: Duration?

    package init(subject: String, limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil)
    {
      self.subject = subject
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }
  }

  /// In the order of their subjects' names.
  package var allowances: [Allowance]

  /// Reads the fields of the families in use: `X-RateLimit-Remaining` and its like, with `-Requests`
  /// or `-Tokens` behind (OpenAI), `anthropic-ratelimit-requests-remaining` (Anthropic), and
  /// `RateLimit-Remaining`.
  ///
  /// A reset may be a number of seconds, a text like `6m0s`, an instant of RFC 3339, or seconds or
  /// milliseconds since 1970. What cannot be read is left out.
  package init(_ headers: HTTPHeaders, at now: Timestamp) {
    var found: [String: Allowance] = [:]
    for field in headers.fields {
      guard let (subject, fact) = Self.parts(of: field.name.lowercased()) else { continue }
      var allowance = found[subject] ?? Allowance(subject: subject)
      switch fact {
      case .limit: allowance.limit = Int(field.value)
      case .remaining: allowance.remaining = Int(field.value)
      case .reset: allowance.reset = Self.reset(field.value, at: now)
      }
      found[subject] = allowance
    }
    allowances = found.values.sorted { $0.subject < $1.subject }
  }

  /// The longest wait for an allowance that is used up, or nil where none is.
  package var wait: Duration? {
    allowances.filter { $0.remaining == 0 }.compactMap(\.reset).max()
  }

  /// The allowance of that subject, or nil where the server said nothing of it.
  package subscript(subject: String) -> Allowance? { allowances.first { $0.subject == subject } }

  private enum Fact: String { case limit, remaining, reset }

  private static func parts(of name: String) -> (subject: String, fact: Fact)? {
    var words = name.split(separator: "-").map(String.init)
    if words.first == "x" || words.first == "anthropic" { words.removeFirst() }
    guard words.first == "ratelimit" else { return nil }
    words.removeFirst()
    guard let place = words.firstIndex(where: { Fact(rawValue: $0) != nil }),
      let fact = Fact(rawValue: words.remove(at: place))
    else { return nil }
    return (words.isEmpty ? "requests" : words.joined(separator: "-"), fact)
  }

  private static func reset(_ text: String, at now: Timestamp) -> Duration? {
    if let number = Int64(text), number > 1_000_000_000 {
      // No wait is thirty years long: this is an instant.
      let milliseconds = number > 100_000_000_000 ? number : number * 1000
      return InstantDistance.wait(
        from: now, until: Timestamp(millisecondsSinceEpoch: milliseconds))
    }
    if let seconds = RetryAfter.seconds(text) { return seconds }
    if let instant = InstantText.rfc3339(text) {
      return InstantDistance.wait(from: now, until: instant)
    }
    return spelled(text)
  }

  /// Reads a text like `1s`, `6m0s`, `1h2m3.5s` or `120ms`.
  private static func spelled(_ text: String) -> Duration? {
    let units: [(String, Double)] = [
      ("ms", 1), ("us", 0.001), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("d", 86_400_000),
    ]
    var rest = Substring(text)
    var milliseconds = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let number = Double(digits) else { return nil }
      rest = rest[digits.endIndex...]
      guard let (name, factor) = units.first(where: { rest.hasPrefix($0.0) }) else { return nil }
      rest = rest.dropFirst(name.count)
      milliseconds += number * factor
    }
    return .milliseconds(Int64(min(milliseconds, 31_536_000_000).rounded(.up)))
  }
}
